"""What the chances rest on: how much worse they would tell without a feature, and which way it points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from segmentation import formats
from segmentation.churn.model import Fitted, folds_of
from segmentation.churn.quality import area
from segmentation.churn.windows import Sample
from segmentation.customers import Feature, FloatArray

MOST_TRIED, REPEATS, SEED = 5_000, 3, 20_261_103
LEAST = 0.001
"""A feature whose loss costs less than this is not worth a sentence."""

_NAMED = {
    "customers for long": ("Customers of long standing", "those of long standing"),
    "new customers": ("New customers", "new ones"),
    "big baskets": ("Customers with big baskets", "those with big baskets"),
    "small baskets": ("Customers with small baskets", "those with small baskets"),
    "long pauses between orders": ("Customers who pause long between orders", "those who pause long"),
    "short pauses between orders": ("Customers who pause briefly between orders", "those who pause briefly"),
}

Direction = Literal["more", "less", "mixed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A feature the chances rest on.

    feature: its name in the catalogue.
    label: what people call it.
    loss: by how much the area under the ROC curve (0..1) falls when the feature is shuffled among customers.
    direction: whether customers high in it were "more" or "less" likely to order; "mixed" where neither is sure.
    high: the share (0..1) of the upper third who ordered in the test window.
    low: that of the lower third.
    sentence: it in a sentence.
    """

    feature: str
    label: str
    loss: float
    direction: Direction
    high: float
    low: float
    sentence: str


def drivers(fitted: Fitted, tested: Sample, *, seed: int = SEED) -> tuple[Driver, ...]:
    """The features the chances rest on, the strongest first, on at most MOST_TRIED customers of the test window.

    Features that rise and fall together share what they say, so each of them seems weaker than it is.
    Source: Breiman (2001), "Random forests"; Fisher, Rudin & Dominici (2019), "All models are wrong, but many are
    useful".
    """
    rows = min(tested.n, MOST_TRIED)
    values = fitted.inputs.of(tested.table, slice(rows))
    folds, ordered = folds_of(tested.table.ids[:rows], fitted.members), tested.ordered[:rows]
    rng = np.random.default_rng(seed)
    whole = area(fitted.raw(values, folds), ordered)
    found = []
    for column, name in enumerate(fitted.inputs.features):
        lost = []
        for _ in range(REPEATS):
            shuffled = values.copy()
            shuffled[:, column] = values[rng.permutation(rows), column]
            lost.append(whole - area(fitted.raw(shuffled, folds), ordered))
        if np.mean(lost) >= LEAST:
            known = tested.column(name)[:rows]
            found.append(_driver(tested.table.feature(name), float(np.mean(lost)), known, ordered))
    return tuple(sorted(found, key=lambda driver: -driver.loss))


def _driver(feature: Feature, loss: float, values: FloatArray, ordered: FloatArray) -> Driver:
    known = np.isfinite(values)
    low, high = np.quantile(values[known], [1 / 3, 2 / 3]) if known.any() else (0.0, 0.0)
    least, most = values <= low, values >= high
    if low == high:  # a value that many share: those above it against the rest
        most = values > high
    sides = ordered[known & most], ordered[known & least]
    if min(len(side) for side in sides) == 0:
        sides = ordered, ordered
    up, down = (float(side.mean()) for side in sides)
    doubt = 2 * np.sqrt(sum(max(float(side.var()), 1e-9) / len(side) for side in sides))
    direction: Direction = "mixed" if abs(up - down) <= doubt else "more" if up > down else "less"
    return Driver(
        feature=feature.name,
        label=feature.label,
        loss=loss,
        direction=direction,
        high=up,
        low=down,
        sentence=_sentence(feature, direction, up, down),
    )


def _sentence(feature: Feature, direction: Direction, up: float, down: float) -> str:
    if direction == "mixed":
        return f"{feature.label} tells something only together with other features."
    people = _NAMED.get(feature.high, (f"Customers who {feature.high}", ""))[0]
    others = _NAMED.get(feature.low, ("", f"those who {feature.low}"))[1]
    return (
        f"{people} are {direction} likely to order again: {formats.percent(up)} did, "
        f"against {formats.percent(down)} of {others}."
    )
