-- grain: one row over all customers
-- units: customers counted: those who only cancelled or returned
WITH people AS (
    SELECT customer_id, MAX(CASE WHEN kind = 'sale' THEN 1 ELSE 0 END) AS bought
    FROM lines
    WHERE customer_id IS NOT NULL
    GROUP BY customer_id
)
SELECT COUNT(*) AS customers
FROM people
WHERE bought = 0
