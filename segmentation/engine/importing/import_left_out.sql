-- grain: one row per staged row, and per amount beside the rows; those of `erased_customers` are set aside as erased
-- units: as in columns.LINES
SELECT
    * REPLACE (
        CASE
            WHEN NOT starts_with(kind, 'aside:') AND customer_id IN (SELECT customer_id FROM erased_customers)
                THEN 'aside:erased'
            ELSE kind
        END AS kind
    )
FROM staged
