-- grain: one row per repeated row hash whose rows carry a line id
-- units: 64-bit row hashes; `twice` holds the hashes that stand more than once in the file
SELECT DISTINCT s.row_hash
FROM staged AS s
JOIN twice AS t ON t.row_hash = s.row_hash
WHERE s.line_id IS NOT NULL AND NOT starts_with(s.kind, 'aside:')
