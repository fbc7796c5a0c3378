-- grain: one row per order of customer $customer with a line before $before, latest first; a refund without its order is
-- a row of its own
-- units: money in shop currency as DECIMAL; lines counted
SELECT
    order_id,
    CAST(MIN(CASE WHEN kind = 'sale' THEN ordered_at END) AS DATE) AS ordered_on,
    CAST(MIN(ordered_at) AS DATE) AS first_on,
    SUM(CASE WHEN kind = 'sale' THEN 1 ELSE 0 END) AS sale_lines,
    SUM(CASE WHEN kind = 'cancelled' THEN 1 ELSE 0 END) AS cancelled_lines,
    SUM(CASE WHEN kind = 'sale' THEN amount ELSE 0 END) AS sold,
    SUM(CASE WHEN kind = 'refund' THEN -amount ELSE 0 END) AS refunded,
    SUM(discount) AS discount,
    MIN(channel) AS channel
FROM lines
WHERE customer_id = $customer AND ordered_at < $before
GROUP BY order_id
ORDER BY first_on DESC, order_id DESC
