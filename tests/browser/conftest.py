"""A running dashboard and a browser to look at it with.

Where there is no Chromium these tests are skipped, and the summary says so; with TESSERA_REQUIRE_BROWSER=1 (as in
`.ci/run`) they fail instead, so that a green run cannot hide them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from segmentation.workspace import Workspace
from tests.browser import serving
from tests.compiled import kept_compiled

HERE = Path(__file__).parent
NO_BROWSER = "there is no Chromium on this machine (Debian: apt install chromium, or set TESSERA_CHROMIUM to its path)"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 800, "height": 900}

expect.set_options(timeout=30_000)  # a busy machine takes its time


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    found = serving.find_chromium()
    if found is None:
        if os.environ.get("TESSERA_REQUIRE_BROWSER"):
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    return found


@pytest.fixture(scope="package")
def app_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the shops that `app_server` shows."""
    return tmp_path_factory.mktemp("browser") / "workspace"


@pytest.fixture(scope="package")
def app_server(chromium_path: Path, app_workspace: Path) -> Iterator[str]:
    """The address of a dashboard over a workspace that starts empty and that this folder's tests share."""
    # Many small shops come and go here, and their tests are not about maps and proofs; `demo_server` has both.
    with serving.server(app_workspace, workers=0) as address:
        yield address


@pytest.fixture
def empty_app(app_server: str, app_workspace: Path) -> str:
    """The same dashboard after every shop in it has been deleted: what a newcomer sees."""
    workspace = Workspace.open(app_workspace)
    for version in workspace.datasets():
        workspace.delete(version.name)
    return app_server


@pytest.fixture(scope="package")
def demo_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workspace that holds the sample shop."""
    folder = tmp_path_factory.mktemp("demo") / "workspace"
    serving.tessera("demo", workspace=folder)
    return folder


@pytest.fixture(scope="package")
def demo_server(chromium_path: Path, demo_workspace: Path, compiled: Path) -> Iterator[str]:
    """The address of a dashboard over the sample shop."""
    with kept_compiled(demo_workspace, compiled), serving.server(demo_workspace) as address:
        yield address


@pytest.fixture(scope="package")
def chromium(chromium_path: Path) -> Iterator[Browser]:
    """One browser for this folder's tests; gone after them, since Playwright keeps an event loop running."""
    with serving.browser(chromium_path) as running:
        yield running


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh visitor at 1440 px. The test fails if the page raised an uncaught script error."""
    context = chromium.new_context(viewport=WIDE, accept_downloads=True, reduced_motion="reduce")
    context.set_default_timeout(30_000)
    errors: list[str] = []
    context.on("weberror", lambda problem: errors.append(str(problem.error)))
    yield context.new_page()
    context.close()
    assert errors == []
