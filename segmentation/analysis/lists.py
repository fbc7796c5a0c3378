"""What the analyses say of customers in lists of them: known scores, prospects of an offer, and due windows."""

from __future__ import annotations

import numpy as np

from segmentation.analysis.analysis import Analysis
from segmentation.analysis.studies import Study
from segmentation.campaigns import ContactList, Prospects, Windows, segment_list
from segmentation.churn import Due, PolicySettings, Scores, expected_profit
from segmentation.clv import AGAIN_DAYS
from segmentation.customers import CustomerTable, FloatArray
from segmentation.estimates import Unknown


def members(shop: Analysis, study: Study, place: int) -> ContactList:
    """The customers of the segment at this place, as a file of them says it."""
    customers = study.customers
    places = np.flatnonzero(study.segmentation.labels == place)
    return segment_list(customers, places, shop.reach(), known_scores(shop, customers))


def known_scores(shop: Analysis, customers: CustomerTable) -> dict[str, FloatArray]:
    """Expected orders and spend, the chance to order again and the risk of being lost, each of shape (n,), by names
    that say their date and their model; what nobody has worked out yet is left away, and nothing waits for it."""
    found: dict[str, FloatArray] = {}
    day = shop.as_of.isoformat()
    clv, churn = shop.clv().peek(), shop.churn().peek()
    if clv is not None and clv.scores is not None and not isinstance(clv.buying, Unknown):
        stamp = f"{clv.buying.name}, {day}"
        orders = clv.scores.orders_within(12)
        found[f"Orders expected in 12 months ({stamp})"] = np.round(orders, 3)
        found[f"Spend expected in 12 months ({stamp})"] = np.round(clv.scores.spend_within(12), 2)
        again = clv.scores.again.astype(np.float64)
        found[f"Chance to order within {AGAIN_DAYS} days ({stamp})"] = np.round(again, 4)
    if churn is not None and churn.scores is not None and not isinstance(churn.findings, Unknown):
        lost = churn.findings.horizon_days
        found[f"Risk of being lost (churn model, {lost} days, {day})"] = np.round(churn.scores.risk, 4)
    return {name: values for name, values in found.items() if len(values) == customers.n}


def prospects(scores: Scores, settings: PolicySettings, lost_after: int) -> Prospects:
    """What is expected of each customer and of an offer to her; after `lost_after` days without an order she counts as
    lost."""
    return Prospects(
        chance=scores.chance,
        risk=scores.risk,
        value=scores.value,
        profit=expected_profit(scores.chance, scores.value, settings),
        silent=scores.silent,
        here=scores.here(lost_after),
    )


def due_windows(due: Due) -> Windows:
    """When the next order of each customer is due."""
    return Windows(due.start, due.end, due.late_days)


__all__ = ["due_windows", "known_scores", "members", "prospects"]
