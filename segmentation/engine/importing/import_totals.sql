-- grain: one row over all lines of the version
-- units: counts; timestamps; money in shop currency; the dates are of sales, unless there are none
SELECT
    count(*) AS lines,
    coalesce(min(CASE WHEN kind = 'sale' THEN ordered_at END), min(ordered_at)) AS first,
    coalesce(max(CASE WHEN kind = 'sale' THEN ordered_at END), max(ordered_at)) AS last,
    sum(amount) AS revenue
FROM stored
