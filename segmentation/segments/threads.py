"""One native thread while a model is fitted: with several, sums are taken in another order and the last digit moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import RLock

from threadpoolctl import ThreadpoolController

_LOCK = RLock()  # the limit belongs to the process: two fits at once would restore each other's


@cache
def _controller() -> ThreadpoolController:
    import sklearn.cluster  # noqa: F401, PLC0415 - a controller knows only libraries that are loaded, OpenMP among them

    return ThreadpoolController()


@contextmanager
def one_thread() -> Iterator[None]:
    """Run the block with BLAS and OpenMP on one thread, whatever the machine and the environment say."""
    with _LOCK, _controller().limit(limits=1):
        yield
