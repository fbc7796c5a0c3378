-- grain: one row over the staged rows that would stay, of orders (or lines, where $by_line) of which the dataset's state
-- is kept
-- units: rows counted; money in shop currency as listed, amounts beside the rows included. `listed` says how many rows
-- of a key would stay, $others whether those of any other key would, `taken` of which orders refunds come in all the same
SELECT
    count(CASE WHEN part IS NULL THEN 1 END) AS rows_kept,
    coalesce(sum(listed_amount), 0) AS revenue
FROM (
    SELECT
        s.part,
        s.listed_amount,
        g.stays,
        row_number() OVER (PARTITION BY s.row_key) AS nth
    FROM staged AS s
    LEFT JOIN listed AS g ON g.row_key = s.row_key
    WHERE NOT starts_with(s.kind, 'aside:')
        AND NOT (s.kind = 'refund' AND s.order_id IN (SELECT order_id FROM taken WHERE refunds))
        AND EXISTS (
            SELECT 1
            FROM replaced AS r
            WHERE r.order_id = s.order_id AND (NOT $by_line OR r.line_id IS NOT DISTINCT FROM s.line_id)
        )
) AS of_orders
WHERE CASE WHEN stays IS NULL THEN $others ELSE nth <= stays END
