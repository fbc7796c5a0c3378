-- grain: one row per line of a stored part, with what the staged file says became of its order
-- units: as in columns.LINES; `taken` holds the orders. Refunds go where the file tells of more
SELECT
    s.*
    REPLACE (
        coalesce(t.undone, s.kind) AS kind,
        CASE WHEN t.undone IS NOT NULL THEN 0 ELSE s.amount END AS amount,
        CASE WHEN t.undone IS NOT NULL THEN hash(s.row_hash, t.undone) ELSE s.row_hash END AS row_hash
    )
FROM stored_part AS s
LEFT JOIN taken AS t ON t.order_id = s.order_id
WHERE NOT coalesce(t.refunds AND s.kind = 'refund', false)
