-- grain: one row
-- units: money in shop currency as the file lists it; `repeats` says how many rows of each hash go as repeats
SELECT sum(l.listed * g.repeats) AS gone
FROM (
    SELECT row_hash, max(listed_amount) AS listed
    FROM staged
    WHERE NOT starts_with(kind, 'aside:')
    GROUP BY row_hash
) AS l
JOIN repeats AS g ON g.row_hash = l.row_hash
