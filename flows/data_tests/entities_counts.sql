-- an entity's counts are those of its mentions
-- over: corpus
SELECT entity_id, e.documents, e.mentions FROM entities e LEFT JOIN (
    SELECT entity_id, count(*) AS mentions, count(DISTINCT doc_id) AS documents
    FROM mentions JOIN aliases USING (alias_id) GROUP BY entity_id
) c USING (entity_id)
WHERE e.mentions IS DISTINCT FROM c.mentions OR e.documents IS DISTINCT FROM c.documents
