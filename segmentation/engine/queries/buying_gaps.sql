-- grain: one row per length of a gap between two neighbouring buying days of one customer, before $as_of
-- units: gap_days in days, gaps counted
-- Orders of one day are one purchase; an order without a sale line, such as a refund alone, is none.
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
pauses AS (
    SELECT
        DATE_DIFF('day', LAG(ordered_on) OVER (PARTITION BY customer_id ORDER BY ordered_on), ordered_on) AS gap_days
    FROM days
)
SELECT CAST(gap_days AS INTEGER) AS gap_days, COUNT(*) AS gaps
FROM pauses
WHERE gap_days IS NOT NULL
GROUP BY gap_days
ORDER BY gap_days
