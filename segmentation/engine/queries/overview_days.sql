-- grain: one row per day with a line, from $before up to but not including $after
-- units: money in shop currency as DECIMAL
SELECT
    CAST(ordered_at AS DATE) AS day,
    SUM(amount) AS revenue,
    SUM(CASE WHEN kind = 'sale' THEN amount ELSE 0 END) AS sold,
    SUM(CASE WHEN kind = 'refund' THEN -amount ELSE 0 END) AS refunded,
    SUM(CASE WHEN cost IS NOT NULL THEN amount ELSE 0 END) AS costed_revenue,
    SUM(CASE WHEN cost IS NOT NULL THEN amount - cost ELSE 0 END) AS margin
FROM lines
WHERE ordered_at >= $before AND ordered_at < $after
GROUP BY CAST(ordered_at AS DATE)
ORDER BY day
