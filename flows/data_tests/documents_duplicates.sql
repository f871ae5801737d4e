-- duplicate_of names the earliest document with the same text, which is itself no duplicate
-- over: corpus
SELECT d.doc_id, d.duplicate_of FROM documents d JOIN documents e ON e.doc_id = d.duplicate_of
WHERE e.duplicate_of IS NOT NULL OR e.text <> d.text OR e.published_on > d.published_on
   OR (e.published_on IS NULL AND d.published_on IS NOT NULL)
