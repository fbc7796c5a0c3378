-- grain: one row over all customers with an order before $as_of
-- units: customers counted by the days they had bought on, before $as_of, before $then and before $year_ago; paid: with
-- a day after the first that was worth something, net of refunds; again: of year_regular, on two more days since
-- Orders of one day are one purchase; an order without a sale line, such as a refund alone, is none.
WITH orders AS (
    SELECT
        customer_id,
        CAST(MIN(CASE WHEN kind = 'sale' THEN ordered_at END) AS DATE) AS ordered_on,
        SUM(amount) AS amount
    FROM lines
    WHERE customer_id IS NOT NULL AND ordered_at < $as_of
    GROUP BY customer_id, order_id
),
days AS (
    SELECT customer_id, ordered_on, SUM(amount) AS amount
    FROM orders
    WHERE ordered_on IS NOT NULL
    GROUP BY customer_id, ordered_on
),
numbered AS (
    SELECT
        customer_id,
        ordered_on,
        amount,
        ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY ordered_on) AS place
    FROM days
),
buyers AS (
    SELECT
        COUNT(*) AS bought,
        SUM(CASE WHEN place > 1 AND amount > 0 THEN 1 ELSE 0 END) AS paid,
        SUM(CASE WHEN ordered_on < $then THEN 1 ELSE 0 END) AS bought_then,
        SUM(CASE WHEN ordered_on < $year_ago THEN 1 ELSE 0 END) AS bought_year
    FROM numbered
    GROUP BY customer_id
)
SELECT
    COUNT(*) AS customers,
    COUNT(CASE WHEN bought >= 2 THEN 1 END) AS returned,
    COUNT(CASE WHEN bought >= 3 THEN 1 END) AS regular,
    COUNT(CASE WHEN paid >= 1 THEN 1 END) AS paid,
    COUNT(CASE WHEN bought_then >= 1 THEN 1 END) AS then_customers,
    COUNT(CASE WHEN bought_then >= 2 THEN 1 END) AS then_returned,
    COUNT(CASE WHEN bought_then >= 3 THEN 1 END) AS then_regular,
    COUNT(CASE WHEN bought_year >= 1 THEN 1 END) AS year_customers,
    COUNT(CASE WHEN bought_year >= 2 THEN 1 END) AS year_returned,
    COUNT(CASE WHEN bought_year >= 3 THEN 1 END) AS year_regular,
    COUNT(CASE WHEN bought_year >= 3 AND bought - bought_year >= 2 THEN 1 END) AS again
FROM buyers
