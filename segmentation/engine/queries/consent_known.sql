-- grain: one row per customer who agreed to marketing or refused it
-- units: none
SELECT customer_id, consent
FROM contacts
WHERE consent IS NOT NULL
