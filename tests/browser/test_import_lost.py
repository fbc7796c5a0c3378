"""In a real browser: the server is killed in the middle of an import, and the open page says what became of it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from segmentation.workspace import Workspace
from tests.browser import serving, steps
from tests.browser.long import long
from tests.dashboard.shops import write_shop

ROWS = 250_000


@dataclass
class Restarted:
    """A server that can be killed and started again at the same address."""

    workspace: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = serving.started(self.workspace, self.port, workers=0)

    def kill(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@pytest.fixture
def server(chromium_path: Path, tmp_path: Path) -> Iterator[Restarted]:
    found = Restarted(tmp_path / "workspace", serving.free_port())
    found.start()
    yield found
    assert found.process is not None
    serving.stop(found.process)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export whose import takes seconds."""
    path = tmp_path_factory.mktemp("large") / "orders.csv"
    with path.open("w") as file:
        file.write("order_id,customer_id,order_date,amount,product\n")
        for row in range(ROWS):
            day = f"2025-{1 + row % 12:02d}-{1 + row % 28:02d}"
            file.write(f"O{row},C{row % 9_000},{day},{1 + row % 90}.{row % 100:02d},Tea {row % 40}\n")
    return path


def importing(page: Page, server: Restarted, large: Path) -> None:
    """Drop the file and press Import; the import is under way."""
    page.goto(f"{server.address}/import")
    steps.ready(page, "Import")
    page.locator("input[type=file]").set_input_files(large)
    expect(page.locator(".st-key-import_now")).to_be_visible(timeout=steps.SLOW)
    serving.settle(page)
    page.get_by_role("textbox", name="Name of the shop").fill("Tea shop")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)  # the server has yet to hear of it
    serving.settle(page)
    page.locator(".st-key-import_now").get_by_role("button").click()
    expect(page.get_by_text("Importing")).to_be_visible(timeout=steps.SLOW)
    page.wait_for_timeout(700)


@long
def test_an_import_that_was_killed_with_its_server_is_said_to_be_lost_and_can_be_begun_again(
    page: Page, server: Restarted, large: Path
) -> None:
    importing(page, server, large)
    server.kill()
    assert Workspace.open(server.workspace).datasets() == ()
    server.start()
    lost = page.get_by_text(steps.like("was lost: the server was ended in the middle of it."))
    expect(lost).to_be_visible(timeout=steps.SLOW)
    said = steps.text(steps.messages(page).first)
    assert "The import of “orders.csv” was lost" in said
    assert "Nothing of it was stored. Press Import to begin again." in said
    expect(page.get_by_role("textbox", name="Name of the shop")).to_have_value("Tea shop")
    page.locator(".st-key-import_now").get_by_role("button").click()
    expect(page.locator(".st-key-another_file")).to_be_visible(timeout=steps.SLOW)
    expect(lost).to_have_count(0)
    assert Workspace.open(server.workspace).latest("Tea shop").manifest.lines == ROWS


@long
def test_an_import_that_was_stored_before_its_server_was_killed_is_said_to_be_complete(
    page: Page, server: Restarted, large: Path
) -> None:
    importing(page, server, large)
    workspace = Workspace.open(server.workspace)
    end = time.monotonic() + 60
    while not workspace.datasets() and time.monotonic() < end:
        time.sleep(0.005)
    server.kill()
    server.start()
    expect(page.locator(".st-key-another_file")).to_be_visible(timeout=steps.SLOW)
    assert f"{ROWS:,} rows imported" in steps.text(steps.messages(page).first)
    assert workspace.latest("Tea shop").number == 1


@long
def test_another_screen_says_that_the_server_was_ended_in_the_middle_of_an_import(
    page: Page, server: Restarted, large: Path
) -> None:
    write_shop(Workspace.open(server.workspace), "Other shop", customers=40)
    importing(page, server, large)
    steps.go(page, "Data health")
    server.kill()
    with page.expect_websocket(timeout=steps.SLOW):  # Streamlit's page takes no click before
        server.start()
    page.wait_for_timeout(1_000)
    steps.go(page, "Overview")
    expect(page.get_by_text("The server was ended in the middle of your import.")).to_be_visible(timeout=steps.SLOW)
    steps.go(page, "Import")
    expect(page.get_by_text(steps.like("was lost: the server was ended"))).to_be_visible(timeout=steps.SLOW)
    expect(page.locator(".st-key-import_now")).to_be_visible()
