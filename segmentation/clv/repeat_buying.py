"""How often customers come back, and whether they still do: BG/NBD and its variant MBG/NBD.

While a customer stays, orders come by chance at a rate of their own (a gamma distribution over customers); after an
order they leave with a chance of their own (a beta distribution). MBG/NBD lets them leave after the first order too,
so that somebody who ordered once is not alive by construction.

Sources: Fader, Hardie & Lee (2005), "Counting Your Customers the Easy Way: An Alternative to the Pareto/NBD Model";
Batislam, Denizel & Filiztekin (2007), "Empirical validation and comparison of models for customer base analysis".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, hyp2f1, polygamma, psi

from segmentation.clv.histories import Histories, IntArray, Purchases
from segmentation.clv.likelihood import Fitted, Slopes, climb
from segmentation.customers import FloatArray
from segmentation.estimates import Unknown

Model = Literal["bg", "mbg"]
NAMES = ("r", "alpha", "a", "b")
SAMPLE = 5_000
"""So many customers, a random sample, say where to start; from there the whole needs a few steps."""
FEWEST_CUSTOMERS, FEWEST_REPEATERS = 100, 50
_STARTS = ((0.5, 0.25, 1.0, 2.5), (0.2, 0.1, 0.5, 3.0), (1.5, 1.0, 0.3, 1.0))  # r, alpha in mean lives, a, b
_NEAR_ONE = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatBuying:
    """A fitted model of how often customers come back. Source: Fader, Hardie & Lee (2005).

    model: "bg" (BG/NBD) or "mbg" (MBG/NBD), in which a customer may leave after the first order too.
    r, alpha: shape and rate of the gamma distribution of order rates; `alpha` in units of time.
    a, b: the beta distribution of the chance to leave after an order.
    unit_days: the unit of time, in days.
    log_likelihood: that of the customers under these parameters.
    customers: how many it was fitted on.
    distinct: how many different histories they have.
    errors: standard errors of r, alpha, a and b; empty where the likelihood is flat in some direction.
    covariance: that of the logarithms of the four, four rows of four; empty as `errors` are.
    edge: which doubt the data leave where it is flat, in a sentence; else "".
    """

    model: Model
    r: float
    alpha: float
    a: float
    b: float
    unit_days: float
    log_likelihood: float
    customers: int
    distinct: int
    errors: tuple[float, ...] = ()
    covariance: tuple[tuple[float, ...], ...] = ()
    edge: str = ""

    @property
    def parameters(self) -> tuple[float, float, float, float]:
        return self.r, self.alpha, self.a, self.b

    @property
    def name(self) -> str:
        """What the model is called."""
        return {"bg": "BG/NBD", "mbg": "MBG/NBD"}[self.model]

    @property
    def shift(self) -> int:
        """1 where a customer may leave after the first order too, else 0."""
        return int(self.model == "mbg")

    def at(self, parameters: npt.ArrayLike) -> RepeatBuying:
        """The same model with other parameters r, alpha, a and b."""
        r, alpha, a, b = (float(one) for one in np.asarray(parameters))
        return replace(self, r=r, alpha=alpha, a=a, b=b)


def fit_repeat_buying(
    purchases: Purchases, *, unit_days: float = 1.0, model: Model = "bg", start: RepeatBuying | None = None
) -> RepeatBuying | Unknown:
    """The parameters under which these histories are likeliest; Unknown where there are too few, with the reason.

    `start` is a fit of nearly the same histories, from which a few steps lead there.
    """
    repeaters = int(np.count_nonzero(purchases.repeats))
    if purchases.n < FEWEST_CUSTOMERS or repeaters < FEWEST_REPEATERS:
        return Unknown(
            f"{repeaters:,} of {purchases.n:,} customers came back on another day; {FEWEST_REPEATERS} of at least "
            f"{FEWEST_CUSTOMERS} are needed to say how often customers come back."
        )
    histories = Histories.grouped(purchases)
    if start is not None:
        near = climb(_Likelihood.of(histories, unit_days, model), np.log(start.parameters))
        if near.converged:
            return _described(near, histories, unit_days, model)
    sample = Histories.grouped(purchases.first(SAMPLE)) if purchases.n > SAMPLE else histories
    life = max(float(purchases.observed.mean()) / unit_days, 1e-3)
    rough = _Likelihood.of(sample, unit_days, model)
    starts = [np.log([r, alpha * life, a, b]) for r, alpha, a, b in _STARTS]
    best = max((climb(rough, start) for start in starts), key=lambda one: one.value)
    if sample is not histories:
        best = climb(_Likelihood.of(histories, unit_days, model), best.at)
    if not best.converged:
        return Unknown("These histories do not settle how customers come back: no answer is best.")
    return _described(best, histories, unit_days, model)


def _described(best: Fitted, histories: Histories, unit_days: float, model: Model) -> RepeatBuying:
    r, alpha, a, b = np.exp(best.at).tolist()
    return RepeatBuying(
        model=model,
        r=r,
        alpha=alpha,
        a=a,
        b=b,
        unit_days=unit_days,
        log_likelihood=best.value,
        customers=histories.n,
        distinct=histories.distinct,
        errors=tuple(float(value * np.sqrt(best.covariance[i][i])) for i, value in enumerate((r, alpha, a, b)))
        if best.covariance
        else (),
        covariance=best.covariance,
        edge="" if best.covariance else "The data leave some of the parameters open; what they predict is not.",
    )


# What the model says of a customer ------------------------------------------------------------------------------


def expected_orders(fit: RepeatBuying, histories: Histories, days: float) -> FloatArray:
    """Repeat days each distinct history is expected to have in the next `days`, shape (h,), never negative.

    Source: Fader, Hardie & Lee (2005), eq. 10, after Euler's transformation of the hypergeometric function, which
    leaves one that converges at once and is smooth in every parameter.
    """
    if abs(fit.a - 1) < _NEAR_ONE:  # the formula is 0 / 0 at a = 1 and smooth around it
        sides = (fit.at((fit.r, fit.alpha, 1 + side, fit.b)) for side in (-2 * _NEAR_ONE, 2 * _NEAR_ONE))
        return np.asarray(sum(expected_orders(side, histories, days) for side in sides) / 2)
    orders = _if_it_were_never_over(fit, histories.repeats, histories.observed, days / fit.unit_days)
    return np.asarray(np.maximum(orders, 0.0) * alive(fit, histories))


def alive(fit: RepeatBuying, histories: Histories) -> FloatArray:
    """The chance that a customer with each history has not left, shape (h,).

    Under BG/NBD that of somebody who ordered once is 1 by construction: it is no measure to rank customers by.
    """
    gone = np.exp(_odds_of_leaving(fit, histories))
    if not fit.shift:
        gone[histories.repeats == 0] = 0.0
    return np.asarray(1 / (1 + gone))


def chance_again(fit: RepeatBuying, histories: Histories, days: float) -> FloatArray:
    """The chance that a customer with each history orders within the next `days` days, shape (h,)."""
    late = fit.alpha + histories.observed / fit.unit_days
    quiet = (late / (late + days / fit.unit_days)) ** (fit.r + histories.repeats)
    return np.asarray(alive(fit, histories) * (1 - quiet))


def expected_of_new(fit: RepeatBuying, days: float) -> float:
    """Repeat days expected of a new customer in their first `days`."""
    nobody = np.zeros(1, dtype=np.int32)
    one = Histories(nobody, nobody, nobody, np.ones(1), np.zeros(1, dtype=np.intp))
    return float(expected_orders(fit, one, days)[0])


def _if_it_were_never_over(fit: RepeatBuying, repeats: IntArray, observed: IntArray, time: float) -> FloatArray:
    """Orders expected of those who are still customers, worked out once per pair of repeats and time observed."""
    wide = int(observed.max(initial=0)) + 1
    keys, of = np.unique(repeats.astype(np.int64) * wide + observed, return_inverse=True)
    x, since = np.divmod(keys, wide)
    late = fit.alpha + since / fit.unit_days
    whole, passes = fit.a + fit.b + fit.shift - 1 + x, time / (late + time)
    expected = whole / (fit.a - 1) * (1 - _share_not_ordered(fit, x, whole, passes))
    return np.asarray(expected[of])


def _share_not_ordered(fit: RepeatBuying, x: FloatArray, whole: FloatArray, passes: FloatArray) -> FloatArray:
    """The series of eq. 10 with the power before it, shape as `x`; `passes` is how much of all time is still to come.

    The transformed series is good at any number of orders, but its parts leave the range of numbers where `a` is in the
    hundreds (customers of one shop who leave alike); the paper's own is good there up to some hundred orders. Beyond
    both, both beta parameters are so large that the share of customers who leave is the same for everyone.
    """
    more, stays = fit.r + x, 1 - passes
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        share = stays ** (fit.a - 1) * hyp2f1(fit.a + fit.b + fit.shift - 1 - fit.r, fit.a - 1, whole, passes)
        for rescue in (
            lambda at: stays[at] ** more[at] * hyp2f1(more[at], whole[at] - fit.a + 1, whole[at], passes[at]),
            lambda at: (stays[at] / (1 - passes[at] * (1 - (fit.a - 1) / whole[at]))) ** more[at],
        ):
            lost = np.flatnonzero(~np.isfinite(share))
            share[lost] = rescue(lost)
    return np.asarray(np.clip(share, 0.0, 1.0) if fit.a > 1 else share)


def _odds_of_leaving(fit: RepeatBuying, histories: Histories) -> FloatArray:
    """The logarithm of the odds that a customer left right after the last order, shape (h,)."""
    times = histories.repeats
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.log(fit.a) - np.log(np.maximum(fit.b + times - 1 + fit.shift, 1e-300))
    until = np.log(fit.alpha + histories.recency / fit.unit_days) - np.log(
        fit.alpha + histories.observed / fit.unit_days
    )
    return np.asarray(np.minimum(left - (fit.r + times) * until, 700.0))


# The likelihood -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Margin:
    """The distinct values of one side of the histories, and which of them each history has."""

    values: FloatArray
    of: npt.NDArray[np.int32]

    @classmethod
    def of_column(cls, column: IntArray, per_unit: float = 1.0) -> _Margin:
        values, of = np.unique(column, return_inverse=True)
        return cls(values / per_unit, of.astype(np.int32))

    def total(self, weights: FloatArray) -> FloatArray:
        """The sum of weights at each value."""
        return np.asarray(np.bincount(self.of, weights=weights, minlength=len(self.values)), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Likelihood:
    """The log-likelihood of grouped histories with its slopes. Special functions and logarithms are worked out once
    per distinct value of each margin, of which there are hundreds however many customers there are."""

    shift: int
    times: FloatArray  # distinct repeats, and customers with each
    with_times: FloatArray
    until: FloatArray  # distinct times observed, customers with each, and their repeats
    with_until: FloatArray
    repeats_until: FloatArray
    last: FloatArray  # distinct recencies
    x: FloatArray  # the histories that may be over, one by one
    counted: FloatArray
    of_until: npt.NDArray[np.int32]
    of_last: npt.NDArray[np.int32]

    @classmethod
    def of(cls, histories: Histories, unit_days: float, model: Model) -> _Likelihood:
        counts = histories.customers
        times, until = _Margin.of_column(histories.repeats), _Margin.of_column(histories.observed, unit_days)
        last = _Margin.of_column(histories.recency, unit_days)
        may_end = slice(None) if model == "mbg" else histories.repeats > 0
        return cls(
            shift=int(model == "mbg"),
            times=times.values,
            with_times=times.total(counts),
            until=until.values,
            with_until=until.total(counts),
            repeats_until=until.total(counts * histories.repeats),
            last=last.values,
            x=histories.repeats[may_end].astype(np.float64),
            counted=counts[may_end],
            of_until=until.of[may_end],
            of_last=last.of[may_end],
        )

    def __call__(self, at: FloatArray) -> Slopes:
        """The log-likelihood at the logarithms of r, alpha, a and b."""
        r, alpha, a, b = np.exp(at)
        slopes = self._rates(r, alpha) + self._leaving(a, b) + self._over(r, alpha, a, b)
        return slopes.in_logarithms(np.array([r, alpha, a, b]))

    def _rates(self, r: float, alpha: float) -> Slopes:
        """Of coming back at all, given that nobody has left."""
        x, n = self.times, self.with_times
        total, late = n.sum(), alpha + self.until
        weight, log_late = r * self.with_until + self.repeats_until, np.log(late)
        value = n @ gammaln(r + x) - total * gammaln(r) + total * r * np.log(alpha) - weight @ log_late
        slope, bend = np.zeros(4), np.zeros((4, 4))
        slope[0] = n @ psi(r + x) - total * psi(r) + total * np.log(alpha) - self.with_until @ log_late
        slope[1] = total * r / alpha - weight @ (1 / late)
        bend[0, 0] = n @ polygamma(1, r + x) - total * polygamma(1, r)
        bend[0, 1] = bend[1, 0] = total / alpha - self.with_until @ (1 / late)
        bend[1, 1] = -total * r / alpha**2 + weight @ (1 / late**2)
        return Slopes(float(value), slope, bend)

    def _leaving(self, a: float, b: float) -> Slopes:
        """Of having stayed after every order but perhaps the last."""
        x, n = self.times + self.shift, self.with_times
        total = n.sum()
        value = n @ (gammaln(b + x) - gammaln(a + b + x)) + total * (gammaln(a + b) - gammaln(b))
        both, all_of_it = total * psi(a + b), n @ psi(a + b + x)
        curve_both, curve_all = total * polygamma(1, a + b), n @ polygamma(1, a + b + x)
        slope, bend = np.zeros(4), np.zeros((4, 4))
        slope[2] = both - all_of_it
        slope[3] = both - all_of_it - total * psi(b) + n @ psi(b + x)
        bend[2, 2] = bend[2, 3] = bend[3, 2] = curve_both - curve_all
        bend[3, 3] = curve_both - curve_all - total * polygamma(1, b) + n @ polygamma(1, b + x)
        return Slopes(float(value), slope, bend)

    def _over(self, r: float, alpha: float, a: float, b: float) -> Slopes:
        """Of either still being a customer or having left after the last order: log(1 + odds), history by history."""
        x, n = self.x, self.counted
        early, late = alpha + self.last, alpha + self.until
        gap = np.log(early)[self.of_last] - np.log(late)[self.of_until]
        nearer = (1 / early)[self.of_last] - (1 / late)[self.of_until]
        nearer_still = (1 / early**2)[self.of_last] - (1 / late**2)[self.of_until]
        times, stays = r + x, 1 / (b + x - 1 + self.shift)
        odds = np.log(a * stays) - times * gap
        shrunk = np.exp(-np.abs(odds))
        value = n @ (np.maximum(odds, 0.0) + np.log1p(shrunk))
        gone = np.where(odds >= 0, 1.0, shrunk) / (1 + shrunk)
        first, second = n * gone, n * gone * (1 - gone)
        by = np.stack([-gap, -times * nearer, np.full(len(x), 1 / a), -stays])
        bend = (by * second) @ by.T
        bend[0, 1] -= first @ nearer
        bend[1, 0] = bend[0, 1]
        bend[1, 1] += first @ (times * nearer_still)
        bend[2, 2] -= first.sum() / a**2
        bend[3, 3] += first @ stays**2
        return Slopes(float(value), by @ first, bend)
