-- grain: one row per staged order of which rows are missing, and that the dataset has without missing any
-- units: as in import_units, of orders
SELECT DISTINCT order_id, CAST(NULL AS VARCHAR) AS line_id
FROM staged
WHERE part = 'subtotal'
    AND order_id IN (SELECT order_id FROM stored)
    AND order_id NOT IN (SELECT order_id FROM stored WHERE part = 'subtotal')
