"""How much of a column passes a test, blanks left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

CONSISTENT = 0.6
"""Share of the filled cells that must pass for a column to be called so."""


def share(values: Iterable[str], test: Callable[[str], object]) -> float:
    """Share of the filled values that pass `test`; 0 where all are blank."""
    filled = [value for value in values if value.strip()]
    return sum(bool(test(value)) for value in filled) / len(filled) if filled else 0.0


def mostly(values: Sequence[str], test: Callable[[str], object]) -> bool:
    """Whether most of the filled values pass `test`."""
    return share(values, test) >= CONSISTENT
