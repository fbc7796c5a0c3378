-- grain: one row per staged customer whose id the dataset has with other zeros in front
-- units: ids; spreadsheets take such zeros away. Where either knows several ids that differ only by them, or the dataset
-- has the very id, nothing is changed
WITH mine AS (
    SELECT ltrim(customer_id, '0') AS bare, min(customer_id) AS customer_id
    FROM staged
    WHERE NOT starts_with(kind, 'aside:') AND regexp_full_match(customer_id, '[0-9]+')
    GROUP BY bare
    HAVING min(customer_id) = max(customer_id)
),
theirs AS (
    SELECT ltrim(customer_id, '0') AS bare, min(customer_id) AS customer_id
    FROM stored
    WHERE regexp_full_match(customer_id, '[0-9]+')
    GROUP BY bare
    HAVING min(customer_id) = max(customer_id)
)
SELECT m.customer_id, t.customer_id AS new_id
FROM mine AS m
JOIN theirs AS t ON t.bare = m.bare
WHERE t.customer_id <> m.customer_id
