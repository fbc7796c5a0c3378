-- grain: one row per line of a stored file that stays
-- units: as in columns.LINES; `erased_customers` and `erased_orders` say whose and which go
SELECT *
FROM stored_part
WHERE CASE
    WHEN customer_id IS NULL THEN coalesce(order_id NOT IN (SELECT order_id FROM erased_orders), true)
    ELSE customer_id NOT IN (SELECT customer_id FROM erased_customers)
END
