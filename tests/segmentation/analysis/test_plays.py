"""The plays of the sample shop: they follow its plan, and its season's opening."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from segmentation.analysis import Analysis, Study, StudySettings
from segmentation.analysis.plays import last_opening, season_back
from segmentation.assumptions import Assumptions, ShopAssumptions
from segmentation.estimates import Estimate
from segmentation.intake import import_file
from segmentation.segments import Condition, Conditions, Edits, Pin, freeze
from segmentation.workspace import Workspace

ORDERS = Path(__file__).resolve().parents[3] / "sample_data" / "orders.csv"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    workspace = Workspace.open(tmp_path_factory.mktemp("plays"))
    import_file(workspace, ORDERS, dataset="Sample shop", today=date(2026, 11, 22))
    return Analysis.open(workspace, "Sample shop")


@pytest.fixture(scope="module")
def study(shop: Analysis) -> Study:
    return shop.study(StudySettings(segments=6))


@pytest.mark.parametrize(
    ("as_of", "opened"),
    [
        (date(2026, 11, 30), date(2025, 11, 1)),
        (date(2026, 12, 1), date(2026, 11, 1)),
        (date(2026, 3, 1), date(2025, 11, 1)),
    ],
)
def test_the_last_opening_is_the_latest_of_which_the_window_is_over(as_of: date, opened: date) -> None:
    assert last_opening((11, 12), as_of, 30) == opened


def test_hold_is_said_where_the_plan_loses_money_and_nowhere_else(shop: Analysis, study: Study) -> None:
    plan = shop.plan(study)
    said = dict(zip([s.name for s in study.segmentation.segments], shop.plays(study, plan), strict=True))
    losing = {r.name for r in plan.rows if isinstance(r.profit, Estimate) and r.profit.value < 0}
    assert losing
    for segment in study.segmentation.segments:
        if "season" not in segment.words:
            assert said[segment.name].startswith("Hold: ") == (segment.name in losing)


@pytest.mark.parametrize("as_of", [date(2026, 11, 1), date(2026, 6, 1), date(2026, 2, 1)])
def test_nothing_that_the_plan_loses_money_with_is_recommended(shop: Analysis, as_of: date) -> None:
    at = shop.at(as_of)
    study = at.study(StudySettings(segments=6))
    plan = at.plan(study)
    for wait in (True, False):
        for row, said in zip(plan.rows, at.plays(study, plan, wait=wait), strict=True):
            if isinstance(row.profit, Estimate) and row.profit.value < 0:
                assert "Hold" in said, (row.name, said)


def test_people_of_a_season_are_not_judged_by_the_weeks_before_it(shop: Analysis, study: Study) -> None:
    place = next(i for i, s in enumerate(study.segmentation.segments) if "season" in s.words)
    plan = shop.plan(study)
    now = plan.rows[place].baseline_rate
    back = season_back(shop, study, 30)
    assert back is not None
    said = shop.plays(study, plan)[place]
    assert "In the 30\u00a0days from 1 Nov 2025 " in said
    assert isinstance(now, Estimate)
    assert f"{now.value:.0%}".replace("%", "\u00a0%") not in said


def test_the_assumptions_of_the_call_count(shop: Analysis, study: Study) -> None:
    dear = ShopAssumptions(values=Assumptions(contact_cost=500.0))
    said = shop.plays(study, shop.plan(study, dear), dear)
    assert all(one.startswith("Hold") for one in said)


def test_a_pinned_segment_keeps_its_own_play(shop: Analysis) -> None:
    pin = Pin(rule=Conditions((Condition("orders", low=2),)))
    study = shop.study(StudySettings(segments=4, edits=Edits(pins=(pin,))))
    dear = ShopAssumptions(values=Assumptions(contact_cost=500.0))
    assert shop.plays(study, shop.plan(study, dear), dear)[-1] == "Yours: the play is what you pinned them for."


def test_a_segment_by_hand_lies_over_the_segments_as_they_are_called_without_pins(shop: Analysis) -> None:
    everybody = Conditions((Condition("orders", low=1),))
    bare = shop.study(StudySettings(segments=4))
    pinned = shop.study(StudySettings(segments=4, edits=Edits(pins=(Pin(rule=everybody),))))
    assert [s.name for s in pinned.segmentation.segments][:2] == ["No customers", "No customers 2"]
    beside = shop.handmade(pinned, everybody).get().segments
    assert [(s.name, s.colour) for s in beside] == [(s.name, s.colour) for s in bare.segmentation.segments]


def test_the_same_beside_a_saved_segmentation_of_an_earlier_day(shop: Analysis) -> None:
    everybody = Conditions((Condition("orders", low=1),))
    before = shop.at(date(2026, 6, 1))
    study = before.study(StudySettings(segments=4, edits=Edits(pins=(Pin(rule=everybody),))))
    body = freeze(study.customers, study.segmentation)
    saved = shop.saved_segmentations.save("June", key=study.identity.key, body=body, created="2026-06-01T10:00:00")
    now = shop.saved_study(saved)
    assert now.saved
    beside = shop.handmade(now, everybody).get().segments
    assert len(beside) == 4
    assert not any(s.name.startswith("No customers") for s in beside)


def test_a_plan_is_made_once_for_equal_segments_and_anew_for_others(shop: Analysis, study: Study) -> None:
    usual, dear = ShopAssumptions(), ShopAssumptions(values=Assumptions(contact_cost=90.0))
    assert shop.plan(study, usual) is shop.plan(shop.study(StudySettings(segments=len(study.profiles))), usual)
    assert shop.plan(study, dear).assumptions.contact_cost == 90.0
    assert shop.plan(study, usual, budget=5.0).budget == 5.0
    other = shop.study(StudySettings(segments=len(study.profiles) + 1))
    assert len(shop.plan(other, usual).rows) == len(study.profiles) + 1
