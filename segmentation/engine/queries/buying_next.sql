-- grain: one row per customer with an order before $start and one from then on, up to but not including $as_of
-- units: dates; next_day is the buying day after the first one from $start on, NULL where none was seen
WITH orders AS (
    SELECT customer_id, CAST(MIN(CASE WHEN kind = 'sale' THEN ordered_at END) AS DATE) AS ordered_on
    FROM lines
    WHERE customer_id IS NOT NULL AND ordered_at < $as_of
    GROUP BY customer_id, order_id
),
days AS (
    SELECT customer_id, ordered_on
    FROM orders
    WHERE ordered_on IS NOT NULL
    GROUP BY customer_id, ordered_on
),
later AS (
    SELECT customer_id, MIN(ordered_on) AS next_from
    FROM days
    WHERE ordered_on >= $start
    GROUP BY customer_id
),
known AS (
    SELECT customer_id
    FROM days
    WHERE ordered_on < $start
    GROUP BY customer_id
)
SELECT
    l.customer_id,
    l.next_from AS from_day,
    MIN(CASE WHEN d.ordered_on > l.next_from THEN d.ordered_on END) AS next_day
FROM later AS l
JOIN known AS k ON k.customer_id = l.customer_id
JOIN days AS d ON d.customer_id = l.customer_id
GROUP BY l.customer_id, l.next_from
ORDER BY MD5(l.customer_id)
