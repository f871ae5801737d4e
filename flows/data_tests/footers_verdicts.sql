-- a footer's share lies in 0…1 and its verdict is one of four
SELECT source, segment, share, verdict FROM footers
WHERE share <= 0 OR share > 1 OR verdict NOT IN ('cut', 'kept', 'forced', 'forbidden')
