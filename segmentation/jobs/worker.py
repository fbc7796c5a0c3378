"""The other end of `jobs`: a process that runs one named task after another and says how far it is.

Started as `python -m segmentation.jobs.worker '{"tasks": […], "warm_up": …}'`. It reads one JSON order a line from its
input and writes one JSON message a line to its output: `ready`, `progress`, `done`, `failed`, and `broken` before
it ends on its own. Orders carry plain values only, tasks are functions named on the list it was started with. When
its input ends, because the server is gone however it went, so is the worker.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TextIO

from segmentation import disk
from segmentation.errors import DiskFull, TesseraError

NICER = 5
AUTOGROUP = Path("/proc/self/autogroup")
SECONDS_BETWEEN_MESSAGES = 0.1


class Line:
    """The way back to the server: one JSON message a line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._last = 0.0

    def say(self, message: Mapping[str, object]) -> None:
        self._out.write(json.dumps(message) + "\n")
        self._out.flush()

    def progress(self, share: float, text: str) -> None:
        """Pass progress on, at most ten times a second."""
        now = time.monotonic()
        if now - self._last >= SECONDS_BETWEEN_MESSAGES:
            self._last = now
            self.say({"kind": "progress", "share": float(share), "text": text})


def main() -> None:
    """Warm up, say so, then carry out orders until the server is gone."""
    settings = json.loads(sys.argv[1])
    line = Line(_private_output())
    sys.excepthook = _tell_then_die(line)
    _give_way()
    orders: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(orders,), daemon=True).start()
    if settings["warm_up"]:
        try:
            _find(settings["warm_up"], settings["tasks"])()
        except OSError as error:
            if not disk.is_full(error):  # what was compiled and could not be kept is compiled again next time
                raise
    line.say({"kind": "ready"})
    while True:
        order = json.loads(orders.get())
        _carry_out(_find(order["task"], settings["tasks"]), order["arguments"], line)


def _give_way() -> None:
    """Leave the processor to the server where both want it. Linux weighs sessions before processes, and a worker has a
    session of its own: there it is the niceness of the session that counts."""
    if hasattr(os, "nice"):
        os.nice(NICER)
    with suppress(OSError):  # not Linux, or without groups of sessions
        AUTOGROUP.write_text(str(NICER), encoding="ascii")


def _carry_out(task: Callable[..., object], arguments: dict[str, object], line: Line) -> None:
    """Run one task to its end. A mistake in the program ends the process, after `_tell_then_die` has said so."""
    home = Path(os.environ.get("TESSERA_HOME") or "workspace").expanduser().resolve()
    try:
        with disk.writing("The work could not be kept.", home):
            task(**arguments, progress=line.progress)
    except DiskFull as error:
        line.say({"kind": "failed", **error.parts})
    except TesseraError as error:
        instead = [(one.meaning, one.header, one.evidence) for one in error.candidates]
        parts = {"fact": error.fact, "evidence": error.evidence, "next_step": error.next_step}
        line.say({"kind": "failed", **parts, "candidates": instead})
    except MemoryError:
        line.say(
            {"kind": "failed", "fact": "There was not enough memory.", "next_step": "Close something and try again."}
        )
    else:
        line.say({"kind": "done"})


def _find(name: str, allowed: list[str]) -> Callable[..., object]:
    """The function a task name stands for, `package.module.function`, if it is on the list."""
    if name not in allowed:
        raise LookupError(f"{name} is not a task")
    module, _, function = name.rpartition(".")
    found: Callable[..., object] = getattr(importlib.import_module(module), function)
    return found


def _listen(orders: queue.SimpleQueue[str]) -> None:
    """Collect orders; end the process at once when there is nobody left to give any."""
    for order in sys.stdin:
        orders.put(order)
    os._exit(0)


def _private_output() -> TextIO:
    """The real output for messages only: whatever a library prints goes to the log instead."""
    private = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(private, "w", encoding="utf-8")


def _tell_then_die(line: Line) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        line.say(
            {
                "kind": "broken",
                "fact": "The work stopped because of a mistake in the program.",
                "evidence": f"It was of the kind {kind.__name__}; the server's log has the details.",
                "next_step": "Please report it.",
            }
        )
        sys.__excepthook__(kind, error, trace)

    return tell


if __name__ == "__main__":
    main()
