"""A shallow decision tree over features in natural units, whose cuts are numbers a person would write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from segmentation.customers import CodeArray, Feature, FloatArray
from segmentation.segments.threads import one_thread

SEED = 20_261_101
MOST_LEAVES = 10
_SWEEPS = 3
_UPWARDS = frozenset({"days", "orders", "categories"})
_DAYS = (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 150, 180, 240, 270, 300, 365, 450, 540, 730, 1095, 1460, 1825)

IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where a path ends: customers here belong to `segment`."""

    segment: int


@dataclass(frozen=True, slots=True)
class Split:
    """A question that parts customers; who has no value goes neither way.

    feature: its place in the list of features.
    cut: up to here, in the feature's unit, goes left, the rest right.
    strict: whether the cut itself goes right.
    left, right: what follows.
    """

    feature: int
    cut: float
    strict: bool
    left: Node
    right: Node

    def goes_left(self, values: FloatArray) -> npt.NDArray[np.bool_]:
        """Shape (n,), from the feature's values."""
        return np.asarray(values < self.cut if self.strict else values <= self.cut)


Node = Leaf | Split


def grow(columns: FloatArray, labels: CodeArray, features: Sequence[Feature], *, depth: int, smallest: int) -> Node:
    """A tree that reproduces `labels`, shape (m,), from `columns`, shape (features, m), NaN where undefined.

    Grown greedily on entropy (scikit-learn), then each split is set anew for the fewest wrong labels while the
    others stay, from the lowest up. No leaf holds fewer than `smallest` of the m customers.
    Source: Carreira-Perpinan & Tavallali (2018), "Alternating optimization of decision trees", NeurIPS.
    """
    from sklearn.tree import DecisionTreeClassifier  # noqa: PLC0415 - takes seconds, and most commands do not need it

    fit = DecisionTreeClassifier(
        criterion="entropy", max_depth=depth, min_samples_leaf=smallest, max_leaf_nodes=MOST_LEAVES, random_state=SEED
    )
    with one_thread():
        grown = fit.fit(columns.T, labels).tree_
    units = [feature.unit for feature in features]

    def node(at: int) -> Node:
        left, right = int(grown.children_left[at]), int(grown.children_right[at])
        if left < 0:
            return Leaf(int(fit.classes_[np.argmax(grown.value[at][0])]))
        feature = int(grown.feature[at])
        cut, strict = _whole(float(grown.threshold[at]), units[feature])
        return Split(feature, cut, strict, node(left), node(right))

    tree, everyone = node(0), np.arange(len(labels))
    for _ in range(_SWEEPS):
        better = _held(_improved(tree, everyone, columns, labels, units, smallest), everyone, columns, smallest)
        if better == tree:
            break
        tree = better
    return pruned(tree)


def predicted(tree: Node, columns: FloatArray) -> IntArray:
    """The segment of each customer, shape (m,); -1 where a value on the way is undefined."""
    labels = np.full(columns.shape[1], -1, dtype=np.intp)
    _send(tree, columns, np.arange(columns.shape[1]), labels)
    return labels


def agreement(tree: Node, columns: FloatArray, labels: CodeArray) -> float:
    """The share of customers the tree labels right."""
    return float(np.mean(predicted(tree, columns) == labels))


def used(tree: Node) -> tuple[int, ...]:
    """The places of the features that the tree asks for, in the order of first use from the top."""
    level, features = [tree], dict[int, None]()
    while level:
        splits = [node for node in level if isinstance(node, Split)]
        features.update(dict.fromkeys(split.feature for split in splits))
        level = [child for split in splits for child in (split.left, split.right)]
    return tuple(features)


def pruned(tree: Node) -> Node:
    """The tree without splits whose two sides say the same."""
    if isinstance(tree, Leaf):
        return tree
    left, right = pruned(tree.left), pruned(tree.right)
    return left if left == right else replace(tree, left=left, right=right)


def rounded(tree: Node, columns: FloatArray, labels: CodeArray, features: Sequence[Feature], *, loss: float) -> Node:
    """The tree with each cut at the roundest number that keeps the agreement within `loss` of what it was."""
    floor = agreement(tree, columns, labels) - loss
    for path in list(_paths(tree)):
        split = _at(tree, path)
        for cut in round_numbers(split.cut, features[split.feature].unit):
            tried = _with(tree, path, replace(split, cut=cut, strict=_strict(cut, features[split.feature].unit)))
            if agreement(tried, columns, labels) >= floor:
                tree = tried
                break
    return pruned(tree)


def round_numbers(value: float, unit: str) -> Iterator[float]:
    """Numbers near `value`, the roundest first, the last as good as exact."""
    if unit in {"orders", "categories"}:
        yield float(np.floor(value))
        return
    if unit == "days":
        yield from (float(days) for days in sorted(_DAYS, key=lambda d: abs(d - value))[:2] if _near(days, value))
        yield from (
            float(step * round(value / step)) for step in (30, 10, 5) if _near(step * round(value / step), value)
        )
        yield float(np.floor(value))
    elif unit == "share":
        yield from (float(round(value / step) * step) for step in (0.25, 0.1, 0.05) if abs(value) > step / 2)
        yield 0.0
        yield from (round(value, 2), round(value, 4))
    else:
        size = 10.0 ** np.floor(np.log10(max(abs(value), 1e-9)))
        steps = (5 * size, size, size / 2, size / 4, size / 10, size / 100)
        yield from (round(float(round(value / step) * step), 2) for step in steps if round(value / step))
        yield round(value, 2)


def _near(candidate: float, value: float) -> bool:
    return candidate > 0 and abs(candidate - value) <= 0.2 * value


def _strict(cut: float, unit: str) -> bool:
    """ "Up to 90 days" and "up to 3 orders", but "less than € 100"; a share of 0 is "none at all"."""
    return unit not in _UPWARDS and cut != 0


def _whole(cut: float, unit: str) -> tuple[float, bool]:
    """A cut between two values as one that parts them the same way."""
    return (float(np.floor(cut)), False) if unit in {"orders", "categories"} else (cut, _strict(cut, unit))


# Setting splits anew ------------------------------------------------------------------------------------------------


def _improved(
    tree: Node, rows: IntArray, columns: FloatArray, labels: CodeArray, units: Sequence[str], smallest: int
) -> Node:
    """The tree with every split set anew for the customers in `rows`, the lower ones first."""
    if isinstance(tree, Leaf):
        return Leaf(int(np.bincount(labels[rows]).argmax())) if len(rows) else tree
    left, right = _parted(tree, rows, columns)
    tree = replace(
        tree,
        left=_improved(tree.left, left, columns, labels, units, smallest),
        right=_improved(tree.right, right, columns, labels, units, smallest),
    )
    return _reset(tree, rows, columns, labels, units, smallest)


def _reset(
    split: Split, rows: IntArray, columns: FloatArray, labels: CodeArray, units: Sequence[str], smallest: int
) -> Split:
    """The split at the feature and cut that send most of those to the right side whom only one side labels right."""
    part = columns[:, rows]
    lefts, rights = (predicted(side, part) == labels[rows] for side in (split.left, split.right))
    gain = lefts.astype(np.int32) - rights
    # who has no value is labelled by neither side, so a feature with gaps must win by as many
    lost = [int(np.count_nonzero(rights[np.isnan(values)])) for values in part]
    best, kept = split, int(gain[split.goes_left(part[split.feature])].sum()) - lost[split.feature]
    for feature, values in enumerate(part):
        turn = np.argsort(values, kind="stable")
        ordered = values[turn]
        known = int(np.count_nonzero(~np.isnan(ordered)))
        if known < 2 * smallest:
            continue
        total = np.cumsum(gain[turn])[: known - 1]
        total[ordered[1:known] == ordered[: known - 1]] = np.iinfo(np.int32).min
        total[: smallest - 1] = total[known - smallest :] = np.iinfo(np.int32).min
        at = int(np.argmax(total))
        if total[at] - lost[feature] > kept:
            middle = float(ordered[at] + ordered[at + 1]) / 2
            best, kept = replace(split, feature=feature, cut=middle), int(total[at]) - lost[feature]
    cut, strict = _whole(best.cut, units[best.feature])
    return replace(best, cut=cut, strict=strict)


def _held(tree: Node, rows: IntArray, columns: FloatArray, smallest: int) -> Node:
    """The tree without splits that send almost nobody to one side."""
    if isinstance(tree, Leaf):
        return tree
    left, right = _parted(tree, rows, columns)
    if len(left) < smallest or len(right) < smallest:
        return _held(tree.right if len(left) < len(right) else tree.left, rows, columns, smallest)
    return replace(
        tree, left=_held(tree.left, left, columns, smallest), right=_held(tree.right, right, columns, smallest)
    )


def _parted(split: Split, rows: IntArray, columns: FloatArray) -> tuple[IntArray, IntArray]:
    values = columns[split.feature, rows]
    left, known = split.goes_left(values), ~np.isnan(values)
    return rows[left], rows[known & ~left]


def _send(tree: Node, columns: FloatArray, rows: IntArray, labels: IntArray) -> None:
    if isinstance(tree, Leaf):
        labels[rows] = tree.segment
        return
    left, right = _parted(tree, rows, columns)
    _send(tree.left, columns, left, labels)
    _send(tree.right, columns, right, labels)


# Reaching into a tree: a path is a text of "l" and "r" ---------------------------------------------------------------


def _paths(tree: Node, so_far: str = "") -> Iterator[str]:
    if isinstance(tree, Split):
        yield so_far
        yield from _paths(tree.left, f"{so_far}l")
        yield from _paths(tree.right, f"{so_far}r")


def _at(tree: Node, path: str) -> Split:
    for side in path:
        assert isinstance(tree, Split)
        tree = tree.left if side == "l" else tree.right
    assert isinstance(tree, Split)
    return tree


def _with(tree: Node, path: str, split: Split) -> Node:
    if not path:
        return split
    assert isinstance(tree, Split)
    if path[0] == "l":
        return replace(tree, left=_with(tree.left, path[1:], split))
    return replace(tree, right=_with(tree.right, path[1:], split))
