-- grain: one row
-- units: orders without a customer, with at least one sale line
SELECT count(DISTINCT order_id) AS guests
FROM stored
WHERE customer_id IS NULL AND kind = 'sale'
