-- grain: one row per staged customer whose orders the dataset has under another one
-- units: ids; the customer there that has most of these orders, of several the last by name. Where both know customers
-- by the same ids, so that some orders are under the same customer, an id that the dataset has stays
WITH each_pair AS (
    SELECT customer_id, owner, count(*) AS orders
    FROM owned
    WHERE customer_id IS NOT NULL AND owner IS NOT NULL AND certain
    GROUP BY customer_id, owner
),
same_ids AS (
    SELECT count(*) > 0 AS found
    FROM mine AS m
    JOIN theirs AS t ON t.number = m.number AND t.customer_id = m.customer_id
)
SELECT customer_id, arg_max(owner, (orders, owner)) AS new_id
FROM each_pair
WHERE NOT (SELECT found FROM same_ids)
    OR customer_id NOT IN (SELECT s.customer_id FROM stored AS s WHERE s.customer_id IS NOT NULL)
GROUP BY customer_id
