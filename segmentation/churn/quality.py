"""How well chances tell who orders: area under the ROC curve and Brier score, each with its doubt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentation.customers import FloatArray
from segmentation.estimates import Estimate

_SIDES = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How well chances tell who orders; `n` counts customers.

    auc: of two customers of whom one ordered, how often that one had the higher chance; 0.5 is luck.
    brier: mean squared distance between the chance and what happened; 0 is perfect.
    log_loss: mean of minus the logarithm of the chance given to what happened; 0 is perfect.
    """

    auc: Estimate
    brier: Estimate
    log_loss: Estimate


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """Areas under the ROC curves of several scores of the same customers.

    values: the areas (0..1), shape (scores,).
    covariance: their covariance, shape (scores, scores).
    n: customers.
    """

    values: FloatArray
    covariance: FloatArray
    n: int

    def estimate(self, place: int) -> Estimate:
        """One area."""
        value, error = float(self.values[place]), float(np.sqrt(max(self.covariance[place, place], 0.0)))
        return Estimate(value, max(value - _SIDES * error, 0.0), min(value + _SIDES * error, 1.0), self.n)

    def ahead(self, place: int, other: int) -> Estimate:
        """By how much one area is larger than another of the same customers."""
        c = self.covariance
        error = float(np.sqrt(max(c[place, place] + c[other, other] - 2 * c[place, other], 0.0)))
        value = float(self.values[place] - self.values[other])
        return Estimate(value, value - _SIDES * error, value + _SIDES * error, self.n)


def areas(scores: FloatArray, ordered: FloatArray) -> Areas:
    """Areas from scores, shape (scores, n), and who ordered, shape (n,); ties count half.

    Source: DeLong, DeLong & Clarke-Pearson (1988), "Comparing the areas under two or more correlated receiver
    operating characteristic curves"; by ranks as in Sun & Xu (2014).
    """
    from scipy.stats import rankdata  # noqa: PLC0415 - slow to load, and few commands judge chances

    hit = ordered > 0
    yes, no = int(hit.sum()), int((~hit).sum())
    among_yes, among_no = [], []
    for score in scores:
        ranks = rankdata(score)
        among_yes.append((ranks[hit] - rankdata(score[hit])) / no)
        among_no.append(1 - (ranks[~hit] - rankdata(score[~hit])) / yes)
    ups, downs = np.stack(among_yes), np.stack(among_no)
    covariance = np.cov(ups).reshape(len(scores), -1) / yes + np.cov(downs).reshape(len(scores), -1) / no
    return Areas(ups.mean(axis=1), covariance, len(ordered))


def area(score: FloatArray, ordered: FloatArray) -> float:
    """One area, without its doubt."""
    from scipy.stats import rankdata  # noqa: PLC0415 - as above

    hit = ordered > 0
    yes = int(hit.sum())
    return float((rankdata(score)[hit].sum() - yes * (yes + 1) / 2) / (yes * (len(ordered) - yes)))


def brier(chance: FloatArray, ordered: FloatArray) -> Estimate:
    """Mean squared distance between chances and what happened, both of shape (n,).

    Source: Brier (1950), "Verification of forecasts expressed in terms of probability".
    """
    away = (chance - ordered) ** 2
    value, error = float(away.mean()), float(away.std() / np.sqrt(len(away)))
    return Estimate(value, max(value - _SIDES * error, 0.0), value + _SIDES * error, len(away))
