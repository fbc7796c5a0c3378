"""What a run said arrives, also where a fragment asks for its own run before the server has passed it on."""

from __future__ import annotations

import json
import subprocess
import sys


def _told(*options: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.dashboard.turns_of_runs", *options], capture_output=True, check=True, timeout=120
    )
    said: list[str] = json.loads(done.stdout.splitlines()[-1])
    return said


def test_a_run_is_told_to_its_end_before_a_fragment_runs_again() -> None:
    assert _told("kept") == ["script", "fragment", "1"]


def test_a_run_that_is_asked_later_runs_later() -> None:
    """It carries the newer values of all controls."""
    assert _told("kept", "after")[-1] == "2"


def test_streamlit_alone_drops_the_end_of_the_run() -> None:
    """Where this fails, Streamlit has mended it, and `dashboard/serving/turns.py` may go."""
    assert _told() == ["fragment", "1"]
