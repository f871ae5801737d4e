-- mentions: a row's sentence is the one that it begins in
SELECT m.doc_id, m.start, m.sentence FROM mentions m LEFT JOIN sentences s USING (doc_id, sentence)
WHERE s.start IS NULL OR m.start < s.start
