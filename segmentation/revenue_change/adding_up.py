"""Exact decompositions: the change of a product by its factors, the change of an average by its mix, rounded sums.

The change of a product is divided by the Shapley value: the effect of a factor is what its change adds, averaged over
all orders in which the factors may change. It is exact, treats the factors alike, and gives the opposite of itself
where the two periods change places. Source: Sun (1998), "Changes in energy consumption and energy intensity: a complete
decomposition model"; Shorrocks (2013), "Decomposition procedures for distributional analysis: a unified framework based
on the Shapley value". The logarithmic mean Divisia index (Ang 2004, "Decomposition analysis for policymaking in
energy") is as exact, but takes logarithms: there are none of a period without sales, or with sales of nothing.

The change of an average is divided as Kitagawa (1955), "Components of a difference between two rates", does.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

Pair = tuple[Fraction, Fraction]
"""A value before and now."""


def weights(factors: tuple[Pair, Pair, Pair]) -> tuple[Fraction, Fraction, Fraction]:
    """What a change of one in each of three factors changes of their product, by the Shapley value."""
    return _weight(factors[1], factors[2]), _weight(factors[0], factors[2]), _weight(factors[0], factors[1])


def _weight(one: Pair, other: Pair) -> Fraction:
    same = one[0] * other[0] + one[1] * other[1]
    crossed = one[0] * other[1] + one[1] * other[0]
    return same / 3 + crossed / 6


def by_mix(shares: Sequence[Pair], averages: Sequence[Pair]) -> tuple[Fraction, tuple[Fraction, ...]]:
    """The change of an average over groups: what their shares changed of it, and what the average of each group did."""
    mix = sum(
        ((share[1] - share[0]) * (of[0] + of[1]) / 2 for share, of in zip(shares, averages, strict=True)), Fraction()
    )
    return mix, tuple((of[1] - of[0]) * (share[0] + share[1]) / 2 for share, of in zip(shares, averages, strict=True))


def rounded(amounts: Sequence[Decimal | Fraction], step: Decimal, total: Decimal | None = None) -> tuple[Decimal, ...]:
    """Amounts in whole steps that add up to a total, by default their sum in whole steps.

    All are rounded down, and what is left goes to those that lost most (largest remainder).
    """
    exact = [Fraction(amount) / Fraction(step) for amount in amounts]
    whole = [floor(one) for one in exact]
    left = round(sum(exact, Fraction()) if total is None else Fraction(total) / Fraction(step)) - sum(whole)
    by_loss = sorted(range(len(exact)), key=lambda i: (whole[i] - exact[i], i))
    for rank, place in enumerate(by_loss):
        whole[place] += left // len(exact) + (rank < left % len(exact))
    return tuple(one * step for one in whole)
