"""In a real browser: Escape changes nothing, a reload loses nothing, nobody else sees what waits, and rejected rows are
downloaded, mended and imported again.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from segmentation.workspace import Workspace
from tests.browser import serving, steps
from tests.browser.long import long

ROWS = "".join(f"K{i % 9};{1 + i % 28:02d}.{1 + i % 12:02d}.2025;{i + 1},50;Tea {i % 3};AT\n" for i in range(60))
EXPORT = f"Customer;Date;Total;Product;Land\n{ROWS}K1;soon;5,00;=Tea;AT\nK2;01.02.2025;free;Tea;AT\n".encode()
DATE, QUANTITY = re.compile("^Order date"), re.compile("^Quantity")


def dropped(page: Page, address: str) -> None:
    page.goto(f"{address}/import")
    steps.ready(page, "Import")
    steps.drop(page, "shop.csv", EXPORT)
    expect(page.get_by_role("combobox", name=DATE)).to_have_value("Date", timeout=steps.SLOW)
    serving.settle(page)


def test_escape_in_a_dropdown_changes_nothing(page: Page, empty_app: str) -> None:
    dropped(page, empty_app)
    choice = page.get_by_role("combobox", name=DATE)
    choice.click()
    page.keyboard.press("Escape")
    serving.settle(page)
    expect(choice).to_have_value("Date")
    choice.click()
    page.keyboard.type("La")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    serving.settle(page)
    expect(choice).to_have_value("Date")
    steps.choose(page, DATE, "not in the file")
    serving.settle(page)
    asked = page.locator(".st-key-import_now").get_by_role("button")
    asked.click()
    expect(steps.messages(page)).to_contain_text(steps.like("No column looks like the order date"), timeout=steps.SLOW)
    expect(steps.messages(page)).to_contain_text(steps.like("Date: dates on 98 % of its rows"))


def test_a_reload_gives_everything_back_and_a_stranger_with_the_link_nothing(
    page: Page, empty_app: str, chromium: Browser
) -> None:
    dropped(page, empty_app)
    steps.choose(page, QUANTITY, "Land")
    expect(page.get_by_text(re.compile("holds no numbers"))).to_be_visible()
    page.get_by_role("textbox", name="Name of the shop").fill("Tea and pots")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)  # the server has yet to hear of it
    serving.settle(page)
    link = page.url
    assert "waiting=" in link
    for _ in range(2):
        page.reload()
        steps.ready(page, "Import")
        expect(page.get_by_role("combobox", name=QUANTITY)).to_have_value("Land", timeout=steps.SLOW)
        expect(page.get_by_role("combobox", name=DATE)).to_have_value("Date")
        expect(page.get_by_role("textbox", name="Name of the shop")).to_have_value("Tea and pots")
    stranger = chromium.new_context()
    other = stranger.new_page()
    other.goto(link)
    steps.ready(other, "Import")
    expect(other.get_by_text("Drop your export here")).to_be_visible()
    expect(other.get_by_text(steps.like("shop.csv"))).to_have_count(0)
    assert "waiting=" not in other.url
    stranger.close()
    cookie = next(one for one in page.context.cookies() if one["name"] == "tessera_visitor")
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")


@long
def test_after_an_import_every_screen_is_on_the_new_shop(page: Page, empty_app: str) -> None:
    for name in ("First", "Second"):
        dropped(page, empty_app)
        page.get_by_role("textbox", name="Name of the shop").fill(name)
        page.keyboard.press("Enter")
        steps.start_import(page)
        expect(page.get_by_role("combobox", name="Shop")).to_have_value(name)
        assert f"shop={name}" in page.url
        steps.go(page, "Overview")
        expect(page.get_by_role("combobox", name="Shop")).to_have_value(name)
        steps.go(page, "Import")
        page.locator(".st-key-another_file").get_by_role("button").click()


def test_rejected_rows_are_downloaded_mended_and_imported(page: Page, empty_app: str, app_workspace: Path) -> None:
    dropped(page, empty_app)
    steps.start_import(page)
    steps.choose(page, "Open the rows of a step", "All rejected rows")
    button = page.locator(".st-key-outcome_opened_csv").get_by_role("button")
    expect(button).to_be_visible(timeout=steps.SLOW)
    name, content = steps.downloaded(page, button)
    header, *rows = steps.table(content)
    assert name.startswith("rejected-shop-")
    assert header[:5] == ["Customer", "Date", "Total", "Product", "Land"]
    assert [row[6:8] for row in rows] == [["62", "unreadable_date"], ["63", "unreadable_amount"]]
    assert rows[0][3] == "'=Tea"
    rows[0][1], rows[1][2] = "03.02.2025", "7,25"
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])

    page.locator(".st-key-another_file").get_by_role("button").click()
    serving.settle(page)
    steps.drop(page, "mended.csv", out.getvalue().encode())
    expect(page.get_by_text("Rejected rows of an earlier import")).to_be_visible(timeout=steps.SLOW)
    expect(page.get_by_role("combobox", name="Import into")).to_have_value("Add to “shop”")
    steps.start_import(page)
    expect(steps.messages(page).first).to_contain_text("2 rows imported")
    stored = Workspace.open(app_workspace).latest("shop")
    assert stored.manifest.lines == 62
    assert stored.set_aside == []
