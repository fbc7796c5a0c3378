-- grain: one row per order of the dataset that the staged file has in a newer state (per order line, where $by_line)
-- units: `listed` says for some rows whether they are fresh, $others for the others. An order is in a newer state where
-- the file has fresh rows of it, lacks stored ones, and has some row or product of it in common with the dataset, or
-- one of both tells no products at all ($by_total), but what orders came to: an order of which nothing is in common goes
-- on in another file, rows that only pay back, or tell a discount, replace no sale, and a file that ends before money was
-- paid back (`states`) does not take that away
WITH fresh AS (
    SELECT order_id, line_id, product
    FROM staged
    WHERE NOT starts_with(kind, 'aside:')
        AND order_id IN (
            SELECT order_id
            FROM staged
            WHERE kind <> 'refund' AND part IS NULL AND NOT starts_with(kind, 'aside:')
        )
        AND CASE
            WHEN $others THEN row_key NOT IN (SELECT row_key FROM listed WHERE NOT fresh)
            ELSE row_key IN (SELECT row_key FROM listed WHERE fresh)
        END
),
counted AS (
    SELECT row_key, count(*) AS times
    FROM staged
    WHERE order_id IN (SELECT order_id FROM fresh)
    GROUP BY row_key
),
old AS (
    SELECT
        o.order_id,
        o.line_id,
        o.product,
        o.part,
        o.kind = 'refund' AND (
            o.part IS NULL OR o.order_id IN (SELECT order_id FROM states WHERE refunds)
        ) AS pays_back,
        row_number() OVER (PARTITION BY o.row_key) <= coalesce(c.times, 0) AS still
    FROM stored AS o
    LEFT JOIN counted AS c ON c.row_key = o.row_key
    WHERE o.order_id IN (SELECT order_id FROM fresh)
)
SELECT o.order_id, CASE WHEN $by_line THEN o.line_id END AS line_id
FROM old AS o
LEFT JOIN (SELECT DISTINCT order_id, product FROM fresh) AS f
    ON f.order_id = o.order_id AND f.product IS NOT DISTINCT FROM o.product
LEFT JOIN (SELECT DISTINCT order_id, line_id FROM fresh) AS l
    ON l.order_id = o.order_id AND l.line_id = o.line_id
LEFT JOIN (SELECT order_id, bool_or(product IS NOT NULL) AS products FROM fresh GROUP BY order_id) AS t
    ON t.order_id = o.order_id
GROUP BY o.order_id, CASE WHEN $by_line THEN o.line_id END
HAVING bool_or(NOT o.still AND NOT o.pays_back)
    AND CASE
        WHEN $by_line THEN bool_or(l.line_id IS NOT NULL)
        ELSE bool_or(o.still)
            OR bool_or(o.part IS NULL AND f.order_id IS NOT NULL)
            OR $by_total AND bool_or(o.part IS NULL AND o.product IS NOT NULL) <> bool_or(t.products)
    END
