-- grain: one row per row set aside, by line of the file
-- units: as in columns.SET_ASIDE; `fields` has the rows in file order, `places` their lines, `damaged` what is no row
SELECT $file AS file, p.line_number, f.reason, f.amount, f.row
FROM fields AS f
JOIN places AS p ON p.nth = f.file_row_number
UNION ALL
SELECT $file AS file, line_number, reason, CAST(NULL AS DECIMAL(18, 4)) AS amount, row
FROM damaged
ORDER BY line_number
