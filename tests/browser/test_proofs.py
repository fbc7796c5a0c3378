"""A segmentation is tuned until it holds, saved, and found again by its link."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.serving import settle
from tests.browser.test_studio import TITLE, open_studio, press_on_slider, segments_shown

NOT_STEADY = re.compile(r"doubtful|unstable")
STEADY = re.compile(r"Stable: (?:very )?stable")
MAP_NAMES = ".st-key-customer_map .annotation"
PROOF_MILLISECONDS = 90_000
"""The first proof waits for a worker to start."""

DRAWN = 500
"""Milliseconds in which the browser draws what has come."""


def stable_cell(page: Page) -> Locator:
    return page.locator(".st-key-proof_stable")


def merges(page: Page) -> Locator:
    """The buttons that merge two segments, in what was opened."""
    return page.get_by_role("button", name="Merge these two")


def names(page: Page) -> list[str]:
    """The names on the map, in order."""
    return sorted(page.locator(MAP_NAMES).all_text_contents())


def proven(page: Page) -> None:
    """Wait until the strip says what it says of the segments that are shown, and not of those before."""
    settle(page)
    expect(page.get_by_text("Being worked out")).to_have_count(0, timeout=PROOF_MILLISECONDS)
    expect(stable_cell(page)).to_be_visible(timeout=PROOF_MILLISECONDS)
    settle(page)
    expect(page.locator("[data-stale='true']")).to_have_count(0)
    page.wait_for_timeout(DRAWN)


def tune_until_doubtful(page: Page) -> None:
    """More and more segments, until one of them does not come out again."""
    for _ in range(6):
        proven(page)
        if NOT_STEADY.search(stable_cell(page).inner_text()):
            stable_cell(page).get_by_role("button").click()
            expect(page.get_by_text("Stable?", exact=True)).to_be_visible()
            if merges(page).count():
                return
            page.keyboard.press("Escape")
        more = segments_shown(page) + 1
        press_on_slider(page, "number_of_segments", "ArrowRight")
        expect(page.get_by_text(TITLE)).to_have_text(re.compile(f"^{more} segments of"))
    raise AssertionError("with six more segments everything still comes out again")


def test_tune_mend_save_and_find_again_by_link(page: Page, demo_server: str) -> None:
    open_studio(page, demo_server)
    tune_until_doubtful(page)
    before = segments_shown(page)

    merges(page).first.click()
    expect(page.get_by_text(TITLE)).to_have_text(re.compile(f"^{before - 1} segments of"))
    proven(page)
    expect(stable_cell(page)).to_contain_text(STEADY)
    assert "edits=m" in page.url

    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("Name", exact=True).fill("Autumn plan")
    page.get_by_label("Name", exact=True).press("Enter")
    settle(page)
    page.locator(".st-key-save button").click()
    expect(page.locator(".st-key-opened")).to_contain_text("Autumn plan")
    settle(page)
    expect(page.locator(MAP_NAMES)).to_have_count(before - 1)
    shown, link = names(page), page.url
    saved = re.search(r"saved=([0-9a-f]+)", link)
    assert saved

    for address in (link, f"{demo_server}/segments?saved={saved[1]}"):
        page.goto("about:blank")
        page.goto(address)
        expect(page.locator(".st-key-opened")).to_contain_text("Autumn plan")
        expect(page.get_by_text(TITLE)).to_have_text(re.compile(f"^{before - 1} segments of"))
        expect(stable_cell(page)).to_be_visible(timeout=PROOF_MILLISECONDS)
        settle(page)
        expect(page.locator(MAP_NAMES)).to_have_count(len(shown))  # the better map may just be taking its place
        assert names(page) == shown


def test_undo_goes_back_one_step(page: Page, demo_server: str) -> None:
    open_studio(page, demo_server)
    before = segments_shown(page)
    press_on_slider(page, "number_of_segments", "ArrowRight")
    expect(page.get_by_text(f"{before + 1} segments of")).to_be_visible()
    settle(page)
    page.locator(".st-key-undo").get_by_role("button").first.click()
    expect(page.get_by_text(f"{before} segments of")).to_be_visible()
