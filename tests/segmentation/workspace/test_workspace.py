"""The workspace: versions appear whole or not at all, and survive a restart."""

from __future__ import annotations

import os
import stat
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentation.errors import DatasetNotFound, WorkspaceBroken
from segmentation.workspace import Draft, Manifest, Workspace, held


def manifest(fingerprint: str = "abc", revenue: str = "12.34") -> Manifest:
    return Manifest(
        fingerprint=fingerprint,
        created="2026-11-01T10:00:00",
        files=("orders.csv",),
        currency="EUR",
        has=frozenset({"customer_id", "amount"}),
        first=date(2024, 1, 1),
        last=date(2026, 10, 31),
        customers=2,
        orders=3,
        guests=0,
        lines=4,
        revenue=Decimal(revenue),
        ledger={"rows": {"read": 4}},
    )


def fill(draft: Draft) -> None:
    for part in ("lines", "contacts"):
        pq.write_table(pa.table({"customer_id": [part]}), draft.folder / part / "part-1.parquet")


def test_a_published_version_is_found_after_a_restart(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "w").draft("Shop") as draft:
        fill(draft)
        published = draft.publish(manifest())
    found = Workspace.open(tmp_path / "w").latest("Shop")
    assert found == published
    assert replace(found.manifest, name="", stored=None) == manifest()
    assert [pq.ParquetFile(file).read()["customer_id"].to_pylist() for file in found.lines] == [["lines"]]


def test_an_abandoned_draft_leaves_nothing_behind(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")

    def interrupted() -> None:
        with workspace.draft("Shop") as draft:
            fill(draft)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert workspace.datasets() == ()
    assert list(workspace.tmp.iterdir()) == []


def test_a_folder_left_by_a_kill_before_the_commit_is_replaced(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    with workspace.draft("Shop") as draft:
        first = draft.publish(manifest())
    leftover = first.folder.parent / "2"
    leftover.mkdir()
    (leftover / "half").write_text("x")
    with workspace.draft("Shop") as draft:
        second = draft.publish(manifest("def"))
    assert second.number == 2
    assert not (second.folder / "half").exists()


def test_the_second_of_two_imports_at_once_is_told_to_try_again(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    with workspace.draft("Shop") as draft:
        draft.publish(manifest())
    with workspace.draft("Shop") as one, workspace.draft("Shop") as other:
        one.publish(manifest("def"))
        with pytest.raises(WorkspaceBroken, match="Import the file again"):
            other.publish(manifest("ghi"))
    assert workspace.latest("Shop").fingerprint == "def"


def test_what_a_killed_import_left_is_swept_and_a_running_one_is_not(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    left = workspace.tmp / "draft-left"
    (left / "lines").mkdir(parents=True)
    (left / "lines" / "part-1.parquet").write_text("x")
    with workspace.draft("Shop") as draft:
        for folder in (left, draft.folder):
            os.utime(folder, (1000, 1000))
        workspace.sweep(now=time.time())
        assert list(workspace.tmp.iterdir()) == [draft.folder]
        fill(draft)
        draft.publish(manifest())
    assert workspace.latest("Shop").number == 1


@pytest.mark.parametrize("name", ["upload-1", "look-1.json", "something else"])
def test_a_file_that_nobody_is_at_work_on_is_swept_after_an_hour(tmp_path: Path, name: str) -> None:
    workspace = Workspace.open(tmp_path / "w")
    file = workspace.tmp / name
    file.write_text("x")
    workspace.sweep(now=time.time() + 3500)
    assert file.exists()
    with held(file):
        workspace.sweep(now=time.time() + 3700)
        assert file.exists()
    workspace.sweep(now=time.time() + 3700)
    assert not file.exists()


def test_contacts_and_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    with workspace.draft("Shop") as draft:
        fill(draft)
        version = draft.publish(manifest())
    assert stat.S_IMODE(version.contacts[0].stat().st_mode) == 0o600
    assert len(workspace.secret()) == 32
    assert workspace.secret() == Workspace.open(tmp_path / "w").secret()
    assert stat.S_IMODE((workspace.keys / "pseudonyms.key").stat().st_mode) == 0o600


def test_deleting_a_dataset_removes_its_files_and_what_was_computed_from_it(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    for name, fingerprint in (("Shop", "abc"), ("Other", "def")):
        with workspace.draft(name) as draft:
            fill(draft)
            draft.publish(manifest(fingerprint))
        (workspace.cache(fingerprint) / "map.npy").write_bytes(b"x")
    folder = workspace.latest("Shop").folder
    workspace.delete("Shop")
    assert [version.name for version in workspace.datasets()] == ["Other"]
    assert not folder.exists()
    assert not (workspace.cache_folder / "abc").exists()
    assert (workspace.cache_folder / "def" / "map.npy").exists()


def test_an_unknown_name_lists_what_is_there_and_what_was_meant(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    with workspace.draft("Sample shop") as draft:
        draft.publish(manifest())
    with pytest.raises(DatasetNotFound, match=r"Did you mean “Sample shop”\?"):
        workspace.latest("Sampel shop")


def test_a_damaged_manifest_is_named_with_the_way_out(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    with workspace.draft("Shop") as draft:
        version = draft.publish(manifest())
    (version.folder / "manifest.json").write_text("{")
    with pytest.raises(WorkspaceBroken, match="import its files again"):
        workspace.latest("Shop")


def test_a_remembered_mapping_is_recalled_for_the_same_header_only(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    workspace.remember_mapping("header-1", "date = 'x'")
    workspace.remember_mapping("header-1", "date = 'y'")
    assert workspace.recall_mapping("header-1") == "date = 'y'"
    assert workspace.recall_mapping("header-2") is None
