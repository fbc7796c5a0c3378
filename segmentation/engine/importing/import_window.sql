-- grain: one row
-- units: rows of the staged file and of the stored lines on days that both have
WITH mine AS (
    SELECT CAST(ordered_at AS DATE) AS ordered_on, count(*) AS rows_counted
    FROM staged
    WHERE NOT starts_with(kind, 'aside:') AND part IS NULL
    GROUP BY ordered_on
),
theirs AS (
    SELECT CAST(ordered_at AS DATE) AS ordered_on, count(*) AS rows_counted
    FROM stored
    WHERE part IS NULL
    GROUP BY ordered_on
)
SELECT coalesce(sum(m.rows_counted), 0) AS staged_rows, coalesce(sum(t.rows_counted), 0) AS stored_rows
FROM mine AS m
JOIN theirs AS t ON t.ordered_on = m.ordered_on
