"""Deleting and erasing from the command line: asked first, one JSON object, and what is not reached is named."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from segmentation.cli import main
from segmentation.errors import VersionDamaged
from segmentation.workspace import DatasetVersion, Workspace
from segmentation.workspace.audit_check import check
from tests.segmentation.erasure.test_erasure import shop


class Terminal(io.StringIO):
    """A terminal at which somebody types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return shop(tmp_path)


def run(workspace: Workspace, *words: str) -> int:
    return main([*words, "--workspace", str(workspace.root)])


COMMANDS = (["delete", "Shop"], ["erase", "Shop", "--customer", "c1"], ["erase", "Shop", "--email", "ada@example.com"])


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_a_terminal_yes_is_needed_and_nothing_changes(
    workspace: Workspace, command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n"))
    assert run(workspace, *command, "--json") == 2
    said = json.loads(capsys.readouterr().out)["error"]
    assert said["code"] == "wrong_call"
    assert "--yes" in said["next_step"]
    assert "2 versions" in said["evidence"]
    assert workspace.latest("Shop").manifest.customers == 7
    assert workspace.erased("Shop") == frozenset()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("answer", ["no", "", "yess"])
def test_whoever_does_not_say_yes_changes_nothing(
    workspace: Workspace,
    command: list[str],
    answer: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(f"{answer}\n"))
    assert run(workspace, *command, "--json") == 1
    out, err = capsys.readouterr()
    assert json.loads(out)[f"{command[0]}d"] is False
    assert "Type yes" in err
    assert workspace.latest("Shop").manifest.customers == 7


def test_a_shop_is_deleted_after_a_yes(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("yes\n"))
    assert run(workspace, "delete", "Shop") == 0
    out, err = capsys.readouterr()
    assert "“Shop” holds 7 customers and 20 orders in 2 versions." in err
    assert "“Shop” held 7 customers" in out
    assert "Backups" in out
    assert workspace.datasets() == ()


def test_deleting_gives_one_object(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(workspace, "delete", "Shop", "--yes", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["deleted"], said["versions"], said["customers"]) == (True, 2, 7)
    assert len(said["not_reached"]) == 3


def test_a_damaged_shop_can_be_deleted(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    for one in workspace.history("Shop"):
        (one.folder / "manifest.json").write_text("{")
    assert run(workspace, "delete", "Shop", "--yes") == 0
    assert "2 versions that cannot be read" in capsys.readouterr().out


def test_an_unknown_shop_is_named(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(workspace, "delete", "Shoop", "--yes") == 2
    assert "Did you mean “Shop”?" in capsys.readouterr().err


def test_erasing_gives_one_object(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(workspace, "erase", "Shop", "--email", "ada@example.com", "--yes", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert {name: said[name] for name in ("erased", "customers", "versions", "orders", "lines", "contacts")} == {
        "erased": True,
        "customers": ["c1"],
        "versions": 2,
        "orders": 2,
        "lines": 2,
        "contacts": 1,
    }
    assert said["revenue"] == 12.75
    assert any("Backups" in one for one in said["not_reached"])
    assert any("downloaded" in one for one in said["not_reached"])
    assert run(workspace, "erase", "Shop", "--customer", "c2", "--yes") == 0
    said = capsys.readouterr().out
    assert "3 orders, 3 lines, 1 contact, 1 rejected row of customer c2 are gone" in said
    assert "they stood in 2 versions" in said
    assert run(workspace, "erase", "Shop", "--email", "ada@example.com", "--yes", "--json") == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["already"], again["lines"]) == (True, 0)


def test_whom_to_erase_has_to_be_said(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(workspace, "erase", "Shop", "--yes") == 2
    assert "--customer" in capsys.readouterr().err


def test_somebody_who_is_no_customer_is_named(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(workspace, "erase", "Shop", "--customer", "c99", "--yes", "--json") == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "customer_not_found"


def spoil(version: DatasetVersion) -> None:
    """Change one byte of a file of lines that no other version has, and leave its size as it is."""
    file = next(path for path in version.lines if path.stat().st_nlink == 1)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))


def test_erasing_beside_a_damaged_version_names_it_and_the_way_out_works(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(workspace.version("Shop", 2))
    call = ("erase", "Shop", "--email", "ada@example.com", "--yes", "--json")
    assert run(workspace, *call) == 1
    said = json.loads(capsys.readouterr().out)["error"]
    assert (said["code"], said["fact"]) == (
        "not_searched",
        "Nothing was erased: version 2 cannot be searched for the customer.",
    )
    assert "lines/" in said["evidence"]
    assert "tessera versions Shop --delete 2" in said["next_step"]
    assert run(workspace, "versions", "Shop", "--delete", "2", "--yes") == 2
    assert "tessera versions Shop --use 1" in capsys.readouterr().err
    assert run(workspace, "versions", "Shop", "--use", "1") == 0
    assert run(workspace, "versions", "Shop", "--delete", "2", "--yes") == 0
    assert not (workspace.datasets_folder / workspace.id_of("Shop") / "2").exists()
    capsys.readouterr()
    assert run(workspace, *call) == 0
    assert json.loads(capsys.readouterr().out)["versions"] == 1


def test_erasing_where_every_version_is_damaged_names_the_shop_as_what_has_to_go(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    for one in workspace.history("Shop"):
        (one.folder / "manifest.json").write_text("{")
    assert run(workspace, "erase", "Shop", "--customer", "c1", "--yes") == 1
    said = capsys.readouterr().err
    assert "versions 1, 2 cannot be searched" in said
    assert "tessera delete Shop" in said


def test_a_version_goes_only_after_a_yes_and_never_the_last_one(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(workspace, "versions", "Shop", "--delete", "1") == 2
    assert "Add --yes" in capsys.readouterr().err
    assert run(workspace, "versions", "Shop", "--delete", "7", "--yes") == 2
    assert len(workspace.history("Shop")) == 2
    assert run(workspace, "versions", "Shop", "--delete", "1", "--yes") == 0
    assert [one.number for one in workspace.history("Shop")] == [2]
    assert run(workspace, "versions", "Shop", "--delete", "2", "--yes") == 2
    assert "tessera delete Shop" in capsys.readouterr().err
    assert run(workspace, "audit", "verify") == 0


def test_a_version_whose_content_was_changed_is_not_chosen(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(workspace, "versions", "Shop", "--use", "1") == 0
    spoil(workspace.version("Shop", 2))
    capsys.readouterr()
    assert run(workspace, "versions", "Shop", "--use", "2", "--json") == 1
    said = json.loads(capsys.readouterr().out)["error"]
    assert (said["code"], said["fact"]) == ("version_damaged", "Version 2 of “Shop” is damaged.")
    assert "check sum (SHA-256) differs" in said["evidence"]
    assert workspace.current_number("Shop") == 1
    with pytest.raises(VersionDamaged):
        workspace.use("Shop", 2)
    assert [one["what"] for one in check(workspace).entries if one].count("use") == 1


def test_a_version_without_contacts_as_they_were_written_is_not_chosen_either(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    (contacts,) = workspace.version("Shop", 1).contacts
    contacts.write_bytes(contacts.read_bytes()[:-1] + b"x")
    assert run(workspace, "versions", "Shop", "--use", "1") == 1
    assert "contacts/" in capsys.readouterr().err
    assert workspace.current_number("Shop") == 2
