-- grain: one row per stored order of which mended rows come back
-- units: money in shop currency; `kind` is that of all its rows where they add nothing; `goods` and `counted` are of its rows without those that come again, the others of what
-- stands beside them: what each is listed at, and what it adds to revenue;
-- `subtotal` is what all its goods cost, where it was kept for those to come. An order is one customer's, within $days.
WITH mended AS (
    SELECT
        order_key,
        min(customer_id) AS customer_id,
        min(ordered_at) AS first_at,
        max(ordered_at) AS last_at,
        list(row_hash) AS hashes
    FROM typed_rows
    WHERE order_key IS NOT NULL
    GROUP BY order_key
),
beside AS (
    SELECT s.*, s.part IS NULL AND NOT list_contains(m.hashes, s.row_hash) AS is_row
    FROM stored AS s
    JOIN mended AS m ON m.order_key = s.order_id
    WHERE
        coalesce(m.customer_id = s.customer_id, true)
        AND coalesce(date_diff('day', s.ordered_at, m.first_at) <= $days, true)
        AND coalesce(date_diff('day', m.last_at, s.ordered_at) <= $days, true)
)
SELECT
    order_id,
    min(ordered_at) AS ordered_at,
    min(channel) FILTER (part IS NULL) AS channel,
    min(status) FILTER (part IS NULL) AS status,
    CASE
        WHEN count(DISTINCT kind) FILTER (part IS NULL) = 1 AND bool_and(kind IN ('cancelled', 'test')) FILTER (part IS NULL)
            THEN min(kind) FILTER (part IS NULL)
    END AS kind,
    coalesce(sum(listed_amount) FILTER (is_row), 0) AS goods,
    coalesce(sum(amount) FILTER (is_row), 0) AS counted,
    max(quantity) FILTER (part = 'subtotal') AS subtotal,
    coalesce(sum(listed_amount) FILTER (part = 'discount'), 0) AS discount_listed,
    coalesce(sum(amount) FILTER (part = 'discount'), 0) AS discount_amount,
    coalesce(sum(listed_amount) FILTER (part = 'shipping'), 0) AS shipping_listed,
    coalesce(sum(amount) FILTER (part = 'shipping'), 0) AS shipping_amount,
    coalesce(sum(listed_amount) FILTER (part = 'tax'), 0) AS tax_listed,
    coalesce(sum(amount) FILTER (part = 'tax'), 0) AS tax_amount,
    coalesce(sum(listed_amount) FILTER (part = 'gift_sales'), 0) AS gift_sales_listed,
    coalesce(sum(amount) FILTER (part = 'gift_sales'), 0) AS gift_sales_amount,
    coalesce(sum(listed_amount) FILTER (part = 'refund'), 0) AS refund_listed,
    coalesce(sum(amount) FILTER (part = 'refund'), 0) AS refund_amount
FROM beside
GROUP BY order_id
