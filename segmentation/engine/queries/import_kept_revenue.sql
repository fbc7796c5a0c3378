-- grain: one row per kind of the lines this import adds, by what they are beside the rows and whether they were undone
-- units: money in shop currency; $undone is a pattern for “refunded”, $partly for what only looks like it
SELECT
    kind,
    part,
    coalesce(
        regexp_matches(lower(status), $undone) AND NOT regexp_matches(lower(status), $partly), false
    ) AS undone,
    sum(amount) AS kept,
    sum(listed_amount - amount) AS lost
FROM added
GROUP BY kind, part, undone
ORDER BY kind, part, undone
