"""In a real browser: a list of customers leaves as a workbook and as a Klaviyo file, and both can be read."""

from __future__ import annotations

import csv
import io
import os
import re
from pathlib import Path

import pandas as pd
from playwright.sync_api import Page, expect

from segmentation.workspace import Workspace
from segmentation.workspace.audit import digest_of
from segmentation.workspace.audit_check import check
from tests.browser import steps
from tests.browser.serving import answered, settle
from tests.browser.test_accessibility import checked
from tests.dashboard.shops import write_shop

FORM = ".st-key-members_form"
SENTENCE = re.compile(r"(\d+) of (\d+): (.*\d+ refused.*)")


def choose(page: Page, name: str) -> None:
    """Choose what the file is for."""
    with answered(page):
        page.locator(FORM).get_by_role("radio", name=name, exact=True).click()
    settle(page)


def test_a_segment_leaves_as_a_workbook_and_as_a_klaviyo_file(page: Page, empty_app: str, app_workspace: Path) -> None:
    write_shop(Workspace.open(app_workspace))
    page.goto(f"{empty_app}/segments?view=Customers")
    steps.ready(page, "Segments")
    page.get_by_role("tab", name="Customers", exact=True).click()
    expect(page.locator(".st-key-members_away")).to_be_visible(timeout=steps.SLOW)
    button = steps.take_away(page, "members")
    said = SENTENCE.search(steps.text(page.locator(FORM)))
    assert said, steps.text(page.locator(FORM))
    leaving, named = int(said[1]), int(said[2])
    assert leaving + sum(map(int, re.findall(r"\d+", said[3]))) == named
    assert 0 < leaving < named
    if where := os.environ.get("AUDIENCE_SHOTS"):
        page.screenshot(path=f"{where}/csv.png")
    findings = checked(page, "Take the list away")
    if where := os.environ.get("AUDIENCE_SHOTS"):
        page.screenshot(path=f"{where}/dark.png")
    assert not findings
    steps.take_away(page, "members")

    choose(page, "Excel")
    name, workbook = steps.downloaded(page, button)
    assert name.endswith(".xlsx")
    frame = pd.read_excel(io.BytesIO(workbook), engine="calamine")
    assert len(frame) == leaving
    assert frame["Orders (orders)"].dtype.kind == "i"
    assert frame["E-mail"].str.endswith(".person@shop.example").all()

    choose(page, "Klaviyo")
    if where := os.environ.get("AUDIENCE_SHOTS"):
        page.screenshot(path=f"{where}/klaviyo.png")
    name, content = steps.downloaded(page, button)
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert name.endswith(".csv")
    assert list(rows[0])[:2] == ["Email", "First Name"]
    assert {row["Email Marketing Consent"] for row in rows} == {"SUBSCRIBED"}
    assert {row["Email"] for row in rows} == set(frame["E-mail"])

    exports = [one for one in check(Workspace.open(app_workspace)).entries if one and one["what"] == "export"]
    assert [(one["rows"], one["content"]) for one in exports] == [(leaving, "customers")] * 2
    assert [one["sha256"][0] for one in exports] == [digest_of(workbook), digest_of(content)]
    assert b"@" not in (app_workspace / "audit.log").read_bytes()
