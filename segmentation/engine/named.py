"""The fixed queries by their names, and the query of what is aggregated for each customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@cache
def named_query(name: str) -> str:
    """The text of `queries/<name>.sql`, which runs on any engine, or of `importing/import_….sql`: DuckDB only."""
    folder = "importing" if name.startswith("import_") else "queries"
    return (files("segmentation.engine") / folder / f"{name}.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregates:
    """What is aggregated for each customer, by name: SQL over `orders`, over sale `lines`, and the spend in so many
    `categories`. A `sample` is the first `$most` customers. Values as `$as_of` are bound when it is asked, also those
    of the categories: `$category_0`, …"""

    orders: Mapping[str, str]
    lines: Mapping[str, str]
    categories: int = 0
    sample: bool = False

    @property
    def sql(self) -> str:
        """The query of one row per customer: `customer_id` and every aggregate as a DOUBLE."""
        spend = {
            f"category_{number}": f"SUM(CASE WHEN category = $category_{number} THEN amount END)"
            for number in range(self.categories)
        }
        return (
            named_query("customer_features")
            .replace("{orders}", _doubles(self.orders))
            .replace("{lines}", _doubles({**self.lines, **spend}) or "COUNT(*) AS lines")
            .replace("{sample}", f"sample AS ({named_query('customer_sample')}),\n" if self.sample else "")
            .replace("{source}", "sample" if self.sample else "lines")
        )


def _doubles(aggregates: Mapping[str, str]) -> str:
    return ", ".join(f"CAST({sql} AS DOUBLE) AS {name}" for name, sql in aggregates.items())
