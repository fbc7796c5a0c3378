"""What a visitor does, again and again: open a screen, drop a file, choose, import, download."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate

from tests.browser import serving

SCREENS = (
    "Import",
    "Data health",
    "Overview",
    "Segments",
    "Customer",
    "Lifetime value",
    "Churn",
    "Campaign",
    "Briefing",
)

ADDRESSES = {"Lifetime value": "worth"}


def address_of(screen: str) -> str:
    """The last part of a screen's address."""
    return ADDRESSES.get(screen, screen.lower().replace(" ", "-"))


SLOW = 60_000
"""Milliseconds for what computes something; a busy machine may need them."""

MAP_SLOW = 180_000
"""Milliseconds for the better map; the first one on a machine compiles for a while."""

ATTEMPTS = 3
FAILED = "Something went wrong on our side"
_JOINER = "\u2060"


def go(page: Page, screen: str) -> None:
    """Open a screen through the navigation and wait until it stands."""
    page.get_by_role("link", name=screen, exact=True).click()
    ready(page, screen)


def ready(page: Page, screen: str) -> None:
    """Wait until the screen of this title has been drawn to its end, without a failure."""
    expect(page.get_by_role("heading", level=1)).to_have_text(screen, timeout=SLOW)
    serving.settle(page)
    expect(page.locator("[data-stale='true']")).to_have_count(0, timeout=SLOW)
    expect(page.get_by_text(FAILED)).to_have_count(0)


def best_map(page: Page) -> None:
    """Wait until the map is the one that stays: a swap under a drawing hand would lose the drawing."""
    serving.settle(page)
    expect(page.locator(".st-key-map_cancel")).to_have_count(0, timeout=MAP_SLOW)
    serving.settle(page)


def text(where: Locator) -> str:
    """What stands there, without the zero-width joiners that keep file text from becoming Markdown."""
    return where.inner_text().replace(_JOINER, "")


def like(words: str) -> re.Pattern[str]:
    """These words wherever they stand, whether or not joiners are between their letters."""
    return re.compile(f"{_JOINER}?".join(re.escape(letter) for letter in words))


def open_fold(page: Page, words: str, inside: Locator) -> None:
    """Open a fold until what it holds is seen; a redraw may close it, or take the first click."""
    for _ in range(ATTEMPTS):
        serving.settle(page)
        if not inside.is_visible():
            page.get_by_text(words).click()
        try:
            inside.wait_for(state="visible", timeout=10_000)
        except TooLate:
            continue
        return
    expect(inside).to_be_visible()


def messages(page: Page) -> Locator:
    """The messages on the screen: errors, warnings, what went well."""
    return page.get_by_test_id("stAlert")


def drop(page: Page, name: str, content: bytes) -> None:
    """Drop a file on the import screen."""
    serving.settle(page)
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


def choose(page: Page, label: str | re.Pattern[str], option: str) -> None:
    """Choose in a dropdown, and wait for the answer: what it moves would take the next click away. A list that a redraw
    closed is opened again."""
    wanted = page.get_by_role("option", name=option, exact=True)
    for _ in range(ATTEMPTS):
        serving.settle(page)
        page.get_by_role("combobox", name=label).click()
        try:
            wanted.wait_for(state="visible", timeout=3_000)
            with serving.answered(page):
                wanted.click(timeout=3_000)
        except TooLate:
            continue
        return
    raise AssertionError(f"The dropdown {label} has no choice {option}.")


def open_choices(page: Page, label: str, option: str) -> None:
    """Open a dropdown until this choice is seen in its list; a redraw or a scroll may close it again."""
    wanted = page.get_by_role("option", name=option, exact=True)
    for _ in range(ATTEMPTS):
        serving.settle(page)
        if not wanted.is_visible():
            page.get_by_role("combobox", name=label).click()
        try:
            wanted.wait_for(state="visible", timeout=3_000)
        except TooLate:
            continue
        return
    expect(wanted).to_be_visible()


def start_import(page: Page) -> None:
    """Press Import and wait until the import has ended, well or not."""
    serving.settle(page)
    page.locator(".st-key-import_now").get_by_role("button").click()
    ended = page.locator(".st-key-another_file").or_(messages(page))
    expect(ended.first).to_be_visible(timeout=SLOW)
    serving.settle(page)


def take_away(page: Page, key: str) -> Locator:
    """Open “Take the list away” of the list with this key, where it is closed: its button for the file."""
    button = page.locator(f".st-key-{key}_csv").get_by_role("button")
    if not button.is_visible():
        serving.settle(page)
        page.locator(f".st-key-{key}_away").get_by_role("button", name="Take the list away").click()
    expect(button).to_be_visible()
    serving.settle(page)
    return button


def downloaded(page: Page, button: Locator) -> tuple[str, bytes]:
    """Press a download button: the file's name and content. A click that a redraw swallowed is made again."""
    for attempt in range(1, ATTEMPTS + 1):
        serving.settle(page)
        try:
            with page.expect_download(timeout=SLOW / ATTEMPTS) as waiting:
                button.click()
        except TooLate:
            if attempt == ATTEMPTS:
                raise
            continue
        break
    found = waiting.value
    return found.suggested_filename, Path(found.path()).read_bytes()


def table(content: bytes) -> list[list[str]]:
    """The rows of a downloaded CSV, its header first."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def no_data(page: Page, screen: str) -> None:
    """Open a screen while there is no shop: it says so and leads to the import."""
    page.get_by_role("link", name=screen, exact=True).click()
    expect(page.get_by_text("There is no data yet.")).to_be_visible(timeout=SLOW)
    serving.settle(page)


def find_customer(page: Page, text: str, found: Locator) -> None:
    """Look a customer up, and open the first where several are meant; `found` is what is there then."""
    page.locator(".st-key-customer_search input").fill(text)
    page.keyboard.press("Enter")
    several = page.locator(".st-key-customer_match input")
    expect(several.or_(found).first).to_be_visible()
    if several.is_visible() and not found.is_visible():
        several.click()
        page.get_by_role("option").first.click()
    expect(found).to_be_visible()
