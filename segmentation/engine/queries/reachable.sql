-- grain: one row per customer with a marketing consent
-- units: none
SELECT customer_id
FROM contacts
WHERE consent
