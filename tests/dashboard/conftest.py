"""What the screens' tests stand on: a workspace with or without a shop, and the app started over it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest, local_script_runner
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from dashboard.screens.import_data import importing, task
from segmentation.jobs import Jobs
from segmentation.workspace import DatasetVersion, Workspace
from tests.dashboard import shops
from tests.dashboard.shops import write_shop

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
SECONDS = 60
NAMED_OTHERWISE = {"import_data", "health", "clv"}
"""Screens whose address is not their name: AppTest finds them only once the app has run."""


@pytest.fixture(scope="session", autouse=True)
def one_look_at_installed_packages() -> Iterator[None]:
    """Streamlit looks through every installed package when an app starts; here some four hundred apps start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session", autouse=True)
def wait_without_looking() -> Iterator[None]:
    """AppTest looks a thousand times a second whether the script has ended, which is work too; its thread can be waited
    for. One that takes too long is left to AppTest, which stops it and says so."""
    usual = local_script_runner.require_widgets_deltas

    def wait(runner: LocalScriptRunner, timeout: float = 3) -> None:
        if runner._script_thread is not None:
            runner._script_thread.join(timeout)
        usual(runner, 0.5 if runner.script_stopped() else 0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_script_runner, "require_widgets_deltas", wait)
        yield


@pytest.fixture(autouse=True)
def no_map_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Screens under test start no worker processes; the browser tests do."""
    monkeypatch.setenv("TESSERA_WORKERS", "0")


@pytest.fixture(scope="session")
def found_results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("found")


@pytest.fixture
def known_results(
    request: pytest.FixtureRequest, own_workspace: Path, found_results: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Invented shops with what earlier tests found out about the same customers: for tests of how screens show it.

    What a test finds that puts something else in our code's place is not handed on.
    """
    monkeypatch.setattr(shops, "KNOWN", found_results)
    yield
    if "monkeypatch" not in request.node.function.__code__.co_varnames[: request.node.function.__code__.co_argcount]:
        for folder in own_workspace.glob("cache/*/"):
            shutil.copytree(folder, found_results / folder.name, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def import_workers() -> Iterator[dict[str, Jobs]]:
    """The processes that look at files and import them, once somebody needs them."""
    running: dict[str, Jobs] = {}
    yield running
    for jobs in running.values():
        jobs.close()


@pytest.fixture(autouse=True)
def workers_of_all_tests(import_workers: dict[str, Jobs], monkeypatch: pytest.MonkeyPatch) -> None:
    """A server has such processes of its own for each workspace; here one test takes them over from another."""
    for lane, tasks in {"imports": (task.TASK,), "looks": (task.LOOK,)}.items():

        def of(_root: str, lane: str = lane, tasks: tuple[str, ...] = tasks) -> Jobs:
            if lane not in import_workers:
                import_workers[lane] = Jobs(workers=1 if lane == "imports" else importing.LOOKERS, tasks=tasks)
            return import_workers[lane]

        monkeypatch.setattr(importing, lane, of)


@pytest.fixture
def workspace(own_workspace: Path) -> Workspace:
    return Workspace.open(own_workspace)


@pytest.fixture
def shop(workspace: Workspace) -> DatasetVersion:
    return write_shop(workspace)


@pytest.fixture
def screen(workspace: Workspace) -> Callable[..., AppTest]:
    """Open a screen by its name, with query parameters: `screen("overview", period="All")`."""

    def opened(name: str, **query: str | list[str]) -> AppTest:
        app = AppTest.from_file(APP, default_timeout=SECONDS)
        app.query_params.update(query)
        if name in NAMED_OTHERWISE:
            app.run()
        return app.switch_page(f"screens/{name}/{name}.py").run()

    return opened
