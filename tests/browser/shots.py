"""`make shots`: a picture of every screen with the sample shop, light and dark, at 1440, 800 and 390 px."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser import serving

SCREENS = (
    ("import", "/import"),
    ("health", "/data-health"),
    ("overview", "/overview"),
    ("segments", "/segments"),
    ("rules", "/segments?method=RFM+rules"),
    ("customer", "/customer"),
    ("worth", "/worth"),
    ("churn", "/churn"),
    ("campaign", "/campaign"),
    ("briefing", "/briefing"),
)
TABS = {"segments": ("Proofs", "Segment definition", "Segment builder"), "rules": ("Compare",)}
"""Tabs of a screen that get a picture of their own, from the tabs on: `segments-segment-builder`."""

THEMES = ("light", "dark")
WIDTHS = (1440, 800, 390)
HEIGHT = 900
WORK_SECONDS = 180  # the better map and the proofs are worked out once; the first map compiles for a while
LOADING = '[data-testid="stSkeleton"]'
WORKING = '[data-testid="stProgress"], :text("Being worked out")'
DRAWN_SECONDS = 2.5  # charts are painted after the script has ended, and nothing in the page says when
TAB_SECONDS = 1.5


def main(arguments: list[str] | None = None) -> int:
    """Take the pictures; returns the exit code."""
    parser = argparse.ArgumentParser(prog="make shots", description=__doc__)
    parser.add_argument("--only", choices=[name for name, _ in SCREENS], nargs="*", help="these screens only")
    parser.add_argument("--out", type=Path, default=serving.ROOT / "shots")
    parser.add_argument(
        "--address", help="a dashboard that is already running (default: start one with the sample shop)"
    )
    options = parser.parse_args(arguments)
    executable = serving.find_chromium()
    if executable is None:
        print("There is no Chromium on this machine to take pictures with.", file=sys.stderr)
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    screens = [screen for screen in SCREENS if not options.only or screen[0] in options.only]
    shop = nullcontext(options.address) if options.address else _sample_shop()
    with shop as address, serving.browser(executable) as chromium:
        for name, path in screens:
            for picture in _take(chromium, address + path, name, options.out):
                print(picture)
    return 0


@contextmanager
def _sample_shop() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "workspace"
        serving.tessera("demo", workspace=workspace)
        with serving.server(workspace) as address:
            yield address


def _take(chromium: Browser, url: str, name: str, out: Path) -> Iterator[Path]:
    """One screen in every theme and width; the whole page, however long."""
    for theme in THEMES:
        for width in WIDTHS:
            context = chromium.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=theme)
            page = context.new_page()
            page.goto(url)
            _finish(page)
            page.wait_for_timeout(DRAWN_SECONDS * 1000)
            page.set_viewport_size({"width": width, "height": _height(page)})
            page.wait_for_timeout(500)
            picture = out / f"{name}-{theme}-{width}.png"
            page.screenshot(path=picture)
            yield picture
            yield from _take_tabs(page, TABS.get(name, ()), out, f"{name}-{{}}-{theme}-{width}.png")
            context.close()


def _take_tabs(page: Page, tabs: tuple[str, ...], out: Path, name: str) -> Iterator[Path]:
    """These tabs of the page that is open."""
    for tab in tabs:
        page.get_by_role("tab", name=tab, exact=True).click()
        serving.settle(page)
        page.wait_for_selector(LOADING, state="detached", timeout=WORK_SECONDS * 1000)
        page.wait_for_timeout(TAB_SECONDS * 1000)
        picture = out / name.format(tab.lower().replace(" ", "-"))
        page.get_by_test_id("stTabs").screenshot(path=picture)
        yield picture


def _finish(page: Page) -> None:
    """Wait until everything that workers do for this page is there. One piece of work may lead to the next."""
    for _ in range(3):
        serving.settle(page)
        page.wait_for_selector(WORKING, state="detached", timeout=WORK_SECONDS * 1000)
        page.wait_for_timeout(300)
    serving.settle(page)


def _height(page: Page) -> int:
    """Streamlit scrolls inside the page: as tall as its content, so that one picture shows it all."""
    tall = page.evaluate("document.querySelector('[data-testid=\"stMain\"]')?.scrollHeight ?? 0")
    return max(HEIGHT, min(int(tall), 6000))


if __name__ == "__main__":
    sys.exit(main())
