"""The basis in the browser: stated on Data health, seen beside the plan, kept after a reload, withdrawn."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from segmentation.workspace import Workspace
from tests.browser import steps
from tests.browser.serving import answered, settle
from tests.browser.test_accessibility import checked
from tests.dashboard.shops import write_shop


def test_a_basis_is_stated_in_the_form_and_stands_beside_the_plan(
    page: Page, empty_app: str, app_workspace: Path
) -> None:
    write_shop(Workspace.open(app_workspace), "Unasked", consent="refusals")
    page.goto(f"{empty_app}/campaign?shop=Unasked")
    steps.ready(page, "Campaign")
    expect(page.locator(".st-key-roi_basis")).to_contain_text("nobody counts as reachable")
    page.get_by_role("link", name="State the basis").click()
    steps.ready(page, "Data health")

    form = page.locator(".st-key-basis_form")
    state = form.get_by_role("button", name="State this basis")
    expect(state).to_be_disabled()
    with answered(page):
        form.get_by_text("Existing customers").click()
    note, name = form.get_by_label("Note"), form.get_by_label("Your name")
    for box, text in ((note, "told at checkout"), (name, "Ann Lee")):
        with answered(page):
            box.fill(text)
            box.press("Tab")
    with answered(page):
        state.click()
    expect(form).to_contain_text("by Ann Lee.")
    assert not checked(page, "Data health with a basis")

    page.reload()
    steps.ready(page, "Data health")
    expect(form).to_contain_text("told at checkout")
    steps.go(page, "Campaign")
    expect(page.locator(".st-key-roi_basis")).to_contain_text("Basis: Existing customers")

    steps.go(page, "Data health")
    with answered(page):
        form.get_by_role("button", name="Withdraw").click()
    expect(form.get_by_role("button", name="State this basis")).to_be_visible()
    form.get_by_text("Stated so far (2)").click()
    settle(page)
    expect(form).to_contain_text("Withdrawn on")
