-- grain: one row over all sale lines of the version
-- units: lines counted, where the column has a value; sold in shop currency; timed: lines with a time of day
SELECT
    COUNT(*) AS lines,
    COUNT(customer_id) AS customer_id,
    COUNT(line_id) AS line_id,
    COUNT(quantity) AS quantity,
    COUNT(discount) AS discount,
    COUNT(cost) AS cost,
    COUNT(currency) AS currency,
    COUNT(product) AS product,
    COUNT(category) AS category,
    COUNT(channel) AS channel,
    COUNT(status) AS status,
    CAST(SUM(CASE WHEN ordered_at <> CAST(ordered_at AS DATE) THEN 1 ELSE 0 END) AS BIGINT) AS timed,
    CAST(SUM(CASE WHEN amount = 0 THEN 1 ELSE 0 END) AS BIGINT) AS zero,
    CAST(SUM(CASE WHEN amount < 0 THEN 1 ELSE 0 END) AS BIGINT) AS negative,
    SUM(amount) AS sold,
    SUM(CASE WHEN cost IS NOT NULL THEN amount ELSE 0 END) AS costed
FROM lines
WHERE kind = 'sale'
