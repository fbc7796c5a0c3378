"""What is deleted stays deleted: an import under way does not bring it back, and nothing of it is left behind."""

from __future__ import annotations

import shutil
import sqlite3
import time
from pathlib import Path

import pytest

from segmentation.errors import RegistryLost, WorkspaceBroken
from segmentation.intake import import_file
from segmentation.workspace import Workspace
from segmentation.workspace.rebuild import rebuild
from tests.segmentation.intake_files import TODAY, csv, load, write
from tests.segmentation.workspace.test_workspace import fill, manifest

FIRST = csv("c1,o1,2025-01-02,Tea,5.00", "c2,o2,2025-01-03,Tea,6.00")
MORE = csv("c1,o3,2025-02-02,Tea,7.00", "c2,o4,2025-02-03,Tea,8.00")


def test_a_shop_that_is_deleted_during_an_import_stays_deleted(tmp_path: Path) -> None:
    load(tmp_path, FIRST)
    workspace = Workspace.open(tmp_path / "workspace")

    def delete(share: float, what: str) -> None:
        if what == "Making it durable" and workspace.datasets():
            workspace.delete("Shop")

    with pytest.raises(WorkspaceBroken, match="“Shop” was deleted during this import"):
        import_file(workspace, write(tmp_path, MORE), dataset="Shop", today=TODAY, progress=delete)
    assert workspace.datasets() == ()
    assert [*workspace.datasets_folder.iterdir(), *workspace.tmp.iterdir()] == []


def test_a_file_that_adds_nothing_to_a_shop_deleted_meanwhile_does_not_say_that_it_is_there(tmp_path: Path) -> None:
    load(tmp_path, FIRST)
    workspace = Workspace.open(tmp_path / "workspace")

    def delete() -> bool:
        if workspace.datasets():
            workspace.delete("Shop")
        return False

    with pytest.raises(WorkspaceBroken, match="“Shop” was deleted during this import"):
        import_file(workspace, write(tmp_path, FIRST), dataset="Shop", today=TODAY, cancelled=delete)
    assert [*workspace.datasets_folder.iterdir(), *workspace.tmp.iterdir()] == []


def test_a_shop_that_was_made_anew_meanwhile_is_not_added_to(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    with workspace.draft("Shop") as draft:
        draft.publish(manifest())
    with workspace.draft("Shop") as old:
        workspace.delete("Shop")
        with workspace.draft("Shop") as new:
            new.publish(manifest("new"))
        with pytest.raises(WorkspaceBroken, match="was deleted during this import"):
            old.publish(manifest("old"))
    assert [(one.number, one.fingerprint) for one in workspace.history("Shop")] == [(1, "new")]


def test_the_second_of_two_first_imports_at_once_is_told_to_try_again(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    with workspace.draft("Shop") as one, workspace.draft("Shop") as other:
        one.publish(manifest("one"))
        with pytest.raises(WorkspaceBroken, match="changed by someone else"):
            other.publish(manifest("other"))
    assert workspace.latest("Shop").fingerprint == "one"
    assert len(list(workspace.datasets_folder.iterdir())) == 1


def test_a_long_import_into_a_deleted_shop_ends_before_it_is_through(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    with workspace.draft("Shop") as draft:
        draft.publish(manifest())
    with workspace.draft("Shop") as draft:
        draft.check()
        workspace.delete("Shop")
        with pytest.raises(WorkspaceBroken, match="was deleted during this import"):
            draft.check()


def orphan(workspace: Workspace, dataset: str, number: str) -> Path:
    """A version that was moved into place by a process killed before it was registered."""
    folder = workspace.datasets_folder / dataset / number
    (folder / "contacts").mkdir(parents=True)
    (folder / "contacts" / "000001-000.parquet").write_bytes(b"contacts")
    (folder / "manifest.json").write_text(manifest().to_json())
    return folder


def test_a_version_that_was_never_registered_is_swept_and_no_other(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    with workspace.draft("Shop") as draft:
        fill(draft)
        shop = draft.publish(manifest())
    lists, held = shop.folder.parent / "lists", shop.contacts[0].read_bytes()
    lists.mkdir()
    first, second = orphan(workspace, "f" * 32, "1"), orphan(workspace, shop.dataset_id, "2")
    workspace.sweep(now=time.time())
    assert not first.parent.exists()
    assert not second.exists()
    assert [file.read_bytes() for file in workspace.latest("Shop").contacts] == [held]
    assert lists.is_dir()


def test_every_import_sweeps(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    left = orphan(workspace, "f" * 32, "1")
    load(tmp_path, FIRST)
    assert not left.exists()


def test_what_an_import_is_about_to_register_is_not_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace.open(tmp_path / "w")
    other = Workspace.open(tmp_path / "w")
    rename = Path.rename

    def sweep_at_once(path: Path, target: Path) -> Path:
        moved = rename(path, target)
        with sqlite3.connect(workspace.root / "registry.sqlite", timeout=0.1) as registry:
            (known,) = registry.execute("SELECT count(*) FROM versions").fetchone()
            assert known == 0  # moved, and nobody else sees it registered
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                registry.execute("BEGIN IMMEDIATE")  # what a sweep begins with
        return moved

    monkeypatch.setattr(Path, "rename", sweep_at_once)
    with workspace.draft("Shop") as draft:
        fill(draft)
        version = draft.publish(manifest())
    other.sweep(now=time.time())
    assert version.folder.is_dir()


def test_shops_whose_registry_was_lost_are_not_swept(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    folders = []
    for name in ("Shop", "Damaged"):
        with workspace.draft(name) as draft:
            fill(draft)
            folders.append(draft.publish(manifest(name)).folder)
    (folders[1] / "manifest.json").write_text("{}", encoding="utf-8")
    for file in workspace.root.glob("registry.sqlite*"):
        file.unlink()
    with pytest.raises(RegistryLost):
        Workspace.open(tmp_path / "w")
    with pytest.raises(RegistryLost):
        workspace.sweep(now=time.time() + 100_000)
    rebuild(workspace.root)
    Workspace.open(tmp_path / "w").sweep(now=time.time() + 100_000)
    assert all((folder / "contacts").is_dir() for folder in folders)


def test_all_caches_of_a_shop_go_with_it_and_no_others(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    for name, fingerprint in (("Shop", "abc"), ("Other", "def")):
        with workspace.draft(name) as draft:
            fill(draft)
            draft.publish(manifest(fingerprint))
        (workspace.cache(fingerprint) / "map-1.npy").write_bytes(b"x")
    (workspace.cache("of an older Tessera") / "map-1.npy").write_bytes(b"x")
    (workspace.cache("numba") / "code").write_bytes(b"x")
    workspace.delete("Shop")
    assert {folder.name for folder in workspace.cache_folder.iterdir()} == {"def", "numba"}


def test_a_map_that_was_drawn_while_its_shop_was_deleted_is_swept(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    (workspace.cache("key") / "map-1.npy").write_bytes(b"x")
    workspace.sweep(now=time.time())
    assert list(workspace.cache_folder.iterdir()) == []


def test_uploads_that_were_imported_go_with_their_shop_and_no_others(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    ids = []
    for name in ("Shop", "Other"):
        with workspace.draft(name) as draft:
            ids.append(draft.publish(manifest(name)).dataset_id)
    for dataset_id in (*ids, "gone"):
        (workspace.tmp / f"imported-{dataset_id}-1").write_text("ada@example.com")
    (workspace.tmp / "upload-1").write_text("ada@example.com")
    workspace.delete("Shop")
    workspace.sweep(now=time.time())
    assert {file.name for file in workspace.tmp.iterdir()} == {f"imported-{ids[1]}-1", "upload-1"}


def test_deleting_goes_through_where_a_manifest_is_broken(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    with workspace.draft("Shop") as draft:
        fill(draft)
        shop = draft.publish(manifest())
    (shop.folder / "manifest.json").write_text("{")
    workspace.delete("Shop")
    assert list(workspace.datasets_folder.iterdir()) == []


def test_nothing_of_a_deleted_shop_stays_in_the_registry(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    with workspace.draft("Shop of Zenobia") as draft:
        fill(draft)
        draft.publish(manifest())
    with workspace.registry() as registry:  # as a screen that is open at the same time
        registry.execute("SELECT * FROM datasets").fetchall()
        workspace.delete("Shop of Zenobia")
        raw = b"".join(file.read_bytes() for file in workspace.root.glob("registry.sqlite*"))
    assert b"Zenobia" not in raw


def test_a_folder_that_cannot_be_removed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace.open(tmp_path / "w")
    with workspace.draft("Shop") as draft:
        fill(draft)
        draft.publish(manifest())
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)
    with pytest.raises(WorkspaceBroken, match="is still there"):
        workspace.delete("Shop")
