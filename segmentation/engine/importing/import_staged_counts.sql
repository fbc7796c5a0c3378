-- grain: one row over the staged rows shown
-- units: rows counted; `records` are those of the file, without amounts beside them, `aside` those set aside
SELECT
    count(CASE WHEN part IS NULL THEN 1 END) AS records,
    count(CASE WHEN starts_with(kind, 'aside:') THEN 1 END) AS aside
FROM staged_rows
