"""What stays the same while a screen is drawn, asked once however many of its parts ask: the shop, its date, its
customers. A screen asks for them up to a hundred times."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Asked = TypeVar("Asked")

_run = threading.local()


@contextmanager
def one_run() -> Iterator[None]:
    """Inside, `once` asks once; what the screen draws again by itself later asks anew."""
    _run.held = {}
    try:
        yield
    finally:
        _run.held = None


def once(key: Hashable, ask: Callable[[], Asked]) -> Asked:
    """What `ask` says: what it said before, where the same run has asked it already."""
    held: dict[Hashable, Asked] | None = getattr(_run, "held", None)
    if held is None:
        return ask()
    if key not in held:
        held[key] = ask()
    return held[key]
