"""Long stretches without orders, and that they are said wherever silence of customers is learned from."""

from __future__ import annotations

from datetime import date, timedelta

from segmentation.customers.gaps import LONG, Gap, counted_as_silence

START = date(2025, 11, 1)


def gap(days: int, start: date = START) -> Gap:
    return Gap(start, start + timedelta(days=days - 1), 17.0 * days)


def test_a_long_gap_is_said_with_its_dates_and_a_short_one_is_not() -> None:
    assert counted_as_silence([]) == ""
    assert counted_as_silence([gap(LONG - 1)]) == ""
    said = counted_as_silence([gap(151)]).replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("No orders are known of 1 Nov 2025 – 31 Mar 2026 (151 days): a closed shop, or an export")
    assert "as if the customers had not wanted to order" in said


def test_several_long_gaps_are_all_named() -> None:
    said = counted_as_silence([gap(40, date(2024, 1, 1)), gap(5), gap(60)])
    assert "2024" in said
    assert said.count("days)") == 2
