"""What every test stands on: a workspace of its own, reproducible chance, and no settings from the machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# No deadline: the machines that run these tests differ by a factor of ten. Same examples everywhere.
settings.register_profile("tessera", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tessera")


@pytest.fixture(autouse=True)
def own_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace that code under test finds by itself: empty, and never the developer's own."""
    home = tmp_path / "workspace"
    monkeypatch.setenv("TESSERA_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def compiled(pytestconfig: pytest.Config) -> Path:
    """Where compiled code is kept from one server to the next, and from one run of the tests to the next."""
    assert pytestconfig.cache is not None
    return pytestconfig.cache.mkdir("compiled")


LONGEST = (
    "tests/browser/",
    "tests/truth/",
    "tests/soak/",
    "tests/segmentation/intake/",
    "tests/segmentation/workspace/",
)
"""What takes longest, and so comes first: at the end one process would wait for the other."""


MEANT = pytest.mark.filterwarnings("ignore:Arrow output on a DB-API result")
"""What DuckDB warns of and `segmentation/engine/duckdb.py` means to do. The session's marks come after a module's."""


def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    session.add_marker(MEANT)
    items.sort(key=lambda item: next((at for at, folder in enumerate(LONGEST) if item.nodeid.startswith(folder)), 9))


class ByFile(LoadScopeScheduling):
    """Several processes share the tests by file; those in the browser stay together, with the servers they share, and
    simulations are shared by what they simulate."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith("tests/browser/"):
            return "tests/browser"
        file, _, test = nodeid.partition("::")
        return f"{file}[{test.partition('[')[2]}" if nodeid.startswith("tests/truth/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)
