-- grain: one row per order of the table `orders`, of those without numbers
-- units: as in same.orders_of, with its day and sales in place of a number; only orders whose sales no other has on
-- that day
SELECT * EXCLUDE (orders_alike)
FROM (
    SELECT
        * REPLACE (concat(first_on, ' ', sold) AS number),
        count(*) OVER (PARTITION BY first_on, sold) AS orders_alike
    FROM orders
    WHERE sold <> 0
) AS each_order
WHERE orders_alike = 1
