-- grain: one row per staged row that stays, with the columns of the stored lines
-- units: as in columns.LINES; `listed` says how many rows of a key stay, $others whether those of any other key do
SELECT
    customer_id, order_id, line_id, ordered_at, kind, quantity, listed_amount, amount, discount, cost, currency,
    product, category, channel, status, part, row_hash
FROM staged
WHERE $others AND NOT starts_with(kind, 'aside:') AND row_key NOT IN (SELECT row_key FROM listed)
UNION ALL
SELECT
    customer_id, order_id, line_id, ordered_at, kind, quantity, listed_amount, amount, discount, cost, currency,
    product, category, channel, status, part, row_hash
FROM (
    SELECT s.*, g.stays, row_number() OVER (PARTITION BY s.row_key) AS nth
    FROM staged AS s
    JOIN listed AS g ON g.row_key = s.row_key
    WHERE g.stays > 0 AND NOT starts_with(s.kind, 'aside:')
) AS thinned
WHERE nth <= stays
