-- grain: one row per staged order that the dataset has too, without a row or a product in common
-- units: whether its sales, less their discounts, come to the same in both (`same`), also where only one of both tells a
-- discount and the other has them without it; `finer`: the staged rows are more, or tell products where the others do not
WITH mine AS (
    SELECT
        order_id,
        count(CASE WHEN part IS NULL THEN 1 END) AS rows_counted,
        sum(CASE WHEN part IS NULL OR part = 'discount' THEN listed_amount END) AS sold,
        coalesce(sum(discount), 0) AS off,
        bool_or(product IS NOT NULL) AS products
    FROM staged
    WHERE NOT starts_with(kind, 'aside:') AND kind <> 'refund' AND order_id IN (SELECT order_id FROM stored)
    GROUP BY order_id
),
theirs AS (
    SELECT
        order_id,
        count(CASE WHEN part IS NULL THEN 1 END) AS rows_counted,
        sum(CASE WHEN part IS NULL OR part = 'discount' THEN listed_amount END) AS sold,
        coalesce(sum(discount), 0) AS off,
        bool_or(product IS NOT NULL) AS products
    FROM stored
    WHERE kind <> 'refund' AND order_id IN (SELECT order_id FROM mine)
    GROUP BY order_id
)
SELECT
    m.order_id,
    CAST(NULL AS VARCHAR) AS line_id,
    m.rows_counted AS mine,
    t.rows_counted AS theirs,
    CASE
        WHEN m.products AND NOT t.products THEN m.rows_counted > t.rows_counted OR m.sold <> t.sold
        ELSE m.rows_counted > t.rows_counted
    END AS finer,
    coalesce(
        m.sold <> 0 AND (
            m.sold = t.sold
            OR (m.off = 0 AND t.off > 0 AND m.products AND NOT t.products AND m.sold = t.sold + t.off)
            OR (t.off = 0 AND m.off > 0 AND t.products AND NOT m.products AND t.sold = m.sold + m.off)
        ),
        false
    ) AS same
FROM mine AS m
JOIN theirs AS t ON t.order_id = m.order_id
WHERE NOT EXISTS (
    SELECT 1
    FROM staged AS s
    JOIN stored AS o ON o.order_id = s.order_id AND (o.row_key = s.row_key OR o.product IS NOT DISTINCT FROM s.product)
    WHERE o.part IS NULL AND s.order_id = m.order_id AND s.part IS NULL
)
