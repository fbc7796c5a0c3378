"""An import that is killed or stopped at any point: the dataset is as it was or complete, and nothing else counts."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import segmentation
from segmentation.errors import Cancelled, DatasetNotFound
from segmentation.intake import import_file
from segmentation.workspace import DatasetVersion, Workspace
from tests.segmentation.intake_files import TODAY, csv, write

HEADER = "Customer ID,Order ID,Date,Email,Product,Amount"


def row(n: int) -> str:
    """A line of an order of three."""
    customer = n // 3 % 9_000
    day = f"2026-{n % 10 + 1:02d}-{n % 28 + 1:02d}"
    return f"C{customer},{n // 3},{day},u{customer}@example.com,Tea {n % 50},{n % 90}.25"


ROWS = [row(n) for n in range(120_000)]
BAD = [f"C{n},x{n},soon,u{n}@example.com,Tea,1.00" for n in range(500)]
FIRST = 2_000
"""Lines that are there before: the large file has them too, one of them in a newer state."""


@dataclass(frozen=True)
class Shop:
    """A workspace that holds the first lines, the large file, and what the dataset is once that is imported."""

    home: Path
    large: Path
    before: DatasetVersion
    complete: DatasetVersion

    def copy(self, target: Path) -> Path:
        """The workspace as it was before."""
        return shutil.copytree(self.home, target)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("killed")
    small = write(folder, csv(ROWS[0].replace(".25", ".75"), *ROWS[1:FIRST], header=HEADER), "small.csv")
    large = write(folder, csv(*ROWS[:50_000], *BAD, *ROWS[50_000:], header=HEADER), "large.csv")
    home = Workspace.open(folder / "home")
    before = import_file(home, small, dataset="Shop", today=TODAY).version
    other = Workspace.open(shutil.copytree(home.root, folder / "other"))
    complete = import_file(other, large, dataset="Shop", today=TODAY).version
    assert complete.manifest.revenue == sum((Decimal(line.rsplit(",", 1)[1]) for line in ROWS), Decimal(0))
    return Shop(home.root, large, before, complete)


def stored(version: DatasetVersion) -> tuple[int, Decimal]:
    """The lines a version really has, and their revenue."""
    amounts = pa.concat_tables([pq.ParquetFile(path).read(["amount"]) for path in version.lines]).column("amount")
    return len(amounts), pc.sum(amounts).as_py()


def check(home: Path, shop: Shop) -> str:
    """Whether the dataset is as it was or complete, to the last line; anything else fails."""
    (version,) = Workspace.open(home).datasets()
    expected = {1: shop.before, 2: shop.complete}[version.number]
    assert version.fingerprint == expected.fingerprint
    assert stored(version) == (expected.manifest.lines, expected.manifest.revenue)
    assert [path.name for path in version.contacts] == [path.name for path in expected.contacts]
    assert pq.ParquetFile(version.contacts[0]).metadata.num_rows == expected.manifest.customers
    return {1: "before", 2: "complete"}[version.number]


# Killed -------------------------------------------------------------------------------------------------------


def drafts(pattern: str) -> Callable[[Path], bool]:
    """Whether a draft has such a file."""

    def reached(home: Path) -> bool:
        try:
            return any((home / "tmp").glob(f"draft-*/{pattern}"))
        except FileNotFoundError:  # it was moved while it was looked at
            return False

    return reached


def versions(number: int) -> Callable[[Path], bool]:
    """Whether the folder of this version is in place."""
    return lambda home: any((home / "datasets").glob(f"*/{number}"))


FULL = os.environ.get("TESSERA_TRUTH") == "full"
IN_SHORT = ("a draft is there", "contacts are being written", "the version is moved")
"""Where an import is killed unless all points are asked for."""

POINTS: dict[str, Callable[[Path], bool]] = {
    "a draft is there": drafts(""),
    "rows are being read": drafts("staged-*.parquet"),
    "an earlier file is written anew": drafts("lines/rewritten-*"),
    "rows are set aside": drafts("set_aside/*.parquet"),
    "the new lines are being written": drafts("lines/000002-000.parquet"),
    "contacts are being written": drafts("contacts/fresh-*"),
    "the version is described": drafts("manifest.json"),
    "the version is moved": versions(2),
}
"""When to kill, or to stop: as soon as this is so in the workspace."""
SURELY_BEFORE = ("a draft is there", "rows are being read")


def start(shop: Shop, home: Path) -> subprocess.Popen[bytes]:
    """An import of the large file in a process of its own."""
    root = Path(segmentation.__file__).parents[1]
    words = ["import", str(shop.large), "--dataset", "Shop", "--workspace", str(home), "--json"]
    return subprocess.Popen(
        [sys.executable, "-m", "segmentation.cli", *words],
        cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def kill_at(process: subprocess.Popen[bytes], home: Path, reached: Callable[[Path], bool]) -> None:
    """Kill the process once the workspace is that far, or let it end where it never was seen to be."""
    while process.poll() is None and not reached(home):
        time.sleep(0.0005)
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize("point", [point for point in POINTS if point != "rows are set aside"] if FULL else IN_SHORT)
def test_a_killed_import_leaves_the_dataset_as_it_was_or_complete(tmp_path: Path, shop: Shop, point: str) -> None:
    home = shop.copy(tmp_path / "home")
    process = start(shop, home)
    kill_at(process, home, POINTS[point])
    found = check(home, shop)
    if point in SURELY_BEFORE:
        assert (process.returncode, found) == (-signal.SIGKILL, "before")
        assert any((home / "tmp").iterdir())
    workspace = Workspace.open(home)
    again = import_file(workspace, shop.large, dataset="Shop", today=TODAY)
    assert again.version.number == 2
    assert check(home, shop) == "complete"
    assert [version.number for version in workspace.history("Shop")] == [1, 2]
    workspace.sweep(now=time.time() + 60)
    assert list(workspace.tmp.iterdir()) == []
    assert check(home, shop) == "complete"


def test_a_killed_first_import_leaves_no_dataset(tmp_path: Path, shop: Shop) -> None:
    home = tmp_path / "home"
    process = start(shop, home)
    kill_at(process, home, POINTS["rows are being read"])
    workspace = Workspace.open(home)
    assert workspace.datasets() == ()
    with pytest.raises(DatasetNotFound):
        workspace.latest("Shop")
    result = import_file(workspace, shop.large, dataset="Shop", today=TODAY)
    assert (result.version.number, result.version.manifest.lines) == (1, len(ROWS))


# Stopped ------------------------------------------------------------------------------------------------------


def at_once(_: Path) -> bool:
    """Whatever the workspace holds."""
    return True


def everything(home: Path) -> dict[str, int]:
    """Every file of the datasets and of the drafts, with its size."""
    found = {}
    for part in ("datasets", "tmp"):
        for path in (home / part).rglob("*"):
            found[str(path.relative_to(home))] = path.stat().st_size if path.is_file() else 0
    return found


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("point", ["at once", "a draft is there", "rows are being read", "rows are set aside"])
def test_a_stopped_import_leaves_nothing_behind(tmp_path: Path, shop: Shop, point: str, packed: bool) -> None:
    home = shop.copy(tmp_path / "home")
    path = write(tmp_path, gzip.compress(shop.large.read_bytes(), 1), "large.csv.gz") if packed else shop.large
    reached = POINTS.get(point, at_once)
    before = everything(home)
    with pytest.raises(Cancelled, match="nothing was changed"):
        import_file(Workspace.open(home), path, dataset="Shop", today=TODAY, cancelled=lambda: reached(home))
    assert everything(home) == before
    assert check(home, shop) == "before"


@pytest.mark.parametrize("looks", [1, 2, 3, 5, 8, 13])
def test_an_import_stopped_at_any_look_leaves_nothing_or_is_complete(tmp_path: Path, shop: Shop, looks: int) -> None:
    home = shop.copy(tmp_path / "home")
    before = everything(home)
    asked = iter(range(1, 1_000_000))
    try:
        import_file(
            Workspace.open(home), shop.large, dataset="Shop", today=TODAY, cancelled=lambda: next(asked) >= looks
        )
    except Cancelled:
        assert everything(home) == before
        assert check(home, shop) == "before"
    else:
        assert check(home, shop) == "complete"
