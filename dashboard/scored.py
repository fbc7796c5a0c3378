"""The scores that customers have by now, as columns for a file: each names its date and its model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dashboard import session
from segmentation.clv import AGAIN_DAYS
from segmentation.customers import FloatArray
from segmentation.estimates import Unknown


def columns() -> Mapping[str, FloatArray]:
    """Expected orders and spend, the chance to order again and the risk of being lost, each of shape (n,), in the
    order of the customer table; what nobody has worked out yet is left away, and nothing waits for it."""
    found: dict[str, FloatArray] = {}
    day = session.as_of().isoformat()
    shop = session.analysis()
    clv, churn = shop.clv().peek(), shop.churn().peek()
    if clv is not None and clv.scores is not None and not isinstance(clv.buying, Unknown):
        stamp = f"{clv.buying.name}, {day}"
        orders = clv.scores.orders_within(12)
        value = clv.scores.value.astype(np.float64)
        found[f"Orders expected in 12 months ({stamp})"] = np.round(orders, 3)
        found[f"Spend expected in 12 months ({stamp})"] = np.round(orders * value, 2)
        again = clv.scores.again.astype(np.float64)
        found[f"Chance to order within {AGAIN_DAYS} days ({stamp})"] = np.round(again, 4)
    if churn is not None and churn.scores is not None and not isinstance(churn.findings, Unknown):
        lost = churn.findings.horizon_days
        found[f"Risk of being lost (churn model, {lost} days, {day})"] = np.round(churn.scores.risk, 4)
    return found
