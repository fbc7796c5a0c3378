"""Churn in the browser: the cost slider is moved, whom to contact follows, also after a reload; the list is taken."""

from __future__ import annotations

import csv
import io
import re

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.serving import settle
from tests.browser.test_studio import press_on_slider


def contacted(page: Page) -> int:
    found = re.search(r"Whom to contact: ([\d,]+)", page.get_by_text("Whom to contact:").inner_text())
    assert found
    return int(found[1].replace(",", ""))


def test_the_cost_slider_changes_whom_to_contact_and_the_list_is_exported(page: Page, demo_server: str) -> None:
    page.goto(f"{demo_server}/churn")
    steps.ready(page, "Churn")
    expect(page.get_by_text("Whom to contact:")).to_be_visible(timeout=steps.SLOW)
    settle(page)
    usual = contacted(page)
    for _ in range(4):
        press_on_slider(page, "offer_cost", "ArrowRight")
    expect(page.locator(".st-key-offer_cost")).to_contain_text("(stated)")
    assert "offer_cost" not in page.url
    dearer = contacted(page)
    assert dearer < usual

    page.reload()
    steps.ready(page, "Churn")
    expect(page.get_by_text("Whom to contact:")).to_be_visible(timeout=steps.SLOW)
    settle(page)
    assert contacted(page) == dearer

    name, content = steps.downloaded(page, steps.take_away(page, "churn_contacts"))
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert name.startswith("contact")
    assert len(rows) == dearer
    assert all(float(row["Expected profit"]) >= 0 for row in rows)
    assert {row["As of"] for row in rows} == {"2026-11-01"}

    for _ in range(4):  # others look at this shop too
        press_on_slider(page, "offer_cost", "ArrowLeft")
    expect(page.locator(".st-key-offer_cost")).to_contain_text("(assumed)")
    assert contacted(page) == usual
