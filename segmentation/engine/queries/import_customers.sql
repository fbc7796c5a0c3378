-- grain: one row per line of the version that has a customer
-- units: 64-bit hash of the customer
SELECT hash(customer_id) AS customer_hash
FROM stored
WHERE customer_id IS NOT NULL
