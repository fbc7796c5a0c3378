"""Worth: fitting and scoring repeat buying and spending, beside `lifetimes` on the same histories."""

from __future__ import annotations

import resource
import warnings

import numpy as np

from segmentation.clv import (
    Histories,
    Purchases,
    RepeatBuying,
    expected_orders,
    fit_repeat_buying,
    fit_spending,
    order_value,
)
from segmentation.clv.repeat_buying import _Likelihood
from tests.benchmarks.rows import Row, against, at_most, timed
from tests.segmentation.clv.simulated import shop

CUSTOMERS, MANY = 200_000, 1_000_000
SHARE, SECONDS, MEGABYTES = 0.1, 3.0, 1_000.0
AHEAD = 90


def measure(quick: bool) -> list[Row]:
    """Fit and score: seconds beside the peer's, whether it is as likely, and the peak of memory."""
    n, many = (CUSTOMERS // 10, MANY // 10) if quick else (CUSTOMERS, MANY)
    seen = shop(np.random.default_rng(1), n).seen
    _ours(shop(np.random.default_rng(2), 1_000).seen)  # scipy's first call loads what it needs
    ours, fit = min((timed(lambda: _ours(seen)) for _ in range(3)), key=lambda one: one[0])
    theirs, likelihood = timed(lambda: _lifetimes(seen))
    large = shop(np.random.default_rng(3), many).seen
    largest, _ = timed(lambda: _ours(large))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return [
        against(f"Fit and score worth, {n:,} customers, s", ours, theirs, "lifetimes", most=SHARE),
        at_most("… log-likelihood below that of lifetimes", likelihood - fit.log_likelihood, 0.01),
        at_most(f"Fit and score, {many:,} customers, s", largest, SECONDS),
        at_most("… peak memory, MB", peak / 1024, MEGABYTES),
    ]


def _ours(seen: Purchases) -> RepeatBuying:
    buying, spending = fit_repeat_buying(seen), fit_spending(seen)
    assert isinstance(buying, RepeatBuying)
    histories = Histories.grouped(seen)
    expected = expected_orders(buying, histories, AHEAD)[histories.of] * order_value(spending, seen)
    assert np.isfinite(expected).all()
    return buying


def _lifetimes(seen: Purchases) -> float:
    """The same by the peer: both fits, expected orders and value; returns its log-likelihood."""
    from lifetimes import BetaGeoFitter, GammaGammaFitter  # noqa: PLC0415 - only this benchmark needs it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        repeats, recency, observed = (one.astype(float) for one in (seen.repeats, seen.recency, seen.observed))
        buying = BetaGeoFitter().fit(repeats, recency, observed)
        again = seen.paid_days > 0
        count, mean = seen.paid_days[again].astype(float), seen.paid[again] / seen.paid_days[again]
        spending = GammaGammaFitter().fit(count, mean)
        buying.conditional_expected_number_of_purchases_up_to_time(AHEAD, repeats, recency, observed)
        spending.conditional_expected_average_profit(count, mean)
    # Its own figure is of rescaled times, so its parameters are put into the likelihood of the histories as they are.
    parameters = np.log([buying.params_[name] for name in ("r", "alpha", "a", "b")])
    return float(_Likelihood.of(Histories.grouped(seen), 1.0, "bg")(parameters).value)
