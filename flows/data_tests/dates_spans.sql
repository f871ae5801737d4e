-- dates: spans do not overlap, and the raw span is as long or holds a removal
SELECT doc_id, start, "end", raw_start, raw_end FROM (
    SELECT *, lag("end", 1, 0) OVER (PARTITION BY doc_id ORDER BY start) AS before FROM dates
) JOIN (SELECT doc_id, raw_chars FROM documents) USING (doc_id)
WHERE start < before OR start >= "end" OR raw_start >= raw_end OR raw_end > raw_chars
