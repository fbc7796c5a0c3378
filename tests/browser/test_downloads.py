"""In a real browser: what a visitor downloads arrives, whatever other visitors and the screen itself do meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from segmentation.workspace import Workspace
from segmentation.workspace.audit import digest_of
from segmentation.workspace.audit_check import check
from tests.browser import steps
from tests.browser.long import long
from tests.dashboard.shops import write_shop

CUSTOMERS = ".st-key-members_csv"


@pytest.fixture
def shop(empty_app: str, app_workspace: Path) -> str:
    """The address of a dashboard with one small shop."""
    write_shop(Workspace.open(app_workspace))
    return empty_app


@pytest.fixture
def other(chromium: Browser) -> Iterator[Page]:
    """Another visitor, with a browser of their own."""
    context = chromium.new_context()
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def segment_list(page: Page, address: str) -> None:
    """Open the list of a segment's customers."""
    page.goto(f"{address}/segments?view=Customers")
    steps.ready(page, "Segments")
    if not page.locator(".st-key-members_away").is_visible():
        page.get_by_role("tab", name="Customers", exact=True).click()
    expect(page.locator(".st-key-members_away")).to_be_visible(timeout=steps.SLOW)
    steps.take_away(page, "members")


def run_again(page: Page, address: str) -> None:
    """Draw a screen from its beginning to its end."""
    page.goto(f"{address}/data-health")
    steps.ready(page, "Data health")


HOLD = """() => {
    const click = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function () {
        HTMLAnchorElement.prototype.click = click;
        window.goOn = () => click.call(this);
    };
}"""
"""As on a slow line: the browser has the address of the file and asks for it when `goOn` is called."""


def press(page: Page) -> None:
    """Press the button; the browser does not ask for the file yet."""
    page.evaluate(HOLD)
    page.locator(CUSTOMERS).get_by_role("button").click()
    page.wait_for_function("window.goOn !== undefined")


def arrived(page: Page) -> tuple[str, bytes]:
    """The file's name and content, once the browser has asked for it."""
    with page.expect_download() as arriving:
        page.evaluate("window.goOn()")
    return arriving.value.suggested_filename, Path(arriving.value.path()).read_bytes()


def entries(home: Path) -> list[str]:
    """What the audit log has of exports: their SHA-256."""
    found = check(Workspace.open(home)).entries
    return [one["sha256"][0] for one in found if one is not None and one["what"] == "export"]


def test_a_download_arrives_whatever_others_do_between_the_click_and_the_file(
    page: Page, other: Page, shop: str, app_workspace: Path
) -> None:
    segment_list(page, shop)
    before = len(entries(app_workspace))
    press(page)
    for _ in range(3):
        run_again(other, shop)
    name, content = arrived(page)
    assert name.startswith("segment-")
    assert content.startswith("\ufeffE-mail,".encode())
    assert entries(app_workspace)[before:] == [digest_of(content)]


@long
def test_a_download_arrives_though_its_screen_is_drawn_anew_and_left(
    page: Page, other: Page, shop: str, app_workspace: Path
) -> None:
    segment_list(page, shop)
    _, usual = steps.downloaded(page, page.locator(CUSTOMERS).get_by_role("button"))
    press(page)
    steps.choose(page, "Segment", page.get_by_role("combobox", name="Segment").input_value())
    steps.go(page, "Data health")
    for _ in range(3):
        run_again(other, shop)
    assert arrived(page)[1] == usual


def test_nothing_is_handed_out_of_a_shop_that_is_gone_and_the_file_says_so(
    page: Page, shop: str, app_workspace: Path
) -> None:
    segment_list(page, shop)
    before = entries(app_workspace)
    Workspace.open(app_workspace).delete("Shop")
    name, content = steps.downloaded(page, page.locator(CUSTOMERS).get_by_role("button"))
    assert name == "not-downloaded.txt"
    assert "“Shop” was deleted since the page was drawn. Open the screen again" in content.decode()
    assert entries(app_workspace) == before


def test_a_stranger_with_the_address_gets_nothing(page: Page, other: Page, shop: str) -> None:
    addresses: list[str] = []
    page.on("request", lambda asked: addresses.append(asked.url) if "/media/" in asked.url else None)
    segment_list(page, shop)
    name, _ = steps.downloaded(page, page.locator(CUSTOMERS).get_by_role("button"))
    assert name.endswith(".csv")
    address = next(one for one in reversed(addresses) if one.endswith(".tessera"))
    other.goto(shop)
    answer = other.request.get(address)
    assert answer.status == 404
    assert "not offered here any more" in answer.text()
