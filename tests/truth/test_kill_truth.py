"""Commands killed at 72 points: what is registered is as before or complete, nothing half is left, and they work again.

They are killed at points spread over all changes they make to the workspace and to the folder that files leave to.
There are no scheduled refreshes: what is killed is the refresh after an import, and what keeps results. The other 28 of
100 points are in `test_kill_server_truth.py`. `TESSERA_TRUTH=full` kills at all of them; otherwise an import at one.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from segmentation import cli
from segmentation.analysis import Analysis
from segmentation.engine import DuckEngine, engine_of
from segmentation.workspace import Workspace
from segmentation.workspace.checked import forget_digests
from tests.dashboard.shops import write_shop
from tests.segmentation import killed_at
from tests.truth.test_damage_truth import SECOND

pytestmark = pytest.mark.truth

FULL = os.environ.get("TESSERA_TRUTH") == "full"
Answer = tuple[int, dict[str, Any]]
State = list[tuple[str, int, str]]
ACTS: dict[str, tuple[str, ...]] = {
    "import": ("import", "{beside}/third.csv", "--dataset", "Shop", "--replace"),
    "new shop": ("import", "{beside}/third.csv", "--dataset", "Other"),
    "refresh": ("refresh", "Shop", "2"),
    "results": ("prove", "Shop", "--segments", "3"),
    "report": ("report", "Shop", "--segments", "3", "--force", "--out", "{out}/report.html"),
    "scores": ("churn", "Shop", "--force", "--out", "{out}/scores.csv"),
    "rejected rows": ("rejected", "Shop", "--force", "--out", "{out}/rejected.csv"),
    "backup": ("backup", "--force", "{out}/shops.tar"),
}
"""What is killed: words of the command line, or of `killed_at`."""
KILLS = 9
"""Of each act."""
IN_SHORT = {"import": 0.5}
"""Where the one of the short run is killed, as a share of its changes."""


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace, the folder of files that leave it, and the folder of files to import."""

    root: Path
    beside: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def out(self) -> Path:
        """Its name begins like the workspace's, so that what is written there is watched too."""
        return self.root.with_name(f"{self.root.name}-out")

    def words(self, act: str) -> list[str]:
        return [word.format(beside=self.beside, out=self.out) for word in ACTS[act]]

    def __call__(self, *words: str) -> Answer:
        """A command's exit code and its one object; an error that is not ours is a failed test."""
        self.capsys.readouterr()
        code = cli.main([*words, "--json", "--workspace", str(self.root)])
        return code, json.loads(self.capsys.readouterr().out)

    def state(self) -> State:
        """Every version of every shop, by name, number and content."""
        workspace = Workspace.open(self.root)
        names = sorted(one.name for one in workspace.datasets())
        return [(name, one.number, one.fingerprint) for name in names for one in workspace.history(name)]

    def half(self) -> list[str]:
        """Files that were not written to their end, and what nobody is at work on in `tmp/`."""
        engine_of.cache_clear()  # a command's process ends with its engine; this one goes on
        folders = (self.root, self.out)
        hidden = [path.name for folder in folders for path in folder.rglob(".*") if path.is_file()]
        return [*hidden, *(path.name for path in (self.root / "tmp").iterdir())]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a shop of two versions, results of the first one, rejected rows, and a file to import."""
    home = tmp_path_factory.mktemp("whole")
    (home / "workspace-out").mkdir()
    (home / "third.csv").write_text(SECOND, encoding="utf-8")
    workspace = Workspace.open(home / "workspace")
    write_shop(workspace, "Shop", customers=150)
    version, engine = workspace.latest("Shop"), DuckEngine.open(workspace.root)
    shop = Analysis.of(workspace, version, engine=engine)
    shop.clv().get()
    shop.churn().get()
    engine.close()
    second = ["import", str(home / "third.csv"), "--dataset", "Shop", "--replace", "--workspace", str(workspace.root)]
    assert cli.main(second) == 0
    (home / "third.csv").write_text(SECOND.replace("20.00", "21.00"), encoding="utf-8")
    return home


def begin(whole: Path, folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> Place:
    """The shop as it was at first, in a folder of this name."""
    forget_digests()
    shutil.copytree(whole / "workspace", folder / name)
    place = Place(folder / name, whole, capsys)
    place.out.mkdir()
    return place


def as_after_a_start(place: Place) -> None:
    """What a server does when it starts, or within the next seconds where it runs; beside the files that left the
    workspace those seconds go by too."""
    Workspace.open(place.root).sweep(now=time.time() + 6)
    for path in place.out.iterdir():
        os.utime(path, (time.time() - 6, time.time() - 6))


@pytest.mark.parametrize("act", ACTS if FULL else IN_SHORT)
def test_a_killed_command_leaves_all_as_before_or_complete_and_works_again(
    act: str, tmp_path: Path, whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counted = begin(whole, tmp_path, "counted", capsys)
    before = counted.state()
    changes = killed_at.run(counted.root, 0, *counted.words(act))
    complete, made = counted.state(), files(counted)
    points = killed_at.points(changes, KILLS) if FULL else [round(IN_SHORT[act] * changes)]
    ended = {"as before": 0, "complete": 0, "killed": 0}
    for number, point in enumerate(points):
        place = begin(whole, tmp_path, f"home{number}", capsys)
        ended["killed"] += killed_at.run(place.root, point, *place.words(act))
        as_after_a_start(place)
        same = [row[:2] for row in place.state()]
        assert same in ([row[:2] for row in before], [row[:2] for row in complete]), point
        ended["complete" if same == [row[:2] for row in complete] else "as before"] += 1
        assert [row for row in place.state() if row in before] == before, point
        assert place("verify")[0] == 0, point
        assert place("audit", "verify")[0] == 0, point
        assert place("health", "Shop")[0] == 0, point
        for name, size in files(place).items():
            assert size == made[name], (point, name)
        if act == "refresh":
            killed_at.run(place.root, 0, *place.words(act))
        else:
            assert place(*place.words(act))[0] == 0, point
        assert {row[:2] for row in place.state()} >= {row[:2] for row in complete}, point
        assert files(place).keys() == made.keys(), point
        assert place.half() == [], point
        shutil.rmtree(place.root)
    print(f"{act}: {changes} changes, {len(points)} points, {ended}")
    assert ended["killed"] >= len(points) - 1


def files(place: Place) -> dict[str, int]:
    """What left the workspace, by name and size."""
    return {path.name: path.stat().st_size for path in place.out.iterdir() if not path.name.startswith(".")}
