-- grain: one row per stored line
-- units: 64-bit row hashes
SELECT row_hash
FROM stored_part
