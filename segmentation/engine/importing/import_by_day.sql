-- grain: one row per order of the table `orders`, of those without numbers
-- units: as in same.orders_of, with its day and sales in place of a number
SELECT * REPLACE (concat(first_on, ' ', sold) AS number)
FROM orders
WHERE sold <> 0
