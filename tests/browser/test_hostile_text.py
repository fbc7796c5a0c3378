"""A shop whose every text is an attack: nothing fires, nothing becomes an element, no download runs a formula."""

from __future__ import annotations

import csv
import io
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, WebError, expect

from segmentation.intake import Ledger, import_file
from segmentation.workspace import Workspace
from tests import payloads
from tests.bad_files import text as as_csv
from tests.browser import serving, steps
from tests.browser.long import long

PAYLOADS = (
    "<img src=x onerror=window.__fired=1 class=pwn>",
    "<script>window.__fired=2</script>",
    '"><svg onload=window.__fired=3 class=pwn>',
    "<iframe srcdoc='<b class=pwn>' class=pwn></iframe>",
    "[pwn](javascript:window.__fired=4)",
    "![pwn](https://evil.example/pwn.png) <https://evil.example>",
    "**pwn** :red[pwn] :material/bug_report: $\\frac{p}{w}$ `pwn`",
    '=HYPERLINK("https://evil.example","pwn")',
    "+pwn|' /C calc'!A0",
    "@SUM(1+1)*pwn",
    "-1+pwn",
    "＝pwn(1)",
    "{{7*7}} ${7*7} <%= 7*7 %> %{x} {pwn}",
    "%{text}<br><a href='https://evil.example'>pwn</a>",
)
NAME = "<img src=x onerror=__fired=5 class=pwn>**pwn** [l](//evil.example)"[:60]
NOTE = "<b class=pwn>=1+1</b>"
HEADER = ("order_id", "date", "customer", "product", "category", "channel", "amount", NOTE)
CUSTOMERS = 70
DRAWN = 500
"""Milliseconds in which whatever follows a first button is drawn too."""

FIRST = f"{PAYLOADS[0]} 000"

FOUND = """() => {
  const told = [];
  const all = (css) => [...document.querySelectorAll(css)];
  if (window.__fired !== undefined) told.push("fired: " + window.__fired);
  for (const one of all('.pwn, [onerror], [onload], iframe[srcdoc], img[src="x"], img[src*="evil"], .katex,'
      + ' a[href^="javascript"], a[href*="evil"]:not([href^="#"])')) told.push(one.outerHTML.slice(0, 200));
  for (const one of all('strong, em, code, b, a, span'))
    if (one.textContent === "pwn" && !one.closest("svg")) told.push(one.outerHTML.slice(0, 200));
  for (const one of all('[data-testid="stIconMaterial"]'))
    if (one.textContent.includes("bug_report")) told.push(one.outerHTML.slice(0, 200));
  return told;
}"""


def export(payloads: Sequence[str] = PAYLOADS) -> bytes:
    """Order lines in which customer, product, category, channel and an unused column are payloads, each of them in
    each of these."""
    chance, rows = random.Random(3), []
    for who in range(CUSTOMERS):
        for _ in range(1 + who % 5):
            said = [payloads[(len(rows) + 3 * at) % len(payloads)] for at in range(4)]
            day = f"2026-{chance.randint(1, 9):02d}-{chance.randint(1, 28):02d}"
            amount = f"{chance.uniform(5, 90) * (1 + who % 4):.2f}"
            customer = f"{payloads[who % len(payloads)]} {who:03d}"
            rows.append((f"{said[0]} {len(rows)}", day, customer, *said[:3], amount, said[3]))
    broken = [(f"x{at}", "2026-05-05", f"{one} {at:03d}", one, one, one, one, one) for at, one in enumerate(payloads)]
    return as_csv([*rows, *broken], HEADER)


@dataclass
class Trap:
    """A page, and everything on it that a payload has set off."""

    page: Page
    sprung: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Nothing fired so far, and nothing on the page as it stands came out of a payload."""
        serving.settle(self.page)
        assert self.page.evaluate(FOUND) == []
        assert self.sprung == []
        expect(self.page.get_by_text(steps.FAILED)).to_have_count(0)

    def check_downloads(self) -> None:
        """Every download of the page can be opened in a spreadsheet or a browser."""
        buttons = self.page.get_by_test_id("stDownloadButton").get_by_role("button")
        expect(buttons.first).to_be_attached()  # the browser draws for a moment after the script has ended
        self.page.wait_for_timeout(DRAWN)
        for button in buttons.all():
            if button.is_visible():
                name, content = steps.downloaded(self.page, button)
                assert re.fullmatch(r"[\w.-]+", name), name
                (self._check_page if name.endswith(".html") else check_cells)(content)

    def _check_page(self, content: bytes) -> None:
        opened = self.page.context.new_page()
        opened.set_content(content.decode())
        assert opened.evaluate(FOUND) == []
        assert self.sprung == []
        opened.close()


def check_cells(content: bytes) -> None:
    """No cell starts a formula, however the spreadsheet divides the rows."""
    text = content.decode("utf-8-sig")
    for delimiter in ",;\t":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            assert [cell for cell in row if is_live(cell)] == []


def is_live(cell: str) -> bool:
    """True for what a spreadsheet would run: a formula's first sign, behind blanks or not, that is not a number."""
    if re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell):
        return False
    return bool(re.match(r"[\s\"\u200b\ufeff]*[=+\-@＝＋－＠]", cell)) or cell[:1] in set("\t\r\n")


@pytest.fixture(scope="module")
def trap(chromium: Browser, app_server: str, app_workspace: Path) -> Iterator[Trap]:
    """One visitor for all these tests, watched closely."""
    context = chromium.new_context(viewport={"width": 1440, "height": 1200}, reduced_motion="reduce")
    context.set_default_timeout(30_000)
    watched = Trap(context.new_page())
    context.on("dialog", lambda dialog: (watched.sprung.append(dialog.message), dialog.dismiss()))
    context.on("request", lambda sent: watched.sprung.append(sent.url) if "evil" in sent.url.split("?")[0] else None)
    context.on("weberror", lambda problem: watched.sprung.append(str(problem.error)) if is_ours(problem) else None)
    yield watched
    context.close()


def is_ours(problem: WebError) -> bool:
    """False for the one error that Plotly throws by itself: a chart redrawn while the mouse rests on it."""
    return "_hoverlayer" not in str(problem.error)


@pytest.fixture
def shop(trap: Trap, app_server: str, app_workspace: Path) -> str:
    """The address of the hostile shop's screens, without the screen: `{}` stands for it."""
    workspace = Workspace.open(app_workspace)
    if NAME not in [one.name for one in workspace.datasets()]:
        file = app_workspace.parent / "hostile.csv"
        file.write_bytes(export())
        import_file(workspace, file, dataset=NAME, today=date(2026, 11, 22), name=f"{PAYLOADS[0]}.csv")
    return f"{app_server}/{{}}?shop={quote(NAME)}"


def test_the_import_shows_names_headers_and_cells_as_text(trap: Trap, empty_app: str, app_workspace: Path) -> None:
    page = trap.page
    page.goto(empty_app)
    steps.ready(page, "Import")
    steps.drop(page, f"{PAYLOADS[0]}.csv", export())
    expect(page.get_by_text(steps.like(f"{PAYLOADS[0]}.csv"))).to_be_visible()
    steps.open_fold(page, "More columns:", page.get_by_role("combobox", name="Order status"))
    steps.open_choices(page, "Order status", NOTE)
    trap.check()
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="Name of the shop").fill(NAME)
    page.keyboard.press("Enter")
    steps.start_import(page)
    expect(steps.messages(page).first).to_contain_text(steps.like(NAME))
    trap.check()
    steps.choose(page, "Open the rows of a step", "Unreadable amount")
    expect(page.locator(".st-key-outcome_opened_csv")).to_be_visible()
    trap.check()
    trap.check_downloads()
    stored = Workspace.open(app_workspace).latest(NAME).manifest
    assert stored.customers == CUSTOMERS
    assert Ledger.from_json(stored.ledger).set_aside == {"unreadable_amount": len(PAYLOADS)}


def test_the_map_its_names_and_its_hovers_are_text(trap: Trap, shop: str) -> None:
    page = trap.page
    page.goto(shop.format("segments"))
    steps.ready(page, "Segments")
    steps.best_map(page)
    assert hovered(page)
    trap.check()
    lasso(page)
    expect(page.locator(".st-key-selection")).to_be_visible(timeout=steps.SLOW)
    trap.check()
    for tab in page.get_by_role("tab").all():
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        trap.check()
        if page.get_by_test_id("stDownloadButton").count():
            trap.check_downloads()


def hovered(page: Page) -> str:
    """What the map says about the customer who is called by the first payload."""
    end = time.monotonic() + 30
    while time.monotonic() < end:  # the better map may replace the first one meanwhile
        at = page.evaluate(
            """(id) => {
              const plot = document.querySelector('.st-key-customer_map .js-plotly-plot');
              const {xaxis, yaxis, _size} = plot._fullLayout, box = plot.getBoundingClientRect();
              for (const one of plot._fullData) {
                const i = [...(one.ids ?? one.text ?? [])].findIndex((text) => text.endsWith(id));
                if (i >= 0) return [box.left + _size.l + xaxis.c2p(one.x[i]), box.top + _size.t + yaxis.c2p(one.y[i])];
              }
              return null;
            }""",
            " 000",
        )
        page.mouse.move(at[0] + 3, at[1])
        page.mouse.move(*at)
        label = page.locator(".st-key-customer_map .hoverlayer .hovertext")
        page.wait_for_timeout(300)
        if label.count():
            said = label.first.text_content() or ""
            if any(payload[:20] in said for payload in PAYLOADS):
                return said
    return ""


MARKS = """() => {
  const plot = document.querySelector('.st-key-customer_map .js-plotly-plot');
  const {xaxis, yaxis, _size} = plot._fullLayout, box = plot.getBoundingClientRect();
  const marks = [];
  for (const one of plot._fullData)
    [one.ids, one.text].find(Array.isArray)?.forEach((text, i) => marks.push([String(text),
      box.left + _size.l + xaxis.c2p(one.x[i]), box.top + _size.t + yaxis.c2p(one.y[i])]));
  return marks;
}"""


def hover_each(trap: Trap, tried: Sequence[str]) -> None:
    """Rest the mouse on every customer of the map; each text is seen in a hover, as it is."""
    page = trap.page
    steps.best_map(page)
    page.locator(".st-key-customer_map").scroll_into_view_if_needed()
    marks, said = page.evaluate(MARKS), []
    label = page.locator(".st-key-customer_map .hoverlayer .hovertext")
    for _, x, y in marks:
        page.mouse.move(x + 4, y)
        page.mouse.move(x, y)
        page.wait_for_timeout(60)
        said += label.all_text_contents()
        assert page.evaluate(FOUND) == []
    trap.check()
    assert len(marks) == CUSTOMERS
    assert [one for one in tried if _seen(one.lstrip("'"))[:12] not in _seen("".join(said))] == []


def _seen(text: str) -> str:
    """A text without what takes no ink."""
    return "".join(sign for sign in text if sign.isprintable() and not sign.isspace())


def lasso(page: Page) -> None:
    """Draw around most of the map."""
    box = page.locator(".st-key-customer_map .nsewdrag").first.bounding_box()
    assert box
    corners = [(0.02, 0.02), (0.98, 0.02), (0.98, 0.98), (0.02, 0.98), (0.02, 0.04)]
    points = [(box["x"] + across * box["width"], box["y"] + up * box["height"]) for across, up in corners]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=6)
    page.mouse.up()


def test_a_customer_is_found_by_a_hostile_id_and_shown_as_text(trap: Trap, shop: str) -> None:
    page = trap.page
    page.goto(shop.format("customer"))
    steps.ready(page, "Customer")
    trap.check()
    for payload in (PAYLOADS[0], PAYLOADS[6], PAYLOADS[4]):
        heading = page.get_by_role("heading", level=3).filter(has_text=steps.like(payload))
        steps.find_customer(page, payload, heading.first)
        trap.check()
    page.locator(".st-key-customer_search input").fill("<b class=pwn>nobody")
    page.keyboard.press("Enter")
    expect(steps.messages(page)).to_contain_text(steps.like("“<b class=pwn>nobody”"))
    trap.check()
    lines = page.get_by_text("Every line as it was imported")
    steps.find_customer(page, FIRST, lines)
    lines.click()
    expect(page.locator(".st-key-customer_lines_csv")).to_be_visible()
    trap.check()
    trap.check_downloads()


@pytest.mark.parametrize("screen", ["Data health", "Overview", "Campaign", "Briefing"])
def test_a_screen_shows_the_hostile_shop_as_text(trap: Trap, shop: str, screen: str) -> None:
    trap.page.goto(shop.format(steps.address_of(screen)))
    steps.ready(trap.page, screen)
    trap.check()
    closed = trap.page.locator("details:not([open]) > summary")
    for _ in range(closed.count()):
        closed.first.click()
    trap.check()
    trap.check_downloads()


AT_ONCE = 50


@long
@pytest.mark.parametrize("first", range(0, payloads.HOW_MANY, AT_ONCE))
def test_each_of_five_hundred_texts_is_text_on_every_screen(
    trap: Trap, empty_app: str, app_workspace: Path, first: int
) -> None:
    tried, page = payloads.PAYLOADS[first : first + AT_ONCE], trap.page
    page.goto(empty_app)
    steps.ready(page, "Import")
    steps.drop(page, f"{tried[1]}.csv", export(tried))
    expect(page.get_by_role("textbox", name="Name of the shop")).to_be_visible(timeout=steps.SLOW)
    trap.check()
    file = app_workspace.parent / "tried.csv"
    file.write_bytes(export(tried))
    name = tried[0].replace("/", "|")[:60]
    import_file(Workspace.open(app_workspace), file, dataset=name, today=date(2026, 11, 22), name=f"{tried[2]}.csv")
    (version,) = Workspace.open(app_workspace).datasets()
    shop = f"{empty_app}/{{}}?shop={quote(version.name)}"
    for screen in steps.SCREENS:
        page.goto(shop.format(steps.address_of(screen)))
        steps.ready(page, screen)
        page.evaluate("document.querySelectorAll('details:not([open]) > summary').forEach((one) => one.click())")
        trap.check()
        if screen == "Segments":
            hover_each(trap, tried)
        if page.get_by_test_id("stDownloadButton").count():
            trap.check_downloads()
    page.goto(shop.format("customer"))
    steps.ready(page, "Customer")
    for at, payload in enumerate(tried):
        with serving.answered(page):
            page.locator(".st-key-customer_search input").fill(f"{payload} {at:03d}")
            page.keyboard.press("Enter")
        trap.check()
