"""One native thread while a model is fitted: with several, sums are taken in another order and the last digit moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Event, RLock

from threadpoolctl import ThreadpoolController

_LOCK = RLock()  # the limit belongs to the process: two fits at once would restore each other's
_STAYS = Event()


@cache
def _controller() -> ThreadpoolController:
    import sklearn.cluster  # noqa: F401, PLC0415 - a controller knows only libraries that are loaded, OpenMP among them

    return ThreadpoolController()


def stay_on_one_thread() -> None:
    """Lift the limit never again in this process: then nobody who fits waits for anybody else. For a server, whose
    visitors share the cores anyway."""
    _STAYS.set()


@contextmanager
def one_thread() -> Iterator[None]:
    """Run the block with BLAS and OpenMP on one thread, whatever the machine and the environment say."""
    if _STAYS.is_set():
        _controller().limit(limits=1)  # OpenMP asks each of Python's threads for itself
        yield
        return
    with _LOCK, _controller().limit(limits=1):
        yield
