-- grain: one row per kind of staged row (sale, refund, …, aside:<reason>)
-- units: rows of the file counted; money in shop currency as the file lists it, amounts beside the rows included
SELECT
    kind,
    count(CASE WHEN part IS NULL THEN 1 END) AS rows_counted,
    sum(listed_amount) AS listed,
    max(abs(listed_amount)) AS largest
FROM staged
GROUP BY kind
ORDER BY kind
