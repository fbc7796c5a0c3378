-- grain: one line per order of `replaced` whose discount only one side tells: the stored one ($stored) or the staged one
-- units: as in columns.LINES; the discount as a line beside the rows that count, which come to more without it
WITH off AS (
    SELECT order_id, sum(discount) FILTER (is_stored) AS theirs, sum(discount) FILTER (NOT is_stored) AS mine
    FROM (
        SELECT order_id, discount, true AS is_stored
        FROM stored
        WHERE kind <> 'refund'
        UNION ALL
        SELECT order_id, discount, false AS is_stored
        FROM staged
        WHERE kind <> 'refund' AND NOT starts_with(kind, 'aside:')
    ) AS both_sides
    WHERE order_id IN (SELECT order_id FROM replaced)
    GROUP BY order_id
),
first_rows AS (
    SELECT * EXCLUDE (row_key)
    FROM staged
    WHERE kind <> 'refund' AND NOT starts_with(kind, 'aside:') AND order_id IN (SELECT order_id FROM off)
    QUALIFY row_number() OVER (PARTITION BY order_id ORDER BY part NULLS FIRST, row_hash) = 1
)
SELECT
    f.*
    REPLACE (
        CAST(NULL AS VARCHAR) AS line_id,
        CAST(NULL AS DECIMAL(18, 4)) AS quantity,
        CAST(-CASE WHEN $stored THEN o.theirs ELSE o.mine END AS DECIMAL(18, 4)) AS listed_amount,
        CAST(CASE WHEN f.kind = 'sale' THEN -CASE WHEN $stored THEN o.theirs ELSE o.mine END ELSE 0 END AS DECIMAL(18, 4))
            AS amount,
        CAST(CASE WHEN $stored THEN o.theirs ELSE o.mine END AS DECIMAL(18, 4)) AS discount,
        CAST(NULL AS DECIMAL(18, 4)) AS cost,
        CAST(NULL AS VARCHAR) AS product,
        CAST(NULL AS VARCHAR) AS category,
        'discount' AS part,
        hash(f.row_hash, 'discount', CASE WHEN $stored THEN o.theirs ELSE o.mine END) AS row_hash
    )
FROM first_rows AS f
JOIN off AS o ON o.order_id = f.order_id
WHERE coalesce(CASE WHEN $stored THEN o.theirs ELSE o.mine END, 0) > 0
    AND coalesce(CASE WHEN $stored THEN o.mine ELSE o.theirs END, 0) = 0
