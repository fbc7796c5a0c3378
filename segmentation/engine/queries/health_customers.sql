-- grain: one row per number of orders a customer placed; $most stands for so many and more
-- units: customers and orders counted; spend in shop currency as DECIMAL, as sold; recent: ordered on or after $recent
WITH orders AS (
    SELECT customer_id, order_id, CAST(MIN(ordered_at) AS DATE) AS ordered_on, SUM(amount) AS sold
    FROM lines
    WHERE kind = 'sale' AND customer_id IS NOT NULL
    GROUP BY customer_id, order_id
),
buyers AS (
    SELECT customer_id, COUNT(*) AS orders, SUM(sold) AS spend, MAX(ordered_on) AS last_on
    FROM orders
    GROUP BY customer_id
)
SELECT
    CASE WHEN orders < $most THEN orders ELSE $most END AS orders,
    COUNT(*) AS customers,
    CAST(SUM(orders) AS BIGINT) AS placed,
    MAX(orders) AS most_orders,
    SUM(spend) AS spend,
    MAX(spend) AS most_spend,
    CAST(SUM(CASE WHEN last_on >= $recent THEN 1 ELSE 0 END) AS BIGINT) AS recent
FROM buyers
GROUP BY CASE WHEN orders < $most THEN orders ELSE $most END
ORDER BY orders
