-- grain: one row per record that is set aside, in file order
-- units: place in the file, counted from 0, and its line where known
SELECT DISTINCT place, line
FROM put_aside
ORDER BY place
