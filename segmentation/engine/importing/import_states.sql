-- grain: one row per staged order that counts in the file and was undone in the dataset, by `undone_orders`
-- units: as in import_undone. Both have the same sales of it, or the file tells of no order what became of it. What was
-- cancelled or paid back does not become paid again: its sales are `undone` too, its refunds stay (`refunds`). Where
-- all was paid back of sales that come to something else, they are cancelled
WITH told AS (
    SELECT coalesce(bool_or(status IS NOT NULL OR kind IN ('cancelled', 'test')), false) AS states
    FROM staged
    WHERE NOT starts_with(kind, 'aside:')
),
mine AS (
    SELECT
        order_id,
        sum(listed_amount) FILTER (WHERE kind <> 'refund' AND part IS NULL) AS sold,
        coalesce(-sum(amount) FILTER (WHERE kind = 'refund'), 0) AS paid_back
    FROM staged
    WHERE order_id IN (SELECT order_id FROM undone_orders) AND NOT starts_with(kind, 'aside:')
    GROUP BY order_id
    HAVING bool_or(kind = 'sale' AND part IS NULL)
),
found AS (
    SELECT
        m.order_id,
        l.status,
        coalesce(l.undone, CASE WHEN l.nothing_left AND m.sold <> l.sold THEN 'cancelled' END) AS undone,
        l.paid_back > m.paid_back AS refunds
    FROM mine AS m
    JOIN undone_orders AS l ON l.order_id = m.order_id
    CROSS JOIN told AS t
    WHERE NOT t.states OR (m.sold = l.sold AND NOT $replace)
)
SELECT order_id, status, undone, undone IS NULL AND refunds AS refunds
FROM found
WHERE undone IS NOT NULL OR refunds
