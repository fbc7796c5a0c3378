"""What contacting the riskiest first would catch, against recency alone, luck, and knowing the future."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentation.customers import FloatArray

STEPS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftPoint:
    """What contacting the riskiest customers first reaches; all of it shares (0..1).

    contacted: the share of customers contacted.
    model: the share of those who were lost among them, in the order of the model.
    recency: the same with the longest silent first.
    random: the same in any order.
    perfect: the same if one knew.
    """

    contacted: float
    model: float
    recency: float
    random: float
    perfect: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """Lift in the test window.

    points: cumulative by tenths of the customers, from none to all.
    lost: the share (0..1) of all customers who were lost.
    top_decile: the share of lost customers among the riskiest tenth, over `lost`.
    recency_top_decile: the same for the tenth that was silent longest.
    will_order: the share who ordered among the tenth with the highest chance, over that among all.
    revenue_captured: the share (0..1) of the window's revenue that this tenth brought.
    """

    points: tuple[LiftPoint, ...]
    lost: float
    top_decile: float
    recency_top_decile: float
    will_order: float
    revenue_captured: float


def lift(chance: FloatArray, silent: FloatArray, ordered: FloatArray, revenue: FloatArray) -> Lift:
    """The lift of chances to order against days of silence, both of shape (n,), with who `ordered` and for how much.

    Customers who are level share what their place is worth.
    """
    lost = 1.0 - ordered
    shares = np.arange(STEPS + 1) / STEPS
    model, recent = reached(1 - chance, lost, shares), reached(silent, lost, shares)
    rate = float(lost.mean())
    perfect = np.minimum(shares / rate, 1.0)
    spent = np.maximum(revenue, 0.0)
    return Lift(
        points=tuple(
            LiftPoint(contacted=float(s), model=float(m), recency=float(r), random=float(s), perfect=float(p))
            for s, m, r, p in zip(shares, model, recent, perfect, strict=True)
        ),
        lost=rate,
        top_decile=float(model[1] * STEPS),
        recency_top_decile=float(recent[1] * STEPS),
        will_order=float(reached(chance, ordered, shares)[1] * STEPS),
        revenue_captured=float(reached(chance, spent, shares)[1]) if spent.sum() > 0 else 0.0,
    )


def reached(score: FloatArray, worth: FloatArray, shares: FloatArray) -> FloatArray:
    """The share of all `worth` held by each share of customers, the highest score first; shape as `shares`."""
    _, place, people = np.unique(-score, return_inverse=True, return_counts=True)
    held = np.concatenate(([0.0], np.cumsum(np.bincount(place, weights=worth))))
    known = np.concatenate(([0], np.cumsum(people)))
    return np.asarray(np.interp(shares * len(score), known, held / held[-1]))
