-- grain: one row per part ("now" for $first..the day before $after, "before" for $before..the day before $before_after)
--        and who: "new" customers, "returning" ones, or "guest"
-- units: money in shop currency as DECIMAL; customers and orders counted
-- An order belongs to the day of its first sale. New is who placed the first one in that part or later. sold is of the
-- orders placed in the part, later of older ones; only lines dated in the part count, refunds as positive amounts.
WITH orders AS (
    SELECT
        customer_id,
        CAST(MIN(CASE WHEN kind = 'sale' THEN ordered_at END) AS DATE) AS ordered_on,
        SUM(CASE WHEN kind = 'sale' AND ordered_at >= $first THEN amount ELSE 0 END) AS sold_now,
        SUM(CASE WHEN kind = 'refund' AND ordered_at >= $first THEN -amount ELSE 0 END) AS refunded_now,
        SUM(CASE WHEN kind NOT IN ('sale', 'refund') AND ordered_at >= $first THEN amount ELSE 0 END) AS other_now,
        SUM(CASE WHEN kind = 'sale' AND ordered_at >= $before AND ordered_at < $before_after THEN amount ELSE 0 END)
            AS sold_before,
        SUM(CASE WHEN kind = 'refund' AND ordered_at >= $before AND ordered_at < $before_after THEN -amount ELSE 0 END)
            AS refunded_before,
        SUM(
            CASE
                WHEN kind NOT IN ('sale', 'refund') AND ordered_at >= $before AND ordered_at < $before_after THEN amount
                ELSE 0
            END
        ) AS other_before
    FROM lines
    WHERE ordered_at < $after
    GROUP BY customer_id, order_id
),
firsts AS (
    SELECT customer_id, MIN(ordered_on) AS first_on
    FROM orders
    WHERE customer_id IS NOT NULL
    GROUP BY customer_id
),
dated AS (
    SELECT
        'now' AS part,
        o.customer_id,
        f.first_on >= $first AS is_new,
        CASE WHEN o.ordered_on >= $first THEN 1 ELSE 0 END AS placed,
        o.sold_now AS sold,
        o.refunded_now AS refunded,
        o.other_now AS other
    FROM orders AS o
    LEFT JOIN firsts AS f ON f.customer_id = o.customer_id
    UNION ALL
    SELECT
        'before' AS part,
        o.customer_id,
        f.first_on >= $before AS is_new,
        CASE WHEN o.ordered_on >= $before AND o.ordered_on < $before_after THEN 1 ELSE 0 END AS placed,
        o.sold_before AS sold,
        o.refunded_before AS refunded,
        o.other_before AS other
    FROM orders AS o
    LEFT JOIN firsts AS f ON f.customer_id = o.customer_id
),
buyers AS (
    SELECT
        part,
        CASE WHEN customer_id IS NULL THEN 'guest' WHEN is_new THEN 'new' ELSE 'returning' END AS who,
        customer_id,
        SUM(placed) AS orders,
        SUM(CASE WHEN placed = 1 THEN sold ELSE 0 END) AS sold,
        SUM(CASE WHEN placed = 0 THEN sold ELSE 0 END) AS later,
        SUM(refunded) AS refunded,
        SUM(other) AS other
    FROM dated
    GROUP BY 1, 2, 3
)
SELECT
    part,
    who,
    COUNT(CASE WHEN orders > 0 THEN customer_id END) AS customers,
    CAST(SUM(orders) AS BIGINT) AS orders,
    SUM(sold) AS sold,
    SUM(later) AS later,
    SUM(refunded) AS refunded,
    SUM(other) AS other
FROM buyers
GROUP BY part, who
ORDER BY part, who
