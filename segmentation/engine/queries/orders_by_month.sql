-- grain: one row per calendar month with an order before $as_of
-- units: orders counted
WITH orders AS (
    SELECT CAST(MIN(ordered_at) AS DATE) AS ordered_on
    FROM lines
    WHERE customer_id IS NOT NULL AND kind = 'sale' AND ordered_at < $as_of
    GROUP BY customer_id, order_id
)
SELECT
    CAST(EXTRACT(YEAR FROM ordered_on) AS INTEGER) AS year,
    CAST(EXTRACT(MONTH FROM ordered_on) AS INTEGER) AS month,
    COUNT(*) AS orders
FROM orders
GROUP BY 1, 2
ORDER BY 1, 2
