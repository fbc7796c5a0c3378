-- grain: one row
-- units: money in shop currency as the file lists it, of the lines that stay
SELECT count(*) AS lines, sum(listed_amount) AS listed
FROM added
