-- grain: one row per customer whose id, e-mail or a word of whose name begins with $text, exact matches first, at most
--        $most; $blanks are the signs that do not count in front of an id
-- units: orders counted, spend in shop currency
WITH found AS (
    SELECT
        customer_id,
        MAX(CASE WHEN LTRIM(LOWER(customer_id), $blanks) = $text THEN 1 ELSE 0 END) AS exact
    FROM lines
    WHERE customer_id IS NOT NULL AND SUBSTRING(LTRIM(LOWER(customer_id), $blanks), 1, LENGTH($text)) = $text
    GROUP BY customer_id
    UNION ALL
    SELECT
        customer_id,
        MAX(CASE WHEN LOWER(email) = $text THEN 1 ELSE 0 END) AS exact
    FROM contacts
    WHERE email IS NOT NULL AND SUBSTRING(LOWER(email), 1, LENGTH($text)) = $text
    GROUP BY customer_id
    UNION ALL
    SELECT
        customer_id,
        MAX(CASE WHEN LOWER(name) = $text THEN 1 ELSE 0 END) AS exact
    FROM contacts
    WHERE name IS NOT NULL AND POSITION(CONCAT(' ', $text) IN CONCAT(' ', LOWER(name))) > 0
    GROUP BY customer_id
),
matched AS (
    SELECT customer_id, MAX(exact) AS exact
    FROM found
    GROUP BY customer_id
    ORDER BY exact DESC, customer_id
    LIMIT $most
),
reached AS (
    SELECT customer_id, MAX(email) AS email, MAX(name) AS name
    FROM contacts
    WHERE customer_id IN (SELECT customer_id FROM matched)
    GROUP BY customer_id
)
SELECT
    m.customer_id,
    m.exact = 1 AS exact,
    r.email,
    r.name,
    COUNT(DISTINCT CASE WHEN l.kind = 'sale' THEN l.order_id END) AS orders,
    SUM(l.amount) AS spend
FROM matched AS m
JOIN lines AS l ON l.customer_id = m.customer_id
LEFT JOIN reached AS r ON r.customer_id = m.customer_id
GROUP BY m.customer_id, m.exact, r.email, r.name
ORDER BY m.exact DESC, m.customer_id
