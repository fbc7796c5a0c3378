-- grain: one row per row set aside, by line of the file
-- units: as in columns.SET_ASIDE; `judged` has every record in file order, `places` the lines of those set aside,
-- `damaged` what is no row
SELECT $file AS file, p.line_number, substr(j.kind, length('aside:') + 1) AS reason, j.amount, j.row
FROM judged AS j
JOIN places AS p ON p.nth = j.file_row_number
UNION ALL
SELECT $file AS file, line_number, reason, CAST(NULL AS DECIMAL(18, 4)) AS amount, row
FROM damaged
ORDER BY line_number
