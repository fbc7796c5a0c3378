-- grain: one row per order of `replaced` that stays with its stored lines and was undone in the staged file
-- units: as in import_undone; `refunds` says whether the file's refunds take the place of those that are stored
WITH mine AS (
    SELECT
        order_id,
        CASE
            WHEN bool_and(kind = 'cancelled') FILTER (WHERE kind <> 'refund' AND part IS NULL) THEN 'cancelled'
            WHEN bool_and(kind = 'test') FILTER (WHERE kind <> 'refund' AND part IS NULL) THEN 'test'
        END AS undone,
        coalesce(-sum(amount) FILTER (WHERE kind = 'refund'), 0) AS paid_back
    FROM staged
    WHERE order_id IN (SELECT order_id FROM replaced) AND NOT starts_with(kind, 'aside:')
    GROUP BY order_id
)
SELECT m.order_id, m.undone, m.undone IS NULL AND m.paid_back > coalesce(l.paid_back, 0) AS refunds
FROM mine AS m
LEFT JOIN undone_orders AS l ON l.order_id = m.order_id
WHERE (m.undone IS NOT NULL AND l.undone IS NULL) OR (m.undone IS NULL AND m.paid_back > coalesce(l.paid_back, 0))
