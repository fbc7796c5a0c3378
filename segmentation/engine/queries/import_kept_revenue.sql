-- grain: one row over the lines this import adds
-- units: money in shop currency; $undone is a pattern for “refunded”, $partly for what only looks like it
SELECT
    sum(amount) AS kept,
    sum(listed_amount - amount) AS lost,
    sum(
        CASE
            WHEN kind = 'cancelled'
                AND regexp_matches(lower(status), $undone)
                AND NOT regexp_matches(lower(status), $partly)
                THEN listed_amount - amount
        END
    ) AS paid_back
FROM added
