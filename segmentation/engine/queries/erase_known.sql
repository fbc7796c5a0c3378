-- grain: one row per contact that an erasure is about, as any version has it
-- units: ids and contacts as stored; `asked_customers` and `asked_emails` say whom it is about
SELECT DISTINCT customer_id, email, name, phone
FROM contacts
WHERE customer_id IN (SELECT customer_id FROM asked_customers)
    OR email IN (SELECT email FROM asked_emails)
