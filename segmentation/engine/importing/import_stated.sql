-- grain: one row per staged row, with what became of its order since
-- units: as in columns.LINES; `states` holds the orders that were undone. Amounts beside the rows that tell of an earlier
-- refund go where the dataset's stay
SELECT
    s.* EXCLUDE (row_key)
    REPLACE (
        CASE WHEN t.undone IS NOT NULL AND (s.kind = 'sale' OR s.part IS NOT NULL) THEN t.undone ELSE s.kind END AS kind,
        CASE WHEN t.undone IS NOT NULL AND (s.kind = 'sale' OR s.part IS NOT NULL) THEN 0 ELSE s.amount END AS amount,
        CASE WHEN s.status IS NOT NULL THEN coalesce(t.status, s.status) END AS status,
        CASE
            WHEN t.undone IS NOT NULL AND (s.kind = 'sale' OR s.part IS NOT NULL) THEN hash(s.row_hash, t.undone)
            ELSE s.row_hash
        END AS row_hash
    )
FROM staged AS s
LEFT JOIN states AS t ON t.order_id = s.order_id AND NOT starts_with(s.kind, 'aside:')
WHERE NOT coalesce(t.refunds AND s.kind = 'refund' AND s.part IS NOT NULL, false)
