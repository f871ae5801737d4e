-- a publication day lies within its bounds and comes with its method
SELECT doc_id, published_on, published_method, published_earliest, published_latest FROM documents
WHERE (published_on IS NULL) <> (published_method = 'none')
   OR published_on NOT BETWEEN published_earliest AND published_latest
   OR published_earliest > published_latest
