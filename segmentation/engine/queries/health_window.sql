-- grain: one row over all customers with an order before $start
-- units: customers counted; ordered: those with a sale from $start up to but not including $end
WITH buyers AS (
    SELECT
        MIN(ordered_at) AS first_at,
        MAX(CASE WHEN ordered_at >= $start AND ordered_at < $end THEN 1 ELSE 0 END) AS ordered
    FROM lines
    WHERE customer_id IS NOT NULL AND kind = 'sale'
    GROUP BY customer_id
)
SELECT COUNT(*) AS customers, COUNT(CASE WHEN ordered = 1 THEN 1 END) AS ordered
FROM buyers
WHERE first_at < $start
