"""The scores that customers have by now, as columns for a file: each names its date and its model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dashboard import session
from segmentation.customers import FloatArray
from segmentation.estimates import Unknown
from segmentation.worth import AGAIN_DAYS

_YEAR = 3  # the place of twelve months among the quarters


def columns() -> Mapping[str, FloatArray]:
    """Expected orders and spend, the chance to order again and the risk of being lost, each of shape (n,), in the
    order of the customer table; what nobody has worked out yet is left away, and nothing waits for it."""
    found: dict[str, FloatArray] = {}
    day = session.as_of().isoformat()
    worth, slipping = session.known_worth(), session.known_slipping()
    if worth is not None and worth.scores is not None and not isinstance(worth.models.buying, Unknown):
        stamp = f"{worth.models.buying.name}, {day}"
        orders = worth.scores.orders[:, _YEAR].astype(np.float64)
        value = worth.scores.value.astype(np.float64)
        found[f"Orders expected in 12 months ({stamp})"] = np.round(orders, 3)
        found[f"Spend expected in 12 months ({stamp})"] = np.round(orders * value, 2)
        again = worth.scores.again.astype(np.float64)
        found[f"Chance to order within {AGAIN_DAYS} days ({stamp})"] = np.round(again, 4)
    if slipping is not None and slipping.scores is not None and not isinstance(slipping.risk.findings, Unknown):
        lost = slipping.risk.findings.horizon_days
        found[f"Risk of being lost (churn model, {lost} days, {day})"] = np.round(slipping.scores.risk, 4)
    return found
