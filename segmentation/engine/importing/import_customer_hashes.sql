-- grain: one row per stored line of a sale that names its customer
-- units: 64-bit hashes of the customer
SELECT hash(customer_id) AS customer_hash
FROM stored
WHERE customer_id IS NOT NULL AND kind = 'sale'
