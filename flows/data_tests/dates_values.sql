-- a date's type and anchor are among those named, and its interval is whole and in order
SELECT doc_id, start, type, anchor, earliest, latest FROM dates
WHERE type NOT IN ('DATE', 'TIME', 'DURATION', 'SET') OR anchor NOT IN ('none', 'published', 'previous')
   OR earliest > latest OR (value IS NULL AND (earliest IS NOT NULL OR latest IS NOT NULL))
