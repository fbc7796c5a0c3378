-- grain: one row per order of `owned`
-- units: as there. Several orders of one day and equal sales, such as one loaf of bread for each of two customers, are
-- as many stored ones as there are of customers whom nobody in the file is known to be; `told` says who is whom. Such
-- an order takes one of these owners, first of those with the same in the basket; it is `certain` where there is one
-- order on either side and customer and owner have no other such pair
WITH same_ids AS (
    SELECT DISTINCT t.customer_id
    FROM mine AS m
    LEFT JOIN respelled AS c ON c.customer_id = m.customer_id
    JOIN theirs AS t ON t.number = m.number AND t.customer_id = coalesce(c.new_id, m.customer_id)
),
here AS (
    SELECT *, row_number() OVER (PARTITION BY number, first_on, sold, basket ORDER BY customer_id, order_id) AS place
    FROM owned
    WHERE owner IS NULL AND coalesce(customer_id NOT IN (SELECT t.customer_id FROM told AS t), true)
),
there AS (
    SELECT
        *, row_number() OVER (PARTITION BY number, first_on, sold, basket ORDER BY customer_id, order_id) AS place
    FROM theirs
    WHERE NOT pays_back
        AND customer_id NOT IN (SELECT t.new_id FROM told AS t)
        AND customer_id NOT IN (SELECT s.customer_id FROM same_ids AS s)
),
by_basket AS (
    SELECT h.order_id, h.customer_id, t.order_id AS other_id, t.customer_id AS owner
    FROM here AS h
    JOIN there AS t USING (number, first_on, sold, basket, place)
),
rest_here AS (
    SELECT
        h.* EXCLUDE (place),
        row_number() OVER (PARTITION BY h.number, h.first_on, h.sold ORDER BY h.customer_id, h.order_id) AS place
    FROM here AS h
    ANTI JOIN by_basket AS b ON b.order_id = h.order_id AND b.customer_id IS NOT DISTINCT FROM h.customer_id
),
rest_there AS (
    SELECT
        t.* EXCLUDE (place),
        row_number() OVER (PARTITION BY t.number, t.first_on, t.sold ORDER BY t.customer_id, t.order_id) AS place
    FROM there AS t
    ANTI JOIN by_basket AS b ON b.other_id = t.order_id AND b.owner = t.customer_id
),
paired AS (
    SELECT order_id, customer_id, owner FROM by_basket
    UNION ALL
    SELECT h.order_id, h.customer_id, t.customer_id AS owner
    FROM rest_here AS h
    JOIN rest_there AS t USING (number, first_on, sold, place)
),
judged AS (
    SELECT
        p.*,
        count(*) OVER (PARTITION BY h.number, h.first_on, h.sold) = 1 AND (
            SELECT count(*) FROM there AS t WHERE (t.number, t.first_on, t.sold) = (h.number, h.first_on, h.sold)
        ) = 1 AS alone
    FROM paired AS p
    JOIN here AS h ON h.order_id = p.order_id AND h.customer_id IS NOT DISTINCT FROM p.customer_id
),
one_to_one AS (
    SELECT
        *,
        min(owner) OVER (PARTITION BY customer_id) = max(owner) OVER (PARTITION BY customer_id)
        AND min(customer_id) OVER (PARTITION BY owner) = max(customer_id) OVER (PARTITION BY owner) AS paired_only
    FROM judged
    WHERE alone AND customer_id IS NOT NULL
)
SELECT
    o.* EXCLUDE (certain) REPLACE (coalesce(o.owner, p.owner) AS owner),
    o.owner IS NOT NULL OR coalesce(s.paired_only, false) AS certain
FROM owned AS o
LEFT JOIN paired AS p ON p.order_id = o.order_id AND p.customer_id IS NOT DISTINCT FROM o.customer_id
LEFT JOIN one_to_one AS s ON s.order_id = o.order_id AND s.customer_id = o.customer_id
