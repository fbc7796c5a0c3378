-- grain: one row over the stored orders (or lines, where $by_line) that a newer export takes the place of
-- units: orders counted that come to the same in both, amounts beside their rows and refunds included
WITH units AS (
    SELECT DISTINCT order_id, CASE WHEN $by_line THEN line_id END AS line_id
    FROM replaced
),
before AS (
    SELECT s.order_id, sum(s.amount) AS amount
    FROM stored AS s
    JOIN units AS u ON u.order_id = s.order_id AND (NOT $by_line OR u.line_id IS NOT DISTINCT FROM s.line_id)
    GROUP BY s.order_id
),
after AS (
    SELECT s.order_id, sum(s.amount) AS amount
    FROM staged AS s
    JOIN units AS u ON u.order_id = s.order_id AND (NOT $by_line OR u.line_id IS NOT DISTINCT FROM s.line_id)
    WHERE NOT starts_with(s.kind, 'aside:')
    GROUP BY s.order_id
)
SELECT count(*) AS orders
FROM before AS b
JOIN after AS a ON a.order_id = b.order_id
WHERE a.amount = b.amount
