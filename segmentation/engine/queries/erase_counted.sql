-- grain: one row over the lines of a stored file that go
-- units: lines; money in shop currency; `erased_customers` and `erased_orders` say whose and which
SELECT count(*) AS lines, coalesce(sum(amount), 0) AS revenue
FROM stored_part
WHERE customer_id IN (SELECT customer_id FROM erased_customers)
    OR (customer_id IS NULL AND order_id IN (SELECT order_id FROM erased_orders))
