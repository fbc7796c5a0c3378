"""Segments as rules a team can rebuild in a mail tool: few conditions in natural units, in words and in SQL."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil, sqrt

import numpy as np

from segmentation.customers import CodeArray, CustomerTable, Feature, FloatArray, catalogue
from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Estimate, Unknown
from segmentation.explain.tree import Leaf, Node, agreement, grow, rounded, used
from segmentation.segments.conditions import Condition, Conditions, phrases

SAMPLE = 20_000
"""Customers the rules are found on; how well they match is counted over everyone."""

FEWEST = 30
"""Rules for fewer customers would be their names."""

DEEPEST = 4
_TRIED = 5_000
COUNTS = frozenset({"orders", "categories"})
"""Units whose values are whole numbers."""

_Leaf = tuple[int, tuple[Condition, ...]]
_WELL_KNOWN = ("recency_days", "orders", "spend")
_SMALLEST_PART = 0.01
_FEWER_MAY_COST, _ONE_LESS_MAY_COST, _ROUND_MAY_COST = 0.015, 0.005, 0.005


@dataclass(frozen=True, slots=True)
class Rule:
    """One way into a segment.

    segment: its place.
    conditions: who meets all of them is in it.
    customers: how many do.
    sentence: it in words.
    """

    segment: int
    conditions: tuple[Condition, ...]
    customers: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Described:
    """How well the rules of one segment find it again.

    segment: its place.
    customers: how many are in it.
    precision: share (0..1) of those who meet its rules who are in it; Unknown where nobody does.
    recall: share (0..1) of it who meet them.
    sentence: its rules in words; "" where it has none.
    """

    segment: int
    customers: int
    precision: Estimate | Unknown
    recall: Estimate | Unknown
    sentence: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of all segments; nobody meets two of them.

    rules: one for each way into a segment.
    agreement: share (0..1) of all customers whom they put in their own segment.
    sql: a CASE expression over columns named like the features, NULL where undefined.
    segments: how well each is found again, in order of place.
    missing: places of those without a rule.
    otherwise: the place of who meets no rule, because a value is undefined.
    features: names of the features used.
    """

    rules: tuple[Rule, ...]
    agreement: Estimate
    sql: str
    segments: tuple[Described, ...]
    missing: tuple[int, ...]
    otherwise: int
    features: tuple[str, ...]

    def labels(self, customers: CustomerTable) -> CodeArray:
        """The segment of each customer by these rules, shape (n,). Raises FeatureUnavailable."""
        codes = np.full(customers.n, self.otherwise, dtype=np.uint8)
        for rule in self.rules:
            codes[Conditions(rule.conditions).mask(customers)] = rule.segment
        return codes


def describe_rules(
    customers: CustomerTable, labels: CodeArray, names: Sequence[str], *, depth: int = 3
) -> Rules | Unknown:
    """Rules that come closest to `labels`, shape (n,), with places among `names`.

    At most `depth` questions lead to a segment, one more where that gives a rule to a segment that would have none;
    there are never more than ten rules. Of trees that match about as well, the one on the fewest and best known
    features. Raises SettingOutOfRange for a depth that nobody could read.
    """
    if not 1 <= depth <= DEEPEST:
        raise SettingOutOfRange("depth", depth, low=1, high=DEEPEST)
    if customers.n < FEWEST:
        return Unknown(f"{customers.n} customers are too few to find rules for; it takes {FEWEST}.")
    if len(np.unique(labels)) < 2:
        return Unknown("Everyone is in one segment, so no rule is needed.")
    rules = _described_at(customers, labels, names, depth)
    if isinstance(rules, Unknown) or not rules.missing or depth == DEEPEST:
        return rules
    deeper = _described_at(customers, labels, names, depth + 1)
    return deeper if isinstance(deeper, Rules) and len(deeper.missing) < len(rules.missing) else rules


def _described_at(customers: CustomerTable, labels: CodeArray, names: Sequence[str], depth: int) -> Rules | Unknown:
    part = labels[:SAMPLE]
    chosen = _few_features(customers, labels[:_TRIED], depth)
    columns = _columns(customers, chosen, len(part))
    tree = grow(columns, part, chosen, depth=depth, smallest=_smallest(len(part)))
    tree = rounded(tree, columns, part, chosen, loss=_ROUND_MAY_COST)
    if isinstance(tree, Leaf):
        return Unknown("No feature tells these segments apart by a simple rule.")
    return _told(customers, labels, names, tree, chosen)


# Which features ---------------------------------------------------------------------------------------------------


def _few_features(customers: CustomerTable, labels: CodeArray, depth: int) -> tuple[Feature, ...]:
    """The fewest and best known features that a tree needs to match the first customers about as well as any.

    Scores are not among them: other systems have the orders, and not our models.
    """
    m, everything = len(labels), tuple(feature for feature in customers.features if feature.grain != "score")

    def score(features: tuple[Feature, ...]) -> tuple[float, tuple[Feature, ...]]:
        columns = _columns(customers, features, m)
        tree = grow(columns, labels, features, depth=depth, smallest=_smallest(m))
        return agreement(tree, columns, labels), tuple(features[i] for i in used(tree))

    whole = {feature: not np.isnan(customers.raw(feature.name)[:m]).any() for feature in everything}
    ladder = (
        tuple(feature for feature in everything if feature.name in _WELL_KNOWN),
        tuple(feature for feature in everything if feature.default and whole[feature]),
        tuple(feature for feature in everything if whole[feature]),
        everything,
    )
    tried = [score(features) for features in dict.fromkeys(ladder) if features]
    best = max(agreed for agreed, _ in tried)
    reached, chosen = next(one for one in tried if one[0] >= best - _FEWER_MAY_COST)
    while len(chosen) > 1:
        fewer = [score(tuple(feature for feature in chosen if feature is not one)) for one in chosen]
        least = max(fewer, key=lambda one: one[0])
        if least[0] < reached - _ONE_LESS_MAY_COST:
            break
        reached, chosen = least
    return chosen or everything


def _columns(customers: CustomerTable, features: Sequence[Feature], m: int) -> FloatArray:
    """The features of the first m customers, shape (features, m), NaN where undefined."""
    return np.stack([customers.raw(feature.name)[:m] for feature in features])


def _smallest(m: int) -> int:
    return max(2, ceil(_SMALLEST_PART * m))


# What the tree says -----------------------------------------------------------------------------------------------


def _told(
    customers: CustomerTable, labels: CodeArray, names: Sequence[str], tree: Node, features: Sequence[Feature]
) -> Rules | Unknown:
    leaves = _merged(list(_leaves(tree, features)))
    found = [(segment, conditions, Conditions(conditions).mask(customers)) for segment, conditions in leaves]
    rules = tuple(
        Rule(segment, conditions, int(mask.sum()), " and ".join(phrases(conditions, customers.currency)))
        for segment, conditions, mask in sorted(found, key=lambda one: one[0])
        if mask.any()
    )
    unmet = ~np.logical_or.reduce([mask for _, _, mask in found])
    otherwise = int(np.bincount(labels[unmet] if unmet.any() else labels).argmax())
    given = np.full(customers.n, otherwise, dtype=np.uint8)
    for segment, _, mask in found:
        given[mask] = segment
    described = tuple(_described(place, labels, given, rules) for place in range(len(names)))
    asked = [condition.feature for rule in rules for condition in rule.conditions]
    return Rules(
        rules=rules,
        agreement=share(int(np.count_nonzero(given == labels)), customers.n),
        sql=_case(rules, otherwise, names),
        segments=described,
        missing=tuple(one.segment for one in described if not one.sentence),
        otherwise=otherwise,
        features=tuple(feature.name for feature in features if feature.name in asked),
    )


def _leaves(tree: Node, features: Sequence[Feature]) -> Iterator[_Leaf]:
    """Every path through the tree as a segment and the conditions on the way, one feature after the other."""
    if isinstance(tree, Leaf):
        yield tree.segment, ()
        return
    left, right = sides(features[tree.feature], tree.cut, strict=tree.strict)
    for own, below in ((left, tree.left), (right, tree.right)):
        for segment, conditions in _leaves(below, features):
            yield segment, _tightened((own, *conditions))


def _merged(leaves: list[_Leaf]) -> list[_Leaf]:
    """The leaves, where two of one segment differ only in the sides of one split as one leaf without that split."""
    for (i, (segment, one)), (j, (other, two)) in combinations(enumerate(leaves), 2):
        first, second = [c for c in one if c not in two], [c for c in two if c not in one]
        if segment == other and len(first) == len(second) == 1 and _opposite(first[0], second[0]):
            conditions = tuple(condition for condition in one if condition in two)
            rest = [leaf for place, leaf in enumerate(leaves) if place not in {i, j}]
            return _merged([*rest, (segment, conditions)]) if conditions else leaves
    return leaves


def _opposite(one: Condition, other: Condition) -> bool:
    """Whether everybody with a value meets exactly one of the two."""
    if one.feature != other.feature:
        return False
    if one.outside != other.outside:
        return (one.low, one.high) == (other.low, other.high)
    low = one.low if other.low is None else other.low
    high = one.high if other.high is None else other.high
    counts = (
        catalogue().get(one.feature).unit in COUNTS and None in {one.low, other.low} and None in {one.high, other.high}
    )
    return counts and low is not None and high is not None and low == high + 1


def sides(feature: Feature, cut: float, *, strict: bool) -> tuple[Condition, Condition]:
    """A split as two conditions: "at most 3 orders" and "at least 4", "less than € 100" and "at least € 100"."""
    name = feature.name
    if strict:
        return Condition(name, low=cut, outside=True), Condition(name, low=cut)
    if feature.unit in COUNTS:  # counts: whole numbers only
        return Condition(name, high=cut), Condition(name, low=cut + 1)
    return Condition(name, high=cut), Condition(name, high=cut, outside=True)


def _tightened(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """The conditions in the order of their features, without those that a stricter one of the same kind includes."""
    kept: dict[tuple[str, bool], Condition] = {}
    for condition in conditions:
        downwards = (condition.high is not None) != condition.outside
        key = (condition.feature, downwards)
        before = kept.get(key)
        kept[key] = condition if before is None else _stricter(before, condition, downwards=downwards)
    order = list(dict.fromkeys(condition.feature for condition in conditions))
    return tuple(sorted(kept.values(), key=lambda condition: order.index(condition.feature)))


def _stricter(one: Condition, other: Condition, *, downwards: bool) -> Condition:
    """Of two conditions with one end each that pull the same way, the one that fewer values meet."""

    def limit(condition: Condition) -> tuple[float, bool]:
        end = condition.low if condition.low is not None else condition.high
        assert end is not None
        return (-end if downwards else end), condition.outside

    return max(one, other, key=limit)


def _described(place: int, labels: CodeArray, given: CodeArray, rules: Sequence[Rule]) -> Described:
    inside, met = labels == place, given == place
    right, sentences = int(np.count_nonzero(inside & met)), [r.sentence for r in rules if r.segment == place]
    return Described(
        segment=place,
        customers=int(inside.sum()),
        precision=share(right, int(met.sum())) if met.any() else Unknown("Nobody meets a rule of this segment."),
        recall=share(right, int(inside.sum())) if inside.any() else Unknown("Nobody is in this segment."),
        sentence="; or ".join(sentences),
    )


def share(hits: int, n: int) -> Estimate:
    """A share of n customers with its 95 % interval (Wilson 1927), as if they were a sample of those to come."""
    part, z = hits / n, 1.959964
    centre = (part + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(part * (1 - part) / n + z * z / (4 * n * n))
    return Estimate(part, max(0.0, min(part, centre - half)), min(1.0, max(part, centre + half)), n)


# In SQL -----------------------------------------------------------------------------------------------------------


def _case(rules: Sequence[Rule], otherwise: int, names: Sequence[str]) -> str:
    said = sql_names(names)
    whens = [f"  WHEN {Conditions(rule.conditions).sql()} THEN {said[rule.segment]}" for rule in rules]
    return "\n".join(["CASE", *whens, f"  ELSE {said[otherwise]}", "END AS segment"])


def sql_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names as SQL strings, all different: quotes doubled, and without what some database reads as a command.

    Control and other invisible characters are left out and a backslash becomes a slash, because MySQL, BigQuery and
    Spark would take it for an escape.
    """
    found: list[str] = []
    for name in names:
        visible = "".join(char for char in name if unicodedata.category(char)[0] not in "CZ" or char == " ")
        text = plain = visible.replace("\\", "/").replace("'", "''")
        number = 2
        while f"'{text}'" in found:
            text, number = f"{plain} ({number})", number + 1
        found.append(f"'{text}'")
    return tuple(found)
