-- grain: one row per stored order that counts and tells no status, and that the staged file says was not paid
-- units: as in import_units, of orders; of the same customer, and for the same sum
WITH mine AS (
    SELECT order_id, min(customer_id) AS customer_id, sum(listed_amount) AS sold
    FROM staged
    WHERE part IS NULL AND order_id IN (SELECT order_id FROM staged WHERE kind = 'aside:unpaid')
    GROUP BY order_id
    HAVING bool_and(kind = 'aside:unpaid')
),
theirs AS (
    SELECT order_id, min(customer_id) AS customer_id, sum(listed_amount) AS sold
    FROM stored
    WHERE part IS NULL AND order_id IN (SELECT order_id FROM mine)
    GROUP BY order_id
    HAVING bool_and(kind = 'sale' AND status IS NULL)
)
SELECT t.order_id, CAST(NULL AS VARCHAR) AS line_id
FROM theirs AS t
JOIN mine AS m ON m.order_id = t.order_id AND m.sold = t.sold AND m.customer_id IS NOT DISTINCT FROM t.customer_id
