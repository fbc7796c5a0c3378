"""The basis a shop states: the last statement counts, and none is ever lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from segmentation.errors import SettingOutOfRange, WrongCall
from segmentation.workspace import BASES, BasisLog, Workspace
from tests.segmentation.shops import line, store

AT = "2026-11-01T10:00:00+00:00"
LATER = "2026-11-02T09:30:00+00:00"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "w")


@pytest.fixture
def log(workspace: Workspace) -> BasisLog:
    return BasisLog(workspace, store(workspace, [line("ann", "1", "2026-01-01", "5")]).dataset_id)


def test_nothing_is_stated_until_somebody_does(log: BasisLog) -> None:
    assert log.current() is None
    assert log.all() == ()


@pytest.mark.parametrize("basis", BASES)
def test_a_statement_survives_a_restart_with_its_note_name_and_time(
    workspace: Workspace, log: BasisLog, basis: str
) -> None:
    said = log.state(basis, at=AT, note="  told at\ncheckout ", by="Ann")
    assert (said.basis, said.note, said.by, said.at) == (basis, "told at checkout", "Ann", AT)
    dataset_id = workspace.latest("Shop").dataset_id
    assert BasisLog(Workspace.open(workspace.root), dataset_id).current() == said
    assert "1 Nov 2026 by Ann" in said.sentence.replace("\u00a0", " ")


def test_a_later_statement_counts_and_the_earlier_ones_stay_in_the_log(log: BasisLog) -> None:
    first = log.state("consent", at=AT, note="in the till")
    second = log.state("existing_customers", at=LATER)
    withdrawn = log.withdraw(at=LATER, note="the lawyer said no", by="Bob")
    assert log.current() is None
    assert withdrawn.sentence.startswith("Withdrawn on")
    third = log.state("consent", at=LATER)
    assert log.current() == third
    assert log.all() == (first, second, withdrawn, third)


def test_there_is_nothing_to_withdraw_before_a_statement_or_twice(log: BasisLog) -> None:
    with pytest.raises(WrongCall, match="nothing to withdraw"):
        log.withdraw(at=AT)
    log.state("consent", at=AT)
    log.withdraw(at=AT)
    with pytest.raises(WrongCall, match="nothing to withdraw"):
        log.withdraw(at=LATER)
    assert len(log.all()) == 2


def test_a_basis_that_is_none_and_a_note_that_is_too_long_are_refused_and_not_logged(log: BasisLog) -> None:
    with pytest.raises(SettingOutOfRange, match="existing_customers"):
        log.state("because", at=AT)
    with pytest.raises(WrongCall, match="201 characters; 200"):
        log.state("consent", at=AT, note="x" * 201)
    log.state("consent", at=AT, note="x" * 200)
    assert len(log.all()) == 1


def test_each_dataset_has_its_own_and_a_new_version_keeps_it(workspace: Workspace, log: BasisLog) -> None:
    log.state("consent", at=AT)
    other = store(workspace, [line("ann", "1", "2026-01-01", "5")], name="Other")
    assert BasisLog(workspace, other.dataset_id).current() is None
    again = store(workspace, [line("ann", "1", "2026-01-01", "5"), line("bob", "2", "2026-01-02", "5")])
    assert again.number == 2
    kept = BasisLog(workspace, again.dataset_id).current()
    assert kept is not None
    assert kept.basis == "consent"


def test_deleting_a_dataset_takes_its_statements_along(workspace: Workspace, log: BasisLog) -> None:
    log.state("consent", at=AT)
    workspace.delete("Shop")
    assert log.all() == ()


def test_a_workspace_made_before_statements_were_kept_takes_them(workspace: Workspace, log: BasisLog) -> None:
    with sqlite3.connect(workspace.root / "registry.sqlite") as registry:
        registry.execute("DROP TABLE bases")
    dataset_id = Workspace.open(workspace.root).latest("Shop").dataset_id
    assert BasisLog(workspace, dataset_id).state("consent", at=AT).basis == "consent"
