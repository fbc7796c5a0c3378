-- grain: one row over the lines of a stored part that go: `lacking` says how many rows of a hash
-- units: counts of orders and rows; money in shop currency
SELECT
    count(DISTINCT s.order_id) AS orders,
    count(CASE WHEN s.part IS NULL THEN 1 END) AS rows_gone,
    coalesce(sum(s.amount), 0) AS revenue
FROM (SELECT *, row_number() OVER (PARTITION BY row_hash) AS nth FROM stored_part) AS s
JOIN lacking AS g ON g.row_hash = s.row_hash
WHERE s.nth <= g.times
