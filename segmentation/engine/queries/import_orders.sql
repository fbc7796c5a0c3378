-- grain: one row per sale line of the version
-- units: 64-bit hash of its order
SELECT hash(customer_id, order_id) AS order_hash
FROM stored
WHERE kind = 'sale'
