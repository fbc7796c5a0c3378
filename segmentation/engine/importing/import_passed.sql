-- grain: one row per stored line that the last import met again, by order, at most $most
-- units: money in shop currency as DECIMAL; $reason is already_present, kept_as_stored or
-- repeated_row
SELECT CAST(l.ordered_at AS DATE) AS ordered_on, l.order_id, l.customer_id, l.product, l.listed_amount
FROM lines AS l
JOIN passed AS p ON p.row_hash = l.row_hash
WHERE p.reason = $reason AND l.part IS NULL
ORDER BY l.order_id, l.product
LIMIT $most
