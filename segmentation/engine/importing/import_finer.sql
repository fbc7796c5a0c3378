-- grain: one row per order of `stored`, which tells no products, of which the staged file has the same rows with theirs
-- units: orders; the same rows are those of equal `row_key`, as often in both
WITH kept AS (
    SELECT order_id, row_key, count(*) AS times
    FROM stored
    GROUP BY order_id, row_key
),
told AS (
    SELECT order_id, row_key, count(*) AS times, bool_and(product IS NOT NULL OR part IS NOT NULL) AS products
    FROM staged
    WHERE NOT starts_with(kind, 'aside:')
    GROUP BY order_id, row_key
)
SELECT coalesce(k.order_id, t.order_id) AS order_id, CAST(NULL AS VARCHAR) AS line_id
FROM kept AS k
FULL JOIN told AS t ON t.order_id = k.order_id AND t.row_key = k.row_key
WHERE coalesce(k.order_id, t.order_id) IS NOT NULL
GROUP BY coalesce(k.order_id, t.order_id)
HAVING bool_and(k.times IS NOT DISTINCT FROM t.times) AND bool_and(t.products)
