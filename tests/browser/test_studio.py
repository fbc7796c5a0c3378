"""The main job as a person does it: sample shop, studio, another number of segments, lasso, plan, download."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Page, WebSocket, expect

from dashboard.charts.canvas import MARKS
from segmentation.analysis import Analysis, StudySettings, features_for
from segmentation.atlas import pca_map
from segmentation.workspace import Workspace
from tests.browser import steps
from tests.browser.serving import answered, settle

TITLE = re.compile(r"(\d+) segments of ([\d,]+) customers")
PICKED = re.compile(r"Your selection: ([\d,]+) customers")
SMALL_MESSAGE = 50_000
"""Bytes; a lasso over six thousand marks would send a megabyte if every mark were told."""


def open_studio(page: Page, address: str) -> None:
    page.goto(f"{address}/segments")
    expect(page.get_by_text(TITLE)).to_be_visible()
    expect(page.locator(".st-key-customer_map .js-plotly-plot .annotation").first).to_be_visible()
    settle(page)


def drawn_places(page: Page) -> list[tuple[float, float]]:
    """Where the marks of the map stand, in map units."""
    found = page.locator(".st-key-customer_map .js-plotly-plot").evaluate(
        "plot => plot._fullData.flatMap(one => [...one.x].map((x, at) => [x, one.y[at]])).filter(([x]) => x !== null)"
    )
    return sorted((round(x, 3), round(y, 3)) for x, y in found)


def places(coordinates: npt.NDArray[np.float32]) -> list[tuple[float, float]]:
    """The same of a map."""
    return sorted((round(float(x), 3), round(float(y), 3)) for x, y in coordinates[:MARKS])


def segments_shown(page: Page) -> int:
    found = TITLE.search(page.get_by_text(TITLE).inner_text())
    assert found
    return int(found[1])


def press_on_slider(page: Page, key: str, name: str) -> None:
    page.locator(f".st-key-{key}").get_by_role("slider").focus()
    with answered(page):
        page.keyboard.press(name)


def draw_lasso(page: Page, share: float = 0.35) -> None:
    """Draw a diamond around the middle of the map, `share` of its width and height to each side."""
    steps.best_map(page)
    plot = page.locator(".st-key-customer_map .js-plotly-plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    across, up = box["width"] * share, box["height"] * share
    page.mouse.move(x - across, y)
    page.mouse.down()
    for corner_x, corner_y in ((x, y - up), (x + across, y), (x, y + up), (x - across, y)):
        page.mouse.move(corner_x, corner_y, steps=6)
    page.mouse.up()


def downloaded(page: Page, key: str) -> list[str]:
    """The lines of the CSV behind a download button; it must be marked as UTF-8 for spreadsheets."""
    name, content = steps.downloaded(page, page.locator(f".st-key-{key} button"))
    text = content.decode("utf-8")
    assert text.startswith("\ufeff")
    assert re.fullmatch(r"[\w.-]+-[0-9a-f]{8}\.csv", name)
    return text.lstrip("\ufeff").splitlines()


def test_from_nothing_to_a_downloaded_plan(page: Page, empty_app: str) -> None:
    page.goto(empty_app)
    steps.ready(page, "Import")
    page.locator(".st-key-sample_shop button").click()
    expect(page.locator(".st-key-shop")).to_be_visible(timeout=120_000)  # the import has ended
    settle(page)
    page.get_by_role("link", name="Segments").click()
    expect(page.get_by_text(TITLE)).to_be_visible(timeout=60_000)
    settle(page)
    before = segments_shown(page)

    press_on_slider(page, "number_of_segments", "ArrowRight")
    expect(page.get_by_text(f"{before + 1} segments of")).to_be_visible()
    settle(page)
    assert f"segments={before + 1}" in page.url

    draw_lasso(page)
    expect(page.get_by_text(PICKED)).to_be_visible()
    settle(page)
    found = PICKED.search(page.get_by_text(PICKED).inner_text())
    assert found
    picked = int(found[1].replace(",", ""))
    assert picked > 0
    steps.take_away(page, "selection_members")
    said = steps.text(page.locator(".st-key-selection_members_form"))
    taken = re.search(r"([\d,]+) of ([\d,]+):", said)
    assert taken
    leaving, named = (int(one.replace(",", "")) for one in taken.groups())
    assert named == picked
    assert len(downloaded(page, "selection_members_csv")) == leaving + 1
    page.keyboard.press("Escape")

    page.get_by_role("link", name="Campaign").click()
    expect(page.get_by_text("What you assume")).to_be_visible()
    settle(page)
    plan = downloaded(page, "roi_csv")
    assert plan[0].startswith("Segment,Customers,Reachable")
    assert len(plan) == before + 2


def test_a_lasso_sends_its_outline_and_not_its_marks(page: Page, demo_server: str) -> None:
    sent: list[int] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(len(frame)))

    page.on("websocket", listen)
    open_studio(page, demo_server)
    sent.clear()
    draw_lasso(page, 0.48)
    expect(page.get_by_text(PICKED)).to_be_visible()
    assert sent
    assert max(sent) < SMALL_MESSAGE


def test_a_selection_survives_retuning_until_it_is_cleared(page: Page, demo_server: str) -> None:
    open_studio(page, demo_server)
    draw_lasso(page)
    expect(page.get_by_text(PICKED)).to_be_visible()
    settle(page)
    text = page.get_by_text(PICKED).inner_text()
    before = segments_shown(page)
    press_on_slider(page, "number_of_segments", "ArrowRight")
    expect(page.get_by_text(f"{before + 1} segments of")).to_be_visible()
    settle(page)
    assert page.get_by_text(PICKED).inner_text() == text
    page.locator(".st-key-clear_selection button").click()
    expect(page.get_by_text(PICKED)).to_have_count(0)


@pytest.mark.parametrize(("end", "number"), [("Home", 2), ("End", 20)])
def test_a_link_shows_a_colleague_the_same_segments(page: Page, demo_server: str, end: str, number: int) -> None:
    open_studio(page, demo_server)
    press_on_slider(page, "number_of_segments", end)
    expect(page.get_by_text(f"{number} segments of")).to_be_visible()
    settle(page)
    link = page.url
    colleague = page.context.new_page()
    colleague.goto(link)
    expect(colleague.get_by_text(f"{number} segments of")).to_be_visible()
    settle(colleague)
    colleague.reload()
    expect(colleague.get_by_text(f"{number} segments of")).to_be_visible()
    colleague.close()


@pytest.mark.parametrize("width", [1440, 800])
def test_the_studio_never_scrolls_sideways(page: Page, demo_server: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    open_studio(page, demo_server)
    wider = page.evaluate(
        "() => { const main = document.querySelector('[data-testid=\"stMain\"]');"
        " return main.scrollWidth - main.clientWidth; }"
    )
    assert wider <= 0


def test_the_better_map_replaces_the_first_one_in_place(page: Page, demo_server: str, demo_workspace: Path) -> None:
    open_studio(page, demo_server)
    expect(page.get_by_text("A better map (UMAP) is on its way")).to_have_count(0, timeout=180_000)
    settle(page)
    shop = Analysis.open(Workspace.open(demo_workspace), "Sample shop")
    table = shop.customers()
    names = features_for(table, StudySettings())
    better = shop.map(names).peek()
    assert better is not None
    assert better.method == "umap"
    drawn = drawn_places(page)
    assert drawn == places(better.coordinates)
    assert drawn != places(pca_map(table.scaled(names)))
