-- grain: one row per staged row, with the number of its order
-- units: as in columns.LINES; `renamed` holds the orders that take another number
SELECT s.* EXCLUDE (row_key) REPLACE (coalesce(r.new_id, s.order_id) AS order_id)
FROM staged AS s
LEFT JOIN renamed AS r ON r.order_id = s.order_id AND r.customer_id IS NOT DISTINCT FROM s.customer_id
