"""Import (typed, ledger, stored) against what DuckDB does by hand: CSV to the same columns in Parquet, and a bare read.

The fair peer is the first: a person who knows the file writes its types down and copies it into what we store, once.
It finds nothing out, checks nothing and sets no row aside; where a cell is not of its type, it stops.
"""

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
MOST_MEGABYTES = 1200

_BY_HAND = """
COPY (
    SELECT
        customer_id, order_id, CAST(NULL AS VARCHAR) AS line_id, order_date AS ordered_at,
        CASE WHEN amount < 0 THEN 'refund' ELSE 'sale' END AS kind,
        CAST(NULL AS DECIMAL(18, 4)) AS quantity, amount AS listed_amount, amount, discount,
        CAST(NULL AS DECIMAL(18, 4)) AS cost, CAST(NULL AS VARCHAR) AS currency, product, category, channel,
        CAST(NULL AS VARCHAR) AS status, CAST(NULL AS VARCHAR) AS part,
        hash(order_id, customer_id, order_date, product, category, channel, amount, discount) AS row_hash
    FROM read_csv('{export}', auto_detect=false, header=true, delim=',', quote='"', columns={
        'order_id': 'VARCHAR', 'customer_id': 'VARCHAR', 'order_date': 'TIMESTAMP', 'product': 'VARCHAR',
        'category': 'VARCHAR', 'channel': 'VARCHAR', 'amount': 'DECIMAL(18,4)', 'discount': 'DECIMAL(18,4)'})
) TO '{target}' (FORMAT parquet, COMPRESSION zstd)
"""
"""The columns and types that an import stores of this export, written down by somebody who knows it."""


def measure(quick: bool) -> list[Row]:
    """Time, against the bare read, and peak memory of an import that has the process to itself."""
    with tempfile.TemporaryDirectory(prefix="tessera-bench-") as folder:
        export = write_export(Path(folder) / "orders.csv", quick=quick)
        megabytes = export.stat().st_size / 1e6
        fresh = (Path(folder) / f"workspace-{i}" for i in range(ROUNDS))
        ours, hand, bare = best_of(
            ROUNDS,
            lambda: imported(export, next(fresh)),
            lambda: copied_by_hand(export, Path(folder) / "by-hand.parquet"),
            lambda: read_bare(export),
        )
        peak = peak_of(export, Path(folder) / "alone")
    size = "500,000" if quick else "5,000,000"
    name = f"Import of {size} lines ({megabytes:.0f} MB), s"
    return [
        against(name, ours, hand, "DuckDB CSV to typed Parquet by hand", most=1.6),
        against(name, ours, bare, "DuckDB read_csv", most=3.0),
        at_most(f"Import of {size} lines, peak memory in MB", peak, MOST_MEGABYTES),
    ]


def imported(export: Path, workspace: Path) -> None:
    """Our way: every value typed, every row and cent accounted for, stored as a version."""
    import_file(Workspace.open(workspace), export, dataset="Bench", today=date(2026, 1, 1))


def copied_by_hand(export: Path, target: Path) -> None:
    """The fair peer: the columns and types that we store, copied into zstd Parquet once, for this one file."""
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar=false")  # it would write on stdout
        connection.execute(_BY_HAND.replace("{export}", str(export)).replace("{target}", str(target)))


def read_bare(export: Path) -> None:
    """Reading and no more: whatever the sniffer makes of the columns, into a table in memory."""
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
