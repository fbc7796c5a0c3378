-- grain: one row
-- units: orders of `mine` with a customer, on days that `theirs` has, whose sales no other has on that day
SELECT count(*) AS orders
FROM (
    SELECT customer_id, first_on
    FROM mine
    WHERE NOT pays_back
    QUALIFY count(*) OVER (PARTITION BY number) = 1
) AS alone
WHERE customer_id IS NOT NULL AND first_on IN (SELECT first_on FROM theirs)
