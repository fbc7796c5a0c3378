-- grain: one row per kind of the lines this import adds, by what they are beside the rows and whether they take off a
-- sale that the file still lists (`whole`)
-- units: lines counted; money in shop currency, `listed` as the file lists it
SELECT
    kind,
    part,
    coalesce(part = 'refund' AND listed_amount = 0, false) AS whole,
    count(*) AS lines,
    sum(listed_amount) AS listed,
    sum(amount) AS kept,
    sum(listed_amount - amount) AS lost
FROM added
GROUP BY kind, part, whole
ORDER BY kind, part, whole
