-- grain: one row per order of the customers in `erased_customers` that is of nobody else
-- units: order ids as stored
SELECT l.order_id
FROM lines AS l
LEFT JOIN erased_customers AS e ON e.customer_id = l.customer_id
WHERE l.order_id IS NOT NULL
GROUP BY l.order_id
HAVING COUNT(e.customer_id) > 0 AND COUNT(e.customer_id) = COUNT(l.customer_id)
