-- grain: one row per customer with an order before $as_of, ordered by the MD5 of the customer id
-- units: value of the first day with an order in shop currency, net of refunds of those orders
-- Product and channel are those of the line of the first day that was worth most; NULL where the export has none.
WITH orders AS (
    SELECT
        customer_id,
        order_id,
        CAST(MIN(CASE WHEN kind = 'sale' THEN ordered_at END) AS DATE) AS ordered_on,
        SUM(amount) AS amount
    FROM lines
    WHERE customer_id IS NOT NULL AND ordered_at < $as_of
    GROUP BY customer_id, order_id
),
firsts AS (
    SELECT customer_id, MIN(ordered_on) AS first_day
    FROM orders
    WHERE ordered_on IS NOT NULL
    GROUP BY customer_id
),
earned AS (
    SELECT f.customer_id, f.first_day, SUM(o.amount) AS amount
    FROM firsts AS f
    JOIN orders AS o ON o.customer_id = f.customer_id AND o.ordered_on = f.first_day
    GROUP BY f.customer_id, f.first_day
),
ranked AS (
    SELECT
        l.customer_id,
        COALESCE(l.category, l.product) AS product,
        l.channel,
        ROW_NUMBER() OVER (
            PARTITION BY l.customer_id ORDER BY l.amount DESC, l.category, l.product, l.channel
        ) AS place
    FROM lines AS l
    JOIN firsts AS f ON f.customer_id = l.customer_id AND CAST(l.ordered_at AS DATE) = f.first_day
    WHERE l.kind = 'sale'
)
SELECT
    e.customer_id,
    e.first_day,
    CAST(e.amount AS DOUBLE) AS first_value,
    r.product,
    r.channel
FROM earned AS e
LEFT JOIN ranked AS r ON r.customer_id = e.customer_id AND r.place = 1
ORDER BY MD5(e.customer_id)
