-- grain: one row over all orders of at least $fence
-- units: orders counted; sold in shop currency as DECIMAL, before refunds
WITH orders AS (
    SELECT SUM(amount) AS sold
    FROM lines
    WHERE kind = 'sale'
    GROUP BY customer_id, order_id
)
SELECT COUNT(*) AS orders, SUM(sold) AS sold
FROM orders
WHERE sold >= $fence
