"""axe-core on every screen, light and dark, with data and without: nothing serious stands in anybody's way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser import serving, steps
from tests.browser.long import long

THEMES = ("light", "dark")
PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 23, 24)"}
GRAVE = ("serious", "critical")

ONE_ORDER_EACH = b"Who,Date,Total\n" + b"".join(b"c%d,2026-01-%02d,9.50\n" % (i, i) for i in range(1, 20))


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation of one rule by one element."""

    rule: str
    impact: str
    element: str
    what: str

    def __str__(self) -> str:
        return f"{self.impact}: {self.rule}: {self.what} {self.element}"


def findings(page: Page) -> list[Finding]:
    """What axe-core finds serious on the page as it stands; no rule is lifted."""
    found = []
    for violation in Axe().run(page).response["violations"]:
        for node in violation["nodes"]:
            if (violation["impact"] or node["impact"]) in GRAVE:
                what = "; ".join(check["message"] for check in (*node["any"], *node["all"], *node["none"]))
                found.append(Finding(violation["id"], violation["impact"], node["html"][:300], what))
    return found


def in_theme(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", PAPER[theme])
    serving.settle(page)


def checked(page: Page, name: str) -> list[str]:
    """The serious findings on this page in both themes, each with the page's name and theme."""
    told = []
    for theme in THEMES:
        in_theme(page, theme)
        told += [f"{name}, {theme}: {finding}" for finding in findings(page)]
    return told


@pytest.fixture(scope="module")
def visitor(chromium: Browser, demo_server: str) -> Iterator[Page]:
    """One visitor of the sample shop, who goes from screen to screen."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{demo_server}/overview")
    steps.ready(page, "Overview")
    yield page
    context.close()


@pytest.mark.parametrize("screen", steps.SCREENS)
def test_a_screen_has_no_serious_issue(visitor: Page, screen: str) -> None:
    steps.go(visitor, screen)
    assert checked(visitor, screen) == []


@long
def test_every_view_of_the_segments_has_no_serious_issue(visitor: Page) -> None:
    steps.go(visitor, "Segments")
    told = []
    for tab in visitor.get_by_role("tab").all()[1:]:
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        serving.settle(visitor)
        told += checked(visitor, f"Segments, {tab.inner_text()}")
    assert told == []


def test_a_customers_page_has_no_serious_issue(visitor: Page) -> None:
    steps.go(visitor, "Customer")
    steps.find_customer(visitor, "C0", visitor.get_by_text("Segment, and why"))
    serving.settle(visitor)
    assert checked(visitor, "Customer, found") == []


def test_the_ledger_of_an_import_has_no_serious_issue(visitor: Page) -> None:
    steps.go(visitor, "Import")
    visitor.get_by_text("Ledger of the last import").click()
    expect(visitor.get_by_text("It adds up:")).to_be_visible()
    serving.settle(visitor)
    assert checked(visitor, "Import, ledger") == []


def test_the_first_screen_without_data_and_a_waiting_file_have_no_serious_issue(page: Page, empty_app: str) -> None:
    page.goto(empty_app)
    steps.ready(page, "Import")
    told = checked(page, "no data")
    steps.drop(page, "shop.csv", ONE_ORDER_EACH)
    expect(page.get_by_text("What the columns mean")).to_be_visible()
    serving.settle(page)
    told += checked(page, "a waiting file")
    steps.no_data(page, "Segments")
    told += checked(page, "Segments without data")
    assert told == []
