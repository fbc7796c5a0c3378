-- grain: one row over the staged orders of which rows are missing, none of them set aside
-- units: orders counted, one of their numbers; money in shop currency by which their rows come to less than their goods
SELECT count(*) AS orders, min(order_id) AS example, coalesce(sum(lacking), 0) AS lacking
FROM (
    SELECT
        order_id,
        max(quantity) FILTER (WHERE part = 'subtotal')
        - coalesce(sum(listed_amount) FILTER (WHERE part IS NULL OR part = 'discount'), 0) AS lacking
    FROM staged
    WHERE order_id IN (SELECT order_id FROM staged WHERE part = 'subtotal')
    GROUP BY order_id
    HAVING NOT bool_or(starts_with(kind, 'aside:'))
) AS short
WHERE lacking > 0
