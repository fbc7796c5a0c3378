"""The fixed queries by their names, and the query of the feature catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def named_query(name: str) -> str:
    """The text of `queries/<name>.sql`, which runs on any engine, or of `importing/import_….sql`: DuckDB only."""
    folder = "importing" if name.startswith("import_") else "queries"
    return (files("segmentation.engine") / folder / f"{name}.sql").read_text(encoding="utf-8")


def feature_query(orders: Mapping[str, str], lines: Mapping[str, str], *, categories: int, sample: bool) -> str:
    """The query of these aggregates by name, over a customer's orders and over their sale lines, and of the spend in so
    many categories. `$name` is still to be bound, also `$category_0`, …; a `sample` is the first `$most` customers."""
    spend = {
        f"category_{number}": f"SUM(CASE WHEN category = $category_{number} THEN amount END)"
        for number in range(categories)
    }
    return (
        named_query("customer_features")
        .replace("{orders}", _doubles(orders))
        .replace("{lines}", _doubles({**lines, **spend}) or "COUNT(*) AS lines")
        .replace("{sample}", f"sample AS ({named_query('customer_sample')}),\n" if sample else "")
        .replace("{source}", "sample" if sample else "lines")
    )


def _doubles(aggregates: Mapping[str, str]) -> str:
    return ", ".join(f"CAST({sql} AS DOUBLE) AS {name}" for name, sql in aggregates.items())
