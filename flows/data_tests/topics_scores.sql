-- topics and keyphrases are ranked from 1 without a gap, and a topic's score lies in 0…1
SELECT doc_id, rank FROM topics QUALIFY rank <> row_number() OVER (PARTITION BY doc_id ORDER BY rank) OR score NOT BETWEEN 0 AND 1
UNION ALL SELECT doc_id, rank FROM keyphrases QUALIFY rank <> row_number() OVER (PARTITION BY doc_id ORDER BY rank)
