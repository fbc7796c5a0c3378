-- grain: one row per table
-- units: money in shop currency, of the lines that count
SELECT 'staged' AS name, coalesce(sum(amount), 0) AS revenue
FROM staged
WHERE NOT starts_with(kind, 'aside:')
UNION ALL
SELECT 'stored' AS name, coalesce(sum(amount), 0) AS revenue
FROM stored
