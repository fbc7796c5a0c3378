-- grain: one row over the stored lines shown
-- units: whether any line is told to the minute
SELECT coalesce(bool_or(ordered_at <> date_trunc('day', ordered_at)), false) AS by_minute
FROM stored
WHERE part IS NULL
