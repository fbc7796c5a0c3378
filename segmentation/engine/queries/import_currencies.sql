-- grain: one row per currency of the version
-- units: the currency's code in upper case; NULL where a line has none
SELECT DISTINCT upper(currency) AS currency
FROM stored
ORDER BY currency
