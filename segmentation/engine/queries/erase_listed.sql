-- grain: one row per customer of a kept list who stays
-- units: ids; `erased_customers` go
SELECT *
FROM stored_part
WHERE customer_id NOT IN (SELECT customer_id FROM erased_customers)
