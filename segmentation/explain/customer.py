"""Why a customer is in their segment, as a colleague who knows the numbers would say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.customers import CustomerTable, Feature, FloatArray
from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Unknown
from segmentation.explain.whatif import Move, moves
from segmentation.profiles import in_words
from segmentation.segments import Segmentation
from segmentation.segments.bands import MEASURES
from segmentation.segments.clusters import chosen_features

MOST_REASONS = 3
_SAMPLE = 100_000
_WORTH_SAYING = 0.1

_THEY = {
    "recency_days": "They last ordered {} ago",
    "tenure_days": "They first ordered {} ago",
    "active_days": "Their orders spread over {}",
    "orders": "They placed {}",
    "spend": "They spent {}",
    "average_order": "They spend {} per order",
    "gap_days": "They order every {}",
    "breadth": "They buy from {}",
    "discount_share": "They use a discount on {} of orders",
    "refund_share": "They send back {} of what they buy",
    "weekend_share": "They place {} of orders at weekends",
    "season_share": "They place {} of orders in the peak season",
    "main_channel_share": "They place {} of orders in the main channel",
    "expected_orders": "They are likely to place {} orders in a year",
    "expected_spend": "They are likely to spend {} in a year",
    "order_chance": "Their chance to order within 90 days is {}",
    "lost_risk": "Their risk of being lost is {}",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A feature that puts a customer in their segment rather than in the next one.

    feature: its name.
    value: the customer's, in the feature's unit.
    here: the median of their segment, in the same unit; None where it is too small to tell.
    there: that of the nearest other segment.
    weight: the feature's share (0..1) of all that speaks for the segment.
    sentence: it in a sentence.
    """

    feature: str
    value: float | Unknown
    here: float | None
    there: float | None
    weight: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Why:
    """Why a customer is in their segment.

    segment: its place.
    nearest: the place of the nearest other segment; None where there is none.
    by_hand: whether it is a pinned segment; then there are no reasons but its rule.
    sentence: it in a sentence.
    reasons: the strongest first.
    moves: what would put the customer into another segment.
    """

    segment: int
    nearest: int | None
    by_hand: bool
    sentence: str
    reasons: tuple[Reason, ...]
    moves: tuple[Move, ...]


def why(customers: CustomerTable, segmentation: Segmentation, row: int) -> Why:
    """Why the customer in `row` of the table is in their segment.

    Names of segments stand in the sentences as they are. Raises SettingOutOfRange for a row that is not there.
    """
    if not 0 <= row < customers.n:
        raise SettingOutOfRange("row", row, low=0, high=customers.n - 1)
    labelled = segmentation.table == customers.identity
    labels = segmentation.labels if labelled else segmentation.assign(customers)
    here, names = int(labels[row]), features_of(customers, segmentation)
    points, centres = _space(customers, segmentation, row, names, labels[:_SAMPLE].astype(np.intp))
    away = ((centres - points) ** 2).sum(axis=1)
    away[here] = np.inf
    away[np.isnan(away)] = np.inf
    nearest = int(np.argmin(away)) if np.isfinite(away).any() else None
    by_hand = here >= len(segmentation.segments) - len(segmentation.settings.edits.pins)
    reasons: tuple[Reason, ...] = ()
    if not by_hand and nearest is not None:
        speaks = (points - centres[nearest]) ** 2 - (points - centres[here]) ** 2
        reasons = _reasons(customers, segmentation, row, names, np.nan_to_num(speaks), (here, nearest))
    return Why(
        segment=here,
        nearest=nearest,
        by_hand=by_hand,
        sentence=_summary(segmentation, here, nearest, by_hand=by_hand, typical=bool(reasons)),
        reasons=reasons,
        moves=moves(customers, segmentation, row, names),
    )


def features_of(customers: CustomerTable, segmentation: Segmentation) -> tuple[str, ...]:
    """The features that the segments were made from, in catalogue order."""
    if segmentation.settings.method == "rfm":
        return tuple(MEASURES)
    return chosen_features(customers, segmentation.settings)


def _space(
    customers: CustomerTable, segmentation: Segmentation, row: int, names: Sequence[str], labels: npt.NDArray[np.intp]
) -> tuple[FloatArray, FloatArray]:
    """The customer, shape (features,), and the mean of each segment's first customers, (segments, features)."""
    groups, heavy = len(segmentation.segments), dict(segmentation.settings.weights)
    sizes = np.bincount(labels, minlength=groups)
    point, centres = np.empty(len(names)), np.full((groups, len(names)), np.nan)
    for i, name in enumerate(names):
        scaled = customers.scaled((name,))[:, 0]
        weight = heavy.get(name, 1.0)
        point[i] = float(scaled[row]) * weight
        sums = np.bincount(labels, weights=scaled[:_SAMPLE].astype(np.float64), minlength=groups)
        centres[sizes > 0, i] = sums[sizes > 0] / sizes[sizes > 0] * weight
    return point, centres


def _reasons(
    customers: CustomerTable,
    segmentation: Segmentation,
    row: int,
    names: Sequence[str],
    speaks: FloatArray,
    pair: tuple[int, int],
) -> tuple[Reason, ...]:
    """The features that bring the customer nearer to their own segment than to the other, the strongest first."""
    total = float(np.maximum(speaks, 0.0).sum())
    order = [int(i) for i in np.argsort(-speaks, kind="stable") if speaks[i] > _WORTH_SAYING * total > 0]
    return tuple(
        _reason(customers, segmentation, row, customers.feature(names[i]), float(speaks[i]) / total, pair)
        for i in order[:MOST_REASONS]
    )


def _reason(
    customers: CustomerTable,
    segmentation: Segmentation,
    row: int,
    feature: Feature,
    weight: float,
    pair: tuple[int, int],
) -> Reason:
    own = float(customers.raw(feature.name)[row])
    value: float | Unknown = own
    if np.isnan(own):
        value = Unknown(feature.undefined or "There is no value for this customer.")
    medians = [segmentation.profiles[place].typical.get(feature.name) for place in pair]
    here, there = (None if quartiles is None else quartiles.median for quartiles in medians)
    other = segmentation.segments[pair[1]].name
    return Reason(feature.name, value, here, there, weight, _said(customers, feature, value, here, there, other))


def _said(
    customers: CustomerTable,
    feature: Feature,
    value: float | Unknown,
    here: float | None,
    there: float | None,
    other: str,
) -> str:
    def words(number: float) -> str:
        return in_words(number, feature.unit, customers.currency)

    if isinstance(value, Unknown):
        text = value.reason.removesuffix(".")
    else:
        text = _THEY.get(feature.name, f"Their {feature.label.lower()} is {{}}").format(words(value))
    if here is None:
        return f"{text}."
    typical = f"{text}; typical here is {words(here)}"
    return f"{typical}." if there is None or words(here) == words(there) else f"{typical}, in “{other}” {words(there)}."


def _summary(segmentation: Segmentation, here: int, nearest: int | None, *, by_hand: bool, typical: bool) -> str:
    own = segmentation.segments[here]
    if by_hand:
        return f"You pinned them to “{own.name}”: {own.rule}."
    if nearest is None:
        return f"Everyone is in “{own.name}”."
    other = segmentation.segments[nearest].name
    if not typical:
        return f"They are in “{own.name}”, but are just as much like “{other}”."
    return f"They fit “{own.name}” best; “{other}” comes next."
