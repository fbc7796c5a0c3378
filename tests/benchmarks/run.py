"""`make bench`: every `bench_*.py` of this folder, as a table and as bench.json.

Each module offers `measure(quick: bool) -> list[Row]` and runs in a process of its own, so that none inherits another's
memory, warm caches or compiled code. `--quick` runs a tenth of the size.
"""

from __future__ import annotations

import argparse
import importlib
import json
import multiprocessing
import os
import platform
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.rows import Row

HERE = Path(__file__).resolve().parent
RESULT = HERE.parents[1] / "bench.json"


def names() -> list[str]:
    """The benchmarks, by what follows `bench_`."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def measure(name: str, quick: bool) -> list[Row]:
    """Run one benchmark; called in its own process."""
    return importlib.import_module(f"tests.benchmarks.bench_{name}").measure(quick)


def main(arguments: list[str] | None = None) -> int:
    """Print the table and write bench.json; 1 when a goal was missed at full size."""
    parser = argparse.ArgumentParser(prog="make bench", description="Speed and memory against the peers.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the size; goals are shown, not enforced")
    parser.add_argument("--only", nargs="+", choices=names(), default=names(), metavar="NAME", help=", ".join(names()))
    options = parser.parse_args(arguments)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
    rows: list[Row] = []
    for name in options.only:
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
            found = alone.submit(measure, name, options.quick).result()
        for row in found:
            print(line(row), flush=True)
        rows += found
    RESULT.write_text(json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    missed = [row for row in rows if not row.met]
    print(f"{len(rows) - len(missed)} of {len(rows)} goals met; {RESULT.name} written.")
    return 1 if missed and not options.quick else 0


def line(row: Row) -> str:
    """One row of the table."""
    peer = "" if row.peer is None else f"of {row.peer:.3f} {row.peer_name}"
    ratio = "" if row.ratio is None else f"{row.ratio:7.3f} ×"
    return (
        f"{'ok  ' if row.met else 'MISS'} {row.name:62} {row.ours:9.3f}  goal {row.goal:9} {ratio:>9} {peer}".rstrip()
    )


if __name__ == "__main__":
    sys.exit(main())
