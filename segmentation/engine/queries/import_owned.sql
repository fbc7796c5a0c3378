-- grain: one row per staged order whose number the dataset has within $days, and not for its customer
-- units: `mine` and `theirs` hold the orders of both with their customers, days and sales; `owner` is the customer of
-- the stored order that it is: one of the same day and sales, or of the same minute. NULL where there is none
WITH pairs AS (
    SELECT
        m.order_id,
        m.customer_id,
        m.sold,
        t.customer_id AS other,
        coalesce(c.new_id, m.customer_id) AS known_as,
        m.first_on = t.first_on AND m.sold = t.sold
        OR m.first_at = t.first_at AND m.first_at <> date_trunc('day', m.first_at) AS same_order,
        greatest(m.first_on - t.last_on, t.first_on - m.last_on, 0) AS days_apart
    FROM mine AS m
    JOIN theirs AS t ON t.number = m.number
    LEFT JOIN respelled AS c ON c.customer_id = m.customer_id
    WHERE NOT m.pays_back AND NOT t.pays_back
)
SELECT
    order_id,
    customer_id,
    any_value(sold) AS sold,
    min(other) FILTER (same_order) AS owner
FROM pairs
WHERE days_apart <= $days
GROUP BY order_id, customer_id
HAVING NOT bool_or(other IS NULL OR coalesce(known_as = other, false))
