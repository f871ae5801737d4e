-- doc_id has 16 hex digits, lengths are those of the text, and the removals account for the difference
SELECT doc_id, chars, raw_chars FROM documents
LEFT JOIN (
    SELECT doc_id, sum(raw_end - raw_start - length(replacement)) AS cut FROM removals GROUP BY doc_id
) USING (doc_id)
WHERE NOT regexp_full_match(doc_id, '[0-9a-f]{16}') OR length(text) <> chars OR raw_chars - chars <> coalesce(cut, 0)
