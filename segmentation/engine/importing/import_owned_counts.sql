-- grain: one row
-- units: orders `met` whose numbers the dataset has for others, of them the `same_orders`; of these the ones of `certain`
-- customers, with their different sales, the customers they have here (`customers`) and there (`owners`), and how these
-- pair; customers of the file that no such order makes known (`unknown`), and customers of the dataset that the file
-- does not have (`missing`)
WITH same AS (
    SELECT * FROM owned WHERE customer_id IS NOT NULL AND owner IS NOT NULL AND certain
),
mine AS (
    SELECT DISTINCT s.customer_id, coalesce(c.new_id, s.customer_id) AS known_as
    FROM staged AS s
    LEFT JOIN respelled AS c ON c.customer_id = s.customer_id
    WHERE s.customer_id IS NOT NULL AND NOT starts_with(s.kind, 'aside:')
),
theirs AS (
    SELECT DISTINCT customer_id FROM stored WHERE customer_id IS NOT NULL
)
-- One row each of all orders, the certain ones and both kinds of customers: nine counts beside each other took four
-- times as long to plan.
SELECT o.*, s.*, m.*, t.*
FROM (
    SELECT
        count(*) FILTER (customer_id IS NOT NULL) AS met,
        count(*) FILTER (customer_id IS NOT NULL AND owner IS NOT NULL) AS same_orders
    FROM owned
) AS o
CROSS JOIN (
    SELECT
        count(*) AS certain,
        count(DISTINCT sold) AS sales,
        count(DISTINCT customer_id) AS customers,
        count(DISTINCT owner) AS owners,
        count(DISTINCT (customer_id, owner)) AS pairs
    FROM same
) AS s
CROSS JOIN (
    SELECT count(*) AS unknown
    FROM mine
    WHERE customer_id NOT IN (SELECT customer_id FROM same)
        AND known_as NOT IN (SELECT customer_id FROM theirs)
) AS m
CROSS JOIN (
    SELECT count(*) AS missing
    FROM theirs
    WHERE customer_id NOT IN (SELECT owner FROM same) AND customer_id NOT IN (SELECT known_as FROM mine)
) AS t
