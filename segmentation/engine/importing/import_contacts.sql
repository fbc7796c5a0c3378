-- grain: one row per customer
-- units: latest contacts; consent, where a refusal in either counts; `fresh` is this file with the time of each customer's latest line, `known` are the
-- contacts of the version before, `earlier` its lines
SELECT
    coalesce(n.customer_id, o.customer_id) AS customer_id,
    CASE WHEN newer THEN coalesce(n.email, o.email) ELSE coalesce(o.email, n.email) END AS email,
    CASE WHEN newer THEN coalesce(n.name, o.name) ELSE coalesce(o.name, n.name) END AS name,
    CASE WHEN newer THEN coalesce(n.phone, o.phone) ELSE coalesce(o.phone, n.phone) END AS phone,
    CASE
        WHEN n.consent = false OR o.consent = false THEN false
        WHEN newer THEN coalesce(n.consent, o.consent)
        ELSE coalesce(o.consent, n.consent)
    END AS consent
FROM (
    SELECT f.*, f.latest >= coalesce(l.latest, f.latest) AS newer
    FROM fresh AS f
    LEFT JOIN (
        SELECT customer_id, max(ordered_at) AS latest FROM earlier GROUP BY customer_id
    ) AS l ON l.customer_id = f.customer_id
) AS n
FULL JOIN known AS o ON o.customer_id = n.customer_id
