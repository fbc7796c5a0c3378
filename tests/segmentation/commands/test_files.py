"""Where commands write: never over a file unasked, for their owner only, whole; and reading makes no workspace."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from segmentation.workspace import Workspace
from tests.segmentation.erasure.test_erasure import shop

WRITING: dict[str, list[str]] = {
    "report": ["report", "Shop", "--segments", "2", "--out", "{file}"],
    "worth": ["worth", "Shop", "--out", "{file}"],
    "churn": ["churn", "Shop", "--out", "{file}"],
    "rejected": ["rejected", "Shop", "--out", "{file}"],
    "backup": ["backup", "{file}"],
}
READING = (
    ["verify"], ["verify", "Shop"], ["verify", "--rebuild"], ["audit"], ["audit", "verify"], ["versions", "Shop"],
    ["versions", "Shop", "--use", "1"], ["versions", "Shop", "--delete", "1", "--yes"], ["rejected", "Shop"],
    ["health", "Shop"], ["study", "Shop"], ["prove", "Shop"], ["worth", "Shop"], ["churn", "Shop"],
    ["report", "Shop", "--out", "r.html"], ["basis", "Shop"], ["basis", "Shop", "--state", "consent"],
    ["delete", "Shop", "--yes"], ["erase", "Shop", "--customer", "1", "--yes"], ["backup", "b.tar"],
)  # fmt: skip


Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return shop(tmp_path)  # where TESSERA_HOME points


def words(command: str, file: Path) -> list[str]:
    return [word.format(file=file) for word in WRITING[command]]


@pytest.mark.parametrize("command", WRITING)
def test_a_file_that_is_there_is_replaced_only_with_force(
    workspace: Workspace, tessera: Call, tmp_path: Path, command: str
) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("mine")
    file.chmod(0o644)
    code, _, err = tessera(*words(command, file))
    assert (code, file.read_text()) == (2, "mine")
    assert str(file) in err
    assert "--force" in err
    code, _, err = tessera(*words(command, file), "--force")
    if command in {"churn", "worth"}:  # too small a shop for scores; `analysis` writes them
        assert (code, file.read_text()) == ({"churn": 0, "worth": 2}[command], "mine")
        return
    assert (code, err) == (0, "")
    assert file.read_bytes()[:4] != b"mine"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".mine*"))


@pytest.mark.parametrize("command", WRITING)
def test_a_folder_that_is_not_there_is_said_and_not_made(
    workspace: Workspace, tessera: Call, tmp_path: Path, command: str
) -> None:
    code, _, err = tessera(*words(command, tmp_path / "missing" / "out.csv"))
    assert code == 2
    assert f"There is no folder {tmp_path / 'missing'}." in err
    assert not (tmp_path / "missing").exists()
    code, _, err = tessera(*words(command, tmp_path), "--force")
    assert code == 2
    assert "is no file" in err


def test_a_link_is_replaced_with_force_and_what_it_leads_to_stays(
    workspace: Workspace, tessera: Call, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "mine.txt")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone.txt")
    for link in ("link", "nowhere"):
        assert tessera("rejected", "Shop", "--out", tmp_path / link)[0] == 2
        assert (tmp_path / link).is_symlink()
        assert tessera("rejected", "Shop", "--out", tmp_path / link, "--force")[0] == 0
        assert not (tmp_path / link).is_symlink()
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert not (tmp_path / "gone.txt").exists()


def test_a_second_file_of_rejected_rows_replaces_nothing_either(
    workspace: Workspace, tessera: Call, tmp_path: Path
) -> None:
    (tmp_path / "third.csv").write_text(
        "Order ID,Date,Customer ID,Amount\no9,2025-01-02,c9,5.00\no10,someday,c9,1.00\n", encoding="utf-8"
    )
    assert tessera("import", tmp_path / "third.csv", "--dataset", "Shop")[0] == 0
    (tmp_path / "out-2.csv").write_text("mine")
    code, _, err = tessera("rejected", "Shop", "--out", tmp_path / "out.csv")
    assert (code, (tmp_path / "out-2.csv").read_text()) == (2, "mine")
    assert "out-2.csv" in err
    assert not (tmp_path / "out.csv").exists()


def test_reading_files_writes_over_none_and_never_over_its_own(tessera: Call, tmp_path: Path) -> None:
    for folder in ("a", "b", "out"):
        (tmp_path / folder).mkdir()
    source = tmp_path / "a" / "orders.csv"
    source.write_text("a;b\n1;2\n")
    shutil.copy(source, tmp_path / "b" / "orders.csv")
    assert tessera("read", source, "--out-dir", tmp_path / "a", "--force")[0] == 2
    assert source.read_text() == "a;b\n1;2\n"
    code, _, err = tessera("read", source, tmp_path / "b" / "orders.csv", "--out-dir", tmp_path / "out")
    assert (code, list((tmp_path / "out").iterdir())) == (2, [])
    assert "orders.csv" in err
    read = ("read", source, "--out-dir", tmp_path / "out")
    target = tmp_path / "out" / "orders.csv"
    assert tessera(*read)[0] == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    target.write_text("mine")
    code, _, err = tessera(*read)
    assert (code, target.read_text()) == (2, "mine")
    assert "--force" in err
    assert tessera(*read, "--force")[0] == 0
    assert target.read_text() == "a,b\n1,2\n"
    assert tessera("read", source, "--out-dir", source)[0] == 2


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_reading_makes_no_workspace_and_says_that_there_is_none(
    tessera: Call, tmp_path: Path, own_workspace: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = tessera(*command, "--json")
    said = json.loads(out)["error"]
    assert (code, said["code"]) == (1, "workspace_not_found")
    assert said["fact"] == f"There is no workspace at {own_workspace}."
    assert list(tmp_path.iterdir()) == []


def test_reading_files_makes_no_workspace(tessera: Call, tmp_path: Path, own_workspace: Path) -> None:
    (tmp_path / "orders.csv").write_text("a;b\n1;2\n")
    assert tessera("read", tmp_path / "orders.csv", "--out-dir", tmp_path / "out")[0] == 0
    assert (tmp_path / "out" / "orders.csv").exists()
    assert not own_workspace.exists()


def test_an_import_makes_a_workspace_and_a_lost_list_of_shops_is_no_missing_one(
    workspace: Workspace, tessera: Call
) -> None:
    assert tessera("verify")[0] == 0
    for file in workspace.root.glob("registry.sqlite*"):
        file.unlink()
    code, out, _ = tessera("verify", "--json")
    assert (code, json.loads(out)["error"]["code"]) == (1, "registry_lost")
