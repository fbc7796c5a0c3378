-- grain: one row per customer of the dataset among those `named`
-- units: ids in small letters
SELECT DISTINCT lower(s.customer_id) AS customer_id
FROM stored AS s
SEMI JOIN named AS n ON n.customer_id = lower(s.customer_id)
