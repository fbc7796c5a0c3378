"""What a process has worked out: once, however many ask, and no more than it may hold."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from segmentation.analysis.memory import Memory


def test_who_asks_while_it_is_made_waits_for_it_and_gets_the_same() -> None:
    memory, made, all_ask = Memory(), [], threading.Barrier(8)

    def make() -> object:
        made.append(object())
        return made[-1]

    def ask(_: int) -> object:
        all_ask.wait()
        return memory.once("kind", "key", make, most=3)

    with ThreadPoolExecutor(8) as many:
        found = list(many.map(ask, range(8)))
    assert len(made) == 1
    assert all(one is made[0] for one in found)


def test_the_one_used_longest_ago_gives_way() -> None:
    memory = Memory()
    for key in "abc":
        memory.put("kind", key, key, most=3)
    assert memory.get("kind", "a") == ("a",)
    memory.put("kind", "d", "d", most=3)
    assert [memory.get("kind", key) for key in "abcd"] == [("a",), None, ("c",), ("d",)]
    assert memory.get("other", "a") is None


def test_none_is_a_result_and_an_error_is_none() -> None:
    memory, calls = Memory(), []
    assert memory.once("kind", 1, lambda: calls.append(1), most=2) is None
    assert memory.once("kind", 1, lambda: calls.append(2), most=2) is None
    assert calls == [1]
    with pytest.raises(ZeroDivisionError):
        memory.once("kind", 2, lambda: 1 / 0, most=2)
    assert memory.once("kind", 2, lambda: 7, most=2) == 7


def test_one_result_may_ask_for_another_and_nothing_is_left_behind() -> None:
    memory = Memory()
    assert memory.once("a", 1, lambda: memory.once("b", 1, lambda: 5, most=1) + 1, most=1) == 6
    for number in range(500):
        memory.once("x", number, lambda: 1, most=1)
    assert not memory._making
    memory.forget()
    assert memory.get("a", 1) is None
