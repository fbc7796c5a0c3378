-- grain: one row per customer with an order before $as_of, ordered by the MD5 of the customer id
-- units: gaps counted; log_sum and log_squares are sums over them of ln(days) and of its square; last_day a date
-- Orders of one day are one purchase, so a gap has at least one day.
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
followed AS (
    SELECT
        customer_id,
        ordered_on,
        LAG(ordered_on) OVER (PARTITION BY customer_id ORDER BY ordered_on) AS earlier
    FROM days
),
pauses AS (
    SELECT customer_id, ordered_on, LN(CAST(DATE_DIFF('day', earlier, ordered_on) AS DOUBLE)) AS log_gap
    FROM followed
)
SELECT
    customer_id,
    CAST(COUNT(log_gap) AS INTEGER) AS gaps,
    CAST(COALESCE(SUM(log_gap), 0) AS DOUBLE) AS log_sum,
    CAST(COALESCE(SUM(log_gap * log_gap), 0) AS DOUBLE) AS log_squares,
    MAX(ordered_on) AS last_day
FROM pauses
GROUP BY customer_id
ORDER BY MD5(customer_id)
