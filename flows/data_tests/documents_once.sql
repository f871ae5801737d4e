-- a document stands in one part only
-- over: corpus
SELECT doc_id, count(*) AS times FROM documents GROUP BY doc_id HAVING count(*) > 1
