"""Exact effects of factors, exact mixes, and rounding that keeps the sum."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from segmentation.revenue_change.adding_up import by_mix, rounded, weights

VALUES = st.fractions(-50, 50, max_denominator=40)
PAIRS = st.tuples(VALUES, VALUES)
CENT = Decimal("0.01")


@given(PAIRS, PAIRS, PAIRS)
def test_the_effects_of_three_factors_add_up_whatever_they_are(a, b, c):
    effects = [weight * (of[1] - of[0]) for weight, of in zip(weights((a, b, c)), (a, b, c), strict=True)]
    assert sum(effects) == a[1] * b[1] * c[1] - a[0] * b[0] * c[0]


@given(PAIRS, PAIRS, PAIRS)
def test_where_the_periods_change_places_every_effect_is_the_opposite(a, b, c):
    back = tuple(pair[::-1] for pair in (a, b, c))
    assert weights(back) == weights((a, b, c))


def test_the_effects_are_the_average_over_all_orders_of_change():
    # 2 × 3 × 5 = 30 becomes 4 × 3 × 6 = 72; by hand, the first factor adds 30, 36, 30, 36, 30 and 36 in the six orders.
    factors = tuple((Fraction(one), Fraction(two)) for one, two in ((2, 4), (3, 3), (5, 6)))
    effects = [weight * (of[1] - of[0]) for weight, of in zip(weights(factors), factors, strict=True)]
    assert effects == [33, 0, 9]


@given(st.lists(st.tuples(PAIRS, PAIRS), max_size=4))
def test_mix_and_averages_add_up_to_the_change_of_the_average(groups):
    shares, averages = [one for one, _ in groups], [two for _, two in groups]
    mix, within = by_mix(shares, averages)
    before, now = (sum(share[i] * of[i] for share, of in groups) for i in (0, 1))
    assert mix + sum(within) == now - before


@given(st.lists(st.fractions(-10_000, 10_000, max_denominator=999), min_size=1, max_size=6))
def test_rounded_amounts_add_up_to_the_rounded_sum_and_are_less_than_a_step_away(amounts):
    found = rounded(amounts, CENT)
    assert sum(found) == round(sum(amounts) * 100) * CENT
    assert all(abs(Fraction(one) - amount) < Fraction(CENT) for one, amount in zip(found, amounts, strict=True))


@given(st.lists(st.fractions(-100, 100, max_denominator=999), min_size=2, max_size=4), st.integers(-1, 1))
def test_a_total_that_was_rounded_elsewhere_is_kept(amounts, steps):
    total = round(sum(amounts) * 100) * CENT + steps * CENT
    assert sum(rounded(amounts, CENT, total)) == total


def test_nothing_stays_nothing():
    assert rounded([Decimal(0), Decimal("0.5"), Decimal("0.25"), Decimal("0.25")], Decimal(1)) == (0, 1, 0, 0)
