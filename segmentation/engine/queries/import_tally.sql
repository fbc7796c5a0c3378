-- grain: one row per kind of staged row (sale, refund, cancelled, aside:<reason>)
-- units: rows counted; money in shop currency as the file lists it
SELECT
    kind,
    count(*) AS rows_counted,
    sum(listed_amount) AS listed,
    max(abs(listed_amount)) AS largest
FROM staged
GROUP BY kind
ORDER BY kind
