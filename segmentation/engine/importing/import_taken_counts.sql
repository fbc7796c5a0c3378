-- grain: one row over the lines of a stored part whose order the staged file says was undone
-- units: counts of orders and rows; money in shop currency that they added to revenue. `lines_met` counts all lines
SELECT
    count(DISTINCT CASE WHEN t.undone IS NOT NULL THEN s.order_id END) AS orders,
    count(CASE WHEN t.undone IS NOT NULL AND s.part IS NULL THEN 1 END) AS rows_gone,
    count(*) AS lines_met,
    coalesce(sum(CASE WHEN t.undone IS NOT NULL OR s.kind = 'refund' THEN s.amount END), 0)
        AS revenue
FROM stored_part AS s
JOIN taken AS t ON t.order_id = s.order_id
