-- grain: one row per staged row that can be loaded, and one per discount that only the other side told of its order
-- units: as in columns.LINES; `discounts` holds those
SELECT s.* EXCLUDE (row_key)
FROM staged AS s
WHERE NOT starts_with(s.kind, 'aside:')
UNION ALL BY NAME
SELECT *
FROM discounts
