"""A large shop's export, the same one every time: for the benchmarks."""

from __future__ import annotations

from pathlib import Path

import duckdb

LINES, CUSTOMERS = 5_000_000, 200_000
LINES_PER_ORDER = 2.5

# Every customer orders at least once; the further orders favour some of them, as in life.
# One line in fifty is a refund of its order.
_EXPORT = """
COPY (
    WITH lines AS (
        SELECT i, CAST(floor(i / $per_order) AS BIGINT) AS o, hash(i) % 1000003 AS h FROM range($lines) AS t(i)
    ),
    placed AS (
        SELECT i, h, o, hash(o + 7) % 1000003 AS ho,
               CASE WHEN o < $customers THEN o
                    ELSE CAST(floor($customers * power((hash(o) % 1000003) / 1000003.0, 2)) AS BIGINT) END AS c
        FROM lines
    )
    SELECT
        100000 + o AS order_id,
        'C' || (10000000 + c) AS customer_id,
        TIMESTAMP '2023-01-01 08:00:00' + to_days(CAST(ho % 1095 AS INTEGER)) + to_seconds(ho % 43200) AS order_date,
        'Product ' || (h % 2000) AS product,
        'Category ' || (h % 2000 % 9) AS category,
        CASE WHEN ho % 10 < 7 THEN 'web' ELSE 'store' END AS channel,
        CAST(CASE WHEN hash(i + 3) % 50 = 0 THEN -1 ELSE 1 END * (200 + h % 9000) / 100.0 AS DECIMAL(10, 2)) AS amount,
        CAST(CASE WHEN h % 5 = 0 THEN (h % 300) / 100.0 ELSE 0 END AS DECIMAL(10, 2)) AS discount
    FROM placed
) TO '{path}' (FORMAT csv, HEADER)
"""


def write_export(path: Path, *, quick: bool) -> Path:
    """Write the CSV: 5 million lines of 200,000 customers over three years, or a tenth of both."""
    size = 10 if quick else 1
    return write_lines(path, LINES // size, CUSTOMERS // size)


def write_lines(path: Path, lines: int, customers: int) -> Path:
    """Write the CSV with so many lines, at least three for each of so many customers."""
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar=false")  # it would write on stdout
        connection.execute(
            _EXPORT.replace("{path}", str(path)),
            {"lines": lines, "customers": customers, "per_order": LINES_PER_ORDER},
        )
    return path
