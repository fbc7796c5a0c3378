"""What the analyses say of customers in lists of them: known scores, prospects of an offer, and due windows."""

from __future__ import annotations

import numpy as np

from segmentation.analysis.analysis import Analysis
from segmentation.analysis.studies import Study
from segmentation.campaigns import Column, ContactList, Prospects, Windows, segment_list
from segmentation.campaigns.audience_files import SCORE, figures
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
    """What is known of every customer, by its name: see `score_columns`."""
    return {name: values for name, values, _ in _known(shop, customers)}


def score_columns(shop: Analysis, customers: CustomerTable) -> tuple[Column, ...]:
    """Expected orders and spend, the chance to order again and the risk of being lost as columns of a file, whose
    headers say their date and their model; what nobody has worked out yet is left away, and nothing waits for it."""
    return tuple(figures(f"{SCORE}{name}", name, values, unit) for name, values, unit in _known(shop, customers))


def _known(shop: Analysis, customers: CustomerTable) -> list[tuple[str, FloatArray, str]]:
    """The names, values of shape (n,) and units of what is known."""
    found: list[tuple[str, FloatArray, str]] = []
    day = shop.as_of.isoformat()
    clv, churn = shop.clv().peek(), shop.churn().peek()
    if clv is not None and clv.scores is not None and not isinstance(clv.buying, Unknown):
        stamp = f"{clv.buying.name}, {day}"
        orders = clv.scores.orders_within(12)
        found.append((f"Orders expected in 12 months ({stamp})", np.round(orders, 3), "orders a year"))
        spend = np.round(clv.scores.spend_within(12), 2)
        found.append((f"Spend expected in 12 months ({stamp})", spend, "money"))
        again = clv.scores.again.astype(np.float64)
        found.append((f"Chance to order within {AGAIN_DAYS} days ({stamp})", np.round(again, 4), "share"))
    if churn is not None and churn.scores is not None and not isinstance(churn.findings, Unknown):
        lost = churn.findings.horizon_days
        risk = np.round(churn.scores.risk, 4)
        found.append((f"Risk of being lost (churn model, {lost} days, {day})", risk, "share"))
    return [one for one in found if len(one[1]) == customers.n]


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


__all__ = ["due_windows", "known_scores", "members", "prospects", "score_columns"]
