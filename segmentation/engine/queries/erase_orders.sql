-- grain: one row per order of the customers in `erased_customers` that is of nobody else
-- units: order ids as stored
SELECT order_id
FROM lines
WHERE order_id IS NOT NULL
GROUP BY order_id
HAVING bool_or(coalesce(customer_id IN (SELECT customer_id FROM erased_customers), false))
    AND bool_and(coalesce(customer_id IN (SELECT customer_id FROM erased_customers), true))
