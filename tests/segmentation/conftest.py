"""What tests of several rooms ask of the command line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from segmentation.cli import main


@pytest.fixture
def tessera(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command: its exit code, what it printed, and its messages."""

    def call(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return call
