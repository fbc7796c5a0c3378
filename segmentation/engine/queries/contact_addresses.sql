-- grain: one row per contact, whether they ordered or not
-- units: addresses as stored; consent is true or false, NULL where nobody knows
SELECT customer_id, email, phone, name, consent
FROM contacts
