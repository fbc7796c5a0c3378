-- grain: one row per stored order that was cancelled or paid back, or is a test
-- units: money in shop currency. `undone` is the kind that all its sales share where they add nothing, `sold` what these
-- are listed at, `paid_back` what its refunds take off, `nothing_left` whether they take off all,
-- `any_undone` whether any of its sales was cancelled or is a test
SELECT
    order_id,
    CASE
        WHEN bool_and(kind = 'cancelled') FILTER (WHERE kind <> 'refund' AND part IS NULL) THEN 'cancelled'
        WHEN bool_and(kind = 'test') FILTER (WHERE kind <> 'refund' AND part IS NULL) THEN 'test'
    END AS undone,
    max(status) FILTER (WHERE kind <> 'refund' AND part IS NULL) AS status,
    coalesce(sum(listed_amount) FILTER (WHERE kind <> 'refund' AND part IS NULL), 0) AS sold,
    coalesce(-sum(amount) FILTER (WHERE kind = 'refund'), 0) AS paid_back,
    coalesce(sum(amount) <= 0, false) AS nothing_left,
    bool_or(kind IN ('cancelled', 'test') AND part IS NULL) AS any_undone
FROM stored
WHERE order_id IS NOT NULL
GROUP BY order_id
HAVING bool_or(kind IN ('cancelled', 'test', 'refund'))
