-- removals are as long as their text, lie within the raw text and do not overlap
SELECT doc_id, raw_start, raw_end FROM (
    SELECT *, lag(raw_end, 1, 0) OVER (PARTITION BY doc_id ORDER BY raw_start) AS before FROM removals
) JOIN (SELECT doc_id, raw_chars FROM documents) USING (doc_id)
WHERE raw_end - raw_start <> length(text) OR raw_start < before OR raw_end > raw_chars
