"""What a group's members did on average, learned from one window, with small groups held back.

Every method of a backtest is given its predictions here, so none has a better rule than another. A group of few
customers has a mean that is mostly luck; it counts by the credibility n / (n + k), where k is the variance within
groups over the variance between them, both estimated from the same window.
Source: Bühlmann & Straub (1970), "Glaubwürdigkeit für Schadensätze".
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from segmentation.customers import FloatArray
from segmentation.segments.threads import one_thread

Labels = npt.NDArray[np.integer]


def group_means(labels: Labels, values: FloatArray, groups: int) -> FloatArray:
    """What to expect of a member of each group, shape (outcomes, groups), from values of shape (outcomes, n).

    Small groups are drawn towards the mean of everyone; a group nobody was in gets that mean.
    """
    people, sums, squares = _sums(labels, values, groups)
    overall = values.mean(axis=1, keepdims=True)
    return _credible(people, sums, squares, np.broadcast_to(overall, sums.shape), spent=1)


def cell_means(scores: Labels, values: FloatArray, highest: int) -> FloatArray:
    """As `group_means` for the cells of several scores, shape (outcomes, highest ** measures).

    `scores`, shape (measures, n), run from 0 to highest - 1; the first measure is the most significant digit of a
    cell's number. Thin cells are drawn towards what their scores add up to (an additive model of the scores), which
    is also what a cell nobody was in gets.
    """
    measures = len(scores)
    cells = highest**measures
    people, sums, squares = _sums(cell_of(scores, highest), values, cells)
    spots = np.stack(np.unravel_index(np.arange(cells), (highest,) * measures))
    offsets = np.arange(measures)[:, None] * highest
    design = np.zeros((cells, measures * highest))
    design[np.arange(cells), spots + offsets] = 1.0
    overall = values.mean(axis=1)
    weight = np.sqrt(people)[:, None]
    above = (sums / np.maximum(people, 1)).T - overall
    with one_thread():
        effects, _, rank, _ = np.linalg.lstsq(design * weight, above * weight, rcond=1e-9)
        parents = np.maximum(overall[:, None] + (design @ effects).T, 0.0)
    return _credible(people, sums, squares, parents, spent=int(rank))


def cell_of(scores: Labels, highest: int) -> npt.NDArray[np.intp]:
    """The number of each customer's cell, shape (n,), from scores of shape (measures, n)."""
    cell = np.zeros(scores.shape[1], dtype=np.intp)
    for score in scores:
        cell = cell * highest + score
    return cell


def _sums(labels: Labels, values: FloatArray, groups: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Customers, shape (groups,), and sums and sums of squares of each outcome, shape (outcomes, groups)."""
    label = labels.astype(np.intp)
    people = np.bincount(label, minlength=groups).astype(np.float64)
    sums = np.stack([np.bincount(label, weights=v, minlength=groups) for v in values]).astype(np.float64)
    squares = np.stack([np.bincount(label, weights=v * v, minlength=groups) for v in values]).astype(np.float64)
    return people, sums, squares


def _credible(
    people: FloatArray, sums: FloatArray, squares: FloatArray, parents: FloatArray, *, spent: int
) -> FloatArray:
    """Each group's mean where it is credible, its parent where it is not; `spent` parameters made the parents."""
    total, held = people.sum(), np.maximum(people, 1.0)
    means = np.where(people > 0, sums / held, parents)
    filled = int(np.count_nonzero(people))
    within = (squares - sums * sums / held).sum(axis=1) / max(total - filled, 1.0)
    spread = (people * (means - parents) ** 2).sum(axis=1)
    between = np.maximum(spread - (filled - spent) * within, 0.0) / max(total - (people**2).sum() / total, 1.0)
    weight = people * between[:, None] / np.maximum(people * between[:, None] + within[:, None], 1e-300)
    return np.asarray(parents + weight * (means - parents))
