-- grain: one row per staged row that can be loaded
-- units: 64-bit keys of what the row says; `beside` (1 or 0) tells amounts beside the rows from rows
SELECT row_key, CAST(part IS NOT NULL AS UTINYINT) AS beside
FROM staged
WHERE NOT starts_with(kind, 'aside:')
