-- grain: one row per part and bucket with an order: part "bucket" for the buckets of $first..$last (0 is the last one),
--        "now" for the whole of $first..$last, "main" and "other" for the earlier days of these names
-- units: money in shop currency as DECIMAL; orders and customers counted
-- Orders are read from $before on, which is where the earliest of these days begin, up to but not including $after.
-- $width is the length of a bucket in days; 0 means calendar months, counted back from the month of $last
WITH orders AS (
    SELECT customer_id, CAST(MIN(ordered_at) AS DATE) AS ordered_on, SUM(amount) AS sold
    FROM lines
    WHERE kind = 'sale' AND ordered_at < $after
    GROUP BY customer_id, order_id
),
firsts AS (
    SELECT customer_id, MIN(ordered_on) AS first_on
    FROM orders
    WHERE customer_id IS NOT NULL
    GROUP BY customer_id
),
placed AS (
    SELECT
        o.customer_id,
        o.ordered_on,
        o.sold,
        f.first_on,
        CASE
            WHEN $width = 0 THEN
                (EXTRACT(YEAR FROM $last) - EXTRACT(YEAR FROM o.ordered_on)) * 12
                + EXTRACT(MONTH FROM $last) - EXTRACT(MONTH FROM o.ordered_on)
            ELSE FLOOR(CAST(DATE_DIFF('day', o.ordered_on, $last) AS DOUBLE) / NULLIF($width, 0))
        END AS bucket,
        CASE
            WHEN $width = 0 THEN
                (EXTRACT(YEAR FROM $last) - EXTRACT(YEAR FROM f.first_on)) * 12
                + EXTRACT(MONTH FROM $last) - EXTRACT(MONTH FROM f.first_on)
            ELSE FLOOR(CAST(DATE_DIFF('day', f.first_on, $last) AS DOUBLE) / NULLIF($width, 0))
        END AS first_bucket
    FROM orders AS o
    LEFT JOIN firsts AS f ON f.customer_id = o.customer_id
    WHERE o.ordered_on >= $before
),
buyers AS (
    SELECT
        'bucket' AS part,
        bucket,
        customer_id,
        COUNT(*) AS orders,
        SUM(sold) AS sold,
        MIN(CASE WHEN first_bucket = bucket AND first_on >= $first THEN 1 ELSE 0 END) AS is_new
    FROM placed
    WHERE ordered_on >= $first
    GROUP BY bucket, customer_id
    UNION ALL
    SELECT
        'now' AS part,
        0 AS bucket,
        customer_id,
        COUNT(*) AS orders,
        SUM(sold) AS sold,
        MIN(CASE WHEN first_on >= $first THEN 1 ELSE 0 END) AS is_new
    FROM placed
    WHERE ordered_on >= $first
    GROUP BY customer_id
    UNION ALL
    SELECT
        'main' AS part,
        0 AS bucket,
        customer_id,
        COUNT(*) AS orders,
        SUM(sold) AS sold,
        MIN(CASE WHEN first_on >= $main_first THEN 1 ELSE 0 END) AS is_new
    FROM placed
    WHERE ordered_on >= $main_first AND ordered_on <= $main_last
    GROUP BY customer_id
    UNION ALL
    SELECT
        'other' AS part,
        0 AS bucket,
        customer_id,
        COUNT(*) AS orders,
        SUM(sold) AS sold,
        MIN(CASE WHEN first_on >= $other_first THEN 1 ELSE 0 END) AS is_new
    FROM placed
    WHERE ordered_on >= $other_first AND ordered_on <= $other_last
    GROUP BY customer_id
)
SELECT
    part,
    CAST(bucket AS BIGINT) AS bucket,
    CAST(SUM(orders) AS BIGINT) AS orders,
    SUM(sold) AS order_value,
    CAST(SUM(CASE WHEN customer_id IS NULL THEN orders ELSE 0 END) AS BIGINT) AS guest_orders,
    COUNT(customer_id) AS customers,
    CAST(SUM(CASE WHEN customer_id IS NOT NULL THEN is_new ELSE 0 END) AS BIGINT) AS new_customers,
    CAST(SUM(CASE WHEN customer_id IS NOT NULL AND (is_new = 0 OR orders > 1) THEN 1 ELSE 0 END) AS BIGINT)
        AS repeat_customers
FROM buyers
GROUP BY part, bucket
ORDER BY part, bucket DESC
