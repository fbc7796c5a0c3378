-- grain: one row per past campaign, as a mailing platform reported it; newest first
-- units: recipients, orders, opens, clicks and unsubscribes counted; revenue in shop currency as DECIMAL
SELECT
    campaign,
    channel,
    CAST(sent_at AS DATE) AS sent_on,
    recipients,
    orders,
    revenue,
    opens,
    clicks,
    unsubscribes
FROM campaigns
ORDER BY CASE WHEN sent_at IS NULL THEN 1 ELSE 0 END, sent_at DESC, campaign
