-- grain: one row per customer of any version who has one of the ids asked for, whatever zeros stand in front of it
-- units: ids; `asked_customers` says which
WITH known AS (
    SELECT customer_id FROM lines
    UNION
    SELECT customer_id FROM contacts
),
asked AS (
    SELECT customer_id, customer_id <> '' AND TRANSLATE(customer_id, '0123456789', '') = '' AS digits
    FROM asked_customers
)
SELECT DISTINCT k.customer_id, k.customer_id = a.customer_id AS exact
FROM known AS k
JOIN asked AS a
    ON k.customer_id = a.customer_id
    OR (
        a.digits
        AND k.customer_id <> ''
        AND TRANSLATE(k.customer_id, '0123456789', '') = ''
        AND LTRIM(k.customer_id, '0') = LTRIM(a.customer_id, '0')
    )
ORDER BY k.customer_id
