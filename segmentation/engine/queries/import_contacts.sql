-- grain: one row per customer
-- units: latest e-mail and consent; `fresh` is this file with the time of each customer's latest line, `known` are the
-- contacts of the version before, `earlier` its lines
SELECT
    coalesce(n.customer_id, o.customer_id) AS customer_id,
    CASE
        WHEN n.latest >= coalesce(l.latest, n.latest) THEN coalesce(n.email, o.email)
        ELSE coalesce(o.email, n.email)
    END AS email,
    CASE
        WHEN n.latest >= coalesce(l.latest, n.latest) THEN coalesce(n.consent, o.consent)
        ELSE coalesce(o.consent, n.consent)
    END AS consent
FROM fresh AS n
FULL JOIN known AS o ON o.customer_id = n.customer_id
LEFT JOIN (
    SELECT customer_id, max(ordered_at) AS latest FROM earlier GROUP BY customer_id
) AS l ON l.customer_id = n.customer_id
