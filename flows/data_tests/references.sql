-- every reference leads to a row
SELECT 'mentions' AS "table", doc_id AS reference FROM mentions ANTI JOIN documents USING (doc_id)
UNION ALL SELECT 'removals', doc_id FROM removals ANTI JOIN documents USING (doc_id)
UNION ALL SELECT 'sentences', doc_id FROM sentences ANTI JOIN documents USING (doc_id)
UNION ALL SELECT 'dates', doc_id FROM dates ANTI JOIN documents USING (doc_id)
UNION ALL SELECT 'topics', doc_id FROM topics ANTI JOIN documents USING (doc_id)
UNION ALL SELECT 'keyphrases', doc_id FROM keyphrases ANTI JOIN documents USING (doc_id)
UNION ALL SELECT 'mentions.alias_id', alias_id FROM mentions ANTI JOIN aliases USING (alias_id)
UNION ALL SELECT 'aliases.entity_id', entity_id FROM aliases ANTI JOIN entities USING (entity_id)
