-- nothing is lost: what a run met is new, changed, unchanged or rejected
SELECT run_id, seen, new, changed, unchanged, rejected FROM runs
WHERE status = 'done' AND seen <> new + changed + unchanged + rejected
UNION ALL SELECT run_id, NULL, NULL, NULL, NULL, rejected FROM runs
    JOIN (SELECT run_id, count(*) AS rows FROM rejects GROUP BY run_id) USING (run_id) WHERE rejected <> rows
