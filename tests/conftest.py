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


class ByFile(LoadScopeScheduling):
    """Several processes share the tests by file; those in the browser stay together, with the servers they share."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/browser" if nodeid.startswith("tests/browser/") else nodeid.split("::", 1)[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)
