"""What every test stands on: a workspace of its own, reproducible chance, and no settings from the machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No deadline: the machines that run these tests differ by a factor of ten. Same examples everywhere.
settings.register_profile("tessera", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tessera")


@pytest.fixture(autouse=True)
def own_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace that code under test finds by itself: empty, and never the developer's own."""
    home = tmp_path / "workspace"
    monkeypatch.setenv("TESSERA_HOME", str(home))
    return home
