-- mentions: a row's sentence is the one that it begins in
SELECT m.doc_id, m.start, m.sentence FROM mentions m LEFT JOIN sentences s USING (doc_id, sentence)
LEFT JOIN sentences n ON n.doc_id = m.doc_id AND n.sentence = m.sentence + 1
WHERE s.start IS NULL OR m.start < s.start OR m.start >= n.start
