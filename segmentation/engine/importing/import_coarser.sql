-- grain: one row per order of `replaced` of which the staged file tells no products and the dataset does, for the same sum
-- units: as in import_units, of orders; the same order once by its total and once by its lines,
-- each less its discount
SELECT r.order_id, r.line_id
FROM replaced AS r
JOIN (
    SELECT order_id, bool_or(product IS NOT NULL) AS products, sum(listed_amount) AS sold
    FROM stored
    WHERE (part IS NULL OR part = 'discount') AND kind <> 'refund'
    GROUP BY order_id
) AS o ON o.order_id = r.order_id
JOIN (
    SELECT order_id, bool_or(product IS NOT NULL) AS products, sum(listed_amount) AS sold
    FROM staged
    WHERE (part IS NULL OR part = 'discount') AND kind <> 'refund' AND NOT starts_with(kind, 'aside:')
    GROUP BY order_id
) AS s ON s.order_id = r.order_id
WHERE o.products AND NOT s.products AND o.sold = s.sold
