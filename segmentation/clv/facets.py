"""Sides from which worth can be looked at: when customers first ordered, what, and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.customers import CodeArray, FloatArray
from segmentation.engine.protocol import Engine
from segmentation.errors import NotEnoughData
from segmentation.workspace import DatasetVersion

MOST = 10
OTHERS, NOT_SAID = "All others", "Not in the export"
FACETS = {"cohort": "First order in", "product": "First bought", "channel": "First channel"}
_MOST_QUARTERS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Facet:
    """One way to put customers into groups.

    names: what the groups are called.
    labels: the group of each customer, shape (n,), in the order of the customer table.
    """

    names: tuple[str, ...]
    labels: CodeArray


@dataclass(frozen=True, slots=True, eq=False)
class Facets:
    """Ways to group customers that this export allows.

    found: the facets by name: cohort, and product and channel where the export has them.
    first_value: what each customer's first day was worth in shop currency, shape (n,).
    """

    found: dict[str, Facet]
    first_value: FloatArray


def find_facets(engine: Engine, version: DatasetVersion, as_of: date) -> Facets:
    """When, what and where the customers first ordered, up to but not including `as_of`. Raises NotEnoughData where
    nobody but guests did."""
    with engine.reading(version) as run:
        rows = run.query("first_orders", as_of=as_of)
    if rows.num_rows == 0:
        raise NotEnoughData("customers with an order", have=0, need=1)
    facets = {"cohort": _cohorts(rows["first_day"].to_pylist())}
    if {"category", "product"} & set(version.manifest.has):
        facets["product"] = _commonest(rows["product"])
    if "channel" in version.manifest.has:
        facets["channel"] = _commonest(rows["channel"])
    return Facets(facets, np.asarray(rows["first_value"].to_numpy(), dtype=np.float64))


def _cohorts(days: list[date]) -> Facet:
    """By quarter, newest last; the oldest together where there are many."""
    quarter = np.array([day.year * 4 + (day.month - 1) // 3 for day in days])
    kept = np.unique(quarter)[-_MOST_QUARTERS:]
    names = [f"Q{at % 4 + 1} {at // 4}" for at in kept.tolist()]
    if quarter.min() < kept[0]:
        names[0] += " and before"
    return Facet(tuple(names), np.maximum(np.searchsorted(kept, quarter, side="right") - 1, 0).astype(np.uint8))


def _commonest(column: pa.ChunkedArray) -> Facet:
    """The commonest values, commonest first; the rest together, and those without a value too."""
    values = column.combine_chunks().dictionary_encode()
    names: list[str] = values.dictionary.to_pylist()
    codes = np.asarray(pc.fill_null(values.indices, -1), dtype=np.int64)
    people = np.bincount(codes[codes >= 0], minlength=len(names))
    order = sorted(range(len(names)), key=lambda at: (-people[at], names[at]))
    shown = order[:MOST]
    place = np.full(len(names) + 1, len(shown), dtype=np.int64)
    place[shown] = np.arange(len(shown))
    place[-1] = len(shown) + (len(order) > MOST)
    labels = place[codes]
    told = [names[at] for at in shown] + ([OTHERS] if len(order) > MOST else [])
    told += [NOT_SAID] if (codes < 0).any() else []
    return Facet(tuple(told), labels.astype(np.uint8))
