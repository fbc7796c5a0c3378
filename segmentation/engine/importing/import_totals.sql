-- grain: one row over all lines of the version
-- units: counts; timestamps; money in shop currency; the dates are of sales, unless there are none. `currency` is a code,
-- or a sign that several currencies share, where all lines that have any have the same
SELECT
    count(*) AS lines,
    coalesce(min(CASE WHEN kind = 'sale' THEN ordered_at END), min(ordered_at)) AS first,
    coalesce(max(CASE WHEN kind = 'sale' THEN ordered_at END), max(ordered_at)) AS last,
    sum(amount) AS revenue,
    CASE
        WHEN min(nullif(currency, '')) = max(nullif(currency, '')) THEN min(nullif(currency, ''))
    END AS currency
FROM stored
