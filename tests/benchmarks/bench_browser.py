"""In a browser: from the key press that asks for another segment until the map is painted anew."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from dashboard import state
from tests.benchmarks.orders import write_export
from tests.benchmarks.rows import Row, at_most
from tests.browser import serving

FEWEST, MOST = 2, 12
MOST_SECONDS = 1.0
MAP_SECONDS = 180

# The moment after the frame that painted another picture in the map. One evaluation that looks at every frame, because
# the page's Content-Security-Policy forbids what Playwright's own wait_for_function does.
_REPAINTED = """(before) => new Promise((done, fail) => {
    const end = performance.now() + 60_000;
    const look = () => {
        if (performance.now() > end) fail(new Error('The map was not painted anew.'));
        const picture = document.querySelector('.st-key-customer_map image');
        if (picture && picture.getAttributeNS('http://www.w3.org/1999/xlink', 'href') !== before)
            requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
        else requestAnimationFrame(look);
    };
    look();
})"""
_PICTURE = """document.querySelector('.st-key-customer_map image')
    .getAttributeNS('http://www.w3.org/1999/xlink', 'href')"""


def measure(quick: bool) -> list[Row]:
    """The median over every number of segments, each asked for once, so that nothing is answered from a cache."""
    executable = serving.find_chromium()
    if executable is None:
        raise FileNotFoundError("There is no Chromium on this machine to measure with.")
    with tempfile.TemporaryDirectory(prefix="tessera-bench-") as folder:
        workspace = Path(folder) / "workspace"
        export = write_export(Path(folder) / "orders.csv", quick=quick)
        serving.tessera("import", str(export), "--dataset", "Bench", workspace=workspace)
        serving.tessera("study", "Bench", workspace=workspace)
        with serving.server(workspace) as address, serving.browser(executable) as chromium:
            page = chromium.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{address}/segments?{state.SEGMENTS}={FEWEST}")
            serving.settle(page, timeout=MAP_SECONDS)
            page.wait_for_selector(".st-key-customer_map image", state="attached", timeout=MAP_SECONDS * 1000)
            _until_the_better_map(page)
            seconds = [_retune(page) for _ in range(FEWEST, MOST)]
    size = "20,000" if quick else "200,000"
    return [
        at_most(f"In Chromium, retune of {size} customers to repainted, s", statistics.median(seconds), MOST_SECONDS)
    ]


def _until_the_better_map(page: Page) -> None:
    """UMAP is computed once per shop; a visitor's usual retune comes after."""
    page.wait_for_selector(".st-key-map_cancel", state="detached", timeout=MAP_SECONDS * 1000)
    serving.settle(page)
    page.wait_for_timeout(1000)


def _retune(page: Page) -> float:
    """One more segment, by the keyboard; seconds until the map shows it."""
    before = page.evaluate(_PICTURE)
    handle = page.get_by_role("slider", name="Number of segments")
    handle.focus()
    start = page.evaluate("performance.now()")
    handle.press("ArrowRight")
    seconds = (page.evaluate(_REPAINTED, before) - start) / 1000
    serving.settle(page)
    page.wait_for_timeout(300)
    return seconds
