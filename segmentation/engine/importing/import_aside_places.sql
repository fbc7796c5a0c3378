-- grain: one row per record that is set aside, in file order
-- units: place in the file, counted from 0, its line where known, and whether it has more fields than columns
SELECT DISTINCT place, line, reason = 'too_many_fields' AS wide
FROM put_aside
ORDER BY place
