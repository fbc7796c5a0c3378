-- grain: one row per order of at least $fence, the $most largest
-- units: sold in shop currency as DECIMAL, before refunds; pieces counted where the file has quantities
SELECT
    customer_id,
    order_id,
    CAST(MIN(ordered_at) AS DATE) AS ordered_on,
    SUM(amount) AS sold,
    SUM(quantity) AS pieces
FROM lines
WHERE kind = 'sale'
GROUP BY customer_id, order_id
HAVING SUM(amount) >= $fence
ORDER BY sold DESC, order_id, customer_id
LIMIT $most
