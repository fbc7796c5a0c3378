-- grain: one row per staged row that can be loaded and is not a sale on a day that earlier files cover (`covered`)
-- units: as in columns.LINES
SELECT s.* EXCLUDE (row_key)
FROM staged AS s
WHERE NOT starts_with(s.kind, 'aside:') AND (
    s.kind = 'refund'
    OR NOT EXISTS (
        SELECT 1
        FROM covered AS c
        WHERE CAST(s.ordered_at AS DATE) > c.first_on AND CAST(s.ordered_at AS DATE) < c.last_on
    )
)
