-- dates: the text of a row is the document's from start to end
SELECT m.doc_id, m.start, m."end", m.text FROM dates m JOIN documents d USING (doc_id)
WHERE d.text[m.start + 1 : m."end"] <> m.text
