-- grain: one row per product category, largest revenue first
-- units: revenue in shop currency
SELECT category, CAST(SUM(amount) AS DOUBLE) AS revenue
FROM lines
WHERE category IS NOT NULL AND kind = 'sale' AND customer_id IS NOT NULL AND ordered_at < $as_of
GROUP BY category
ORDER BY revenue DESC, category
LIMIT $most
