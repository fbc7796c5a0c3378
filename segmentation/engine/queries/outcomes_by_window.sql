-- grain: one row per customer and window with a line dated from $start_1 up to but not including $end_1, or $start_2 ...
-- units: orders counted; revenue and margin in shop currency, margin NULL where the export has no costs
-- The windows do not overlap; one that is not wanted starts where it ends.
WITH dated AS (
    SELECT
        CASE
            WHEN ordered_at >= $start_1 AND ordered_at < $end_1 THEN 1
            WHEN ordered_at >= $start_2 AND ordered_at < $end_2 THEN 2
            WHEN ordered_at >= $start_3 AND ordered_at < $end_3 THEN 3
            WHEN ordered_at >= $start_4 AND ordered_at < $end_4 THEN 4
            WHEN ordered_at >= $start_5 AND ordered_at < $end_5 THEN 5
            WHEN ordered_at >= $start_6 AND ordered_at < $end_6 THEN 6
            WHEN ordered_at >= $start_7 AND ordered_at < $end_7 THEN 7
            WHEN ordered_at >= $start_8 AND ordered_at < $end_8 THEN 8
        END AS past_window,
        customer_id,
        order_id,
        kind,
        amount,
        cost
    FROM lines
    WHERE customer_id IS NOT NULL AND ordered_at >= $start AND ordered_at < $end
),
orders AS (
    SELECT
        past_window,
        customer_id,
        order_id,
        MAX(CASE WHEN kind = 'sale' THEN 1 ELSE 0 END) AS is_order,
        SUM(amount) AS amount,
        SUM(amount - cost) AS margin
    FROM dated
    WHERE past_window IS NOT NULL
    GROUP BY past_window, customer_id, order_id
)
SELECT
    past_window,
    customer_id,
    SUM(is_order) AS orders,
    CAST(SUM(amount) AS DOUBLE) AS revenue,
    CAST(SUM(margin) AS DOUBLE) AS margin
FROM orders
GROUP BY past_window, customer_id
