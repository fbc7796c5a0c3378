"""Import (typed, ledger, stored) against DuckDB's bare `read_csv` into a table."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import duckdb

from segmentation.intake import import_file
from segmentation.workspace import Workspace
from tests.benchmarks.orders import write_export
from tests.benchmarks.rows import Row, against, at_most, best_of

ROUNDS = 3
MOST_MEGABYTES = 1536


def measure(quick: bool) -> list[Row]:
    """Time, against the bare read, and peak memory of an import that has the process to itself."""
    with tempfile.TemporaryDirectory(prefix="tessera-bench-") as folder:
        export = write_export(Path(folder) / "orders.csv", quick=quick)
        megabytes = export.stat().st_size / 1e6
        fresh = (Path(folder) / f"workspace-{i}" for i in range(ROUNDS))
        ours, bare = best_of(ROUNDS, lambda: imported(export, next(fresh)), lambda: read_bare(export))
        peak = peak_of(export, Path(folder) / "alone")
    size = "500,000" if quick else "5,000,000"
    return [
        against(f"Import of {size} lines ({megabytes:.0f} MB), s", ours, bare, "DuckDB read_csv", most=3.0),
        at_most(f"Import of {size} lines, peak memory in MB", peak, MOST_MEGABYTES),
    ]


def imported(export: Path, workspace: Path) -> None:
    """Our way: every value typed, every row and cent accounted for, stored as a version."""
    import_file(Workspace.open(workspace), export, dataset="Bench", today=date(2026, 1, 1))


def read_bare(export: Path) -> None:
    """The peer's way: whatever the sniffer makes of the columns, into a table in memory."""
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar=false")  # it would write on stdout
        connection.execute("CREATE TABLE t AS SELECT * FROM read_csv($path)", {"path": str(export)})


def peak_of(export: Path, workspace: Path) -> float:
    """Peak resident memory in MB of a process that does nothing but this import, imports of libraries included."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_import", str(export), str(workspace)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    imported(Path(sys.argv[1]), Path(sys.argv[2]))
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in kilobytes but for macOS
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6)
