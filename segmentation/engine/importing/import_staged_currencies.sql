-- grain: one row per currency of the staged file, of rows that are rejected for nothing else
-- units: rows counted; codes, or signs that several currencies share
SELECT currency, count(*) AS rows_counted
FROM staged
WHERE currency IS NOT NULL
    AND (kind = 'aside:other_currency' OR NOT starts_with(kind, 'aside:'))
GROUP BY currency
ORDER BY rows_counted DESC, currency
