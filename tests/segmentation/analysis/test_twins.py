"""Two shops that hold the same file share what is worked out of it, and nothing that is one shop's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from segmentation.analysis import Analysis, StudySettings
from segmentation.analysis.studies import SEGMENTS, SegmentsSettings
from segmentation.errors import WrongCall
from segmentation.health import health_of
from segmentation.intake import import_file
from segmentation.kpis import Period
from segmentation.segments import Edits, Pin, freeze
from segmentation.workspace import SegmentationNotFound, Workspace

PLAIN = StudySettings(segments=3, features=("recency_days", "orders"))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two shops, imported from one file."""
    start = date(2025, 1, 1)
    rows = [
        f"{customer}-{number},C{customer},{start + timedelta((customer * 7 + number * 31) % 500)},{customer % 9 + 5}.50"
        for customer in range(120)
        for number in range(customer % 4 + 1)
    ]
    file = tmp_path / "orders.csv"
    file.write_text("\n".join(["Order,Customer,Date,Total", *rows]), encoding="utf-8")
    workspace = Workspace.open(tmp_path / "w")
    for name in ("One", "Other"):
        import_file(workspace, file, dataset=name, today=date(2026, 11, 22))
    return workspace


@pytest.fixture
def twins(workspace: Workspace) -> tuple[Analysis, Analysis]:
    one, other = (Analysis.open(workspace, name) for name in ("One", "Other"))
    assert one.version.fingerprint == other.version.fingerprint
    return one, other


def test_work_for_one_shop_is_not_that_for_the_other(twins: tuple[Analysis, Analysis]) -> None:
    one, other = twins
    assert one.clv().job != other.clv().job
    assert one.clv().job == Analysis.of(one.workspace, one.version).clv().job
    assert one.clv().file == other.clv().file


def test_a_pinned_list_is_known_to_its_own_shop_only(twins: tuple[Analysis, Analysis]) -> None:
    one, other = twins
    pinned = replace(
        PLAIN, edits=Edits(pins=(Pin(listed=one.saved_segmentations.keep_list(one.customers().ids[:12])),))
    )
    assert one.study(pinned, wait=False).segmentation.sizes[-1] == 12
    with pytest.raises(WrongCall, match="is not kept here"):
        other.study(pinned, wait=False)


def test_a_saved_segmentation_is_known_to_its_own_shop_only(twins: tuple[Analysis, Analysis]) -> None:
    one, other = twins
    found = one.study(PLAIN, wait=False).segmentation
    body = freeze(one.customers(), found)
    saved = one.saved_segmentations.save("Mine", key=found.settings.key, body=body, created="2026-11-22T10:00:00")
    asked = SegmentsSettings(key=saved.key, saved=saved.identity)
    assert one.answer(SEGMENTS, asked).get().sizes == found.sizes
    with pytest.raises(SegmentationNotFound):
        other.answer(SEGMENTS, asked).get()


def test_each_shop_is_called_by_its_own_name_also_after_it_was_renamed(workspace: Workspace, tessera) -> None:
    asked = ("--workspace", workspace.root)
    for name in ("One", "Other"):
        assert tessera("health", name, *asked)[1].startswith(f"{name}: ")
    with workspace.registry() as registry:
        registry.execute("UPDATE datasets SET name = 'Another' WHERE name = 'One'")
    for name in ("Another", "Other"):
        assert tessera("health", name, *asked)[1].startswith(f"{name}: ")


def test_what_does_not_depend_on_the_date_is_held_once(twins: tuple[Analysis, Analysis]) -> None:
    one, _ = twins
    earlier = one.at(one.as_of - timedelta(days=30))
    period = Period(one.version.manifest.first, one.version.manifest.last)
    assert health_of(one).get() is health_of(earlier).get()
    assert one.overview(period).get() is earlier.overview(period).get()
    assert one.study(PLAIN, wait=False).segmentation is not earlier.study(PLAIN, wait=False).segmentation
