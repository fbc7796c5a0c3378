-- grain: one row per stored row of an order (or line, where $by_line) of which the dataset's state is kept, at most $most
-- units: 64-bit row hashes; `replaced` holds those orders (and lines)
SELECT DISTINCT s.row_hash, 'kept_as_stored' AS reason
FROM stored AS s
WHERE s.part IS NULL AND EXISTS (
    SELECT 1
    FROM replaced AS r
    WHERE r.order_id = s.order_id AND (NOT $by_line OR r.line_id IS NOT DISTINCT FROM s.line_id)
)
LIMIT $most
