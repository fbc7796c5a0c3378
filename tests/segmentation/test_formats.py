from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from segmentation import formats

S = formats.SPACE


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1234, "1,234"),
        (-1234.6, "-1,235"),
        (-0.2, "0"),
        (None, "–"),
        (float("nan"), "–"),
        (10**9, "1,000,000,000"),
    ],
)
def test_numbers_have_thousands_separated_and_no_negative_zero(value, text):
    assert formats.number(value) == text


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        (1234.5, "EUR", f"€{S}1,234"),
        (12.5, "EUR", f"€{S}12.50"),
        (12, "USD", "$12"),
        (-12.5, "USD", "-$12.50"),
        (Decimal("-0.001"), "USD", "$0.00"),
        (99.5, "JPY", "¥100"),
        (7, "CHF", f"CHF{S}7"),
        (7, None, "7"),
        (None, "EUR", "–"),
        (float("inf"), "EUR", "–"),
    ],
)
def test_money_carries_the_shops_currency(value, currency, text):
    assert formats.money(value, currency) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (950, "950"),
        (1_020_000, "1.02M"),
        (999_999, "1M"),
        (12_345, "12.3k"),
        (123_456, "123k"),
        (2.5e9, "2.5bn"),
        (-45_600, "-45.6k"),
    ],
)
def test_compact_numbers_keep_three_figures(value, text):
    assert formats.compact(value) == text


def test_compact_money_is_written_in_full_below_ten_thousand():
    assert formats.compact_money(9_876.4, "EUR") == f"€{S}9,876"
    assert formats.compact_money(-1_234_567, "EUR") == f"-€{S}1.23M"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.1234, f"12{S}%"),
        (0.034, f"3.4{S}%"),
        (0.03, f"3{S}%"),
        (0, f"0{S}%"),
        (0.0001, f"<0.1{S}%"),
        (1, f"100{S}%"),
        (-0.21, f"-21{S}%"),
    ],
)
def test_percentages_have_one_decimal_at_most(share, text):
    assert formats.percent(share) == text


def test_intervals_name_their_unit_once():
    assert formats.percent_interval(0.12, 0.18) == f"12–18{S}%"
    assert formats.money_interval(1200, 1800, "EUR") == f"€{S}1,200–1,800"
    assert formats.money_interval(-50, 1800, "USD") == "-$50 to $1,800"


def test_a_change_needs_something_to_compare_with():
    assert formats.change(110, 100) == f"+10{S}%"
    assert formats.change(90, 100) == f"-10{S}%"
    assert formats.change(90, 0) is None
    assert formats.change(None, 100) is None


def test_shares_change_by_points():
    assert formats.change_in_points(0.31, 0.28) == f"+3.0{S}points"


def test_dates_are_written_out_and_a_period_names_its_year_once():
    assert formats.day(date(2026, 10, 31)) == "31 Oct 2026"
    assert formats.period(date(2026, 10, 1), date(2026, 10, 31)) == "1 Oct – 31 Oct 2026"
    assert formats.period(date(2025, 12, 1), date(2026, 1, 31)) == "1 Dec 2025 – 31 Jan 2026"
    assert formats.period(date(2026, 1, 1), date(2026, 1, 1)) == "1 Jan 2026"


def test_one_day_is_not_one_days():
    assert (formats.days(1), formats.days(2)) == (f"1{S}day", f"2{S}days")
    assert formats.count(1, "category", "categories") == "1 category"


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("money", f"€{S}3"),
        ("days", f"3{S}days"),
        ("share", f"300{S}%"),
        ("ratio", "3.0×"),
        ("orders", "3 orders"),
        ("categories", "3 categories"),
    ],
)
def test_a_feature_is_shown_in_its_unit(unit, text):
    assert formats.in_unit(3, unit, "EUR") == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "<0.1 %"),
        (0.0001, "<0.1 %"),
        (0.034, "3.4 %"),
        (0.5, "50 %"),
        (0.9999, ">99.9 %"),
        (1, ">99.9 %"),
        (None, "–"),
    ],
)
def test_a_chance_that_was_drawn_is_never_said_to_be_certain(share, text):
    assert formats.chance(share).replace("\u00a0", " ") == text
