-- grain: one row per step of the order value, on a logarithmic scale: step k holds values from e^(k/$steps) on
-- units: orders counted; sold in shop currency as DECIMAL; orders of nothing or less have no step
WITH orders AS (
    SELECT SUM(amount) AS sold
    FROM lines
    WHERE kind = 'sale'
    GROUP BY customer_id, order_id
)
SELECT
    CAST(FLOOR(LN(CAST(sold AS DOUBLE)) * $steps) AS INTEGER) AS step,
    COUNT(*) AS orders,
    SUM(sold) AS sold
FROM orders
WHERE sold > 0
GROUP BY CAST(FLOOR(LN(CAST(sold AS DOUBLE)) * $steps) AS INTEGER)
ORDER BY step
