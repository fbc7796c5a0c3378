-- grain: one row per staged row, with the number of its order and the id of its customer
-- units: as in columns.LINES; `renamed` holds the orders that take another number, `respelled` the customers whose id
-- is spelled otherwise in the dataset, `owned` the orders that the dataset has under another customer
SELECT
    s.* EXCLUDE (row_key)
    REPLACE (
        coalesce(r.new_id, s.order_id) AS order_id,
        coalesce(o.owner, c.new_id, s.customer_id) AS customer_id
    )
FROM staged AS s
LEFT JOIN renamed AS r ON r.order_id = s.order_id AND r.customer_id IS NOT DISTINCT FROM s.customer_id
LEFT JOIN respelled AS c ON c.customer_id = s.customer_id
LEFT JOIN owned AS o ON o.order_id = s.order_id AND o.customer_id IS NOT DISTINCT FROM s.customer_id
