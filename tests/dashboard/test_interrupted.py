"""An import whose server was ended is complete or was lost: the versions and the audit log tell which."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.screens.import_data import interrupted
from segmentation import erasure
from segmentation.intake import Ledger, import_files
from segmentation.workspace import Workspace
from segmentation.workspace.audit import LOG, PENDING
from tests.dashboard.test_import import GOOD

ME, OTHER = "visitor:" + "a" * 16, "visitor:" + "b" * 16


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "upload-1"
    path.write_text(GOOD)
    return path


def store(workspace: Workspace, file: Path, *, by: str = ME, name: str = "orders.csv") -> None:
    import_files(workspace, [file], dataset="Tea", today=date(2026, 11, 22), names=[name], by=by)


def asked(workspace: Workspace, begun: dict[str, Any], file: Path) -> dict[str, Any] | None:
    return interrupted.completed(workspace, begun, [(file, "orders.csv")], by=ME)


def unlogged(workspace: Workspace) -> None:
    """As a kill leaves it between a version and its entry."""
    for name in (LOG, PENDING):
        (workspace.root / name).unlink(missing_ok=True)
    with workspace.registry() as registry:
        registry.execute("DELETE FROM audit")


def test_what_was_stored_is_complete_and_what_was_not_is_lost(workspace: Workspace, file: Path) -> None:
    begun = interrupted.note(workspace, "out", "Tea", ())
    assert asked(workspace, begun, file) is None
    store(workspace, file)
    said = asked(workspace, begun, file)
    assert said is not None
    assert (Ledger.from_json(said["ledger"]).read, said["warnings"]) == (60, [])


def test_a_file_that_has_its_new_name_was_imported(workspace: Workspace, file: Path) -> None:
    begun = interrupted.note(workspace, "out", "Tea", ())
    store(workspace, file)
    file.rename(file.with_name("imported-1"))
    assert asked(workspace, begun, file) is not None


def test_what_was_there_before_does_not_count(workspace: Workspace, file: Path) -> None:
    store(workspace, file)
    begun = interrupted.note(workspace, "out", "Tea", ())
    assert asked(workspace, begun, file) is None
    assert "“Tea” is as it was" in str(interrupted.lost(workspace, begun, ["orders.csv"], there=True))


def test_somebody_elses_import_does_not_count(workspace: Workspace, file: Path, tmp_path: Path) -> None:
    begun = interrupted.note(workspace, "out", "Tea", ())
    store(workspace, file, by=OTHER)
    assert asked(workspace, begun, file) is None


def test_another_file_of_the_same_name_does_not_count(workspace: Workspace, file: Path, tmp_path: Path) -> None:
    begun = interrupted.note(workspace, "out", "Tea", ())
    other = tmp_path / "other"
    other.write_text(GOOD.replace("Tea", "Pot"))
    store(workspace, other)
    assert asked(workspace, begun, file) is None


@pytest.mark.parametrize(("name", "complete"), [("orders.csv", True), ("others.csv", False)])
def test_without_an_entry_the_names_decide_and_it_is_said(
    workspace: Workspace, file: Path, name: str, complete: bool
) -> None:
    begun = interrupted.note(workspace, "out", "Tea", ())
    store(workspace, file, name=name)
    unlogged(workspace)
    said = asked(workspace, begun, file)
    assert (said is not None) is complete
    assert said is None or said["warnings"] == [interrupted.NO_ENTRY]


def test_an_import_in_place_of_its_shop_says_when_the_shop_is_gone(workspace: Workspace, file: Path) -> None:
    store(workspace, file)
    begun = interrupted.note(workspace, "out", "Tea", ())
    erasure.delete(workspace, "Tea", by=ME)
    assert asked(workspace, begun, file) is None
    assert "“Tea” is gone" in str(interrupted.lost(workspace, begun, ["orders.csv"], there=True))
    store(workspace, file)
    assert asked(workspace, begun, file) is not None


@pytest.mark.parametrize(
    ("names", "there", "said"),
    [
        (
            ["orders.csv"],
            True,
            "The import of “orders.csv” was lost: the server was ended in the middle of it. Nothing",
        ),
        (["orders.csv"], True, "Press Import to begin again."),
        (["orders.csv"], False, "Drop the file again."),
        (["a.csv", "b.csv"], True, "“a.csv” and “b.csv” was lost"),
        ([], False, "The import of the sample shop was lost"),
        ([], False, "Load the sample shop again."),
    ],
)
def test_what_was_lost_is_named_and_what_to_do(workspace: Workspace, names: list[str], there: bool, said: str) -> None:
    begun = interrupted.note(workspace, "out", "Tea", ())
    assert said in str(interrupted.lost(workspace, begun, names, there=there))
