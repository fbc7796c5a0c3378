-- grain: one row per staged row that can be loaded
-- units: 64-bit row hashes
SELECT row_hash
FROM staged
WHERE NOT starts_with(kind, 'aside:')
