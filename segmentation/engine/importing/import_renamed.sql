-- grain: one row per staged order that takes another number: that of the stored order it is, or one of its own where
-- the dataset has its number for another customer or another time
-- units: order numbers; `mine` and `theirs` hold the orders of both with their customers and days, `theirs` those with a
-- number of `mine` only; `respelled` are customers whose ids are spelled otherwise in the dataset, `owned` orders that
-- it has under another customer. An order is one customer's, within $days; where most numbers come again at another time or for another customer they begin anew, and
-- an order is one day's. What only pays back is of an order before it.
WITH pairs AS (
    SELECT
        m.order_id,
        m.customer_id,
        m.number,
        m.first_on,
        m.pays_back,
        t.order_id AS other_id,
        coalesce(coalesce(o.owner, c.new_id, m.customer_id) = t.customer_id, true) AS same_customer,
        t.pays_back AS paid_back,
        t.first_on <= m.last_on AS before,
        m.first_on <= t.last_on AS after,
        greatest(m.first_on - t.last_on, t.first_on - m.last_on, 0) AS days_apart
    FROM mine AS m
    JOIN theirs AS t ON t.number = m.number
    LEFT JOIN respelled AS c ON c.customer_id = m.customer_id
    LEFT JOIN owned AS o ON o.order_id = m.order_id AND o.customer_id IS NOT DISTINCT FROM m.customer_id
),
anew AS (
    SELECT
        avg(CASE WHEN found THEN 0 ELSE 1 END) > 0.5
        OR (SELECT count(*) > 1.5 * count(DISTINCT number) FROM mine WHERE NOT pays_back)
        OR (SELECT count(*) > 1.5 * count(DISTINCT number) FROM theirs WHERE NOT pays_back) AS numbers
    FROM (
        SELECT bool_or(same_customer AND days_apart = 0) AS found
        FROM pairs
        WHERE NOT pays_back AND NOT paid_back
        GROUP BY order_id, customer_id
    ) AS each_order
),
matched AS (
    SELECT
        *,
        same_customer AND CASE
            WHEN pays_back THEN before OR paid_back
            WHEN paid_back THEN after
            WHEN coalesce((SELECT numbers FROM anew), false) THEN days_apart = 0
            ELSE days_apart <= $days
        END AS same
    FROM pairs
),
named AS (
    SELECT
        order_id,
        customer_id,
        coalesce(
            arg_min(other_id, days_apart) FILTER (same),
            concat(regexp_replace(order_id, $after, ''), ' · ', strftime(min(first_on), '%Y-%m-%d'))
        ) AS new_id
    FROM matched
    GROUP BY order_id, customer_id
)
SELECT order_id, customer_id, new_id
FROM named
WHERE new_id <> order_id
