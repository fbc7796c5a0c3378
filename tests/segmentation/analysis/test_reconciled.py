"""Lifetime value beside the return of a campaign: where they seem to disagree it is said why both hold."""

from __future__ import annotations

import pytest

from segmentation.analysis.reconciled import reconciled
from segmentation.assumptions import Assumptions
from segmentation.campaigns import Plan, plan
from segmentation.estimates import Estimate, Unknown
from tests.segmentation.campaigns.test_plan import buyers_like

DEAR = Assumptions(contact_cost=1.0)


def planned(*ordered: int) -> Plan:
    """Segments of 1,000 customers each, of whom so many ordered; a contact costs 1."""
    names = [f"Segment {place}" for place in range(len(ordered))]
    return plan(names, [1000] * len(ordered), None, [buyers_like(1000, one) for one in ordered], DEAR)


def worth(*values: float) -> list[Estimate]:
    return [Estimate(value, value * 0.9, value * 1.1, 1000) for value in values]


LOSES, EARNS = 10, 900


def test_the_plans_of_these_tests_lose_and_earn() -> None:
    profits = [row.profit for row in planned(LOSES, EARNS).rows]
    assert profits[0].value < 0 < profits[1].value  # type: ignore[union-attr]


def test_where_those_worth_most_earn_most_nothing_is_said() -> None:
    assert reconciled(planned(LOSES, EARNS), worth(1_000, 9_000), 12, "EUR") == ""


def test_who_is_worth_more_and_loses_money_is_named_with_both_figures_and_why() -> None:
    said = reconciled(planned(LOSES, EARNS), worth(9_000, 1_000), 12, "EUR").replace("\u00a0", " ")
    assert said.startswith("“Segment 0” are worth € 9,000 in 12 months (€ 9 each), and a campaign to all who may be")
    assert "is expected to lose €" in said
    assert "“Segment 1” are worth € 1,000 in 12 months" in said
    assert "is expected to earn €" in said
    assert said.endswith("pays its offer on all of them.")


def test_of_several_the_one_that_is_worth_most_is_named() -> None:
    said = reconciled(planned(LOSES, LOSES, EARNS), worth(8_000, 9_000, 100), 24, None)
    assert "“Segment 1”" in said
    assert "“Segment 0”" not in said
    assert "in 24 months" in said


@pytest.mark.parametrize("values", [worth(0, 0), [Estimate(0, 0, 0, 0), Estimate(0, 0, 0, 0)], worth(5_000, 5_000)])
def test_without_a_difference_in_value_nothing_is_said(values: list[Estimate]) -> None:
    assert reconciled(planned(LOSES, EARNS), values, 12, "EUR") == ""


def test_a_plan_that_is_not_known_contradicts_nothing() -> None:
    unknown = plan(["A", "B"], [1000, 1000], None, Unknown("The history is too short."), DEAR)
    assert reconciled(unknown, worth(9_000, 1_000), 12, "EUR") == ""
