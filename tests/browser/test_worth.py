"""Worth in the browser: the terms are changed, the figures follow, the link keeps them."""

from __future__ import annotations

import csv
import io

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.serving import answered


def test_horizon_and_margin_change_the_value_and_stay_in_the_link(page: Page, demo_server: str) -> None:
    page.goto(f"{demo_server}/worth")
    steps.ready(page, "Worth")
    total = page.locator(".st-key-worth_total")
    expect(total).to_contain_text("Value in 12 months", timeout=steps.SLOW)
    a_year = total.inner_text()

    with answered(page):
        page.get_by_role("radio", name="24", exact=True).click()
    expect(total).to_contain_text("Value in 24 months")
    margin = page.get_by_role("spinbutton", name="Margin, % of revenue")
    thirty = total.inner_text()
    with answered(page):
        margin.fill("60")
        margin.press("Enter")
    longer = total.inner_text()
    assert len({a_year, thirty, longer}) == 3
    assert "horizon=24" in page.url
    assert "margin=60" in page.url

    link = page.url
    page.goto("about:blank")
    page.goto(link)
    steps.ready(page, "Worth")
    expect(total).to_contain_text("Value in 24 months")
    assert total.inner_text() == longer

    page.get_by_text("The figures").click()
    name, content = steps.downloaded(page, page.locator(".st-key-worth_groups_list_csv").get_by_role("button"))
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert name.startswith("worth")
    assert sum(int(row["Customers"]) for row in rows) == 6_000
