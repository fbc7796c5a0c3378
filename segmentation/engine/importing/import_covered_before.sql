-- grain: one row per stored file and day with sales, in order
-- units: days; money in shop currency; `stored_files` holds the lines with their `file`
SELECT
    file,
    CAST(ordered_at AS DATE) AS ordered_on,
    sum(amount) AS revenue
FROM stored_files
WHERE kind <> 'refund'
GROUP BY file, ordered_on
ORDER BY file, ordered_on
