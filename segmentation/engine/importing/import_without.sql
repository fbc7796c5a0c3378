-- grain: one row per line of a stored part that stays: `lacking` says how many rows of a hash go
-- units: as in columns.LINES
SELECT s.* EXCLUDE (nth)
FROM (SELECT *, row_number() OVER (PARTITION BY row_hash) AS nth FROM stored_part) AS s
LEFT JOIN lacking AS g ON g.row_hash = s.row_hash
WHERE s.nth > coalesce(g.times, 0)
