"""A full disk on the screens: what is there is shown and studied, and what cannot be kept is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from segmentation.analysis import Analysis
from segmentation.analysis.work import TASKS
from segmentation.errors import DiskFull
from segmentation.jobs import Jobs
from segmentation.workspace import SavedSegmentations, Workspace
from tests.dashboard.shops import write_shop
from tests.full_disk import Disk, small_disk

PATIENCE = 120.0
SAID = "The disk is full"


@pytest.fixture
def disk(own_workspace: Path) -> Iterator[Disk]:
    """The workspace's own small disk."""
    with small_disk(own_workspace) as found:
        yield found


@pytest.fixture
def workspace(disk: Disk, own_workspace: Path) -> Workspace:
    return Workspace.open(own_workspace)


@pytest.fixture
def shop(workspace: Workspace):
    return write_shop(workspace)


def said(app) -> list[str]:
    return [one.value for one in app.error if SAID in one.value]


@pytest.mark.parametrize("name", ["overview", "segments", "health", "customer", "clv", "churn", "briefing"])
def test_every_screen_is_shown_on_a_full_disk(screen, disk, shop, name):
    disk.fill(0)
    app = screen(name)
    assert not app.exception
    assert not app.error


def test_a_margin_that_cannot_be_kept_says_so_and_the_one_that_counts_is_shown(screen, disk, shop):
    app = screen("campaign")
    usual = app.number_input(key="margin").value
    disk.fill(0)
    app.number_input(key="margin").set_value(usual + 5).run()
    assert not app.exception
    assert said(app)
    assert app.number_input(key="margin").value == usual
    assert not any("whole shop" in caption.value for caption in app.caption)
    disk.empty()
    app.number_input(key="margin").set_value(usual + 5).run()
    assert app.number_input(key="margin").value == usual + 5


def test_segments_that_cannot_be_saved_say_so_and_can_be_saved_when_there_is_room(screen, disk, workspace, shop):
    app = screen("segments")
    app.text_input(key="save_name").set_value("Spring")
    disk.fill(0)
    app.button(key="save").click().run()
    assert not app.exception
    (message,) = said(app)
    assert "0 bytes are free" in message
    assert "tessera delete" in message
    assert any("studied meanwhile" in caption.value for caption in app.caption)
    assert SavedSegmentations(workspace, shop.dataset_id).all() == ()
    disk.empty()
    app.text_input(key="save_name").set_value("Spring")
    app.button(key="save").click().run()
    assert not said(app)
    assert [one.name for one in SavedSegmentations(workspace, shop.dataset_id).all()] == ["Spring"]


def test_a_file_that_cannot_be_kept_is_a_sentence(screen, disk, workspace, shop):
    app = screen("import_data")
    disk.fill(0)
    app.file_uploader[0].upload("orders.csv", b"id,day,amount\n" * 9_999, "text/csv")
    app.run()
    assert not app.exception
    assert said(app)
    assert list(workspace.tmp.glob("upload-*")) == []


def test_a_worker_says_that_the_disk_is_full_and_works_on(disk, workspace, shop, monkeypatch):
    monkeypatch.setenv("TESSERA_HOME", str(workspace.root))
    analysis = Analysis.of(workspace, shop)
    clv, drawn = analysis.clv(), analysis.map(analysis.customers().default_features())
    jobs = Jobs(tasks=TASKS)
    try:
        disk.fill(0)
        for job in (clv.ask(jobs), drawn.ask(jobs)):
            assert job.wait(PATIENCE) == "failed"
            assert isinstance(job.error, DiskFull), job.error
            assert job.error.free == 0
            assert job.error.fact.startswith(SAID)
        disk.empty()
        assert clv.peek() is None
        assert clv.ask(jobs).state == "failed"
        assert clv.ask(jobs, again=True).wait(PATIENCE) == "done"
        assert clv.peek() is not None
    finally:
        jobs.close()
