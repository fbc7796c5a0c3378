-- grain: one row per staged row, with what became of its line since
-- units: as in columns.LINES; `line_states` says how many rows of a hash were undone
SELECT
    s.* EXCLUDE (row_key, nth)
    REPLACE (
        CASE WHEN s.nth <= t.times THEN t.undone ELSE s.kind END AS kind,
        CASE WHEN s.nth <= t.times THEN 0 ELSE s.amount END AS amount,
        CASE WHEN s.status IS NOT NULL AND s.nth <= t.times THEN coalesce(t.status, s.status) ELSE s.status END AS status,
        CASE WHEN s.nth <= t.times THEN hash(s.row_hash, t.undone) ELSE s.row_hash END AS row_hash
    )
FROM (SELECT *, row_number() OVER (PARTITION BY row_hash, kind, part) AS nth FROM staged) AS s
LEFT JOIN line_states AS t ON t.row_hash = s.row_hash AND s.kind = 'sale' AND s.part IS NULL
