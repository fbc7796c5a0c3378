-- grain: one row per day on which an order was placed
-- units: orders counted by the day of their first sale; money in shop currency as DECIMAL, as sold, before refunds
WITH orders AS (
    SELECT customer_id, order_id, CAST(MIN(ordered_at) AS DATE) AS ordered_on, SUM(amount) AS sold
    FROM lines
    WHERE kind = 'sale'
    GROUP BY customer_id, order_id
)
SELECT
    ordered_on AS day,
    COUNT(*) AS orders,
    COUNT(*) - COUNT(customer_id) AS guest_orders,
    SUM(sold) AS sold,
    SUM(CASE WHEN customer_id IS NULL THEN sold ELSE 0 END) AS guest_sold
FROM orders
GROUP BY ordered_on
ORDER BY ordered_on
