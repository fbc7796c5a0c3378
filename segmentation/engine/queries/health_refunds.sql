-- grain: one row over all orders with a refund
-- units: orders counted; loose: refunds whose order has no sale in the data
WITH orders AS (
    SELECT
        MAX(CASE WHEN kind = 'sale' THEN 1 ELSE 0 END) AS sold,
        MAX(CASE WHEN kind = 'refund' THEN 1 ELSE 0 END) AS refunded
    FROM lines
    GROUP BY customer_id, order_id
)
SELECT
    COUNT(*) AS refunds,
    COALESCE(CAST(SUM(1 - sold) AS BIGINT), 0) AS loose
FROM orders
WHERE refunded = 1
