-- grain: one row per row of a file whose stored line goes
-- units: 64-bit hashes of the row
SELECT DISTINCT row_hash
FROM stored_part
WHERE customer_id IN (SELECT customer_id FROM erased_customers)
    OR (customer_id IS NULL AND order_id IN (SELECT order_id FROM erased_orders))
