-- every reference from one part or run to another leads to a row
-- over: corpus
SELECT 'documents.duplicate_of' AS "table", duplicate_of AS reference FROM documents
WHERE duplicate_of IS NOT NULL AND duplicate_of NOT IN (SELECT doc_id FROM documents)
UNION ALL SELECT 'rejects.run_id', run_id FROM rejects ANTI JOIN runs USING (run_id)
