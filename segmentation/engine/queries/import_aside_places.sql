-- grain: one row per record that is set aside, in file order
-- units: place in the file, counted from 0, and its line where known; `judged` has every record in file order
SELECT file_row_number AS nth, line
FROM judged
WHERE starts_with(kind, 'aside:')
ORDER BY nth
