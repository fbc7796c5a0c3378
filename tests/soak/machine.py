"""What the machine did meanwhile: a figure means little where other work took the processors (Linux)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.hostile_files import children

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processor time: all there was, all that was taken, and by whom."""

    there: float
    taken: float
    server: float
    workers: float
    visitors: float

    def shares(self, before: Spent) -> str:
        """Who took how much of the machine since then."""
        there = self.there - before.there
        parts = {
            name: (getattr(self, name) - getattr(before, name)) / there for name in ("server", "workers", "visitors")
        }
        parts["all others"] = (self.taken - before.taken) / there - sum(parts.values())
        return ", ".join(f"{name} {max(share, 0):.0%}" for name, share in parts.items())


def spent(server: int) -> Spent:
    """What was spent until now. Workers that have ended count as the server's."""
    first, *_ = Path("/proc/stat").read_text(encoding="utf-8").splitlines()
    user, nice, system, idle, waiting, *rest = (int(one) / _TICKS for one in first.split()[1:])
    taken = user + nice + system + sum(rest[:2])
    here = os.times()
    return Spent(
        taken + idle + waiting,
        taken,
        _of(server, ended=True),
        sum(_of(one, ended=False) for one in children(server)),
        here.user + here.system,
    )


def _of(process: int, *, ended: bool) -> float:
    try:
        fields: Sequence[str] = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(one) for one in fields[11 : 15 if ended else 13]) / _TICKS
