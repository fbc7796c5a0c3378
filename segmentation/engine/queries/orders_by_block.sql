-- grain: one row per block of customers and calendar month with an order before $as_of
-- units: orders counted; blocks from 0 to $blocks - 1, each of about as many customers
WITH orders AS (
    SELECT customer_id, CAST(MIN(ordered_at) AS DATE) AS ordered_on
    FROM lines
    WHERE customer_id IS NOT NULL AND kind = 'sale' AND ordered_at < $as_of
    GROUP BY customer_id, order_id
),
customers AS (
    SELECT customer_id, ROW_NUMBER() OVER (ORDER BY customer_id) % $blocks AS block
    FROM (SELECT DISTINCT customer_id FROM orders) AS known
)
SELECT
    CAST(block AS INTEGER) AS block,
    CAST(EXTRACT(YEAR FROM ordered_on) AS INTEGER) AS year,
    CAST(EXTRACT(MONTH FROM ordered_on) AS INTEGER) AS month,
    COUNT(*) AS orders
FROM orders JOIN customers USING (customer_id)
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
