-- sentences are numbered from 0, lie within the text and do not overlap
SELECT doc_id, sentence, start, "end" FROM (
    SELECT *, lag("end", 1, 0) OVER w AS before, row_number() OVER w - 1 AS number FROM sentences
    WINDOW w AS (PARTITION BY doc_id ORDER BY sentence)
) JOIN (SELECT doc_id, chars FROM documents) USING (doc_id)
WHERE start < before OR start >= "end" OR "end" > chars OR sentence <> number
