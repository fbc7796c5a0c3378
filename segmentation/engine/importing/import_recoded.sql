-- grain: one row per stored line
-- units: as in columns.LINES; the currency $sign, which several share, is $code
SELECT * REPLACE (CASE WHEN currency = $sign THEN $code ELSE currency END AS currency)
FROM stored_part
