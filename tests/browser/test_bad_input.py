"""Bad files in the browser: a sentence each, never a traceback; what was there stays, and no row is lost."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from segmentation.intake import import_file
from segmentation.workspace import Workspace
from tests import bad_files
from tests.bad_files import BadFile
from tests.browser import serving, steps
from tests.browser.long import long

UNREADABLE = [one for one in bad_files.REFUSED if not one.rows]
"""Refused as soon as they are dropped."""

UNUSABLE = [one for one in bad_files.REFUSED if one.rows]
"""Refused when they are imported."""

Shops = list[tuple[str, int, str, int]]


def shops(workspace: Path) -> Shops:
    """Every shop with its version, content and rows."""
    found = Workspace.open(workspace).datasets()
    return [(one.name, one.number, one.fingerprint, one.manifest.lines) for one in found]


def no_trace(page: Page) -> None:
    body = page.locator("body").inner_text()
    assert steps.FAILED not in body
    assert not re.search(r'Traceback|File "|Error:|<class|site-packages|\bNaN\b|\bnan\b', body)


def says(page: Page, words: tuple[str, ...]) -> None:
    for one in words:
        expect(steps.messages(page).filter(has_text=steps.like(one)).first).to_be_visible(timeout=steps.SLOW)


def add(workspace: Path, name: str, content: bytes) -> None:
    """Import a file into a shop of this name, without the browser."""
    file = workspace.parent / "added.csv"
    file.write_bytes(content)
    import_file(Workspace.open(workspace), file, dataset=name, today=date(2026, 11, 22))


@pytest.fixture
def counter(page: Page, empty_app: str, app_workspace: Path) -> Page:
    """The import screen of a workspace that holds one good shop."""
    add(app_workspace, "good", bad_files.text(bad_files.ordinary()))
    page.goto(f"{empty_app}/import")
    steps.ready(page, "Import")
    return page


def test_a_refused_file_is_told_in_a_sentence_and_the_next_one_is_taken(counter: Page, app_workspace: Path) -> None:
    before = shops(app_workspace)
    assert len(before) == 1
    for bad in UNREADABLE:
        steps.drop(counter, bad.name, bad.content)
        says(counter, (bad.name, *bad.refused))
        no_trace(counter)
        expect(counter.get_by_text("Drop your export here")).to_be_visible()
    for bad in UNUSABLE:
        steps.drop(counter, bad.name, bad.content)
        expect(counter.get_by_text("What the columns mean")).to_be_visible()
        expect(steps.messages(counter)).to_have_count(int(bad.told_before))
        steps.start_import(counter)
        says(counter, (bad.name, *bad.refused))
        no_trace(counter)
        counter.locator(".st-key-discard_file").get_by_role("button").click()
        expect(counter.get_by_text("Drop your export here")).to_be_visible()
        expect(steps.messages(counter)).to_have_count(0)
    assert shops(app_workspace) == before


@long
def test_an_odd_file_is_imported_row_by_row_and_studied_or_told_why_not(counter: Page, app_workspace: Path) -> None:
    for bad in bad_files.IMPORTED:
        steps.drop(counter, bad.name, bad.content)
        steps.start_import(counter)
        _adds_up(counter, bad)
        says(counter, bad.warned)
        name = bad.name.removesuffix(".csv").replace("-", " ")
        assert (name, 1, bad.loaded) in [(shop, number, lines) for shop, number, _, lines in shops(app_workspace)]
        counter.get_by_role("button", name="See the segments").click()
        if bad.unstudied:
            says(counter, bad.unstudied)
        else:
            steps.ready(counter, "Segments")
            expect(counter.get_by_text(re.compile(r"of [\d,]+ customers$")).first).to_be_visible()
        expect(counter.get_by_role("combobox", name="Shop")).to_have_value(name)
        no_trace(counter)
        steps.go(counter, "Import")
        counter.locator(".st-key-another_file").get_by_role("button").click()
        expect(counter.get_by_text("Drop your export here")).to_be_visible()
    assert len(shops(app_workspace)) == 1 + len(bad_files.IMPORTED)


def _adds_up(page: Page, bad: BadFile) -> None:
    """The ledger on the screen accounts for every row of the file."""
    summed = steps.text(page.get_by_text("It adds up:").first)
    aside = sum(bad.set_aside.values())
    assert f"{bad.rows:,} rows read = {bad.loaded:,} imported + 0 already there" in summed
    assert f"{aside:,} rejected" in summed
    if bad.set_aside:
        expect(page.get_by_role("combobox", name="Open the rows of a step")).to_be_visible()


def test_a_link_to_one_of_several_shops_opens_that_shop(counter: Page, app_workspace: Path, empty_app: str) -> None:
    add(app_workspace, "second", bad_files.text(bad_files.ordinary(seed=9)))
    for link in ("?shop=second", "overview?shop=second"):
        counter.goto(f"{empty_app}/{link}")
        steps.ready(counter, "Overview")
        expect(counter.get_by_role("combobox", name="Shop")).to_have_value("second")
        expect(counter).to_have_url(re.compile("shop=second"))


@long
def test_odd_shops_stop_no_screen(page: Page, empty_app: str, app_workspace: Path) -> None:
    for bad in (one for one in bad_files.IMPORTED if one.unstudied or one.name == "outlier.csv"):
        add(app_workspace, bad.name, bad.content)
        page.goto(f"{empty_app}/overview?shop={bad.name}")
        steps.ready(page, "Overview")
        no_trace(page)
        for screen in ("Customer", "Campaign", "Briefing"):
            page.get_by_role("link", name=screen, exact=True).click()
            expect(page).to_have_url(re.compile(f"/{steps.address_of(screen)}\\b"))
            drawn = page.get_by_role("heading", level=1, name=screen).or_(steps.messages(page))
            expect(drawn.first).to_be_visible(timeout=steps.SLOW)
            serving.settle(page)
            no_trace(page)
