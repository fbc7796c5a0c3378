-- grain: one row over the lines of a stored part that go because of a newer export of their orders
-- units: counts of orders and rows; money in shop currency; `states` says of which orders the refunds stay
SELECT
    count(DISTINCT s.order_id) AS orders,
    count(CASE WHEN s.part IS NULL THEN 1 END) AS rows_gone,
    count(*) AS lines_gone,
    coalesce(sum(s.amount), 0) AS revenue
FROM stored_part AS s
WHERE (
    EXISTS (
        SELECT 1
        FROM replaced AS r
        WHERE r.order_id = s.order_id AND (NOT $by_line OR r.line_id IS NOT DISTINCT FROM s.line_id)
    )
    AND NOT (s.kind = 'refund' AND s.order_id IN (SELECT order_id FROM states WHERE refunds))
)
    OR s.row_hash IN (SELECT row_hash FROM reread)
