"""Why revenue changed: against figures worked out by hand, in odd periods, and that all adds up for any lines."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segmentation.engine import engine_of
from segmentation.estimates import Unknown
from segmentation.kpis import Period, overview
from segmentation.revenue_change import RevenueChange, lines, mix_sentence, revenue_change, sentence
from segmentation.workspace import Workspace
from tests.segmentation.shops import Line, line, store

NOW, BEFORE = Period(date(2026, 2, 1), date(2026, 2, 28)), Period(date(2026, 1, 4), date(2026, 1, 31))

BY_HAND = [
    # Long before: ann and bob are known; the data begins early enough to tell who is new.
    line("ann", "a0", "2025-03-01", "10"),
    line("bob", "b0", "2025-03-01", "10"),
    # Before: two customers, three orders of 40 each; a guest's 25; a refund of 5.
    line("ann", "a1", "2026-01-05", "40"),
    line("ann", "a2", "2026-01-20", "30"),
    line("ann", "a2", "2026-01-21", "10"),
    line("cy", "c1", "2026-01-25", "40"),
    line(None, "g1", "2026-01-26", "25"),
    line("cy", "c1", "2026-01-30", "-5"),
    # Now: three customers, three orders: 60 of ann, 30 of each of two new ones; no guest; 15 paid back; a late line.
    line("ann", "a3", "2026-02-03", "60"),
    line("dan", "d1", "2026-02-10", "30"),
    line("eve", "e1", "2026-02-11", "30"),
    line("cy", "c1", "2026-02-12", "7"),
    line("dan", "d1", "2026-02-20", "-15"),
    line("bob", "b2", "2026-02-20", "0", kind="cancelled"),
]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


def change(workspace: Workspace, rows: list[Line], now: Period = NOW, before: Period = BEFORE) -> RevenueChange:
    return revenue_change(engine_of(workspace.root), store(workspace, rows), now, before)


def test_the_parts_are_those_worked_out_by_hand(workspace):
    """2 customers × 1.5 orders × 40 = 120 became 3 × 1 × 40 = 120.

    Customers: 1 × ((1.5·40 + 1·40) / 3 + (1.5·40 + 1·40) / 6) = 50, orders each the opposite of it, values the same.
    """
    found = change(workspace, BY_HAND)
    assert (found.before.revenue, found.now.revenue) == (Decimal(140), Decimal(112))
    assert found.parts == {
        "customers": Decimal(50), "orders": Decimal(-50), "order_value": Decimal(0),
        "guests": Decimal(-25), "refunds": Decimal(-10), "other": Decimal(7),
    }  # fmt: skip
    assert found.total == Decimal(-28)


def test_new_and_returning_customers_and_their_mix_are_those_worked_out_by_hand(workspace):
    """One new of two customers became two of three, each weighing 50: new ones +50, returning ones 0.

    New customers' orders were 1 of 3 at 40 and are 2 of 3 at 30; the others' 2 of 3 at 40 and 1 of 3 at 60. Mix:
    1/3 × 35 - 1/3 × 50 = -5 an order; new ones -10 × 1/2 = -5, returning ones 20 × 1/2 = 10. An order's value weighs
    2·1.5/3 + 3·1/3 + (2·1 + 3·1.5)/6 = 37/12 orders.
    """
    split = change(workspace, BY_HAND).split
    assert (split.new, split.returning) == (Decimal(50), Decimal(0))
    weight = Decimal(37) / 12
    exact = (-5 * weight, -5 * weight, 10 * weight)
    for got, wanted in zip((split.mix, split.new_value, split.returning_value), exact, strict=True):
        assert abs(got - wanted) < Decimal("0.0001")
    assert split.mix + split.new_value + split.returning_value == 0


def test_the_sentence_says_the_change_its_days_and_its_parts_by_size(workspace):
    found = change(workspace, BY_HAND)
    assert sentence(found, "EUR").replace("\u00a0", " ") == (
        "Revenue fell by € 28 (-20 %) compared with the 28 days before (4 Jan – 31 Jan 2026): more customers +€ 50, "
        "fewer orders each -€ 50, less sold to guests -€ 25, more refunds -€ 10, changes to older orders +€ 7."
    )
    assert [one.label for one in lines(found)][:3] == ["Number of customers", "Orders per customer", "Value per order"]
    assert "33 % " not in mix_sentence(found, "EUR")
    assert "67 % of the customers' orders were of new customers, before 33 %" in mix_sentence(found, "EUR").replace(
        "\u00a0", " "
    )


def test_it_agrees_with_the_overview(workspace):
    version = store(workspace, BY_HAND)
    engine = engine_of(workspace.root)
    found, figures = revenue_change(engine, version, NOW, BEFORE), overview(engine, version, NOW)
    for side, of in ((found.now, figures.now), (found.before, figures.before)):
        assert side.period == of.period
        assert (side.revenue, side.customers, side.new.customers) == (of.revenue, of.customers, of.new)
        assert (side.orders + side.guests.orders, side.guests.orders) == (of.orders, of.guest_orders)


def test_without_data_before_the_earlier_period_nobody_is_called_new(workspace):
    found = change(workspace, BY_HAND[2:])
    assert isinstance(found.split, Unknown)
    assert "Who was new in 4 Jan – 31 Jan 2026 is not known" in found.split.reason
    assert mix_sentence(found, "EUR") == found.split.reason
    assert sum(found.parts.values()) == found.total


ODD = {
    "no orders before": ([line("ann", "a", "2026-02-03", "60")], {"customers": 60}),
    "no orders now": ([line("ann", "a", "2026-01-05", "60")], {"customers": -60}),
    "no lines at all": ([line("ann", "a", "2025-01-05", "60")], {}),
    "guests only": ([line(None, "g", "2026-01-05", "5"), line(None, "h", "2026-02-05", "9")], {"guests": 4}),
    "refunds only": ([line("ann", "a", "2026-02-05", "-9")], {"refunds": -9}),
    "sold for nothing": (
        [line("ann", "a", "2026-01-05", "0"), line("ann", "b", "2026-02-05", "8")],
        {"order_value": 8},
    ),
    "cancelled only": ([line("ann", "a", "2026-02-05", "0", kind="cancelled")], {}),
    "an older order's line": ([line("ann", "a", "2025-12-05", "1"), line("ann", "a", "2026-02-05", "3")], {"other": 3}),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_periods_put_the_change_where_it_is(case, workspace):
    rows, wanted = ODD[case]
    found = change(workspace, rows)
    assert {part: amount for part, amount in found.parts.items() if amount} == wanted
    assert sentence(found, None)
    assert mix_sentence(found, None)
    assert lines(found)


def test_nothing_changed_is_said_as_that(workspace):
    found = change(workspace, [line("ann", "a", "2026-01-05", "60"), line("ann", "b", "2026-02-05", "60")])
    assert sentence(found, None).replace("\u00a0", " ") == (
        "Revenue is what it was in the 28 days before (4 Jan – 31 Jan 2026)."
    )


LINES = st.lists(
    st.builds(
        lambda who, order, day, amount, kind: line(
            who, f"{who}{order}", (date(2025, 12, 20) + timedelta(days=day)).isoformat(), str(amount), kind=kind
        ),
        st.sampled_from(["ann", "bob", "cy", None]),
        st.integers(0, 6),
        st.integers(0, 75),
        st.decimals(-500, 500, places=4),
        st.sampled_from(["sale", "sale", "sale", "refund", "cancelled", "fee"]),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES)
def test_the_parts_add_up_exactly_for_any_lines(tmp_path_factory, rows):
    workspace = Workspace.open(tmp_path_factory.mktemp("any") / "workspace")
    found = change(workspace, rows)
    for period, side in ((NOW, found.now), (BEFORE, found.before)):
        dated = [row for row in rows if period.first <= row["ordered_at"].date() <= period.last]
        assert side.revenue == sum((row["amount"] for row in dated), Decimal(0))
    assert sum(found.parts.values()) == found.total == found.now.revenue - found.before.revenue
    shown = lines(found)
    step = Decimal(1) if all(one.amount == one.amount.to_integral_value() for one in shown) else Decimal("0.01")
    assert abs(sum(one.amount for one in shown) - found.total) <= step
    if not isinstance(found.split, Unknown):
        assert found.split.new + found.split.returning == found.parts["customers"]
        of_value = found.split.mix + found.split.new_value + found.split.returning_value
        assert of_value == found.parts["order_value"]


def test_every_pair_of_sizes_adds_up(workspace):
    """Orders of two periods in every small number, so that no divisor is forgotten."""
    for before, now in product(range(3), range(3)):
        rows = [line("old", "o", "2025-03-01", "1")]
        rows += [line(f"b{i % 2}", f"b{i}", "2026-01-10", str(10 + i)) for i in range(before)]
        rows += [line(f"n{i % 2}", f"n{i}", "2026-02-10", str(33.33 * (i + 1))) for i in range(now)]
        found = change(Workspace.open(workspace.root / f"{before}-{now}"), rows)
        assert sum(found.parts.values()) == found.total
