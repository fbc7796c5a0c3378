-- grain: one row per line of customer $customer, latest first, at most $most
-- units: money in shop currency as DECIMAL
SELECT CAST(ordered_at AS DATE) AS ordered_on, order_id, kind, product, category, quantity, listed_amount, amount
FROM lines
WHERE customer_id = $customer
ORDER BY ordered_at DESC, order_id DESC, product
LIMIT $most
