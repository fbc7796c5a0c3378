"""Damage stays where it is: what can be worked out again is, what cannot is named, and the rest goes on."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentation import cli
from segmentation.analysis import Analysis
from segmentation.customers import prepare
from segmentation.engine import DuckEngine
from segmentation.errors import RegistryLost, UnreadableFile, VersionDamaged, WorkspaceBroken
from segmentation.workspace import BasisLog, Manifest, SavedSegmentations, Workspace
from segmentation.workspace.backup import read_through
from segmentation.workspace.checked import forget_digests, read_sealed, sealed_array, write_sealed
from segmentation.workspace.rebuild import rebuild
from segmentation.workspace.saved_segmentations import write_list
from segmentation.workspace.verify import verify
from tests.damage import KINDS, Kind, harm
from tests.dashboard.shops import write_shop
from tests.segmentation.shops import line, store

Call = Callable[..., tuple[int, dict[str, Any]]]
RNG = np.random.default_rng(5)
LINES = [line("ann", "1", "2026-01-05", "10.10"), line("bob", "2", "2026-02-05", "20.20")]


@pytest.fixture
def workspace(own_workspace: Path) -> Workspace:
    return Workspace.open(own_workspace)


@pytest.fixture
def tessera(capsys: pytest.CaptureFixture[str]) -> Call:
    def call(*words: object) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = cli.main([*map(str, words), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return call


# Sealed files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_sealed_file_is_as_if_it_had_never_been_there(tmp_path: Path, kind: Kind) -> None:
    text, array = tmp_path / "text", tmp_path / "array"
    for _ in range(25):
        write_sealed(text, b"some content")
        write_sealed(array, lambda file: np.save(file, np.arange(5)))
        assert read_sealed(text) == b"some content"
        assert (found := sealed_array(array)) is not None
        assert found.tolist() == [0, 1, 2, 3, 4]
        harm(text, kind, RNG)
        harm(array, kind, RNG)
        assert read_sealed(text) is None
        assert sealed_array(array) is None
        assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    write_sealed(file, b"old")

    def fails(_: object) -> None:
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        write_sealed(file, fails)
    assert read_sealed(file) == b"old"
    assert list(tmp_path.iterdir()) == [file]


# Versions -------------------------------------------------------------------------------------------------------


def test_a_manifest_says_what_each_file_held_and_whose_it_is(workspace: Workspace) -> None:
    version = store(workspace, LINES, name="My shop")
    stored = version.manifest.stored
    assert version.manifest.name == "My shop"
    assert stored is not None
    assert list(stored) == ["lines/part-1.parquet"]
    assert (stored["lines/part-1.parquet"].rows, stored["lines/part-1.parquet"].bytes) == (
        2,
        version.lines[0].stat().st_size,
    )


def test_a_file_that_is_not_in_the_manifest_is_not_read(workspace: Workspace) -> None:
    version = store(workspace, LINES)
    before = version.lines
    shutil.copy(before[0], before[0].with_name("part-2.parquet"))
    assert version.lines == before


def test_an_import_into_a_damaged_shop_is_refused_and_changes_nothing(workspace: Workspace) -> None:
    version = store(workspace, LINES)
    harm(version.lines[0], "cut", RNG)
    with pytest.raises(VersionDamaged, match=r"lines/part-1.parquet has .* bytes"):
        store(workspace, LINES)
    assert [one.number for one in workspace.broken()] == [1]


def test_a_changed_file_is_not_carried_into_the_next_version(tmp_path: Path, tessera: Call) -> None:
    for day in (5, 6):
        file = tmp_path / f"{day}.csv"
        file.write_text(f"order_id,date,customer,amount\n{day},2026-01-{day:02d},ann,10.10\n", encoding="utf-8")
        code, said = tessera("import", file, "--dataset", "Shop")
        assert code == (0 if day == 5 else 1)
        harm(Workspace.open().latest("Shop").lines[0], "flip", RNG) if day == 5 else None
    assert said["error"]["code"] == "version_damaged"
    assert [one.number for one in Workspace.open().history("Shop")] == [1]
    assert list(Workspace.open().tmp.iterdir()) == []


def test_a_new_version_counts_on_from_a_damaged_one(workspace: Workspace) -> None:
    for _ in range(2):
        second = store(workspace, LINES)
    harm(second.lines[0], "gone", RNG)
    workspace.use("Shop", 1)
    assert store(workspace, LINES).number == 3
    assert [one.number for one in workspace.usable("Shop")] == [1, 3]
    with pytest.raises(VersionDamaged, match="Version 2"):
        workspace.history("Shop")


def without_sums(folder: Path) -> None:
    """Make a manifest one that was written before check sums were kept."""
    raw = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    kept = {name: value for name, value in raw.items() if name not in {"sha256", "stored", "name"}}
    (folder / "manifest.json").write_text(json.dumps(kept), encoding="utf-8")


def test_a_version_without_check_sums_opens_and_is_said_to_have_none(workspace: Workspace, tessera: Call) -> None:
    version = store(workspace, LINES)
    without_sums(version.folder)
    assert workspace.latest("Shop").lines == version.lines
    code, said = tessera("verify", "Shop")
    assert (code, said["versions"][0]["check_sums"]) == (0, False)
    harm(version.lines[0], "gone", RNG)
    with pytest.raises(VersionDamaged):
        workspace.latest("Shop")


def test_the_next_import_writes_the_check_sums_that_were_lacking(tmp_path: Path, tessera: Call) -> None:
    for day in (5, 6):
        file = tmp_path / f"{day}.csv"
        file.write_text(f"order_id,date,customer,amount\n{day},2026-01-{day:02d},ann,10.10\n", encoding="utf-8")
        assert tessera("import", file, "--dataset", "Shop")[0] == 0
        without_sums(Workspace.open().latest("Shop").folder) if day == 5 else None
    _, said = tessera("verify")
    assert [(one["version"], one["check_sums"], one["files"]) for one in said["versions"]] == [
        (1, False, 0),
        (2, True, 2),
    ]


def test_verify_tells_one_shop_from_all(workspace: Workspace, tessera: Call) -> None:
    store(workspace, LINES, name="Whole")
    harm(store(workspace, LINES, name="Broken").lines[0], "flip", RNG)
    assert tessera("verify", "Whole")[0] == 0
    code, said = tessera("verify")
    assert code == 1
    assert [one["dataset"] for one in said["versions"] if one["problems"]] == ["Broken"]
    assert tessera("verify", "Unknown")[0] == 2


def test_a_damaged_list_of_customers_is_named_and_pinned_again(workspace: Workspace, tessera: Call) -> None:
    version = store(workspace, LINES)
    shelf, customers = (
        SavedSegmentations(workspace, version.dataset_id),
        prepare(workspace, DuckEngine.open(workspace.root), version),
    )
    identity = shelf.keep_list(customers.ids)
    for kind in ("flip", "cut", "empty"):
        harm(version.folder.parent / "lists" / f"{identity}.parquet", kind, RNG)
        if shelf.damaged_lists():  # a flipped bit may stand where nothing is read
            with pytest.raises(WorkspaceBroken, match="is damaged"):
                shelf.list_of(identity)
            code, said = tessera("verify")
            assert (code, identity in said["problems"][0]["file"]) == (1, True)
        assert shelf.keep_list(customers.ids) == identity
        assert sorted(shelf.list_of(identity).to_pylist()) == ["ann", "bob"]


def test_a_list_of_before_it_had_a_check_sum_is_compared_by_its_name(workspace: Workspace) -> None:
    version = store(workspace, LINES)
    shelf = SavedSegmentations(workspace, version.dataset_id)
    identity = shelf.keep_list(pa.array(["bob", "ann"]))
    file = version.folder.parent / "lists" / f"{identity}.parquet"
    pq.write_table(pa.table({"customer_id": ["ann", "bob"]}), file)
    forget_digests()
    assert shelf.list_of(identity).to_pylist() == ["ann", "bob"]
    pq.write_table(pa.table({"customer_id": ["ann", "bop"]}), file)
    forget_digests()
    assert shelf.damaged_lists() == (f"lists/{identity}.parquet",)


def test_a_list_that_lost_a_customer_on_purpose_is_whole(workspace: Workspace) -> None:
    version = store(workspace, LINES)
    shelf = SavedSegmentations(workspace, version.dataset_id)
    identity = shelf.keep_list(pa.array(["bob", "ann"]))
    write_list(version.folder.parent / "lists" / f"{identity}.parquet", pa.array(["ann"]))
    assert shelf.list_of(identity).to_pylist() == ["ann"]


def test_a_damaged_key_for_pseudonyms_is_refused(workspace: Workspace) -> None:
    workspace.secret()
    for kind in ("flip", "cut", "empty"):
        held = harm(workspace.keys / "pseudonyms.key", kind, RNG)
        with pytest.raises(WorkspaceBroken, match="key for pseudonyms"):
            workspace.secret()
        (workspace.keys / "pseudonyms.key").write_bytes(held)


def test_a_key_of_before_it_had_a_check_sum_stays(workspace: Workspace) -> None:
    (workspace.keys / "pseudonyms.key").write_bytes(bytes(range(32)))
    assert workspace.secret() == bytes(range(32))


# What can be worked out again -----------------------------------------------------------------------------------


def test_opted_out_customers_stay_so_when_the_kept_consent_is_lost(workspace: Workspace) -> None:
    version = write_shop(workspace, customers=40)
    engine = DuckEngine.open(workspace.root)
    before = prepare(workspace, engine, version).consent
    file = next(workspace.cache_folder.rglob("consent.npy"))
    harm(file, "gone", RNG)
    after = prepare(workspace, engine, version).consent
    assert before is not None
    assert after is not None
    assert (after.refused == before.refused).all()


# The list of shops ----------------------------------------------------------------------------------------------


def lose(workspace: Workspace, how: str) -> None:
    registry = workspace.root / "registry.sqlite"
    if how == "pages":  # the file opens, and what it lists is unreadable
        with sqlite3.connect(registry) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        content = registry.read_bytes()
        registry.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
        return
    for file in workspace.root.glob("registry.sqlite*"):
        file.unlink()
    if how != "gone":
        registry.write_bytes(b"" if how == "empty" else b"no database" * 999)


@pytest.mark.parametrize("how", ["gone", "empty", "overwritten", "pages"])
def test_a_lost_list_of_shops_is_never_taken_for_an_empty_one(workspace: Workspace, tessera: Call, how: str) -> None:
    store(workspace, LINES, name="My shop")
    without_sums(store(workspace, LINES, name="Old shop").folder)
    lose(workspace, how)
    for words in (["verify"], ["study", "My shop"], ["versions", "My shop"]):
        code, said = tessera(*words)
        assert (code, said["error"]["code"]) == (1, "registry_lost"), words
        assert "tessera verify --rebuild" in said["error"]["next_step"]
    with pytest.raises(RegistryLost):  # also for whoever had opened it before
        workspace.datasets()
    code, said = tessera("verify", "--rebuild")
    assert code == 0
    assert "My shop" in said["rebuilt"]["shops"]
    assert (how == "pages") or "bases" in said["rebuilt"]["lost"]
    assert (len(said["rebuilt"]["shops"]), said["rebuilt"]["versions"]) == (2, 2)
    assert workspace.latest("My shop").manifest.lines == 2


def test_a_shop_written_before_manifests_named_it_is_named_by_its_ledger(tmp_path: Path, tessera: Call) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("order_id,date,customer,amount\n1,2026-01-05,ann,10.10\n", encoding="utf-8")
    tessera("import", file, "--dataset", "Ann & sons")
    workspace = Workspace.open()
    without_sums(workspace.latest("Ann & sons").folder)
    lose(workspace, "gone")
    assert rebuild(workspace.root).shops == ("Ann & sons",)


def test_what_only_the_list_held_is_taken_over_where_it_can_be_read(workspace: Workspace) -> None:
    version = store(workspace, LINES)
    store(workspace, LINES)
    workspace.use("Shop", 1)
    BasisLog(workspace, version.dataset_id).state("consent", at="2026-01-01T00:00:00+00:00")
    workspace.remember_mapping("header", "date = 'x'")
    with workspace.registry() as registry:
        registry.execute("PRAGMA foreign_keys=OFF")
    with sqlite3.connect(workspace.root / "registry.sqlite") as registry:
        registry.execute("INSERT INTO bases (dataset_id, note, stated_by, stated_at) VALUES ('gone', '', '', '')")
    assert not verify(workspace).sound
    made = rebuild(workspace.root)
    assert (made.lost, made.taken_over["bases"], made.aside is not None) == ((), 1, True)
    assert verify(workspace).sound
    assert workspace.latest("Shop").number == 1
    assert BasisLog(workspace, version.dataset_id).current() is not None
    assert workspace.recall_mapping("header") == "date = 'x'"


def test_a_rebuild_lists_a_damaged_version_as_damaged_and_it_can_be_deleted(workspace: Workspace) -> None:
    whole = store(workspace, LINES, name="Whole")
    (workspace.cache(whole.fingerprint) / "kept").write_bytes(b"x")
    broken = store(workspace, LINES, name="Broken")
    (broken.folder / "manifest.json").write_text("{")
    lose(workspace, "gone")
    rebuild(workspace.root)
    (one,) = workspace.broken()
    assert one.name == f"Shop {broken.dataset_id[:8]}"
    workspace.delete(one.name)
    assert [one.name for one in workspace.datasets()] == ["Whole"]
    assert (workspace.cache(whole.fingerprint) / "kept").exists()


def test_two_shops_of_one_name_are_told_apart(workspace: Workspace) -> None:
    version = store(workspace, LINES)
    shutil.copytree(version.folder.parent, workspace.datasets_folder / ("0" * 32))
    lose(workspace, "gone")
    assert sorted(rebuild(workspace.root).shops) == ["Shop", "Shop (2)"]


def test_a_whole_list_is_completed_and_not_replaced(workspace: Workspace, tessera: Call) -> None:
    version = store(workspace, LINES)
    shutil.copytree(version.folder.parent, workspace.datasets_folder / ("0" * 32))
    code, said = tessera("verify")
    assert (code, said["unlisted"]) == (1, [f"{'0' * 32}/1"])
    made = rebuild(workspace.root)
    assert (made.shops, made.aside) == (("Shop (2)",), None)


def test_a_damaged_shop_hides_no_other(workspace: Workspace) -> None:
    for name in ("A", "B", "C"):
        store(workspace, LINES, name=name)
    (workspace.latest("B").folder / "manifest.json").write_bytes(b"\xff\xfe")
    assert [one.name for one in workspace.datasets()] == ["A", "C"]
    (broken,) = workspace.broken()
    assert broken.name == "B"
    assert "manifest.json cannot be read" in broken.problem.evidence
    workspace.delete("B")
    assert workspace.broken() == ()


# Backups --------------------------------------------------------------------------------------------------------


def test_a_backup_gives_back_everything_that_cannot_be_worked_out(workspace: Workspace, tessera: Call) -> None:
    version = store(workspace, LINES)
    key, shelf = workspace.secret(), SavedSegmentations(workspace, version.dataset_id)
    listed = shelf.keep_list(prepare(workspace, DuckEngine.open(workspace.root), version).ids)
    shelf.save("Autumn", key="k", body="{}", created="2026-01-01T00:00:00")
    workspace.platforms_folder.mkdir()
    (workspace.platforms_folder / "my till.toml").write_text("name = 'Till'")
    file = workspace.root.parent / "shop.tar"
    assert tessera("backup", file)[0] == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    shutil.rmtree(workspace.root)
    code, said = tessera("restore", file)
    assert (code, said["sound"]) == (0, True)
    again = Workspace.open(workspace.root)
    assert again.latest("Shop") == version
    assert again.secret() == key
    assert len(SavedSegmentations(again, version.dataset_id).list_of(listed)) == 2
    assert [one.name for one in SavedSegmentations(again, version.dataset_id).all()] == ["Autumn"]
    assert (again.platforms_folder / "my till.toml").read_text() == "name = 'Till'"
    assert not list(again.tmp.iterdir())


def test_a_workspace_that_holds_something_is_replaced_only_when_told(workspace: Workspace, tessera: Call) -> None:
    store(workspace, LINES, name="Then")
    file = workspace.root.parent / "shop.tar"
    tessera("backup", file)
    assert tessera("backup", file)[0] == 2
    store(workspace, LINES, name="Later")
    code, said = tessera("restore", file)
    assert (code, "--replace" in said["error"]["next_step"]) == (2, True)
    assert [one.name for one in workspace.datasets()] == ["Later", "Then"]
    lose(workspace, "overwritten")
    assert tessera("restore", file)[0] == 2
    assert tessera("restore", file, "--replace")[0] == 0
    assert [one.name for one in Workspace.open(workspace.root).datasets()] == ["Then"]


def test_a_backup_of_damage_says_so_and_so_does_what_is_restored(workspace: Workspace, tessera: Call) -> None:
    harm(store(workspace, LINES).lines[0], "flip", RNG)
    store(workspace, LINES, name="Whole")
    file = workspace.root.parent / "shop.tar"
    code, said = tessera("backup", file)
    assert (code, said["sound"]) == (1, False)
    code, said = tessera("restore", file, "--replace")
    assert (code, [one["dataset"] for one in said["versions"] if one["problems"]]) == (1, ["Shop"])
    assert Workspace.open(workspace.root).latest("Whole").lines


def hostile(name: str, **more: Any) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    for attribute, value in more.items():
        setattr(info, attribute, value)
    return info


@pytest.mark.parametrize(
    "member",
    [
        hostile("../outside"),
        hostile("datasets/../../outside"),
        hostile("/tmp/outside"),
        hostile("datasets\\..\\outside"),
        hostile("C:/outside"),
        hostile("cache/other"),
        hostile("datasets/link", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        hostile("datasets/hard", type=tarfile.LNKTYPE, linkname="registry.sqlite"),
        hostile("datasets/device", type=tarfile.CHRTYPE),
        hostile("datasets/folder", type=tarfile.DIRTYPE),
        hostile("registry.sqlite"),
    ],
    ids=lambda one: f"{one.name} {one.type!r}",
)
def test_nothing_is_unpacked_outside_the_folder_or_as_a_link(
    workspace: Workspace, tessera: Call, member: tarfile.TarInfo
) -> None:
    store(workspace, LINES)
    file, target = workspace.root.parent / "shop.tar", workspace.root.parent / "deep" / "restored"
    tessera("backup", file)
    held = file.read_bytes()
    changed = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(held)) as old, tarfile.open(fileobj=changed, mode="w") as new:
        for place, one in enumerate(old):
            new.addfile(one, old.extractfile(one))
            if place == 0:
                new.addfile(member)
    file.write_bytes(changed.getvalue())
    before = sorted(workspace.root.parent.rglob("*"))
    with pytest.raises(UnreadableFile, match="no whole backup"):
        read_through(file)
    code, said = tessera("restore", file, "--workspace", target)
    assert (code, said["error"]["code"]) == (1, "unreadable_file")
    after = [one for one in sorted(workspace.root.parent.rglob("*")) if not one.is_relative_to(target.parent)]
    assert after == before
    assert not (target / "datasets" / "link").exists()
    assert Workspace.open(target).datasets() == ()


def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, tessera: Call) -> None:
    file = tmp_path / "orders.csv"
    for content in (b"", b"order_id,date\n1,2\n" * 99, b"\0" * 10_240):
        file.write_bytes(content)
        code, said = tessera("restore", file)
        assert (code, said["error"]["code"]) == (1, "unreadable_file")
    assert tessera("restore", tmp_path / "missing.tar")[0] == 2


# Modes ----------------------------------------------------------------------------------------------------------


def test_nobody_else_can_read_anything_in_a_workspace(tmp_path: Path, own_workspace: Path, tessera: Call) -> None:
    code, _ = tessera("import", "sample_data/orders.csv", "--dataset", "Shop")
    assert code == 0
    (tmp_path / "more.csv").write_text("order_id,date,customer,amount\n1,2026-01-05,ann,10.10\n2,x,ann,y\n")
    assert tessera("import", tmp_path / "more.csv", "--dataset", "More")[0] == 0
    workspace = Workspace.open(own_workspace)
    shop = Analysis.open(workspace, "Shop")
    customers = shop.plain_customers()
    shop.map(customers.default_features()[:1]).get()  # along one line there is no layout that takes long
    SavedSegmentations(workspace, workspace.latest("Shop").dataset_id).keep_list(customers.ids)
    workspace.secret()
    out = workspace.exports / "report.html"
    for words in (
        ["study", "Shop"],
        ["worth", "Shop", "--out", workspace.exports / "worth.csv"],
        ["rejected", "More", "--out", workspace.exports / "rejected.csv"],
        ["report", "Shop", "--out", out],
    ):
        assert tessera(*words)[0] == 0
    found = {path: stat.S_IMODE(path.stat().st_mode) for path in [workspace.root, *workspace.root.rglob("*")]}
    assert {path.suffix for path in found} >= {".parquet", ".npy", ".json", ".sqlite", ".key", ".html", ".csv"}
    open_to_others = {
        str(path): oct(mode) for path, mode in found.items() if mode != (0o700 if path.is_dir() else 0o600)
    }
    assert open_to_others == {}


def test_a_workspace_of_before_is_closed_to_others_and_a_strangers_folder_is_not(tmp_path: Path) -> None:
    old, mine = tmp_path / "old", tmp_path / "mine"
    Workspace.open(old)
    for path in (old, old / "datasets", old / "cache"):
        path.chmod(0o755)
    (old / "registry.sqlite").chmod(0o644)
    mine.mkdir(mode=0o755)
    mine.chmod(0o755)
    (mine / "notes.txt").write_text("mine")
    (mine / "notes.txt").chmod(0o700)
    for root in (old, mine, mine):
        Workspace.open(root)
    modes = {
        path.relative_to(tmp_path).as_posix(): oct(stat.S_IMODE(path.stat().st_mode)) for path in tmp_path.rglob("*")
    }
    assert modes["mine"] == "0o755"
    files = {name for name in modes if ".sqlite" in name or name.endswith(".json")}
    assert {mode for name, mode in modes.items() if name not in {"mine", *files}} == {"0o700"}
    assert {modes[name] for name in files} == {"0o600"}


def test_a_manifest_with_any_one_bit_flipped_is_refused(workspace: Workspace) -> None:
    text = (store(workspace, LINES).folder / "manifest.json").read_bytes()
    for bit in range(0, len(text) * 8, 7):
        changed = bytearray(text)
        changed[bit // 8] ^= 1 << (bit % 8)
        with pytest.raises((ValueError, KeyError, TypeError)):
            Manifest.from_json(bytes(changed).decode("utf-8"))
    forget_digests()
