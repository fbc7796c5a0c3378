"""In a real browser: a look at dropped files ends with its visitor, and nobody else's does."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from segmentation.workspace import Workspace
from tests.browser import serving, steps

SECONDS = 15.0
"""Four until it counts as gone, one until that is seen, two to end; the rest is a busy machine's."""


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is looked at for many seconds."""
    path = tmp_path_factory.mktemp("slow") / "orders.csv"
    with path.open("w") as file:
        file.write("order_id,customer_id,order_date,amount,product\n")
        for row in range(1_500_000):
            file.write(f"O{row},C{row % 90_000},2025-{1 + row % 12:02d}-{1 + row % 28:02d},{1 + row % 90}.50,Tea\n")
    return path


def looks(workspace: Workspace) -> set[str]:
    """The looks under way: each has a folder of its own."""
    return {one.name for one in workspace.tmp.glob("look-*.place")}


def until(wanted: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not wanted():
        time.sleep(0.1)
    return wanted()


def drop(page: Page, address: str, file: Path) -> None:
    page.goto(f"{address}/import")
    steps.ready(page, "Import")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("Looking at the files")).to_be_visible(timeout=steps.SLOW)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="the system does not list processes")
def test_a_look_ends_with_its_visitor_and_another_visitors_goes_on(
    chromium: Browser, page: Page, empty_app: str, app_workspace: Path, slow: Path
) -> None:
    workspace = Workspace.open(app_workspace)
    leaving = chromium.new_context()
    other = leaving.new_page()
    drop(other, empty_app, slow)
    assert until(lambda: len(looks(workspace)) == 1, 30)
    (first,) = looks(workspace)
    drop(page, empty_app, slow)
    assert until(lambda: len(looks(workspace)) == 2, 30)
    leaving.close()
    assert until(lambda: first not in looks(workspace), SECONDS)
    assert len(looks(workspace)) == 1
    expect(page.locator(".st-key-import_now")).to_be_visible(timeout=steps.SLOW)
    serving.settle(page)
