-- grain: one row per line of at most $most customers with a sale before $as_of: the first by the MD5 of the customer id
-- units: as in lines
SELECT *
FROM lines
WHERE customer_id IN (
    SELECT customer_id
    FROM lines
    WHERE customer_id IS NOT NULL AND kind = 'sale' AND ordered_at < $as_of
    GROUP BY customer_id
    ORDER BY MD5(customer_id)
    LIMIT $most
)
