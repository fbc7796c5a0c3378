-- grain: one row
-- units: money in shop currency as the file lists it; `gone` says how many rows of each hash go, and why
SELECT
    sum(l.listed * g.repeats) AS repeats,
    sum(l.listed * g.present) AS present
FROM (
    SELECT row_hash, max(listed_amount) AS listed
    FROM staged
    WHERE NOT starts_with(kind, 'aside:')
    GROUP BY row_hash
) AS l
JOIN gone AS g ON g.row_hash = l.row_hash
