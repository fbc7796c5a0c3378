-- grain: one row per staged row that can be loaded and is not of an order (or line) of which the dataset's state is kept
-- units: as in columns.LINES; `replaced` holds those orders (and lines, where $by_line), `taken` those whose refunds come
-- in all the same
SELECT s.* EXCLUDE (row_key)
FROM staged AS s
WHERE NOT starts_with(s.kind, 'aside:') AND (
    NOT EXISTS (
        SELECT 1
        FROM replaced AS r
        WHERE r.order_id = s.order_id AND (NOT $by_line OR r.line_id IS NOT DISTINCT FROM s.line_id)
    )
    OR (s.kind = 'refund' AND s.order_id IN (SELECT order_id FROM taken WHERE refunds))
)
