"""What is kept on disk is read back as it was, and worked out again where it is something else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from segmentation.analysis import MEMORY, Analysis, ClvResult, StudySettings
from segmentation.analysis.churn import CHURN
from segmentation.analysis.work import KEPT
from segmentation.customers import CustomerTable
from segmentation.errors import WorkspaceBroken
from segmentation.workspace import Workspace
from segmentation.workspace.checked import write_sealed
from tests.dashboard.shops import write_shop

FEATURES = ("recency_days", "orders", "spend")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    workspace = Workspace.open(tmp_path_factory.mktemp("kept"))
    return Analysis.of(workspace, write_shop(workspace, customers=900))


@pytest.mark.parametrize("name", [name for name in KEPT if name != "map"])
def test_everything_a_worker_keeps_is_read_back(shop: Analysis, name: str) -> None:
    settings = StudySettings(segments=3, features=FEATURES)
    answers = {
        "number": shop.number(settings),
        "proofs": shop.proofs(shop.study(settings, wait=False)),
    }
    analysis = KEPT[name]
    answer = answers.get(name) or shop.answer(analysis, analysis.settings())
    made = answer.get()
    MEMORY.forget()
    read = answer.peek()
    assert type(read) is type(made)
    assert read is not made


def test_a_result_that_cannot_be_kept_is_not_lost(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path)
    answer = Analysis.of(workspace, write_shop(workspace, customers=300)).clv()
    in_the_way = answer.file.path / "in the way"
    in_the_way.mkdir(parents=True)
    with pytest.raises(WorkspaceBroken, match="could not be kept"):
        answer.get()
    found = answer.peek()
    assert found is not None
    assert answer.get() is found
    in_the_way.rmdir()
    in_the_way.parent.rmdir()
    MEMORY.forget()
    assert answer.get() is not found
    assert answer.file.load(ClvResult) is not None


def test_the_declaration_that_is_shown_as_an_example_is_the_real_one() -> None:
    shown = (Path(__file__).resolve().parents[3] / "docs" / "architecture.md").read_text(encoding="utf-8")
    example = shown.split("CHURN = Declared(")[1].split("\n)")[0]
    for name in ("name", "layout", "lane", "doing"):
        said = getattr(CHURN, name)
        assert f"    {name}={json.dumps(said, ensure_ascii=False)}," in example


@pytest.fixture(scope="module")
def kept(shop: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kept table of customers."""
    folder = tmp_path_factory.mktemp("table") / "customers-1"
    shop.customers().save(folder)
    return folder


def test_a_table_is_read_back_as_it_was(shop: Analysis, kept: Path) -> None:
    found, made = CustomerTable.load(kept), shop.customers()
    assert found is not None
    for name in ("fingerprint", "as_of", "currency", "features", "unavailable", "categories", "scalings", "season"):
        assert getattr(found, name) == getattr(made, name)
    names = [feature.name for feature in made.features]
    assert np.array_equal(found.scaled(names), made.scaled(names))
    assert found.ids.equals(made.ids)


DAMAGED = {
    "no table": lambda meta: [],
    "nothing": lambda meta: None,
    "a text": lambda meta: "kept",
    "empty": lambda meta: {},
    "arrays": lambda meta: meta | {"arrays": None},
    "array names": lambda meta: meta | {"arrays": [3]},
    "an array too many": lambda meta: meta | {"arrays": [*meta["arrays"], "more"]},
    "an array too few": lambda meta: meta | {"arrays": meta["arrays"][1:]},
    "features": lambda meta: meta | {"features": None},
    "a feature too few": lambda meta: meta | {"features": meta["features"][1:]},
    "an unknown feature": lambda meta: meta | {"features": ["cats", *meta["features"][1:]]},
    "as of": lambda meta: meta | {"as_of": 20260101},
    "currency": lambda meta: meta | {"currency": 3},
    "scalings": lambda meta: meta | {"scalings": []},
    "no scaling": lambda meta: meta | {"scalings": {}},
    "a scaling": lambda meta: meta | {"scalings": {"orders": None}},
    "levels": lambda meta: meta | {"levels": [["x"]] * len(meta["features"])},
    "levels too few": lambda meta: meta | {"levels": meta["levels"][1:]},
    "season": lambda meta: meta | {"season": 11},
    "consent": lambda meta: meta | {"consent_column": None},
    "unavailable": lambda meta: meta | {"unavailable": [["orders"]]},
}


@pytest.mark.parametrize("damage", list(DAMAGED))
def test_a_table_that_says_something_else_is_as_if_it_were_not_there(kept: Path, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / kept.name
    shutil.copytree(kept, folder)
    meta = json.loads((folder / "meta.json").read_bytes().partition(b"tessera1")[0])
    write_sealed(folder / "meta.json", json.dumps(DAMAGED[damage](meta)).encode())
    assert CustomerTable.load(folder) is None
    assert not folder.exists()
