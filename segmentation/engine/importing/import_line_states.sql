-- grain: one row per hash of staged rows that count in the file, of orders of which the dataset has some lines cancelled
-- (`undone_orders`), these lines among them
-- units: how many rows of that hash are those lines, and what became of them; the same line has the same product, amount
-- and, where both tell them, line number and quantity. Not where $replace says that the file's own words count
WITH told AS (
    SELECT
        coalesce(bool_or(status IS NOT NULL OR kind IN ('cancelled', 'test')), false) AS states,
        coalesce(bool_or(line_id IS NOT NULL), false)
            AND (SELECT coalesce(bool_or(line_id IS NOT NULL), false) FROM stored) AS lines,
        coalesce(bool_or(quantity IS NOT NULL), false)
            AND (SELECT coalesce(bool_or(quantity IS NOT NULL), false) FROM stored) AS pieces
    FROM staged
    WHERE NOT starts_with(kind, 'aside:')
),
theirs AS (
    SELECT
        s.order_id,
        s.product,
        s.listed_amount,
        CASE WHEN t.lines THEN ltrim(s.line_id, '0') END AS line,
        CASE WHEN t.pieces THEN s.quantity END AS pieces,
        max(CASE WHEN s.kind <> 'sale' THEN s.kind END) AS kind,
        max(CASE WHEN s.kind <> 'sale' THEN s.status END) AS status,
        count(CASE WHEN s.kind <> 'sale' THEN 1 END) AS undone,
        count(CASE WHEN s.kind = 'sale' THEN 1 END) AS sold
    FROM stored AS s
    CROSS JOIN told AS t
    WHERE s.part IS NULL
        AND s.kind IN ('sale', 'cancelled', 'test')
        AND s.order_id IN (SELECT order_id FROM undone_orders WHERE undone IS NULL AND any_undone)
    GROUP BY ALL
    HAVING undone > 0
),
mine AS (
    SELECT
        s.order_id,
        s.product,
        s.listed_amount,
        CASE WHEN t.lines THEN ltrim(s.line_id, '0') END AS line,
        CASE WHEN t.pieces THEN s.quantity END AS pieces,
        s.row_hash,
        row_number() OVER (PARTITION BY s.order_id, s.product, s.listed_amount, line, pieces ORDER BY s.row_hash) AS nth
    FROM staged AS s
    CROSS JOIN told AS t
    WHERE s.part IS NULL
        AND s.kind = 'sale'
        AND s.order_id IN (SELECT order_id FROM theirs)
        AND NOT (t.states AND $replace)
)
SELECT
    m.row_hash,
    max(CAST(t.kind AS VARCHAR)) AS undone,
    max(t.status) AS status,
    count(*) AS times
FROM mine AS m
JOIN theirs AS t ON t.order_id = m.order_id
    AND t.product IS NOT DISTINCT FROM m.product
    AND t.listed_amount = m.listed_amount
    AND t.line IS NOT DISTINCT FROM m.line
    AND t.pieces IS NOT DISTINCT FROM m.pieces
WHERE m.nth > t.sold AND m.nth <= t.sold + t.undone
GROUP BY m.row_hash
