"""Build the customer table of a dataset at a date: the engine aggregates, the result is kept on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.customers.catalogue import Catalogue, Feature, catalogue
from segmentation.customers.consent import BoolArray, read_consent
from segmentation.customers.scaling import FloatArray
from segmentation.customers.season import SEASON, busy_season
from segmentation.customers.table import CustomerTable
from segmentation.engine.named import Aggregates
from segmentation.engine.protocol import Engine, Reading
from segmentation.errors import DataError, NotEnoughData
from segmentation.estimates import Unknown
from segmentation.workspace import DatasetVersion, Workspace

TREND_DAYS = 180
MOST_CATEGORIES = 12
MOST_WINDOWS = 8
"""How many windows `outcomes_by_window` has room for."""

TABLE_LAYOUT = 4
"""Raise when what a saved table holds changes, so that older ones are not read."""


class BeforeFirstOrder(DataError):
    """A day that customers are to be looked at on, and by whose beginning nobody had ordered."""

    def __init__(self, on: date, *, first: date, last: date) -> None:
        self.on = on
        self.first = first
        self.last = last
        days = f"from {first:%d %b %Y} to {last:%d %b %Y}" if first < last else f"all of {first:%d %b %Y}"
        after = first + timedelta(days=1)
        super().__init__(
            f"Nobody had ordered yet when {on:%d %b %Y} began.",
            evidence=f"The orders are {days}.",
            next_step=f"Choose a day from {after:%d %b %Y} on (--as-of {after.isoformat()}), or none, which is the day "
            "after the last order.",
        )


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """What the customers of a table did in a window after its as-of date, or before it; arrays aligned with it,
    shape (n,).

    start: the first day of the window.
    end: the day after its last.
    orders: orders placed.
    revenue: sales less refunds in shop currency.
    margin: in shop currency; NaN without costs.
    """

    start: date
    end: date
    orders: FloatArray
    revenue: FloatArray
    margin: FloatArray

    @property
    def ordered(self) -> BoolArray:
        return self.orders > 0

    def first(self, rows: int) -> Outcomes:
        """Those of the first customers of the table, who are a random sample of it."""
        return Outcomes(self.start, self.end, self.orders[:rows], self.revenue[:rows], self.margin[:rows])


def default_as_of(version: DatasetVersion) -> date:
    """The day after the last order."""
    return version.manifest.last + timedelta(days=1)


def refuse_too_early(version: DatasetVersion, as_of: date) -> None:
    """Raise BeforeFirstOrder where nobody had ordered when that day began."""
    if as_of <= version.manifest.first:
        raise BeforeFirstOrder(as_of, first=version.manifest.first, last=version.manifest.last)


def prepare(
    workspace: Workspace,
    engine: Engine,
    version: DatasetVersion,
    as_of: date | None = None,
    *,
    like: CustomerTable | None = None,
    most: int | None = None,
) -> CustomerTable:
    """The customers with an order before `as_of` (default: the day after the last order), from disk when known.

    With `like`, values are scaled as in that table, so that its models apply; with `most`, it is the first rows only,
    for what learns from a sample. Raises BeforeFirstOrder, and NotEnoughData when only guests ordered before that date.
    """
    if most is not None and version.manifest.customers <= most:
        most = None
    when = as_of or default_as_of(version)
    refuse_too_early(version, when)
    key = table_key(version, when, like, most)
    folder = workspace.cache(version.fingerprint) / f"customers-{key}"
    customers = CustomerTable.load(folder)
    if customers is not None:
        return customers
    table = None if like is None else _rescaled(prepare(workspace, engine, version, when, most=most), like, key)
    if table is None:
        with engine.reading(version) as run:
            table = _build(run, version, when, key, like, most)
    table.save(folder)
    return table


def table_key(version: DatasetVersion, as_of: date, like: CustomerTable | None = None, most: int | None = None) -> str:
    """What the customers at a date are made from: the fingerprint of their table."""
    parts = (version.fingerprint, as_of, catalogue().digest, like.fingerprint if like else "", TABLE_LAYOUT)
    stamp = "|".join(str(part) for part in (*parts, *(() if most is None else (most,))))
    return hashlib.sha256(stamp.encode()).hexdigest()[:20]


def _rescaled(plain: CustomerTable, like: CustomerTable, key: str) -> CustomerTable | None:
    """The same customers on the scales of another table, which costs no query; None where features differ."""
    if plain.features != like.features or plain.season != like.season:
        return None
    return replace(plain.scaled_like(like.scalings), fingerprint=key)


def outcomes(
    engine: Engine, version: DatasetVersion, customers: CustomerTable, *, days: int, start: date | None = None
) -> Outcomes:
    """What each customer of the table did in the `days` days from `start` (default: its as-of date) on."""
    start = start or customers.as_of
    with engine.reading(version) as run:
        table = run.query("outcomes", start=start, end=start + timedelta(days=days))
    return _aligned(table, version, customers, start, days)


def outcomes_of(
    engine: Engine, version: DatasetVersion, tables: Sequence[CustomerTable], *, days: int
) -> tuple[Outcomes, ...]:
    """As `outcomes` for each table, by one query. At most MOST_WINDOWS tables, whose windows must not overlap."""
    starts = [one.as_of for one in tables]
    if len(starts) > MOST_WINDOWS or any((b - a).days < days for a, b in pairwise(sorted(starts))):
        raise ValueError(f"{len(starts)} windows of {days} days from {starts} on are too many, or overlap.")
    if not starts:
        return ()
    none = [min(starts)] * (MOST_WINDOWS - len(starts))
    bound = {f"start_{i}": on for i, on in enumerate([*starts, *none], 1)}
    bound |= {f"end_{i}": on for i, on in enumerate([*(on + timedelta(days=days) for on in starts), *none], 1)}
    with engine.reading(version) as run:
        table = run.query("outcomes_by_window", start=min(starts), end=max(starts) + timedelta(days=days), **bound)
    return tuple(
        _aligned(table.filter(pc.equal(table["past_window"], i)), version, one, one.as_of, days)
        for i, one in enumerate(tables, 1)
    )


def _aligned(table: pa.Table, version: DatasetVersion, customers: CustomerTable, start: date, days: int) -> Outcomes:
    end = start + timedelta(days=days)
    row = pc.index_in(customers.ids, value_set=table["customer_id"].combine_chunks())
    known = np.asarray(pc.is_valid(row))
    at = np.asarray(pc.fill_null(row, 0))

    def aligned(name: str) -> FloatArray:
        values = np.nan_to_num(np.asarray(table[name].to_numpy(), dtype=np.float64))
        return np.where(known, values[at], 0.0) if len(values) else np.zeros(customers.n)

    margin = aligned("margin") if "cost" in version.manifest.has else np.full(customers.n, np.nan)
    return Outcomes(start, end, aligned("orders"), aligned("revenue"), margin)


def _build(
    run: Reading, version: DatasetVersion, as_of: date, key: str, like: CustomerTable | None, most: int | None
) -> CustomerTable:
    found = busy_season(run, version.manifest.first, version.manifest.last, like.as_of if like else as_of)
    season, why = (None, {SEASON: found.reason}) if isinstance(found, Unknown) else (found, {})
    features, unavailable = catalogue().split([*version.manifest.has, *([SEASON] if season else [])], why)
    categories = _categories(run, as_of) if "category" in version.manifest.has else ()
    bound = _values(run, features, categories, as_of, season) | ({} if most is None else {"most": most})
    table = run.aggregate(aggregates(features, len(categories), sample=most is not None), **bound)
    if table.num_rows == 0:
        raise NotEnoughData("customers with an order", have=0, need=1)
    ids = table["customer_id"].combine_chunks()
    spend = [_column(table, f"category_{i}") for i in range(len(categories))]
    return CustomerTable.from_arrays(
        ids,
        {feature.name: _column(table, feature.name) for feature in features},
        as_of=as_of,
        currency=version.manifest.currency,
        consent=read_consent(run, ids) if "consent" in version.manifest.has else None,
        categories=categories,
        category_spend=np.nan_to_num(np.stack(spend, axis=1)) if spend else None,
        fingerprint=key,
        features=features,
        unavailable=unavailable,
        scalings=like.scalings if like else None,
        season=season,
        ordered=True,
    )


def aggregates(features: tuple[Feature, ...], categories: int = 0, *, sample: bool = False) -> Aggregates:
    """What is asked of each customer for these features and the spend in so many categories."""
    orders, lines = ({one.name: one.sql for one in features if one.grain == grain} for grain in ("orders", "lines"))
    return Aggregates(orders=orders, lines=lines, categories=categories, sample=sample)


def _values(
    run: Reading,
    features: tuple[Feature, ...],
    categories: tuple[str, ...],
    as_of: date,
    season: tuple[int, int] | None,
) -> dict[str, object]:
    bound: dict[str, object] = {
        "as_of": as_of,
        "recent": as_of - timedelta(days=TREND_DAYS),
        "before": as_of - timedelta(days=2 * TREND_DAYS),
    }
    if season:
        bound["busy_month"], bound["next_month"] = season
    wanted = " ".join(feature.sql for feature in features)
    if "$main_channel" in wanted:
        channel = run.query("main_channel", as_of=as_of)["channel"].to_pylist()
        bound["main_channel"] = channel[0] if channel else ""
    used = {name: value for name, value in bound.items() if name == "as_of" or f"${name}" in wanted}
    return used | {f"category_{i}": category for i, category in enumerate(categories)}


def _categories(run: Reading, as_of: date) -> tuple[str, ...]:
    return tuple(run.query("top_categories", as_of=as_of, most=MOST_CATEGORIES)["category"].to_pylist())


def _column(table: pa.Table, name: str) -> FloatArray:
    return np.asarray(table[name].to_numpy(zero_copy_only=False), dtype=np.float64)


__all__ = [
    "BeforeFirstOrder",
    "Catalogue",
    "Outcomes",
    "aggregates",
    "default_as_of",
    "outcomes",
    "outcomes_of",
    "prepare",
    "refuse_too_early",
]
