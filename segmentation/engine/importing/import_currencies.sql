-- grain: one row per currency of the version
-- units: the currency's code, or a sign that several currencies share; NULL where a line has none
SELECT DISTINCT currency
FROM stored
ORDER BY currency
