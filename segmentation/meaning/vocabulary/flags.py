"""Yes and no, as shops write them in many languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from segmentation.meaning.vocabulary.lexicon import classes, folded, variants


def flag_of(text: str) -> bool | None:
    """What a cell of yes or no says; None where it says neither, and where it is empty."""
    return _flags().get(folded(text))


@cache
def _flags() -> Mapping[str, bool]:
    return {
        folded(spelling): name == "yes"
        for name, lists in classes("flags").items()
        for entries in lists.values()
        for entry in entries
        for spelling in variants(entry)
    }
