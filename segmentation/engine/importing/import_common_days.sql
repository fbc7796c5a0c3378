-- grain: one row
-- units: orders of `mine` with a customer, on days that `theirs` has, whose sales no other has on that day
WITH alone AS (
    SELECT customer_id, first_on, count(*) OVER (PARTITION BY number) AS alike
    FROM mine
    WHERE NOT pays_back
)
SELECT count(*) AS orders
FROM alone
WHERE alike = 1 AND customer_id IS NOT NULL AND first_on IN (SELECT first_on FROM theirs)
