-- grain: one row per stored line
-- units: 64-bit keys of what the line says
SELECT row_key
FROM stored
