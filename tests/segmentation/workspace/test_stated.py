"""What is stated about a shop is kept with it, by the last word of whoever says it, and goes with it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from segmentation.assumptions import USUAL, Assumptions, Value
from segmentation.errors import SettingOutOfRange, WorkspaceBroken
from segmentation.workspace import StatedAssumptions, Workspace
from segmentation.workspace.backup import backup
from segmentation.workspace.rebuild import rebuild
from segmentation.workspace.restore import restore
from tests.segmentation.shops import line, store

AT = "2026-11-01T10:00:00+00:00"
LINES = [line("ann", "1", "2026-01-01", "5")]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "w")


@pytest.fixture
def kept(workspace: Workspace) -> StatedAssumptions:
    return StatedAssumptions(workspace, store(workspace, LINES).dataset_id)


def rows(workspace: Workspace) -> int:
    with workspace.registry() as registry:
        (number,) = registry.execute("SELECT count(*) FROM assumptions").fetchone()
    return int(number)


def put(workspace: Workspace, text: object) -> None:
    with workspace.registry() as registry:
        registry.execute("UPDATE assumptions SET text = ?", (text,))


def test_a_shop_of_which_nobody_said_anything_has_the_usual_ones_and_nothing_is_kept(
    workspace: Workspace, kept: StatedAssumptions
) -> None:
    assert kept.current() == USUAL
    assert rows(workspace) == 0


def test_what_is_stated_survives_a_restart_and_a_new_version(workspace: Workspace, kept: StatedAssumptions) -> None:
    said = kept.state(margin=0.45, offer_kind="amount", offer_value=3.0)
    again = store(workspace, [*LINES, line("bob", "2", "2026-01-02", "5")])
    assert again.number == 2
    assert StatedAssumptions(Workspace.open(workspace.root), again.dataset_id).current() == said
    assert said == Assumptions(margin=0.45, offer_kind="amount", offer_value=3.0)


def test_two_who_state_different_values_do_not_undo_each_other_and_of_one_value_the_last_word_counts(
    workspace: Workspace, kept: StatedAssumptions
) -> None:
    other = StatedAssumptions(Workspace.open(workspace.root), workspace.latest("Shop").dataset_id)
    kept.state(margin=0.45)
    other.state(save_rate=0.2)
    kept.state(save_rate=0.3)
    assert other.current() == Assumptions(margin=0.45, save_rate=0.3)


def test_what_is_put_back_is_forgotten(workspace: Workspace, kept: StatedAssumptions) -> None:
    kept.state(0.56, margin=0.45)
    assert kept.current() == Assumptions(margin=0.45, margin_over_costs=True)
    kept.state(0.56, margin=0.56)
    assert kept.current() == USUAL
    assert rows(workspace) == 0


@pytest.mark.parametrize("margin", [0.3, 0.45, 0.56, 0.0, 1.0])
@pytest.mark.parametrize("measured", [None, 0.3, 0.45, 0.56, -0.3, 1.4])
@pytest.mark.parametrize(
    "change",
    [{"save_rate": 0.2}, {"offer_kind": "percent", "offer_value": 0.1}, {"uplift_low": 0.04}, {"discount": 0.1}],
)
def test_a_margin_stated_over_the_costs_stays_when_something_else_is_stated_at_a_date_with_other_costs_or_none(
    kept: StatedAssumptions, margin: float, measured: float | None, change: dict[str, Value]
) -> None:
    kept.state(0.6, margin=margin)
    said = kept.state(measured, **change)
    assert (said.margin, said.margin_over_costs) == (margin, True)
    assert kept.current() == said


def test_a_margin_stated_without_costs_stays_when_something_else_is_stated(kept: StatedAssumptions) -> None:
    kept.state(margin=0.45)
    for measured in (0.45, 0.3, None):
        assert kept.state(measured, save_rate=0.2 if measured else 0.1).margin == 0.45


def test_a_margin_changed_where_there_are_no_costs_still_counts_over_those_there_are(kept: StatedAssumptions) -> None:
    kept.state(0.56, margin=0.45)
    assert kept.state(None, margin=0.5) == Assumptions(margin=0.5, margin_over_costs=True)
    assert kept.state(None, margin=0.3) == USUAL


def test_what_cannot_be_is_refused_and_changes_nothing(kept: StatedAssumptions) -> None:
    kept.state(save_rate=0.2)
    with pytest.raises(SettingOutOfRange):
        kept.state(margin=1.5)
    assert kept.current() == Assumptions(save_rate=0.2)


@pytest.mark.parametrize("text", ["{", "", '{"layout": 9, "stated": {"save_rate": 0.9}}', b"\xff", 7, "\x00"])
def test_what_cannot_be_read_gives_the_usual_ones_and_can_be_stated_anew(
    workspace: Workspace, kept: StatedAssumptions, text: object
) -> None:
    kept.state(save_rate=0.2)
    put(workspace, text)
    assert kept.current() == USUAL
    kept.state(discount=0.2)
    assert kept.current() == Assumptions(discount=0.2)


def test_each_shop_has_its_own_and_deleting_one_takes_its_own_along(
    workspace: Workspace, kept: StatedAssumptions
) -> None:
    other = StatedAssumptions(workspace, store(workspace, LINES, name="Other").dataset_id)
    kept.state(margin=0.45)
    assert other.current() == USUAL
    other.state(margin=0.2)
    workspace.delete("Shop")
    assert kept.current() == USUAL
    assert other.current().margin == 0.2
    assert rows(workspace) == 1


def test_nothing_can_be_stated_of_a_shop_that_is_gone(workspace: Workspace, kept: StatedAssumptions) -> None:
    workspace.delete("Shop")
    with pytest.raises(WorkspaceBroken, match="deleted meanwhile"):
        kept.state(margin=0.45)
    assert rows(workspace) == 0


def test_a_backup_brings_them_back(workspace: Workspace, kept: StatedAssumptions, tmp_path: Path) -> None:
    kept.state(margin=0.45)
    backup(workspace, tmp_path / "all.tar", created=AT, by="user:1")
    kept.state(margin=0.2)
    restore(tmp_path / "new", tmp_path / "all.tar", by="user:1")
    there = Workspace.open(tmp_path / "new")
    assert StatedAssumptions(there, there.latest("Shop").dataset_id).current().margin == 0.45


def test_listing_the_shops_anew_takes_them_over(workspace: Workspace, kept: StatedAssumptions) -> None:
    kept.state(margin=0.45)
    with sqlite3.connect(workspace.root / "registry.sqlite") as registry:
        registry.execute("INSERT INTO assumptions VALUES ('gone', '')")
    made = rebuild(workspace.root)
    assert (made.lost, made.taken_over["assumptions"]) == ((), 1)
    assert kept.current().margin == 0.45


def test_a_workspace_made_before_they_were_kept_takes_them(workspace: Workspace, kept: StatedAssumptions) -> None:
    with sqlite3.connect(workspace.root / "registry.sqlite") as registry:
        registry.execute("DROP TABLE assumptions")
    again = Workspace.open(workspace.root)
    assert StatedAssumptions(again, again.latest("Shop").dataset_id).state(margin=0.45).margin == 0.45
