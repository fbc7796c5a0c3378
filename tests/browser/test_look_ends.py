"""In a real browser: a look at dropped files ends with its visitor, and nobody else's does."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from segmentation.workspace import Workspace
from tests.browser import serving, steps

SECONDS = 15.0
"""Four until it counts as gone, one until that is seen, two to end; the rest is a busy machine's."""


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is looked at for seconds."""
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


def at_work(workspace: Workspace) -> int:
    """The process that has a dropped file open, or what it makes of it."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if b"dashboard.screens.import_data.task.look" in (folder / "cmdline").read_bytes() and any(
                    str(link.readlink()).startswith(str(workspace.tmp)) for link in (folder / "fd").iterdir()
                ):
                    return int(folder.name)
    raise AssertionError("Nobody looks at the file.")


@pytest.mark.truth
@pytest.mark.skipif(os.environ.get("TESSERA_TRUTH") != "full", reason="one of the long ones: make truth")
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the system does not list processes")
def test_a_look_ends_with_its_visitor_and_another_visitors_goes_on(
    chromium: Browser, page: Page, empty_app: str, app_workspace: Path, slow: Path
) -> None:
    workspace = Workspace.open(app_workspace)
    leaving = chromium.new_context()
    drop(leaving.new_page(), empty_app, slow)
    process = at_work(workspace)
    os.kill(process, signal.SIGSTOP)  # or the look might be over before its visitor leaves
    (first,) = looks(workspace)
    drop(page, empty_app, slow)
    expect(page.locator(".st-key-import_now")).to_be_visible(timeout=steps.SLOW)
    assert looks(workspace) == {first}
    leaving.close()
    page.wait_for_timeout(8_000)
    os.kill(process, signal.SIGCONT)  # what it was told meanwhile reaches it now
    assert until(lambda: not Path(f"/proc/{process}").exists(), SECONDS)
    assert until(lambda: not looks(workspace), 5)
    serving.settle(page)
