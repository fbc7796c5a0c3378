-- grain: one row per customer and period with a buying day, of at most $most customers: the first by the MD5 of the id
-- units: days; period 0 is the last $step days before $as_of, period 1 the $step days before those, and the oldest,
--        $oldest, everything before; days counted back from $as_of, the day before it being 1; value in shop currency
-- Orders of one day are one purchase. Repeat days are all but a customer's first; value is that of the repeat days which
-- were worth something, net of the refunds of those days' orders.
WITH customers AS (
    SELECT customer_id
    FROM lines
    WHERE customer_id IS NOT NULL AND kind = 'sale' AND ordered_at < $as_of
    GROUP BY customer_id
    ORDER BY MD5(customer_id)
    LIMIT $most
),
orders AS (
    SELECT
        customer_id,
        CAST(MIN(CASE WHEN kind = 'sale' THEN ordered_at END) AS DATE) AS ordered_on,
        SUM(amount) AS amount
    FROM lines
    WHERE customer_id IN (SELECT customer_id FROM customers) AND ordered_at < $as_of
    GROUP BY customer_id, order_id
),
days AS (
    SELECT
        customer_id,
        DATE_DIFF('day', ordered_on, CAST($as_of AS DATE)) AS days_ago,
        SUM(amount) AS amount
    FROM orders
    WHERE ordered_on IS NOT NULL
    GROUP BY customer_id, ordered_on
),
firsts AS (
    SELECT customer_id, MAX(days_ago) AS first_ago
    FROM days
    GROUP BY customer_id
),
placed AS (
    SELECT
        d.customer_id,
        f.first_ago,
        d.days_ago,
        CASE WHEN d.days_ago < f.first_ago THEN 1 ELSE 0 END AS again,
        CASE WHEN d.days_ago < f.first_ago AND d.amount > 0 THEN 1 ELSE 0 END AS paid,
        d.amount,
        CAST(LEAST(FLOOR((d.days_ago - 1) / $step), $oldest) AS INTEGER) AS period
    FROM days AS d
    JOIN firsts AS f ON f.customer_id = d.customer_id
)
SELECT
    customer_id,
    period,
    CAST(MIN(first_ago) AS INTEGER) AS first_ago,
    CAST(MIN(days_ago) AS INTEGER) AS last_ago,
    CAST(SUM(again) AS INTEGER) AS repeats,
    CAST(SUM(paid) AS INTEGER) AS paid_days,
    CAST(SUM(CASE WHEN paid = 1 THEN amount ELSE 0 END) AS DOUBLE) AS paid
FROM placed
GROUP BY customer_id, period
ORDER BY MD5(customer_id), period DESC
