-- grain: one row
-- units: orders of the staged file with a customer, on days that the dataset has
SELECT count(DISTINCT (order_id, customer_id)) AS orders
FROM staged
WHERE customer_id IS NOT NULL
    AND kind <> 'refund'
    AND NOT starts_with(kind, 'aside:')
    AND CAST(ordered_at AS DATE) IN (SELECT DISTINCT CAST(ordered_at AS DATE) FROM stored)
