"""What would move a customer: the smallest change in one feature that puts them in another segment.

The segmentation itself is asked, about copies of the customer with one value changed, so that the answer is right for
every method, for cut points set by hand and for pinned segments.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from segmentation import formats
from segmentation.customers import CodeArray, CustomerTable, Feature, FloatArray
from segmentation.profiles import in_words
from segmentation.segments import Segmentation

MOST_MOVES = 4
_FAR = 3.0
"""Changes beyond this many standard deviations are nobody's plan."""

_STEPS = 40
_WHOLE = frozenset({"days", "orders", "categories"})
_ROOM = {"share": (0.0, 1.0), "ratio": (-1.0, 1.0), "days": (0.0, np.inf), "categories": (0.0, np.inf)}
_ONLY_UP = frozenset({"orders", "spend", "average_order", "breadth", "recency_days", "active_days"})
"""What was ordered stays ordered, days that passed have passed, and nobody is to spend less."""
_NO_DEED = frozenset({"tenure_days"})
"""Time passes whatever is done, as scores follow from what is done."""
_ONLY_DOWN = frozenset({"refund_share", "discount_share", "gap_days"})
"""Nobody is to send back more, to need more discounts, or to order more seldom."""

_IF = {
    "average_order": "spent {new} per order (now {own})",
    "gap_days": "ordered every {new} (now {own})",
    "discount_share": "used a discount on {new} of their orders (now {own})",
    "refund_share": "sent back {new} of what they buy (now {own})",
    "weekend_share": "placed {new} of their orders at weekends (now {own})",
    "season_share": "placed {new} of their orders in the peak season (now {own})",
    "main_channel_share": "placed {new} of their orders in the main channel (now {own})",
}


@dataclass(frozen=True, slots=True)
class Move:
    """One change that would put a customer into another segment.

    feature: what changes.
    value: to what, in the feature's unit.
    segment: the place of the segment they would be in.
    effort: the size of the change in standard deviations.
    sentence: it in a sentence.
    """

    feature: str
    value: float
    segment: int
    effort: float
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """One feature in one direction: the values to try, the nearest first."""

    feature: Feature
    values: FloatArray


def moves(customers: CustomerTable, segmentation: Segmentation, row: int, names: Sequence[str]) -> tuple[Move, ...]:
    """Up to four single changes in these features that move the customer in `row`, the smallest first.

    One per feature and direction, each possible by itself and no harm to the shop: shares stay within 0 and 1, orders
    do not become fewer, nobody spends less. Days without an order are no advice but what comes if nothing is done.
    When days pass without an order the time since the first one grows with them.
    """
    own = {feature.name: float(customers.raw(feature.name)[row]) for feature in customers.features}
    now = int(_asked(customers, segmentation, row, own, ())[0])
    rough = list(_steps(customers, own, names))
    changes = _first_changes(rough, _asked(customers, segmentation, row, own, rough)[1:], now)
    fine = [_finer(step.feature, own, step.values, at) for step, at, _ in changes]
    exact = _first_changes(fine, _asked(customers, segmentation, row, own, fine)[1:], now)
    changed = [_move(customers, segmentation, own, step, at, target) for step, at, target in exact]
    near = sorted((move for move in changed if move.effort <= _FAR), key=lambda move: (move.effort, move.feature))
    return tuple(near[:MOST_MOVES])


def _steps(customers: CustomerTable, own: dict[str, float], names: Sequence[str]) -> Iterable[_Step]:
    """Every direction in which a feature can go, over the values that customers have."""
    for name in names:
        feature, value = customers.feature(name), own[name]
        if np.isnan(value) or feature.grain == "score" or name in _NO_DEED:
            continue
        low, high = _ROOM.get(feature.unit, (-np.inf, np.inf))
        levels = customers.levels(name)
        levels = levels[(levels >= low) & (levels <= high)]
        if name not in _ONLY_DOWN and (levels > value).any():
            yield _Step(feature, levels[levels > value])
        if name not in _ONLY_UP and (levels < value).any():
            yield _Step(feature, levels[levels < value][::-1])


def _asked(
    customers: CustomerTable, segmentation: Segmentation, row: int, own: dict[str, float], steps: Sequence[_Step]
) -> CodeArray:
    """Segments of the customer as they are (first) and with each value of the steps, one after the other."""
    tried = [(step.feature.name, step.values) for step in steps]
    total = 1 + sum(len(values) for _, values in tried)
    raw = {name: np.full(total, value) for name, value in own.items()}
    start = 1
    for name, values in tried:
        rows = slice(start, start + len(values))
        raw[name][rows] = values
        if name == "recency_days":
            _keep_the_dates_right(raw, own, values, rows)
        start += len(values)
    copies = CustomerTable.from_arrays(
        pa.array([customers.ids[row].as_py()] * total, pa.string()),  # a pinned list knows them by their id
        raw,
        as_of=customers.as_of,
        currency=customers.currency,
        features=customers.features,
        scalings=customers.scalings,
        ordered=True,
    )
    return segmentation.assign(copies)


def _keep_the_dates_right(raw: dict[str, FloatArray], own: dict[str, float], values: FloatArray, rows: slice) -> None:
    """Time since the first order is the time since the last one and the days between the two."""
    if "tenure_days" in raw:
        raw["tenure_days"][rows] += values - own["recency_days"]


def _first_changes(steps: Sequence[_Step], labels: CodeArray, now: int) -> list[tuple[_Step, int, int]]:
    """Of each step the place of the nearest value that puts the customer elsewhere, and where."""
    changes, start = [], 0
    for step in steps:
        part = labels[start : start + len(step.values)]
        start += len(step.values)
        changed = np.flatnonzero(part != now)
        if changed.size:
            changes.append((step, int(changed[0]), int(part[changed[0]])))
    return changes


def _finer(feature: Feature, own: dict[str, float], values: FloatArray, at: int) -> _Step:
    """Values a person would say, from the last that changes nothing to just beyond the first that does.

    That one comes last, so that there is an answer where none of the others changes anything.
    """
    stays, moved = (own[feature.name] if at == 0 else float(values[at - 1])), float(values[at])
    origin = own[feature.name] if feature.name == "spend" else 0.0  # "€ 50 more" is round, the new sum need not be
    step = _grid(feature.unit, abs(moved - stays), abs(moved - origin))
    way = step if moved > stays else -step
    first = np.floor((stays - origin) / way) + 1
    round_ones = origin + way * (first + np.arange(_STEPS + 2))
    low, high = _ROOM.get(feature.unit, (-np.inf, np.inf))
    inside = (round_ones >= low) & (round_ones <= high) & ((round_ones - moved) * np.sign(way) <= step)
    return _Step(feature, np.append(np.round(round_ones[inside], 4), moved))


def _grid(unit: str, span: float, size: float) -> float:
    """A step of 1, 2 or 5 times a power of ten: a twentieth of what is said, and enough to cross the span."""
    if unit == "share":
        return 0.05
    floor = 1.0 if unit in _WHOLE else 0.05
    least = max(span / _STEPS, size / 20 if unit == "money" else 0.0, floor)
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(power * times for times in (1, 2, 5, 10) if power * times >= least))


def _move(
    customers: CustomerTable, segmentation: Segmentation, own: dict[str, float], step: _Step, at: int, target: int
) -> Move:
    name, new = step.feature.name, float(step.values[at])
    ends = customers.scalings[name].apply(np.array([own[name], new]))
    weight = dict(segmentation.settings.weights).get(name, 1.0)
    sentence = _sentence(step.feature, own[name], new, segmentation.segments[target].name, customers.currency)
    return Move(name, new, target, abs(float(ends[1] - ends[0])) * weight, sentence)


def _sentence(feature: Feature, own: float, new: float, target: str, currency: str | None) -> str:
    more = new - own
    said = {"new": in_words(new, feature.unit, currency), "own": in_words(own, feature.unit, currency)}
    match feature.name:
        case "recency_days":
            return f"If they do not order for another {formats.days(more)}, they move to “{target}”."
        case "orders":
            return f"With {_further(more, 'order', 'orders')} they would be in “{target}”."
        case "spend":
            condition = f"had spent {in_words(more, 'money', currency)} more ({said['new']} in all)"
        case "breadth":
            condition = f"bought from {_further(more, 'category', 'categories')}"
        case name if name in _IF:
            condition = _IF[name].format(**said)
        case _:
            return f"With a {feature.label.lower()} of {said['new']} (now {said['own']}) they would be in “{target}”."
    return f"If they {condition}, they would be in “{target}”."


def _further(more: float, one: str, many: str) -> str:
    return f"one more {one}" if round(more) == 1 else f"{formats.number(more)} more {many}"
