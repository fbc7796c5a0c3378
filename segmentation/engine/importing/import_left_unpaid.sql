-- grain: one row per staged order of which a row that says it was not paid was set aside, and which the dataset has not
-- units: as in import_units, of orders. Only where the file tells of no order what became of it: the row has the order's
-- number in a cell, and what the order comes to as its amount or in another cell
WITH unpaid AS (
    SELECT row_number() OVER () AS place, amount, row
    FROM kept_aside
    WHERE reason = 'unpaid'
),
cells AS (
    SELECT place, amount, ltrim(trim(cell), '#0 ') AS number, try_cast(trim(cell) AS DECIMAL(18, 4)) AS figure
    FROM (SELECT place, amount, unnest(row) AS cell FROM unpaid) AS each_cell
),
mine AS (
    SELECT
        order_id,
        ltrim(order_id, '#0 ') AS number,
        sum(listed_amount) FILTER (WHERE kind <> 'refund' AND part IS NULL) AS sold
    FROM staged
    WHERE ltrim(order_id, '#0 ') IN (SELECT number FROM cells) AND NOT starts_with(kind, 'aside:')
    GROUP BY order_id
)
SELECT DISTINCT m.order_id, CAST(NULL AS VARCHAR) AS line_id
FROM mine AS m
JOIN cells AS c ON c.number = m.number
WHERE m.order_id NOT IN (SELECT order_id FROM stored WHERE order_id IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM staged WHERE status IS NOT NULL AND NOT starts_with(kind, 'aside:'))
    AND (
        c.amount = m.sold
        OR EXISTS (SELECT 1 FROM cells AS f WHERE f.place = c.place AND f.figure = m.sold)
    )
