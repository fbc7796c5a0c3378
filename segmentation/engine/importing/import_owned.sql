-- grain: one row per staged order whose number the dataset has within $days, and not for its customer
-- units: `mine` and `theirs` hold the orders of both with their customers, days and sales; `owner` is the customer of
-- the stored order that it is: the only one of the same day and sales where no other order here is like it, or one of
-- the same minute. NULL where there is none
WITH pairs AS (
    SELECT
        m.*,
        t.customer_id AS other,
        coalesce(c.new_id, m.customer_id) AS known_as,
        m.first_on = t.first_on AND m.sold = t.sold AS same_sales,
        m.first_at = t.first_at AND m.first_at <> date_trunc('day', m.first_at) AS same_minute,
        greatest(m.first_on - t.last_on, t.first_on - m.last_on, 0) AS days_apart
    FROM mine AS m
    JOIN theirs AS t ON t.number = m.number
    LEFT JOIN respelled AS c ON c.customer_id = m.customer_id
    WHERE NOT m.pays_back AND NOT t.pays_back
),
strange AS (
    SELECT
        order_id,
        customer_id,
        any_value(number) AS number,
        any_value(first_on) AS first_on,
        any_value(sold) AS sold,
        any_value(basket) AS basket,
        min(other) FILTER (same_minute) AS at_that_minute,
        min(other) FILTER (same_sales) AS like_it,
        count(*) FILTER (same_sales) AS alike
    FROM pairs
    WHERE days_apart <= $days
    GROUP BY order_id, customer_id
    HAVING NOT bool_or(other IS NULL OR coalesce(known_as = other, false))
)
SELECT
    * EXCLUDE (at_that_minute, like_it, alike),
    coalesce(
        at_that_minute,
        CASE WHEN alike = 1 AND count(*) OVER (PARTITION BY number, first_on, sold) = 1 THEN like_it END
    ) AS owner,
    true AS certain
FROM strange
