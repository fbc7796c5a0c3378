-- grain: one row per customer with a line dated from $first up to but not including $after
-- units: revenue in shop currency; orders counted, an order belonging to the day of its first sale
WITH orders AS (
    SELECT customer_id, CAST(MIN(ordered_at) AS DATE) AS ordered_on
    FROM lines
    WHERE kind = 'sale' AND customer_id IS NOT NULL AND ordered_at < $after
    GROUP BY customer_id, order_id
),
placed AS (
    SELECT customer_id, COUNT(*) AS orders
    FROM orders
    WHERE ordered_on >= $first
    GROUP BY customer_id
),
booked AS (
    SELECT customer_id, CAST(SUM(amount) AS DOUBLE) AS revenue
    FROM lines
    WHERE customer_id IS NOT NULL AND ordered_at >= $first AND ordered_at < $after
    GROUP BY customer_id
)
SELECT b.customer_id, b.revenue, CAST(COALESCE(p.orders, 0) AS BIGINT) AS orders
FROM booked AS b
LEFT JOIN placed AS p ON p.customer_id = b.customer_id
