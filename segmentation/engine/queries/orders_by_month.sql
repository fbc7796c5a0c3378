-- grain: one row per month of the year (1 to 12) with an order from $start up to but not including $as_of
-- units: orders counted
WITH orders AS (
    SELECT CAST(MIN(ordered_at) AS DATE) AS ordered_on
    FROM lines
    WHERE customer_id IS NOT NULL AND kind = 'sale' AND ordered_at >= $start AND ordered_at < $as_of
    GROUP BY customer_id, order_id
)
SELECT CAST(EXTRACT(MONTH FROM ordered_on) AS INTEGER) AS month_of_year, COUNT(*) AS orders
FROM orders
GROUP BY 1
ORDER BY 1
