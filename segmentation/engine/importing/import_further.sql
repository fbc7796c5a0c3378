-- grain: one row over the staged rows that would stay, on days that earlier files cover (`covered`), but not on the first
-- or last of these: an export may begin or end within a day
-- units: rows counted; money in shop currency, `listed` as the file lists it. `listed` says how many rows of a key would
-- stay, $others whether those of any other key would
SELECT
    count(CASE WHEN part IS NULL THEN 1 END) AS rows_counted,
    coalesce(sum(amount), 0) AS revenue,
    coalesce(sum(listed_amount), 0) AS listed
FROM (
    SELECT
        s.part,
        s.amount,
        s.listed_amount,
        g.stays,
        row_number() OVER (PARTITION BY s.row_key) AS nth
    FROM staged AS s
    LEFT JOIN listed AS g ON g.row_key = s.row_key
    WHERE NOT starts_with(s.kind, 'aside:') AND s.kind <> 'refund' AND EXISTS (
        SELECT 1
        FROM covered AS c
        WHERE CAST(s.ordered_at AS DATE) > c.first_on AND CAST(s.ordered_at AS DATE) < c.last_on
    )
) AS further
WHERE CASE WHEN stays IS NULL THEN $others ELSE nth <= stays END
