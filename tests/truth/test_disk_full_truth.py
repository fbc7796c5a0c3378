"""A disk filled to 20 levels, and everything that is done with a shop on it: nothing is lost, and it is said plainly.

What reads and studies works at every level. What writes is done whole or refused as a full disk, leaves nothing half
written, and works within ten seconds once there is space again, in the same process.

`TESSERA_TRUTH=full` fills to all 20 levels; otherwise each act is tried at one of them.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from segmentation import cli
from segmentation.analysis import Analysis, StudySettings
from segmentation.analysis.work import must_be_kept, refresh, warm_up_maps
from segmentation.engine import DuckEngine, engine_of
from segmentation.errors import DiskFull
from segmentation.segments import freeze
from segmentation.workspace import Workspace
from tests.damage import as_a_new_process
from tests.full_disk import Disk, small_disk
from tests.truth.test_damage_truth import FIRST, SECOND

pytestmark = pytest.mark.truth

KB = 1024
LEVELS = tuple(KB * one for one in (0, 4, 8, 16, 24, 32, 36, 40, 48, 56, 64, 72, 80, 96, 112, 128, 160, 256, 512, 1024))
"""Bytes that are free; the last is enough for everything here."""
FULL = os.environ.get("TESSERA_TRUTH") == "full"
LONGEST = 10.0
"""Seconds after which everything works again."""


def tried(act: str) -> tuple[int, ...]:
    """The levels at which an act is tried."""
    return LEVELS if FULL else (LEVELS[3 * [*READS, *WRITES].index(act) % 16],)


Answer = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """A shop on a disk, and files beside the disk."""

    disk: Disk
    beside: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def root(self) -> Path:
        return self.disk.root / "workspace"

    def __call__(self, *words: object) -> Answer:
        """A command's exit code and its one object; an error that is not ours is a failed test."""
        self.capsys.readouterr()
        as_a_new_process()
        code = cli.main([*map(str, words), "--json", "--workspace", str(self.root)])
        engine_of.cache_clear()  # a command's process ends with it
        return code, json.loads(self.capsys.readouterr().out)

    def left(self) -> list[str]:
        """Files that nobody needs: half written, in `tmp/`, or of versions that are not listed."""
        with Workspace(self.root).registry() as registry:
            listed = {f"{one}/{number}" for one, number in registry.execute("SELECT dataset_id, number FROM versions")}
        homes = self.root / "datasets"
        folders = [one.relative_to(homes).as_posix() for one in homes.glob("*/*") if one.is_dir()]
        unlisted = [one for one in folders if one not in listed and not one.endswith("/lists")]
        half = [path.name for path in self.disk.root.rglob(".*") if path.is_file()]
        return [*unlisted, *half, *(path.name for path in (self.root / "tmp").iterdir())]


@contextmanager
def shop_on(root: Path) -> Iterator[Analysis]:
    """The shop, as a process that ends afterwards knows it."""
    as_a_new_process()
    workspace, engine = Workspace.open(root), DuckEngine.open(root)
    try:
        yield Analysis.of(workspace, workspace.latest("Shop"), engine=engine)
    finally:
        engine.close()


def _map(place: Place) -> Answer:
    try:
        with shop_on(place.root) as shop:
            names = shop.customers().default_features()
            must_be_kept(shop.map(names if FULL else names[:1]))  # UMAP takes its time
    except DiskFull as error:
        return 1, {"error": error.parts}
    return 0, {}


def _save(place: Place) -> Answer:
    try:
        with shop_on(place.root) as shop:
            study = shop.study(StudySettings(segments=3), wait=False)
            found = study.segmentation
            shop.saved_segmentations.keep_list(study.customers.ids)
            body = freeze(study.customers, found)
            shop.saved_segmentations.save("Mine", key=found.settings.key, body=body, created="2026-11-22")
    except DiskFull as error:
        return 1, {"error": error.parts}
    return 0, {}


def _refresh(place: Place) -> Answer:
    try:
        refresh(root=str(place.root), dataset="Shop", number=2)
    except DiskFull as error:
        return 1, {"error": error.parts}
    finally:
        engine_of.cache_clear()
    with shop_on(place.root) as shop:
        return (1, {}) if shop.clv().peek() is None else (0, {})


def command(*words: object) -> Callable[[Place], Answer]:
    return lambda place: place(*words)


def report(place: Place, folder: Path) -> Answer:
    """The report into a folder, in place of an earlier one."""
    return place("report", "Shop", "--segments", 3, "--force", "--out", folder / "report.html")


READS: dict[str, Callable[[Place], Answer]] = {
    "health": command("health", "Shop"),
    "study": command("study", "Shop"),
    "prove": command("prove", "Shop", "--segments", 3),
    "worth": command("worth", "Shop"),
    "churn": command("churn", "Shop"),
    "versions": command("versions", "Shop"),
    "verify": command("verify"),
    "audit": command("audit", "verify"),
}
WRITES: dict[str, Callable[[Place], Answer]] = {
    "import": lambda place: place("import", place.beside / "third.csv", "--dataset", "Shop", "--replace"),
    "new shop": lambda place: place("import", place.beside / "third.csv", "--dataset", "Other"),
    "look": lambda place: place("import", place.beside / "third.csv", "--dataset", "Shop", "--replace", "--dry-run"),
    "read": lambda place: place("read", place.beside / "third.csv", "--force", "--out-dir", place.disk.root / "read"),
    "report": lambda place: report(place, place.disk.root),
    "report elsewhere": lambda place: report(place, place.beside),
    "use": command("versions", "Shop", "--use", 1),
    "basis": command("basis", "Shop", "--state", "existing_customers"),
    "backup": lambda place: place("backup", place.disk.root / "shops.tar"),
    "erase": command("erase", "Shop", "--customer", "c1", "--yes"),
    "delete": command("delete", "Shop", "--yes"),
    "map": _map,
    "save": _save,
    "refresh": _refresh,
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a shop of two versions, and files to import."""
    home = tmp_path_factory.mktemp("whole")
    for name, text in (("first.csv", FIRST), ("second.csv", SECOND), ("third.csv", SECOND.replace("20.00", "21.00"))):
        (home / name).write_text(text, encoding="utf-8")
    for name in ("first.csv", "second.csv"):
        words = ["import", str(home / name), "--dataset", "Shop", "--replace", "--workspace", str(home / "workspace")]
        assert cli.main(words) == 0
        if name == "first.csv":
            _want_to_know(home / "workspace")
    return home


def _want_to_know(root: Path) -> None:
    """Work out what a refresh then works out for the next version too."""
    with shop_on(root) as shop:
        shop.clv().get()


@pytest.fixture
def place(tmp_path: Path, whole: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Place]:
    shutil.copy(whole / "third.csv", tmp_path)
    with small_disk(tmp_path / "disk", megabytes=24) as disk:
        yield Place(disk, tmp_path, capsys)


def begin(place: Place, whole: Path, free: int) -> None:
    """The shop as it was at first, on a disk with this much free."""
    place.disk.empty()
    for path in (*place.disk.root.iterdir(), place.beside / "report.html"):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    shutil.copytree(whole / "workspace", place.root)
    as_a_new_process()
    place.disk.fill(free)


@pytest.mark.parametrize("act", READS)
def test_reading_and_studying_work_on_a_full_disk(act: str, place: Place, whole: Path) -> None:
    begin(place, whole, LEVELS[-1])
    expected = without_seconds(READS[act](place))
    assert expected[0] == 0
    for free in tried(act):
        begin(place, whole, free)
        assert without_seconds(READS[act](place)) == expected, free
        assert place.left() == [], free


def without_seconds(answer: Answer) -> Answer:
    return answer[0], {name: value for name, value in answer[1].items() if "seconds" not in name}


@pytest.mark.parametrize("act", WRITES)
def test_what_writes_is_done_whole_or_refused_as_a_full_disk(act: str, place: Place, whole: Path) -> None:
    begin(place, whole, LEVELS[-1])
    health = place("health", "Shop")
    ended: Counter[str] = Counter()
    if act == "map" and FULL:
        warm_up_maps()  # as the server's worker does at its start
    for free in tried(act):
        begin(place, whole, free)
        code, said = WRITES[act](place)
        ended["done" if code == 0 else said["error"]["code"]] += 1
        if code != 0:
            assert said["error"]["code"] == "disk_full", (free, said)
            assert said["error"]["fact"].startswith("The disk is full."), said
            assert "free" in said["error"]["evidence"], said
            assert said["error"]["next_step"], said
            assert place("health", "Shop") == health, free
            assert place("verify")[0] == 0, free
            assert place("audit", "verify")[0] == 0, free
            assert place.left() == [], free
            assert not (place.beside / "report.html").exists()
            assert not list((place.disk.root / "read").glob("*")), free
        place.disk.empty()
        began = time.monotonic()
        code, said = WRITES[act](place)
        known = {"report": "", "delete": "dataset_not_found", "erase": "", "backup": "wrong_call"}
        assert code == 0 or said["error"]["code"] == known.get(act), (free, said)
        assert time.monotonic() - began < LONGEST
        assert place("audit", "verify")[0] == 0, free
        assert place("verify")[0] == 0, free
    if FULL:
        assert ended["done"]
        assert ended["disk_full"]
    print(f"{act}: {dict(ended)}")
