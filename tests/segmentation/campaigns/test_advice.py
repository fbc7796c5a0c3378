"""What to do with a segment follows from its plan: a loss says hold and why, a season is judged by its own opening."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from segmentation.assumptions import Assumptions
from segmentation.campaigns import PlanRow, advised, advised_in_season
from segmentation.estimates import Estimate, Unknown
from tests.segmentation.campaigns.test_plan import buyers_like, one

PLAY = "Keep the habit: remind them when their next order is due."
EARNS = one(buyers_like(1000, 300))
LOSES = one(buyers_like(1000, 10), Assumptions(contact_cost=1.0))
DEAR = Assumptions(contact_cost=1.0)
OPENED = date(2025, 11, 1)


def profit_of(row: PlanRow) -> Estimate:
    assert isinstance(row.profit, Estimate)
    return row.profit


def test_a_plan_that_earns_keeps_the_play() -> None:
    assert profit_of(EARNS).value > 0
    assert advised(PLAY, EARNS, Assumptions(), "EUR") == PLAY


def test_a_plan_that_loses_money_says_hold_with_the_loss_its_interval_and_what_would_pay() -> None:
    assert profit_of(LOSES).value < 0
    said = advised(PLAY, LOSES, DEAR, "EUR")
    assert said.startswith(
        f"Hold: contacting them now is expected to lose €\u00a0{-profit_of(LOSES).value:,.0f} (€\u00a0"
    )
    assert "with the assumed uplift of 5\u00a0%" in said
    assert isinstance(LOSES.break_even_uplift, float)
    assert said.endswith(f"It pays from an uplift of {LOSES.break_even_uplift * 100:.0f}\u00a0% on.")


def test_a_loss_that_may_be_a_profit_is_said_to_be_that() -> None:
    doubtful = Estimate(-4.0, -10.0, 6.5, 300)
    said = advised(PLAY, replace(LOSES, profit=doubtful), DEAR, "EUR")
    assert "expected to lose €\u00a04 (from a loss of €\u00a010 to a profit of €\u00a06.50)" in said


def test_an_offer_that_gives_away_the_margin_is_said_to_pay_at_no_uplift() -> None:
    away = Assumptions(offer_kind="percent", offer_value=0.9)
    row = one(buyers_like(1000, 300), away)
    assert isinstance(row.break_even_uplift, Unknown)
    assert advised(PLAY, row, away, None).endswith("no uplift can pay for it.")


def test_where_nobody_knows_what_it_brings_the_play_stays() -> None:
    assert advised(PLAY, one(Unknown("The history is too short.")), Assumptions(), "EUR") == PLAY


def test_people_of_a_season_are_judged_by_what_they_did_when_it_opened() -> None:
    said = advised_in_season(PLAY, EARNS, Assumptions(), "EUR", opened=OPENED)
    assert said.startswith(
        f"{PLAY} In the 30\u00a0days from 1 Nov 2025 30\u00a0% of them ordered; a campaign then is expected"
    )
    lost = advised_in_season(PLAY, LOSES, DEAR, "EUR", opened=OPENED)
    assert lost.startswith("Hold, in the season too: in the 30\u00a0days from 1 Nov 2025 ")
    assert PLAY not in lost


@pytest.mark.parametrize("reason", ["Nobody was in this segment when the window began."])
def test_a_season_that_nobody_knows_is_said_to_be_unknown(reason: str) -> None:
    said = advised_in_season(PLAY, one(Unknown(reason)), Assumptions(), "EUR", opened=OPENED)
    assert said == f"{PLAY} What a campaign in the season brings is not known: {reason}"
