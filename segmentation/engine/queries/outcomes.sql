-- grain: one row per customer with a line dated from $start up to but not including $end
-- units: orders counted; revenue and margin in shop currency, margin NULL where the export has no costs
WITH orders AS (
    SELECT
        customer_id,
        order_id,
        MAX(CASE WHEN kind = 'sale' THEN 1 ELSE 0 END) AS is_order,
        SUM(amount) AS amount,
        SUM(amount - cost) AS margin
    FROM lines
    WHERE customer_id IS NOT NULL AND ordered_at >= $start AND ordered_at < $end
    GROUP BY customer_id, order_id
)
SELECT
    customer_id,
    SUM(is_order) AS orders,
    CAST(SUM(amount) AS DOUBLE) AS revenue,
    CAST(SUM(margin) AS DOUBLE) AS margin
FROM orders
GROUP BY customer_id
