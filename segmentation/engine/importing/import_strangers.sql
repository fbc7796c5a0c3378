-- grain: one row
-- units: customers counted, `here` in the staged file, `there` in the dataset and in `both`, of the first two those
-- that are pseudonyms, as of addresses, names and phone numbers
WITH mine AS (
    SELECT DISTINCT coalesce(c.new_id, s.customer_id) AS customer_id
    FROM staged AS s
    LEFT JOIN respelled AS c ON c.customer_id = s.customer_id
    WHERE s.customer_id IS NOT NULL AND NOT starts_with(s.kind, 'aside:')
),
theirs AS (
    SELECT DISTINCT customer_id FROM stored WHERE customer_id IS NOT NULL
)
SELECT
    (SELECT count(*) FROM mine) AS here,
    (SELECT count(*) FROM theirs) AS there,
    (SELECT count(*) FROM mine SEMI JOIN theirs ON theirs.customer_id = mine.customer_id) AS both,
    (SELECT count(*) FROM mine WHERE regexp_full_match(customer_id, 'p-[0-9a-f]{24}')) AS pseudonyms_here,
    (SELECT count(*) FROM theirs WHERE regexp_full_match(customer_id, 'p-[0-9a-f]{24}')) AS pseudonyms_there
