-- grain: one row over `undone_orders`
-- units: whether the dataset has an order that counts and of which a sale was cancelled or is a test
SELECT coalesce(bool_or(any_undone AND undone IS NULL), false) AS any_undone
FROM undone_orders
