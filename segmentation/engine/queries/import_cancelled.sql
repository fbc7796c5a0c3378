-- grain: one row per cancelled or paid-back line, latest first, at most $most
-- units: money in shop currency as DECIMAL
SELECT CAST(ordered_at AS DATE) AS ordered_on, order_id, customer_id, product, status, listed_amount
FROM lines
WHERE kind = 'cancelled'
ORDER BY ordered_at DESC, order_id
LIMIT $most
