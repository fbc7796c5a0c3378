-- grain: one row over all contacts and past campaigns of a dataset
-- units: rows counted, and two digests of them that do not depend on their order
WITH rows AS (
    SELECT hash(customer_id, email, name, phone, consent) AS h
    FROM contacts
    UNION ALL
    SELECT hash(campaign, campaign_id, subject, list, channel, recipients, orders, revenue, opens, clicks, unsubscribes, sent_at) AS h
    FROM campaigns
)
SELECT
    count(*) AS people,
    coalesce(sum(CAST(h AS HUGEINT)), 0) AS added,
    coalesce(bit_xor(h), 0) AS crossed
FROM rows
