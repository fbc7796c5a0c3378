-- grain: one row per stored order of which the staged file has some rows as they are stored, and further sales
-- units: rows counted; money in shop currency: what those come to (`revenue`), and all of the file's sales of the order
-- (`whole`); `later`: the file has sales after the last stored one, and is the newer export. `listed` says for some rows whether they are fresh, $others for the others
WITH sales AS (
    SELECT order_id, row_key, amount
    FROM staged
    WHERE kind = 'sale' AND part IS NULL AND order_id IN (SELECT order_id FROM stored WHERE part IS NULL)
),
met AS (
    SELECT DISTINCT s.order_id
    FROM sales AS s
    JOIN stored AS o ON o.order_id = s.order_id AND o.row_key = s.row_key
),
further AS (
    SELECT order_id, count(*) AS further_rows, sum(amount) AS revenue
    FROM sales
    WHERE order_id IN (SELECT order_id FROM met)
        AND CASE
            WHEN $others THEN row_key NOT IN (SELECT row_key FROM listed WHERE NOT fresh)
            ELSE row_key IN (SELECT row_key FROM listed WHERE fresh)
        END
    GROUP BY order_id
)
SELECT
    f.order_id,
    CAST(NULL AS VARCHAR) AS line_id,
    f.further_rows,
    f.revenue,
    sum(s.amount) AS whole,
    coalesce(
        (SELECT max(ordered_at) FROM staged WHERE kind = 'sale')
        > (SELECT max(ordered_at) FROM stored WHERE kind = 'sale'), false
    ) AS later
FROM further AS f
JOIN sales AS s ON s.order_id = f.order_id
GROUP BY f.order_id, f.further_rows, f.revenue
