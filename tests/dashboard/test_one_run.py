"""What a screen asks many times is asked once while it is drawn, and anew afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from dashboard.state.one_run import once, one_run


def test_the_same_is_asked_once_while_a_screen_is_drawn() -> None:
    numbers = count()
    with one_run():
        assert [once("number", lambda: next(numbers)) for _ in range(3)] == [0, 0, 0]
        assert once("another", lambda: next(numbers)) == 1


def test_nothing_is_left_for_the_next_run() -> None:
    numbers = count()
    for wanted in (0, 1):
        with one_run():
            assert once("number", lambda: next(numbers)) == wanted


def test_a_screen_that_ends_early_leaves_nothing_either() -> None:
    numbers = count()
    with pytest.raises(ValueError, match="ended"):
        _ends_early(numbers)
    assert [once("number", lambda: next(numbers)) for _ in range(2)] == [1, 2]  # outside, asked every time


def test_nothing_is_held_at_all() -> None:
    with one_run():
        assert once("nothing", lambda: None) is None
        assert once("nothing", lambda: "something") is None


def _ends_early(numbers: Iterator[int]) -> None:
    with one_run():
        once("number", lambda: next(numbers))
        raise ValueError("ended")
