-- grain: one row per row set aside, by line of the file
-- units: as in columns.SET_ASIDE; `put_aside` holds the records set aside, `places` their lines, `damaged` what is no row,
-- `wide` all fields of those that have more than columns
SELECT $file AS file, p.line_number, a.reason, a.amount, coalesce(w.row, a.row) AS row
FROM put_aside AS a
JOIN places AS p ON p.place = a.place
LEFT JOIN wide AS w ON w.place = a.place
UNION ALL
SELECT $file AS file, line_number, reason, CAST(NULL AS DECIMAL(18, 4)) AS amount, row
FROM damaged
ORDER BY line_number
