-- grain: one row per row of an import that was stored already or repeated another, whose stored line stays
-- units: as in columns.PASSED; `erased_hashes` are those of lines that go
SELECT *
FROM stored_part
WHERE row_hash NOT IN (SELECT row_hash FROM erased_hashes)
