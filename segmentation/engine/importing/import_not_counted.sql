-- grain: one row per line that adds less to revenue than it is listed at, latest first, at most $most
-- units: money in shop currency as DECIMAL; $kind and $part say which lines, either may be NULL
SELECT CAST(ordered_at AS DATE) AS ordered_on, order_id, customer_id, product, status, listed_amount, amount
FROM lines
WHERE (kind = $kind OR part = $part) AND listed_amount <> amount
ORDER BY ordered_at DESC, order_id
LIMIT $most
