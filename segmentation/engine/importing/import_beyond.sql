-- grain: one row over the staged orders that count with more than their rows come to, as their own subtotals say
-- units: orders counted; money in shop currency by which their subtotals are more
SELECT count(DISTINCT order_id) AS orders, coalesce(sum(amount), 0) AS more
FROM staged
WHERE part = 'discount' AND amount > 0.05
