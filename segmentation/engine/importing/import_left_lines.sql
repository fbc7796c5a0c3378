-- grain: one row per line of a stored part that stays: not of an order (or line) that a newer export replaces, nor one
-- of the rows that the file has with another meaning, nor an amount beside such rows
-- units: as in columns.LINES; `replaced` holds the orders (and lines, where $by_line), `reread` the row hashes, `states`
-- says of which orders the refunds stay
SELECT s.*
FROM stored_part AS s
WHERE (
    NOT EXISTS (
        SELECT 1
        FROM replaced AS r
        WHERE r.order_id = s.order_id AND (NOT $by_line OR r.line_id IS NOT DISTINCT FROM s.line_id)
    )
    OR (s.kind = 'refund' AND s.order_id IN (SELECT order_id FROM states WHERE refunds))
)
    AND s.row_hash NOT IN (SELECT row_hash FROM reread)
    AND (
        s.part IS NULL
        OR s.order_id NOT IN (
            SELECT order_id
            FROM stored_part
            WHERE order_id IS NOT NULL AND row_hash IN (SELECT row_hash FROM reread)
        )
    )
