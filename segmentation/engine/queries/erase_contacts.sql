-- grain: one row per contact of a stored file that stays
-- units: as in columns.CONTACTS; `erased_customers` and `erased_emails` say whose go
SELECT *
FROM stored_part
WHERE customer_id NOT IN (SELECT customer_id FROM erased_customers)
    AND coalesce(email NOT IN (SELECT email FROM erased_emails), true)
