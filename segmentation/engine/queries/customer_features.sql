-- grain: one row per customer with an order before $as_of, ordered by the MD5 of the customer id
-- units: see features.toml; category columns are spend in shop currency
-- The marks between braces are filled from the feature catalogue and from customer_sample.sql, never from a file or a
-- person.
WITH {sample}orders AS (
    SELECT
        customer_id,
        CAST(MIN(CASE WHEN kind = 'sale' THEN ordered_at END) AS DATE) AS ordered_on,
        SUM(amount) AS amount,
        SUM(CASE WHEN kind = 'sale' THEN amount ELSE 0 END) AS sold,
        SUM(CASE WHEN kind = 'refund' THEN -amount ELSE 0 END) AS refunded,
        SUM(CASE WHEN kind = 'sale' THEN discount END) AS discount,
        MIN(CASE WHEN kind = 'sale' THEN channel END) AS channel
    FROM {source}
    WHERE customer_id IS NOT NULL AND ordered_at < $as_of
    GROUP BY customer_id, order_id
),
by_orders AS (
    SELECT customer_id, {orders}
    FROM orders
    GROUP BY customer_id
    HAVING COUNT(ordered_on) > 0
),
by_lines AS (
    SELECT customer_id, {lines}
    FROM {source}
    WHERE customer_id IS NOT NULL AND kind = 'sale' AND ordered_at < $as_of
    GROUP BY customer_id
)
SELECT *
FROM by_orders
JOIN by_lines USING (customer_id)
ORDER BY MD5(customer_id)
