-- grain: one row per kind of the lines this import adds, by what they are beside the rows and whether they take off a
-- sale that the file still lists (`whole`)
-- units: money in shop currency
SELECT
    kind,
    part,
    coalesce(part = 'refund' AND listed_amount = 0, false) AS whole,
    sum(amount) AS kept,
    sum(listed_amount - amount) AS lost
FROM added
GROUP BY kind, part, whole
ORDER BY kind, part, whole
