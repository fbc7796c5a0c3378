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
SELECT
    (SELECT count(*) FROM owned WHERE customer_id IS NOT NULL) AS met,
    (SELECT count(*) FROM owned WHERE customer_id IS NOT NULL AND owner IS NOT NULL) AS same_orders,
    (SELECT count(*) FROM same) AS certain,
    (SELECT count(DISTINCT sold) FROM same) AS sales,
    (SELECT count(DISTINCT customer_id) FROM same) AS customers,
    (SELECT count(DISTINCT owner) FROM same) AS owners,
    (SELECT count(*) FROM (SELECT DISTINCT customer_id, owner FROM same) AS each_pair) AS pairs,
    (
        SELECT count(*)
        FROM mine
        WHERE customer_id NOT IN (SELECT customer_id FROM same)
            AND known_as NOT IN (SELECT customer_id FROM theirs)
    ) AS unknown,
    (
        SELECT count(*)
        FROM theirs
        WHERE customer_id NOT IN (SELECT owner FROM same) AND customer_id NOT IN (SELECT known_as FROM mine)
    ) AS missing
