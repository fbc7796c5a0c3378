"""What a marketer does from the cards: rename, merge, look at customers, take the list, plan a campaign."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.serving import settle
from tests.browser.test_studio import PICKED, TITLE, draw_lasso, open_studio, segments_shown

STRIP_HIGHEST = 60
"""Pixels that the line of the proofs may take at 1440 px."""


def act(page: Page, place: int, action: str) -> None:
    """Choose an action on a card, with the keyboard alone."""
    settle(page)
    page.locator(f".st-key-actions_{place}").get_by_role("button").focus()
    page.keyboard.press("Enter")
    option = page.get_by_text(action, exact=True)
    expect(option).to_be_visible()
    option.click()
    settle(page)


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def test_rename_merge_undo(page: Page, demo_server: str) -> None:
    open_studio(page, demo_server)
    before = segments_shown(page)
    act(page, 0, "Rename")
    dialog(page).get_by_label("New name").fill("Tea lovers")
    dialog(page).get_by_role("button", name="Rename").click()
    expect(page.locator(".st-key-customer_map .annotation", has_text="Tea lovers")).to_be_visible()
    expect(dialog(page)).to_have_count(0)
    settle(page)

    act(page, 0, "Merge with…")
    dialog(page).get_by_role("combobox").click()
    page.get_by_role("option").first.click()
    expect(dialog(page).get_by_text(re.compile("Together:"))).to_be_visible()
    dialog(page).get_by_role("button", name="Merge").click()
    expect(page.get_by_text(TITLE)).to_have_text(re.compile(f"^{before - 1} segments of"))
    settle(page)
    expect(page.locator(".st-key-customer_map .annotation", has_text="Tea lovers")).to_have_count(0)

    page.locator(".st-key-undo").get_by_role("button").first.click()
    expect(page.get_by_text(TITLE)).to_have_text(re.compile(f"^{before} segments of"))
    expect(page.locator(".st-key-customer_map .annotation", has_text="Tea lovers")).to_be_visible()


def test_the_customers_of_a_card_are_shown_and_downloaded(page: Page, demo_server: str) -> None:
    open_studio(page, demo_server)
    act(page, 1, "Show customers")
    expect(dialog(page)).to_be_visible()
    dialog(page).get_by_role("button", name="Take the list away").click()
    name, content = steps.downloaded(page, page.locator(".st-key-card_members_csv button"))
    assert name.startswith("segment-")
    assert len(steps.table(content)) > 10
    page.keyboard.press("Escape")  # what is asked of the file
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    settle(page)
    act(page, 1, "Plan a campaign")
    steps.ready(page, "Campaign")


def test_the_proofs_are_one_line_between_the_map_and_the_cards(page: Page, demo_server: str) -> None:
    open_studio(page, demo_server)
    expect(page.locator(".st-key-proof_stable")).to_be_visible(timeout=90_000)
    settle(page)
    strip = page.locator(".st-key-proof_strip").bounding_box()
    the_map = page.locator(".st-key-customer_map").bounding_box()
    card = page.locator(".st-key-actions_0").bounding_box()
    assert strip
    assert the_map
    assert card
    assert strip["height"] < STRIP_HIGHEST
    assert the_map["y"] + the_map["height"] <= strip["y"] < card["y"]
    page.locator(".st-key-proof_usable").get_by_role("button").click()
    expect(page.get_by_text("Usable?", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [1440, 1280])
def test_who_was_picked_appears_beside_the_map(page: Page, demo_server: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    open_studio(page, demo_server)
    draw_lasso(page)
    expect(page.get_by_text(PICKED)).to_be_visible()
    settle(page)
    the_map, beside = page.locator(".st-key-customer_map").bounding_box(), page.get_by_text(PICKED).bounding_box()
    assert the_map
    assert beside
    assert beside["x"] >= the_map["x"] + the_map["width"]
    assert beside["y"] < the_map["y"] + the_map["height"] / 2


def test_the_link_to_copy_opens_the_same_segments(page: Page, demo_server: str) -> None:
    page.goto(f"{demo_server}/segments?segments=4")
    expect(page.get_by_text("4 segments of")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Copy link").click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    assert link.startswith(f"{demo_server}/segments?")
    page.goto("about:blank")
    page.goto(link)
    expect(page.get_by_text("4 segments of")).to_be_visible()
