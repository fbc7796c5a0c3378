-- grain: one row per staged row that can be loaded
-- units: 64-bit row hashes; $beside tells amounts beside the rows from rows
SELECT row_hash
FROM staged
WHERE NOT starts_with(kind, 'aside:') AND (part IS NOT NULL) = $beside
