-- grain: one row
-- units: past campaigns counted, as imported from a mailing platform
SELECT COUNT(*) AS campaigns
FROM campaigns
