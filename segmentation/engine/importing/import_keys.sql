-- grain: one row per staged row that can be loaded
-- units: 64-bit keys of what the row says; $beside tells amounts beside the rows from rows
SELECT row_key
FROM staged
WHERE NOT starts_with(kind, 'aside:') AND (part IS NOT NULL) = $beside
