-- grain: one row over the stored lines that a newer export of their orders takes the place of
-- units: orders and rows counted; money in shop currency as listed. `change` adds up by how much the sales of each order
-- change: that one was cancelled since, or paid back, is news of the same sale, that it counts again is none.
-- `changed` is the whole revenue, before or after, of the orders whose sales change, without those of which rows were
-- missing and that come to what was stored as owed
WITH gone AS (
    SELECT
        s.order_id,
        count(CASE WHEN s.part IS NULL THEN 1 END) AS rows_gone,
        sum(CASE WHEN s.part IS NULL AND s.kind <> 'refund' THEN s.listed_amount END) AS revenue,
        sum(
            CASE WHEN s.kind <> 'refund' OR s.order_id NOT IN (SELECT order_id FROM states WHERE refunds) THEN s.amount END
        ) AS counted,
        max(CASE WHEN s.part = 'subtotal' THEN s.quantity END) AS owed
    FROM stored AS s
    WHERE EXISTS (
        SELECT 1
        FROM replaced AS r
        WHERE r.order_id = s.order_id AND (NOT $by_line OR r.line_id IS NOT DISTINCT FROM s.line_id)
    )
    GROUP BY s.order_id
),
newer AS (
    SELECT
        s.order_id,
        sum(CASE WHEN s.part IS NULL AND s.kind <> 'refund' THEN s.listed_amount END) AS revenue,
        sum(s.amount) AS counted,
        sum(CASE WHEN s.part IS NULL OR s.part = 'discount' THEN s.listed_amount END) AS sold
    FROM staged AS s
    WHERE NOT starts_with(s.kind, 'aside:') AND EXISTS (
        SELECT 1
        FROM replaced AS r
        WHERE r.order_id = s.order_id AND (NOT $by_line OR r.line_id IS NOT DISTINCT FROM s.line_id)
    )
    GROUP BY s.order_id
)
SELECT
    count(*) AS orders,
    coalesce(sum(rows_gone), 0) AS rows_gone,
    coalesce(sum(before), 0) AS revenue,
    coalesce(sum(change), 0) AS change,
    coalesce(sum(CASE WHEN change > 0 AND NOT completed THEN greatest(abs(before), abs(after)) END), 0) AS changed
FROM (
    SELECT
        g.rows_gone,
        coalesce(g.revenue, 0) AS before,
        coalesce(n.revenue, 0) AS after,
        coalesce(g.owed = n.sold, false) AS completed,
        greatest(
            abs(coalesce(g.revenue, 0) - coalesce(n.revenue, 0)), coalesce(n.counted, 0) - coalesce(g.counted, 0)
        ) AS change
    FROM gone AS g
    LEFT JOIN newer AS n ON n.order_id = g.order_id
) AS each_order
