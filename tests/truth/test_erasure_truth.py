"""Nothing of twenty invented people stays on disk after each kind of deletion, also where it was killed at any point.

Files are searched for their values as well as for their bytes: compression hides them. `TESSERA_TRUTH=full` kills each
kind at twenty points; otherwise at three.
"""

from __future__ import annotations

import gc
import os
import shutil
import time
from pathlib import Path

import pytest

from dashboard.serving.presence import Presence
from segmentation.customers import prepare
from segmentation.engine import DuckEngine
from segmentation.erasure import Asked, erase
from segmentation.intake import import_file
from segmentation.workspace import SavedSegmentations, Workspace
from tests.segmentation import killed_at
from tests.segmentation.canaries import CANARIES, Canary, export, met
from tests.segmentation.intake_files import TODAY, write

pytestmark = pytest.mark.truth

FULL = os.environ.get("TESSERA_TRUTH") == "full"
KILLS = 20 if FULL else 2
WITHIN = 60.0
"""Seconds after which nothing may be left."""


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A workspace whose shop has all of them in two versions, lists and caches; one whose shop has none; an export."""
    folder = tmp_path_factory.mktemp("canaries")
    empty, full = Workspace.open(folder / "empty"), Workspace.open(folder / "full")
    nobody, everybody = write(folder, export(), "nobody.csv"), write(folder, export(*CANARIES), "everybody.csv")
    for workspace in (empty, full):
        import_file(workspace, nobody, dataset="Shop", today=TODAY)
    for file in (write(folder, export(*CANARIES[:10]), "half.csv"), everybody):
        import_file(full, file, dataset="Shop", today=TODAY)
    version = full.latest("Shop")
    customers = prepare(full, DuckEngine.open(full.root), version)
    SavedSegmentations(full, version.dataset_id).keep_list(customers.ids)
    (full.cache(customers.plain) / "map-1.json").write_text("{}")
    assert len(met(full.root, *CANARIES)) > 3 * len(CANARIES)  # the search finds what is there
    return empty.root, full.root, everybody


def after(root: Path) -> Workspace:
    """What a server does when it starts, or within the next seconds where it runs."""
    workspace = Workspace.open(root)
    workspace.sweep(now=time.time() + 6)
    return workspace


def left(root: Path, since: float, *canaries: Canary) -> list[str]:
    found, seconds = met(root, *canaries), time.monotonic() - since
    print(f"searched {seconds:.1f} s after the act began: {len(found)} left")
    assert seconds < WITHIN
    return found


def test_a_killed_deletion_leaves_the_shop_or_nothing_of_it(tmp_path: Path, homes: tuple[Path, Path, Path]) -> None:
    counted = shutil.copytree(homes[1], tmp_path / "counted")
    changes = killed_at.run(counted, 0, "delete", "Shop", "--yes")
    assert met(counted, *CANARIES) == []
    gone = 0
    for at, point in enumerate(killed_at.points(changes, KILLS)):
        home, since = shutil.copytree(homes[1], tmp_path / str(at)), time.monotonic()
        killed_at.run(home, point, "delete", "Shop", "--yes")
        workspace = after(home)
        if workspace.datasets():
            assert workspace.latest("Shop").manifest.customers == 7 + len(CANARIES)
            workspace.delete("Shop")
        else:
            gone += 1
        assert left(home, since, *CANARIES) == [], point
        shutil.rmtree(home)
    assert gone


def test_a_killed_erasure_leaves_the_customer_everywhere_or_nowhere(
    tmp_path: Path, homes: tuple[Path, Path, Path]
) -> None:
    home = shutil.copytree(homes[1], tmp_path / "home")
    counted = shutil.copytree(homes[1], tmp_path / "counted")
    first = CANARIES[0]
    changes = killed_at.run(counted, 0, "erase", "Shop", "--email", first.email, "--yes")
    assert met(counted, first) == []
    outcomes: set[str] = set()
    for canary, point in zip(CANARIES, killed_at.points(changes, KILLS), strict=False):
        since = time.monotonic()
        killed_at.run(home, point, "erase", "Shop", "--customer", canary.customer, "--yes")
        workspace = after(home)
        numbers = [one.number for one in workspace.history("Shop")]
        assert numbers == [1, 2, 3], point
        there = bool(met(home, canary))
        outcomes.add("there" if there else "gone")
        if there:
            assert [one for one in numbers if _knows(workspace, one, canary)] == _once(canary), point
            erase(workspace, "Shop", Asked(customer=canary.customer))
        assert left(home, since, canary) == [], point
    assert "gone" in outcomes
    remaining = CANARIES[KILLS:]
    for canary in remaining if FULL else remaining[:2]:
        erase(Workspace.open(home), "Shop", Asked(email=canary.email.upper()))
        assert met(home, canary) == []
    done = import_file(Workspace.open(home), homes[2], dataset="Shop", today=TODAY)
    assert done.ledger.set_aside["erased"] >= 9 * KILLS
    assert met(home, *CANARIES[:KILLS]) == []


def _knows(workspace: Workspace, number: int, canary: Canary) -> bool:
    (version,) = (one for one in workspace.history("Shop") if one.number == number)
    return bool(met(version.folder, canary))


def _once(canary: Canary) -> list[int]:
    """The versions that had this person."""
    return [2, 3] if CANARIES.index(canary) < 10 else [3]


def test_a_killed_import_leaves_nothing_unless_it_was_complete(tmp_path: Path, homes: tuple[Path, Path, Path]) -> None:
    counted = shutil.copytree(homes[0], tmp_path / "counted")
    changes = killed_at.run(counted, 0, "import", str(homes[2]), "--dataset", "Shop")
    for at, point in enumerate(killed_at.points(changes, KILLS)):
        home, since = shutil.copytree(homes[0], tmp_path / str(at)), time.monotonic()
        killed_at.run(home, point, "import", str(homes[2]), "--dataset", "Shop")
        workspace = after(home)
        if workspace.latest("Shop").number == 1:
            assert left(home, since, *CANARIES) == [], point
        else:
            assert workspace.latest("Shop").manifest.customers == 7 + len(CANARIES)
            assert list(workspace.tmp.iterdir()) == []
        shutil.rmtree(home)


def test_a_closed_tab_leaves_nothing_of_what_was_dropped(tmp_path: Path, homes: tuple[Path, Path, Path]) -> None:
    counted = shutil.copytree(homes[0], tmp_path / "counted")
    file = shutil.copy(homes[2], counted / "tmp" / "upload-1")
    changes = killed_at.run(counted, 0, "look", str(file))
    assert met(counted, *CANARIES)
    for at, point in enumerate(killed_at.points(changes, KILLS)):
        home = shutil.copytree(homes[0], tmp_path / str(at))
        workspace, now = Workspace.open(home), time.time()
        file = shutil.copy(homes[2], workspace.tmp / "upload-1")
        presence = Presence()
        presence.owns("session", "visitor", ["upload-1", "look-1.json"])
        presence.sweep(workspace.tmp, now=now, active=lambda _session: True)
        killed_at.run(home, point, "look", str(file))
        assert met(home, *CANARIES)
        if at % 2:  # the server is killed too, and the one after it knows nobody
            presence = Presence()
            gc.collect()
        presence.sweep(workspace.tmp, now=now + 1, active=lambda _session: False)
        presence.sweep(workspace.tmp, now=now + 122, active=lambda _session: False)
        after(home)
        assert met(home, *CANARIES) == [], point
        shutil.rmtree(home)
