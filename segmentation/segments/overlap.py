"""How a segment made by hand lies over the machine's segments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentation.customers import BoolArray, CodeArray
from segmentation.estimates import Unknown


@dataclass(frozen=True, slots=True)
class Overlap:
    """How a hand-made segment lies over the machine's segments; tuples in order of place.

    customers: how many are in it.
    inside: how many of them are in each segment.
    share: that as a fraction of the hand-made segment.
    covered: that as a fraction of the machine's segment.
    closest: the place of the segment it is most like.
    similarity: what the two share of everyone in either (Jaccard, 0..1).
    """

    customers: int
    inside: tuple[int, ...]
    share: tuple[float, ...]
    covered: tuple[float, ...]
    closest: int
    similarity: float


def compare(mask: BoolArray, labels: CodeArray, groups: int) -> Overlap | Unknown:
    """How those where `mask` is true are spread over the `groups` segments of `labels`; both have shape (n,)."""
    sizes = np.bincount(labels, minlength=groups)
    inside = np.bincount(labels[mask], minlength=groups)
    total = int(inside.sum())
    if not total:
        return Unknown("Nobody meets these conditions, so there is nothing to compare.")
    alike = inside / np.maximum(sizes + total - inside, 1)
    closest = int(np.argmax(alike))
    return Overlap(
        customers=total,
        inside=tuple(int(count) for count in inside),
        share=tuple(float(share) for share in inside / total),
        covered=tuple(float(share) for share in inside / np.maximum(sizes, 1)),
        closest=closest,
        similarity=float(alike[closest]),
    )
