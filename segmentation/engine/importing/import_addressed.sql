-- grain: one row per staged customer whose e-mail address the dataset knows for another id
-- units: ids; `keys` are the addresses of the file with the customers they stand for, `addresses` those of the dataset.
-- A customer whose id the dataset has, or whose addresses are several customers' there, is not changed
SELECT k.customer_id, min(a.customer_id) AS new_id
FROM keys AS k
JOIN addresses AS a ON a.email = k.contact
WHERE k.customer_id NOT IN (SELECT customer_id FROM stored WHERE customer_id IS NOT NULL)
GROUP BY k.customer_id
HAVING min(a.customer_id) = max(a.customer_id) AND min(a.customer_id) <> k.customer_id
