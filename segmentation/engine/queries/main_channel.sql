-- grain: one row, the channel with the most sale lines
-- units: lines counted
SELECT channel, COUNT(*) AS lines
FROM lines
WHERE channel IS NOT NULL AND kind = 'sale' AND ordered_at < $as_of
GROUP BY channel
ORDER BY lines DESC, channel
LIMIT 1
