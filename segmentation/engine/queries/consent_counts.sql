-- grain: one row over all contacts
-- units: contacts who agreed to marketing, contacts who refused it
SELECT
    COALESCE(CAST(SUM(CASE WHEN consent THEN 1 ELSE 0 END) AS BIGINT), 0) AS agreed,
    COALESCE(CAST(SUM(CASE WHEN NOT consent THEN 1 ELSE 0 END) AS BIGINT), 0) AS refused
FROM contacts
