-- grain: one row per stored row that the staged file has too, at most $most
-- units: 64-bit row hashes; `met_keys` are keys of what the rows say
SELECT DISTINCT s.row_hash, 'already_present' AS reason
FROM stored AS s
JOIN met_keys AS m ON m.row_key = s.row_key
WHERE s.part IS NULL
LIMIT $most
