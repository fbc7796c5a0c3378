"""Tasks that the tests of the job pool give to a real worker."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from segmentation.errors import NotEnoughData

Progress = Callable[[float, str], None]


def write(*, path: str, text: str, progress: Progress) -> None:
    print("a library that prints must not disturb the messages")
    progress(0.5, "Half way")
    Path(path).write_text(text, encoding="utf-8")


def count_runs(*, path: str, seconds: float, progress: Progress) -> None:
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("run\n")
    progress(0.25, "Counting")
    time.sleep(seconds)


def spin(*, path: str, progress: Progress) -> None:
    """Burn a processor until somebody ends the process."""
    Path(path).write_text(str(os.getpid()), encoding="utf-8")
    progress(0.1, "Spinning")
    while True:
        sum(range(10_000))


def refuse(*, progress: Progress) -> None:
    progress(0.1, "Looking")
    raise NotEnoughData("customers", have=1, need=2)


def stumble(*, progress: Progress) -> None:
    progress(0.1, "Dividing")
    raise ZeroDivisionError


def vanish(*, progress: Progress) -> None:
    progress(0.1, "Going")
    os._exit(7)


def surroundings(*, path: str, progress: Progress) -> None:
    progress(0.1, "Looking around")
    seen = [str(os.nice(0)), os.environ["NUMBA_NUM_THREADS"], str("streamlit" in sys.modules)]
    Path(path).write_text(" ".join(seen), encoding="utf-8")
