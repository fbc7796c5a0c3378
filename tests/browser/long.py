"""Tests that take long: part of `make truth`, and left out of `make test` with a reason that is printed."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

import pytest

Test = TypeVar("Test", bound=Callable[..., object])


def long(test: Test) -> Test:
    """Run this test only where all simulations run too."""
    skipped = pytest.mark.skipif(os.environ.get("TESSERA_TRUTH") != "full", reason="one of the long ones: make truth")
    marked: Test = pytest.mark.truth(skipped(test))
    return marked
