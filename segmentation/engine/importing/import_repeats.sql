-- grain: one row per line that is stored more than once exactly alike, with how often, at most $most
-- units: money in shop currency as DECIMAL; times counted
SELECT
    CAST(MIN(ordered_at) AS DATE) AS ordered_on,
    MIN(order_id) AS order_id,
    MIN(customer_id) AS customer_id,
    MIN(product) AS product,
    MIN(listed_amount) AS listed_amount,
    COUNT(*) AS times
FROM lines
GROUP BY row_hash
HAVING COUNT(*) > 1
ORDER BY times DESC, ordered_on DESC, order_id
LIMIT $most
