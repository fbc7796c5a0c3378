"""What this process has worked out or read, by what it was made from: each thing once, however many ask at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any


class Memory:
    """The latest results of each kind; the one used longest ago gives way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, OrderedDict[Hashable, Any]] = {}
        self._making: dict[tuple[str, Hashable], tuple[threading.RLock, int]] = {}
        """The lock of whoever makes a result, and how many hold it or wait for it."""

    def get(self, kind: str, key: Hashable) -> tuple[Any] | None:
        """The result in a tuple of its own, since it may be None itself; None where it is not held."""
        with self._lock:
            held = self._held.get(kind, OrderedDict())
            if key not in held:
                return None
            held.move_to_end(key)
            return (held[key],)

    def put(self, kind: str, key: Hashable, result: object, *, most: int) -> None:
        """Hold a result, among at most so many of its kind."""
        with self._lock:
            held = self._held.setdefault(kind, OrderedDict())
            held[key] = result
            held.move_to_end(key)
            while len(held) > most:
                held.popitem(last=False)

    def once(self, kind: str, key: Hashable, make: Callable[[], Any], *, most: int) -> Any:  # noqa: ANN401 - as made
        """The result that is held, else the one made now: others who ask meanwhile wait for it."""
        held = self.get(kind, key)
        if held is not None:
            return held[0]
        with self.only_one(kind, key):
            held = self.get(kind, key)
            if held is None:
                held = (make(),)
                self.put(kind, key, held[0], most=most)
            return held[0]

    @contextmanager
    def only_one(self, kind: str, key: Hashable) -> Iterator[None]:
        """Inside, nobody else makes this result."""
        with self._lock:
            making, waiting = self._making.get((kind, key), (threading.RLock(), 0))
            self._making[kind, key] = making, waiting + 1
        try:
            with making:
                yield
        finally:
            with self._lock:
                making, waiting = self._making[kind, key]
                if waiting > 1:
                    self._making[kind, key] = making, waiting - 1
                else:
                    del self._making[kind, key]

    def forget(self) -> None:
        """Hold nothing any more."""
        with self._lock:
            self._held.clear()


MEMORY = Memory()
"""The memory of this process."""
