-- grain: one row per quarter of first orders, length of a pause, and whether it ended with an order
-- units: days from the first buying day to the second, or to the day before $as_of where there was none; days followed,
--        of the customer followed longest, from the first buying day to the day before $as_of; customers counted
-- Several orders of a day count as one; refunds and cancelled lines are no orders.
WITH buying AS (
    SELECT customer_id, CAST(ordered_at AS DATE) AS day
    FROM lines
    WHERE customer_id IS NOT NULL AND kind = 'sale' AND ordered_at < $as_of
    GROUP BY customer_id, CAST(ordered_at AS DATE)
),
placed AS (
    SELECT customer_id, day, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY day) AS place
    FROM buying
),
pauses AS (
    SELECT
        MIN(CASE WHEN place = 1 THEN day END) AS first_day,
        MIN(CASE WHEN place = 2 THEN day END) AS second_day
    FROM placed
    WHERE place <= 2
    GROUP BY customer_id
)
SELECT
    EXTRACT(YEAR FROM first_day) AS year,
    EXTRACT(QUARTER FROM first_day) AS quarter,
    CASE
        WHEN second_day IS NULL THEN DATE_DIFF('day', first_day, CAST($as_of AS DATE)) - 1
        ELSE DATE_DIFF('day', first_day, second_day)
    END AS days,
    second_day IS NOT NULL AS came_back,
    MAX(DATE_DIFF('day', first_day, CAST($as_of AS DATE)) - 1) AS followed,
    COUNT(*) AS customers
FROM pauses
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
