-- grain: one row per line of the version
-- units: 64-bit hashes of its customer (NULL for guests) and of its order (NULL where the line is no sale)
SELECT
    CASE WHEN customer_id IS NOT NULL THEN hash(customer_id) END AS customer_hash,
    CASE WHEN kind = 'sale' THEN hash(customer_id, order_id) END AS order_hash
FROM stored
