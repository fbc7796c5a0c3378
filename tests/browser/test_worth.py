"""Worth in the browser: the terms are changed, the figures follow; the link keeps the horizon, the shop the margin."""

from __future__ import annotations

import csv
import io

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.serving import answered


def test_horizon_and_margin_change_the_value_and_stay_in_the_link(page: Page, demo_server: str) -> None:
    page.goto(f"{demo_server}/worth")
    steps.ready(page, "Lifetime value")
    total = page.locator(".st-key-worth_total")
    expect(total).to_contain_text("Value in 12 months", timeout=steps.SLOW)
    a_year = total.inner_text()

    with answered(page):
        page.get_by_role("radio", name="24", exact=True).click()
    expect(total).to_contain_text("Value in 24 months")
    margin = page.get_by_role("spinbutton", name="Margin, % of revenue")
    measured = total.inner_text()
    with answered(page):
        margin.fill("60")
        margin.press("Enter")
    longer = total.inner_text()
    assert len({a_year, measured, longer}) == 3
    expect(page.get_by_text("Changed for the whole shop: also on Campaign")).to_be_visible()
    assert "horizon=24" in page.url
    assert "margin" not in page.url

    link = page.url
    page.goto("about:blank")
    page.goto(link)
    steps.ready(page, "Lifetime value")
    expect(total).to_contain_text("Value in 24 months")
    assert total.inner_text() == longer
    expect(margin).to_have_value("60")

    page.get_by_text("The figures").click()
    name, content = steps.downloaded(page, page.locator(".st-key-worth_groups_list_csv").get_by_role("button"))
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert name.startswith("worth")
    assert sum(int(row["Customers"]) for row in rows) == 6_000

    with answered(page):  # others look at this shop too
        margin.fill("56")
        margin.press("Enter")
    expect(page.get_by_role("spinbutton", name="Margin, % of revenue (measured)")).to_be_visible()
    assert total.inner_text() == measured
