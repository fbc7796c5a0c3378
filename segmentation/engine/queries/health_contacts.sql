-- grain: one row over the customers who have bought
-- units: customers counted: with an e-mail address, with a phone number, with a known consent, with a given consent
WITH buyers AS (
    SELECT DISTINCT customer_id
    FROM lines
    WHERE kind = 'sale' AND customer_id IS NOT NULL
)
SELECT
    COUNT(c.email) AS email,
    COUNT(c.phone) AS phone,
    COUNT(c.consent) AS asked,
    COALESCE(CAST(SUM(CASE WHEN c.consent THEN 1 ELSE 0 END) AS BIGINT), 0) AS agreed
FROM buyers AS b
JOIN contacts AS c ON c.customer_id = b.customer_id
