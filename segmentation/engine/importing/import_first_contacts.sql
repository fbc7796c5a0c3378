-- grain: one row per customer
-- units: latest contacts and consent of the first file that has any; `fresh` is that file
SELECT customer_id, email, name, phone, consent
FROM fresh
