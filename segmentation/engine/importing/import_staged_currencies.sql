-- grain: one row per currency of the staged file
-- units: rows counted; codes, or signs that several currencies share
SELECT currency, count(*) AS rows_counted
FROM staged
WHERE currency IS NOT NULL
GROUP BY currency
ORDER BY rows_counted DESC, currency
