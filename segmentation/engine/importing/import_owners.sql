-- grain: one row per stored order of one customer
-- units: none; an order number that several customers have tells none of them
SELECT order_id, min(customer_id) AS customer_id
FROM stored
WHERE order_id IS NOT NULL AND customer_id IS NOT NULL AND kind = 'sale'
GROUP BY order_id
HAVING count(DISTINCT customer_id) = 1
