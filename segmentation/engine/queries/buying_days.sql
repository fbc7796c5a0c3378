-- grain: one row per customer with an order before $as_of, ordered by the MD5 of the customer id
-- units: dates; days counted; value in shop currency, net of the refunds of those days' orders
-- Orders of one day are one purchase. Value is that of the repeat days (all but the first) which were worth something.
WITH orders AS (
    SELECT
        customer_id,
        CAST(MIN(CASE WHEN kind = 'sale' THEN ordered_at END) AS DATE) AS ordered_on,
        SUM(amount) AS amount
    FROM lines
    WHERE customer_id IS NOT NULL AND ordered_at < $as_of
    GROUP BY customer_id, order_id
),
days AS (
    SELECT customer_id, ordered_on, SUM(amount) AS amount
    FROM orders
    WHERE ordered_on IS NOT NULL
    GROUP BY customer_id, ordered_on
),
firsts AS (
    SELECT customer_id, MIN(ordered_on) AS first_day, MAX(ordered_on) AS last_day, COUNT(*) AS days
    FROM days
    GROUP BY customer_id
),
repeats AS (
    SELECT
        d.customer_id,
        COUNT(*) AS paid_days,
        SUM(d.amount) AS amount
    FROM days AS d
    JOIN firsts AS f ON f.customer_id = d.customer_id
    WHERE d.ordered_on > f.first_day AND d.amount > 0
    GROUP BY d.customer_id
)
SELECT
    f.customer_id,
    CAST(f.days - 1 AS INTEGER) AS repeats,
    CAST(DATE_DIFF('day', f.first_day, f.last_day) AS INTEGER) AS recency,
    CAST(DATE_DIFF('day', f.first_day, $as_of) - 1 AS INTEGER) AS observed,
    CAST(COALESCE(r.paid_days, 0) AS INTEGER) AS paid_days,
    CAST(COALESCE(r.amount, 0) AS DOUBLE) AS paid
FROM firsts AS f
LEFT JOIN repeats AS r ON r.customer_id = f.customer_id
ORDER BY MD5(f.customer_id)
