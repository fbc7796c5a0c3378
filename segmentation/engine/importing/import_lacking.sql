-- grain: one row per stored file with sales on days that the staged file covers, and per row of it that the staged file
-- lacks: `row_hash` is NULL in the row that counts those which it has
-- units: rows counted, `times` with the amounts beside them; money in shop currency. `covered` are the days of the staged
-- file: of its first and its last one only a stored file that begins or ends on the same day is judged, since an export
-- may begin or end within a day. What the staged file has nothing of (a channel, a category) is not its to tell
WITH mine AS (
    SELECT row_key, count(*) AS times
    FROM staged
    WHERE NOT starts_with(kind, 'aside:')
    GROUP BY row_key
),
theirs AS (
    SELECT
        file,
        row_hash,
        row_key,
        part,
        kind,
        amount,
        channel,
        category,
        CAST(ordered_at AS DATE) AS ordered_on,
        min(CAST(ordered_at AS DATE)) OVER (PARTITION BY file) AS first_on,
        max(CAST(ordered_at AS DATE)) OVER (PARTITION BY file) AS last_on,
        row_number() OVER (PARTITION BY row_key ORDER BY file, row_hash) AS nth
    FROM stored_files
),
judged AS (
    SELECT t.*, t.nth <= coalesce(m.times, 0) AS met
    FROM theirs AS t
    LEFT JOIN mine AS m ON m.row_key = t.row_key
    WHERE t.kind <> 'refund' AND EXISTS (
        SELECT 1
        FROM covered AS c
        WHERE (t.ordered_on > c.first_on OR (t.ordered_on = c.first_on AND t.first_on = c.first_on))
            AND (t.ordered_on < c.last_on OR (t.ordered_on = c.last_on AND t.last_on = c.last_on))
    )
)
SELECT
    file,
    CASE WHEN NOT met THEN row_hash END AS row_hash,
    count(*) AS times,
    count(CASE WHEN part IS NULL THEN 1 END) AS rows_counted,
    coalesce(sum(amount), 0) AS revenue
FROM judged
WHERE met
    OR (
        (channel IS NULL OR channel IN (SELECT channel FROM staged WHERE channel IS NOT NULL)
            OR NOT EXISTS (SELECT 1 FROM staged WHERE channel IS NOT NULL))
        AND (category IS NULL OR category IN (SELECT category FROM staged WHERE category IS NOT NULL)
            OR NOT EXISTS (SELECT 1 FROM staged WHERE category IS NOT NULL))
    )
GROUP BY file, CASE WHEN NOT met THEN row_hash END
ORDER BY file
