"""What an order is worth: Gamma-Gamma, which draws customers with few orders towards the average.

Each customer's orders vary around a mean of their own, and these means vary between customers. It holds where those
who order often do not spend more or less per order; `depends` says how far that is true here.

Source: Fader & Hardie (2013), "The Gamma-Gamma Model of Monetary Value"; Fader, Hardie & Lee (2005), "RFM and CLV".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, polygamma, psi

from segmentation.clv.histories import Purchases
from segmentation.clv.likelihood import Fitted, Slopes, climb
from segmentation.customers import FloatArray
from segmentation.estimates import Estimate, Unknown

FEWEST_PAYERS = 50
SAMPLE = 5_000
DEPENDENT = 0.2
"""From this correlation on, what an order is worth depends on how often a customer orders."""
_STARTS = ((6.0, 4.0, 1.0), (1.0, 2.0, 1.0), (20.0, 10.0, 1.0))  # p, q, gamma in mean orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """A fitted Gamma-Gamma model of what repeat days are worth. Source: Fader & Hardie (2013).

    p: shape of the gamma distribution of what one customer's days are worth.
    q, gamma: shape and rate of the gamma distribution of its rate over customers; `gamma` in shop currency.
    log_likelihood: that of the customers under these parameters.
    customers: how many it was fitted on.
    depends: the correlation between how often customers come back and what they spend each time, which the model takes
        for 0.
    errors: standard errors of p, q and gamma; empty where the likelihood is flat in some direction.
    covariance: that of the logarithms of the three, three rows of three; empty as `errors` are.
    """

    p: float
    q: float
    gamma: float
    log_likelihood: float
    customers: int
    depends: Estimate
    errors: tuple[float, ...] = ()
    covariance: tuple[tuple[float, ...], ...] = ()

    @property
    def parameters(self) -> tuple[float, float, float]:
        return self.p, self.q, self.gamma

    @property
    def independent(self) -> bool:
        """Whether the model's assumption holds well enough."""
        return abs(self.depends.value) < DEPENDENT

    def at(self, parameters: npt.ArrayLike) -> Spending:
        """The same model with other parameters p, q and gamma."""
        p, q, gamma = (float(one) for one in np.asarray(parameters))
        return replace(self, p=p, q=q, gamma=gamma)


def fit_spending(purchases: Purchases) -> Spending | Unknown:
    """The parameters under which these repeat days are likeliest; Unknown where too few were worth something."""
    paying = purchases.paid_days > 0
    count, paid = purchases.paid_days[paying].astype(np.float64), purchases.paid[paying]
    if len(paid) < FEWEST_PAYERS:
        return Unknown(
            f"{len(paid):,} customers paid on a second day; {FEWEST_PAYERS} are needed to say what an order is worth."
        )
    scale = float(paid.sum() / count.sum())
    few = _Likelihood.of(count[:SAMPLE], paid[:SAMPLE])
    starts = [np.log([p, q, gamma * scale * max(q - 1, 0.5) / p]) for p, q, gamma in _STARTS]
    best = max((climb(few, start) for start in starts), key=lambda one: one.value)
    if len(paid) > SAMPLE:
        best = climb(_Likelihood.of(count, paid), best.at)
    if not best.converged:
        return Unknown("These orders do not settle how much customers differ in what they spend: no answer is best.")
    return _described(best, count, paid)


def _described(best: Fitted, count: FloatArray, paid: FloatArray) -> Spending:
    p, q, gamma = np.exp(best.at).tolist()
    known = bool(best.covariance)
    return Spending(
        p=p,
        q=q,
        gamma=gamma,
        log_likelihood=best.value,
        customers=len(paid),
        depends=_correlation(count, paid / count),
        errors=tuple(float(v * np.sqrt(best.covariance[i][i])) for i, v in enumerate((p, q, gamma))) if known else (),
        covariance=best.covariance,
    )


def expected_value(fit: Spending, purchases: Purchases) -> FloatArray:
    """What an order of each customer is expected to be worth, shape (n,), in shop currency; above zero.

    Source: Fader & Hardie (2013), eq. 5.
    """
    weight = fit.p * purchases.paid_days + fit.q - 1
    if fit.q <= 1:  # then the mean over all possible customers is infinite, and those never seen to pay get the usual
        usual = float(purchases.paid.sum() / max(purchases.paid_days.sum(), 1))
        return np.asarray(np.where(purchases.paid_days > 0, fit.p * (fit.gamma + purchases.paid) / weight, usual))
    return np.asarray(fit.p * (fit.gamma + purchases.paid) / weight)


def order_value(spending: Spending | Unknown, purchases: Purchases) -> FloatArray:
    """What an order of each customer is worth, shape (n,)."""
    if isinstance(spending, Unknown):
        return np.full(purchases.n, float(purchases.paid.sum() / max(purchases.paid_days.sum(), 1)))
    return expected_value(spending, purchases)


def _correlation(count: FloatArray, mean: FloatArray) -> Estimate:
    """Pearson's, with Fisher's interval."""
    n = len(count)
    spread = float(count.std() * mean.std())
    r = float(((count - count.mean()) * (mean - mean.mean())).mean() / spread) if spread > 0 else 0.0
    r = min(max(r, -0.999999), 0.999999)
    around = 1.96 / np.sqrt(max(n - 3, 1))
    return Estimate(r, float(np.tanh(np.arctanh(r) - around)), float(np.tanh(np.arctanh(r) + around)), n)


@dataclass(frozen=True, slots=True, eq=False)
class _Likelihood:
    """The log-likelihood of mean repeat values with its slopes, by the logarithms of p, q and gamma."""

    count: FloatArray
    paid: FloatArray
    times: FloatArray
    with_times: FloatArray
    constant: float  # the sums that no parameter touches
    logs: float

    @classmethod
    def of(cls, count: FloatArray, paid: FloatArray) -> _Likelihood:
        times, people = np.unique(count, return_counts=True)
        log_mean = np.log(paid) - np.log(count)
        return cls(count, paid, times, people.astype(np.float64), -float(log_mean.sum()), float(count @ np.log(paid)))

    def __call__(self, at: FloatArray) -> Slopes:
        p, q, gamma = np.exp(at)
        x, n = self.times, self.with_times
        total, px = n.sum(), p * x
        whole, level = p * self.count + q, gamma + self.paid
        log_level, over = np.log(level), 1 / level
        value = (
            n @ (gammaln(px + q) - gammaln(px))
            - total * gammaln(q)
            + total * q * np.log(gamma)
            + self.constant
            + p * self.logs
            - whole @ log_level
        )
        all_psi, own_psi = psi(px + q), psi(px)
        all_curve, own_curve = polygamma(1, px + q), polygamma(1, px)
        slope = np.array(
            [
                (n * x) @ (all_psi - own_psi) + self.logs - self.count @ log_level,
                n @ all_psi - total * psi(q) + total * np.log(gamma) - log_level.sum(),
                total * q / gamma - whole @ over,
            ]
        )
        bend = np.zeros((3, 3))
        bend[0, 0] = (n * x * x) @ (all_curve - own_curve)
        bend[0, 1] = bend[1, 0] = (n * x) @ all_curve
        bend[0, 2] = bend[2, 0] = -(self.count @ over)
        bend[1, 1] = n @ all_curve - total * polygamma(1, q)
        bend[1, 2] = bend[2, 1] = total / gamma - over.sum()
        bend[2, 2] = -total * q / gamma**2 + whole @ (over * over)
        return Slopes(float(value), slope, bend).in_logarithms(np.array([p, q, gamma]))
