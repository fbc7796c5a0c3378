-- grain: one row per day with sales of the staged file, in order
-- units: days; money in shop currency
SELECT
    CAST(ordered_at AS DATE) AS ordered_on,
    sum(amount) AS revenue
FROM staged
WHERE NOT starts_with(kind, 'aside:') AND kind <> 'refund'
GROUP BY ordered_on
ORDER BY ordered_on
