"""Profiles of groups from binned features: one count per feature, then everything is arithmetic on small tables.

A customer's feature is one of at most 254 codes, so the customers of each group per code say all a profile needs;
a million customers are counted in milliseconds and nothing is sorted. Features that take at most 254 different
values come out exact, others within one bin (0.4 % of the customers).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from segmentation.customers import CLIP, UNDEFINED, BoolArray, CodeArray, CustomerTable, Feature, FloatArray
from segmentation.customers.scaling import transformed
from segmentation.customers.typical import quantile
from segmentation.profiles.sentences import sentence

FEW = 10
"""Smaller groups show their size only: a median of nine people says who they are, not what the group is like."""

_CODES = UNDEFINED + 1
_STRONGEST = 3
_NOTICEABLE = 0.1
_NOTICEABLE_PART, _NOTICEABLE_LIFT = 0.03, 1.05
_CHUNK = 1 << 16
_KIN = {
    "active_days": "orders",
    "gap_days": "orders",
    "orders": "orders",
    "spend": "spend",
    "tenure_days": "recency",
    "recency_days": "recency",
    "trend": "recency",
}
"""Features that mostly say the same: a card names one of each kind."""

MUCH = 0.25
"""The fraction of a group's revenue from which on it is said that one customer brought it."""


@dataclass(frozen=True, slots=True)
class Quartiles:
    """The values that a quarter, half and three quarters of a group's customers stay below, in the feature's unit.

    low, median, high: these three.
    """

    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """How far a group is from everyone in one feature.

    feature: its name.
    size: in standard deviations, positive when above.
    sentence: it in a sentence.
    """

    feature: str
    size: float
    sentence: str


@dataclass(frozen=True, slots=True)
class GroupProfile:
    """A group of customers beside everyone. With few customers only size and revenue are told.

    customers: how many there are.
    share_of_customers: fraction of everyone; the groups of one call add up to 1.
    revenue: what they spent in shop currency.
    share_of_revenue: fraction of everyone's; the groups of one call add up to 1.
    few: whether there are too few to describe.
    typical: quartiles by feature; without those that are undefined for the whole group.
    differences: distance from everyone in standard deviations by feature; without the same.
    strongest: up to three differences, the largest first.
    buys: up to three categories with their lift (share of the group's spend over share of everyone's).
    defined: customers who have a value, by feature.
    averages: averages by feature, of values within those of the 1st and the 99th of 100 customers; without the same.
    from_one: fraction of their revenue that the one who spent most brought.
    """

    customers: int
    share_of_customers: float
    revenue: float
    share_of_revenue: float
    few: bool
    typical: Mapping[str, Quartiles]
    differences: Mapping[str, float]
    strongest: tuple[Difference, ...]
    buys: tuple[tuple[str, float], ...]
    defined: Mapping[str, int]
    averages: Mapping[str, float] = field(default_factory=dict)
    from_one: float = 0.0

    @property
    def rests_on_one(self) -> bool:
        """Whether so much of the revenue is one customer's that it says little of the others."""
        return not self.few and self.from_one >= MUCH


@dataclass(frozen=True, slots=True)
class Survey:
    """The profiles of all groups.

    groups: one for each, in order.
    everyone: that of all customers together.
    """

    groups: tuple[GroupProfile, ...]
    everyone: GroupProfile


@dataclass(frozen=True, slots=True, eq=False)
class _Counted:
    """One feature counted: arrays of shape (groups + 1,) or (groups + 1, 3); the last row is everyone."""

    feature: Feature
    defined: npt.NDArray[np.intp]
    quartiles: FloatArray
    average: FloatArray
    size: FloatArray


def describe(customers: CustomerTable, labels: CodeArray, groups: int) -> tuple[GroupProfile, ...]:
    """The profile of each of the `groups` groups; `labels`, shape (n,), holds 0..groups-1 for each customer."""
    return survey(customers, labels, groups).groups


def describe_selection(customers: CustomerTable, mask: BoolArray) -> GroupProfile:
    """The profile of the customers where `mask`, shape (n,), is true, beside everyone."""
    return survey(customers, np.asarray(mask, dtype=np.uint8), 2).groups[1]


def survey(customers: CustomerTable, labels: CodeArray, groups: int) -> Survey:
    """The profiles of all groups and of everyone together, from one pass over the customers."""
    at = labels.astype(np.intp)
    sizes = np.bincount(at, minlength=groups)
    spent_by = np.nan_to_num(customers.spend)
    revenue = np.bincount(at, weights=spent_by, minlength=groups)
    most = np.zeros(groups + 1)
    np.maximum.at(most, at, spent_by)
    most[groups] = most.max()
    at *= _CODES
    scratch = np.empty_like(at)
    counted = [_count(customers, feature, at, scratch, groups) for feature in customers.features]
    bought = _bought(customers, labels, groups)
    total = float(revenue.sum())
    profiles = [
        replace(
            _profile(counted, group, int(size), float(spent), customers, total=total, buys=buys),
            from_one=min(float(most[group] / spent), 1.0) if spent > 0 else 0.0,  # others may have sent back more
        )
        for group, (size, spent, buys) in enumerate(
            zip([*sizes, customers.n], [*revenue, total], [*bought, ()], strict=True)
        )
    ]
    return Survey(tuple(profiles[:-1]), profiles[-1])


def _profile(
    counted: list[_Counted],
    group: int,
    size: int,
    revenue: float,
    customers: CustomerTable,
    *,
    total: float,
    buys: tuple[tuple[str, float], ...],
) -> GroupProfile:
    few = size < FEW
    features = [] if few else [c for c in counted if c.defined[group]]
    return GroupProfile(
        customers=size,
        share_of_customers=size / max(customers.n, 1),
        revenue=revenue,
        share_of_revenue=revenue / total if total else 0.0,
        few=few,
        typical={c.feature.name: Quartiles(*(float(q) for q in c.quartiles[group])) for c in features},
        differences={c.feature.name: float(c.size[group]) for c in features},
        strongest=_strongest(features, group, customers.currency),
        buys=() if few else buys,
        defined={c.feature.name: int(c.defined[group]) for c in counted},
        averages={c.feature.name: float(c.average[group]) for c in features},
    )


def _count(
    customers: CustomerTable, feature: Feature, at: npt.NDArray[np.intp], scratch: npt.NDArray[np.intp], groups: int
) -> _Counted:
    """Count one feature; `at` is each customer's group times the number of codes, `scratch` is written over."""
    levels = customers.levels(feature.name)
    np.add(at, customers.codes(feature.name), out=scratch)
    counts = np.bincount(scratch, minlength=groups * _CODES).reshape(groups, _CODES)[:, : len(levels)]
    counts = np.vstack([counts, counts.sum(axis=0)])
    below = counts.cumsum(axis=1)
    defined = below[:, -1] if len(levels) else np.zeros(groups + 1, dtype=np.intp)
    if not defined[-1]:
        nothing = np.zeros(groups + 1)
        return _Counted(feature, defined, np.zeros((groups + 1, 3)), nothing, nothing)
    quartiles = np.stack([quantile(below, levels, q) for q in (0.25, 0.5, 0.75)], axis=1)
    people = np.maximum(defined, 1)
    low, high = (float(quantile(below[-1:], levels, q)[0]) for q in (0.01, 0.99))
    average = counts @ np.clip(levels, low, high) / people
    size = counts @ _standardised(levels, counts[-1], feature) / people
    return _Counted(feature, defined, quartiles, average, size - size[-1])


def _standardised(levels: FloatArray, counts: npt.NDArray[np.intp], feature: Feature) -> FloatArray:
    """The levels in standard deviations of all customers, on the feature's transformed scale, within ±CLIP."""
    values = transformed(levels, feature.transform)
    share = counts / counts.sum()
    centre = float(share @ values)
    spread = float(np.sqrt(share @ (values - centre) ** 2))
    if spread <= 1e-9 * max(1.0, abs(centre)):
        return np.zeros(len(levels))
    return np.clip((values - centre) / spread, -CLIP, CLIP)


def _strongest(features: list[_Counted], group: int, currency: str | None) -> tuple[Difference, ...]:
    """Up to three differences, the largest first, no two of the same kind and none that nobody would notice."""
    differences: list[Difference] = []
    kinds: set[str] = set()
    for c in sorted(features, key=lambda c: -abs(c.size[group])):
        size, kind = float(c.size[group]), _KIN.get(c.feature.name, c.feature.name)
        if len(differences) == _STRONGEST or abs(size) < _NOTICEABLE:
            break
        if kind in kinds:
            continue
        kinds.add(kind)
        medians = float(c.quartiles[group, 1]), float(c.quartiles[-1, 1])
        value, usual, averages = _figures(c.feature, size, medians, (float(c.average[group]), float(c.average[-1])))
        text = sentence(c.feature, value, usual, above=size > 0, averages=averages, currency=currency)
        differences.append(Difference(c.feature.name, size, text))
    return tuple(differences)


def difference_of(feature: Feature, group: GroupProfile, everyone: GroupProfile) -> tuple[float, float, bool]:
    """The group's figure, everyone's, and whether they are averages: medians where these differ the same way."""
    name = feature.name
    medians = group.typical[name].median, everyone.typical[name].median
    return _figures(feature, group.differences[name], medians, (group.averages[name], everyone.averages[name]))


def _figures(
    feature: Feature, size: float, medians: tuple[float, float], averages: tuple[float, float]
) -> tuple[float, float, bool]:
    value, usual = medians
    if feature.unit == "share" or (value > usual) != (size > 0) or value == usual:
        return *averages, True
    return value, usual, False


def _bought(customers: CustomerTable, labels: CodeArray, groups: int) -> list[tuple[tuple[str, float], ...]]:
    """For each group up to three categories it buys more of than everyone does, with the lift."""
    spend = customers.category_spend
    if spend is None or not customers.categories:
        return [()] * groups
    sums = np.zeros((groups, spend.shape[1]))
    for start in range(0, customers.n, _CHUNK):
        part = labels[start : start + _CHUNK]
        member = (part == np.arange(groups, dtype=np.uint8)[:, None]).astype(np.float32)
        sums += member @ spend[start : start + _CHUNK]
    sums = np.maximum(sums, 0.0)
    everyone = sums.sum(axis=0)
    return [_lifted(row, everyone, customers.categories) for row in sums]


def _lifted(spent: FloatArray, everyone: FloatArray, categories: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    if spent.sum() <= 0:
        return ()
    part = spent / spent.sum()
    lift = part / np.maximum(everyone / everyone.sum(), 1e-12)
    best = sorted(range(len(part)), key=lambda i: (-lift[i], i))
    known = [i for i in best if lift[i] >= _NOTICEABLE_LIFT and part[i] >= _NOTICEABLE_PART]
    return tuple((categories[i], float(lift[i])) for i in known[:_STRONGEST])
