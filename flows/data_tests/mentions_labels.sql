-- a mention has the name's and the label's alias, and a label that the dictionary names
SELECT m.doc_id, m.start, m.label, a.label AS alias_label FROM mentions m JOIN aliases a USING (alias_id)
WHERE m.label <> a.label OR m.name <> a.name OR m.label NOT IN
    ('PERSON', 'ORG', 'GPE', 'LOC', 'NORP', 'FAC', 'EVENT', 'LAW', 'PRODUCT', 'WORK_OF_ART')
