-- grain: one row per stored line of a sale
-- units: 64-bit hashes of its order
SELECT hash(customer_id, order_id) AS order_hash
FROM stored
WHERE kind = 'sale'
