"""Every file of a version, of its cache and of a backup, damaged by one bit, a cut or a loss: all is found.

`TESSERA_TRUTH=full` damages 100 times each; otherwise a fifth.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from segmentation import cli
from segmentation.analysis import Analysis
from segmentation.analysis.scores import EXPECTED_NAMES
from segmentation.workspace import Workspace
from tests.damage import KINDS, as_a_new_process, harm, mend
from tests.dashboard.shops import write_shop

pytestmark = pytest.mark.truth

FULL = os.environ.get("TESSERA_TRUTH") == "full"
TIMES = 100 if FULL else 20
FIRST = "order_id,date,customer,email,amount,product\n" + "".join(
    f"{i},2025-{1 + i % 12:02d}-{1 + i % 28:02d},c{i % 40},c{i % 40}@shop.example,{10 + i % 7}.50,Tea {i % 3}\n"
    for i in range(400)
)
SECOND = FIRST.splitlines()[0] + "\n" + "".join(
    f"{i},2026-01-{1 + i % 28:02d},c{i % 40},c{i % 40}@shop.example,{20 + i % 5}.00,Tea {i % 3}\n"
    for i in range(390, 480)
) + "900,someday,c1,c1@shop.example,5.00,Tea 1\n901,2026-01-03,c2,c2@shop.example,nonsense,Tea 1\n"  # fmt: skip


class Shop:
    """A shop of two versions, with rows that were set aside and rows that were there already."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capsys = capsys

    def __call__(self, *words: object) -> tuple[int, dict[str, Any]]:
        """A command's exit code and its one object; an error that is not ours is a failed test."""
        self._capsys.readouterr()
        code = cli.main([*map(str, words), "--json", "--workspace", str(self.root)])
        return code, json.loads(self._capsys.readouterr().out)


@pytest.fixture
def shop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shop:
    made = Shop(tmp_path / "workspace", capsys)
    for name, text in (("first.csv", FIRST), ("second.csv", SECOND)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        code, _ = made("import", tmp_path / name, "--dataset", "Shop", "--replace")
        assert code == 0
    return made


def test_no_damage_of_a_version_is_read_as_if_it_were_whole(shop: Shop) -> None:
    version = Workspace.open(shop.root).latest("Shop")
    files = sorted(path for path in version.folder.rglob("*") if path.is_file())
    assert {path.parent.name for path in files} >= {"lines", "contacts", "set_aside", str(version.number)}
    whole = shop("health", "Shop")
    assert whole[0] == 0
    assert shop("verify")[0] == 0
    rng = np.random.default_rng(13)
    silent: Counter[str] = Counter()
    for time in range(TIMES):
        file, kind = files[time % len(files)], KINDS[(time // len(files)) % len(KINDS)]
        held = harm(file, kind, rng)
        name = file.relative_to(version.folder).as_posix()
        code, said = shop("health", "Shop")
        error = said.get("error", {})
        if code != 1 or error.get("code") != "version_damaged" or not error["evidence"].startswith(name):
            silent[f"{kind} of {name}: {code}"] += 1
        code, said = shop("verify")
        found = [(one["version"], each["file"]) for one in said["versions"] for each in one["problems"]]
        if code != 1 or (version.number, name) not in found:
            silent[f"{kind} of {name} verified: {code}"] += 1
        if "Go back to version 1" in error.get("next_step", ""):
            assert all(number != 1 for number, _ in found), name
        mend(file, held)
    assert not silent
    assert shop("health", "Shop") == whole


def test_a_way_back_is_offered_exactly_where_the_earlier_version_is_whole(shop: Shop) -> None:
    first, second = Workspace.open(shop.root).history("Shop")
    own = next(file for file in second.lines if file.name not in {one.name for one in first.lines})
    shared = next(file for file in second.lines if file.name in {one.name for one in first.lines})
    for file, offered in ((own, True), (shared, False)):
        held = harm(file, "flip", np.random.default_rng(1))
        _, said = shop("health", "Shop")
        assert ("Go back to version 1" in said["error"]["next_step"]) is offered
        mend(file, held)
    harm(own, "gone", np.random.default_rng(1))
    assert shop("versions", "Shop", "--use", 1)[0] == 0
    assert shop("health", "Shop")[0] == 0


def test_no_damage_of_a_backup_is_restored(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "shop.tar"
    assert shop("backup", file)[0] == 0
    before = shop("health", "Shop")
    rng = np.random.default_rng(14)
    refused = 0
    for _ in range(TIMES):
        held = harm(file, ("flip", "cut")[int(rng.integers(2))], rng)
        code, _ = shop("restore", file, "--replace")
        refused += code == 1
        assert code in {0, 1}
        assert shop("health", "Shop") == before  # refused, or the bit stood where nothing is written
        mend(file, held)
    assert refused > TIMES // 2
    shutil.rmtree(shop.root)
    assert shop("restore", file)[0] == 0
    assert shop("health", "Shop") == before


def everything(shop: Shop) -> str:
    """What the commands that keep results say, and the map."""
    as_a_new_process()
    said = []
    for words in (["study"], ["prove", "--segments", "3"]):
        code, body = shop(words[0], "Shop", *words[1:])
        assert code == 0, body
        said.append({name: value for name, value in body.items() if "seconds" not in name})
    as_a_new_process()
    asked = Analysis.open(Workspace.open(shop.root), "Shop")
    clv, churn = asked.clv().get(), asked.churn().get()
    assert clv.scores is not None
    assert churn.scores is not None
    said += [{"worth": clv.scores.value.tolist()}, {"churn": np.asarray(churn.scores.today).tolist()}]
    scored = asked.customers(EXPECTED_NAMES)
    said.append({"scores": scored.raw("expected_spend").tolist()})
    drawn = asked.map(scored.default_features()).get()
    return json.dumps([*said, {"map": drawn.coordinates.tolist()}])


@pytest.mark.skipif(not FULL, reason="one of the long ones: make truth")
def test_damaged_results_are_worked_out_again_and_are_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = Shop(tmp_path / "workspace", capsys)
    workspace = Workspace.open(shop.root)
    write_shop(workspace, customers=400)
    before = everything(shop)
    kept = sorted(path for path in workspace.cache_folder.rglob("*") if path.is_file())
    kinds = {path.name.split("-")[0] for path in kept}
    assert kinds >= {
        "map",
        "clv",
        "churn",
        "number",
        "proofs",
        "structure",
        "outcomes",
        "expected",
        "meta.json",
        "raw.npy",
    }
    rng = np.random.default_rng(15)
    for turn in range(len(KINDS) if FULL else 1):
        for place, file in enumerate(kept):
            if file.exists():
                harm(file, KINDS[(place + turn) % len(KINDS)], rng)
        assert everything(shop) == before
