"""The feature build against polars and pandas: the same features from the same stored lines, with equal values."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from segmentation.customers import catalogue, default_as_of
from segmentation.customers.build import TREND_DAYS, _values, aggregates
from segmentation.engine import DuckEngine
from segmentation.intake import import_file
from segmentation.workspace import DatasetVersion, Workspace
from tests.benchmarks.orders import write_export
from tests.benchmarks.rows import Row, against, best_of

ROUNDS = 3
KEYS = ["customer_id", "order_id"]
COLUMNS = [*KEYS, "ordered_at", "kind", "amount", "discount", "channel", "category"]
MONEY = ["amount", "discount"]


def measure(quick: bool) -> list[Row]:
    """Seconds of each way; raises AssertionError where a single value differs."""
    with tempfile.TemporaryDirectory(prefix="tessera-bench-") as folder:
        export = write_export(Path(folder) / "orders.csv", quick=quick)
        workspace = Workspace.open(Path(folder) / "workspace")
        import_file(workspace, export, dataset="Bench", today=date(2026, 1, 1))
        version = workspace.latest("Bench")
        engine = DuckEngine.open(workspace.root)
        as_of = default_as_of(version)
        ours = with_engine(engine, version, as_of)
        compare(ours, with_polars(version, as_of).to_pandas())
        compare(ours, with_pandas(version, as_of))
        seconds, polars, pandas = best_of(
            ROUNDS,
            lambda: with_engine(engine, version, as_of),
            lambda: with_polars(version, as_of),
            lambda: with_pandas(version, as_of),
        )
        engine.close()
    name = f"{ours.shape[1] - 1} features of {len(ours):,} customers, s"
    return [against(name, seconds, polars, "polars", most=1.0), against(name, seconds, pandas, "pandas", most=0.6)]


def with_engine(engine: DuckEngine, version: DatasetVersion, as_of: date) -> pd.DataFrame:
    """Our way: the catalogue's query on the stored version."""
    features, _ = catalogue().split(version.manifest.has)
    with engine.reading(version) as run:
        found = run.aggregate(aggregates(features), **_values(run, features, (), as_of, None))
    return found.select(["customer_id", *(feature.name for feature in features)]).to_pandas()


def with_polars(version: DatasetVersion, as_of: date) -> pl.DataFrame:
    """The same features the way a polars user writes them, lazily."""
    lines = (
        pl.scan_parquet([str(path) for path in version.lines])
        .select(COLUMNS)
        .filter(pl.col("customer_id").is_not_null() & (pl.col("ordered_at") < as_of))
        .with_columns(pl.col(MONEY).cast(pl.Float64))
    )
    sale = pl.col("kind") == "sale"
    by_order = lines.group_by(KEYS).agg(
        on=pl.col("ordered_at").filter(sale).min().dt.date(),
        amount=pl.col("amount").sum(),
        sold=pl.col("amount").filter(sale).sum(),
        refunded=-pl.col("amount").filter(pl.col("kind") == "refund").sum(),
        discount=pl.col("discount").filter(sale).sum(),
        channel=pl.col("channel").filter(sale).min(),
    )
    by_customer = lines.filter(sale).group_by("customer_id").agg(breadth=pl.col("category").drop_nulls().n_unique())
    orders, breadth = pl.collect_all([by_order, by_customer])  # one pass over the lines
    counted = pl.col("on").count()
    recent, before = as_of - timedelta(days=TREND_DAYS), as_of - timedelta(days=2 * TREND_DAYS)
    lately = (pl.col("on") >= recent).sum()
    earlier = ((pl.col("on") >= before) & (pl.col("on") < recent)).sum()
    first, last = pl.col("on").min(), pl.col("on").max()
    days = (last - first).dt.total_days()
    main = orders.filter(pl.col("on").is_not_null()).group_by("channel").len().sort("len", descending=True)
    channel = main["channel"][0]
    customers = (
        orders.group_by("customer_id")
        .agg(
            recency_days=(pl.lit(as_of) - last).dt.total_days(),
            tenure_days=(pl.lit(as_of) - first).dt.total_days(),
            active_days=days,
            orders=counted,
            spend=pl.col("amount").sum(),
            average_order=pl.col("sold").sum() / counted,
            gap_days=pl.when(counted > 1).then(days / (counted - 1)),
            discount_share=(pl.col("on").is_not_null() & (pl.col("discount") > 0)).sum() / counted,
            refund_share=pl.when(pl.col("sold").sum() != 0).then(pl.col("refunded").sum() / pl.col("sold").sum()),
            weekend_share=(pl.col("on").dt.weekday() >= 6).sum() / counted,
            main_channel_share=(pl.col("on").is_not_null() & (pl.col("channel") == channel)).sum() / counted,
            trend=pl.when(lately + earlier > 0).then(
                (lately.cast(pl.Int64) - earlier.cast(pl.Int64)) / (lately + earlier)
            ),
        )
        .filter(pl.col("orders") > 0)
    )
    return customers.join(breadth, on="customer_id")


def with_pandas(version: DatasetVersion, as_of: date) -> pd.DataFrame:
    """The same features the way a pandas user writes them; money as floats from the start, which is the fast way."""
    table = pq.read_table([str(path) for path in version.lines], columns=COLUMNS)
    for name in MONEY:
        table = table.set_column(table.column_names.index(name), name, pc.cast(table[name], pa.float64()))
    lines = table.to_pandas()
    lines = lines[lines["customer_id"].notna() & (lines["ordered_at"] < pd.Timestamp(as_of))]
    sale = lines["kind"] == "sale"
    lines = lines.assign(
        on=lines["ordered_at"].where(sale).dt.floor("D"),
        sold=lines["amount"].where(sale, 0.0),
        refunded=-lines["amount"].where(lines["kind"] == "refund", 0.0),
        discount=lines["discount"].where(sale),
        channel=lines["channel"].where(sale),
    )
    orders = lines.groupby(KEYS, as_index=False, sort=False).agg(
        {"on": "min", "amount": "sum", "sold": "sum", "refunded": "sum", "discount": "sum", "channel": "first"}
    )
    placed = orders["on"].notna()
    when = pd.Timestamp(as_of)
    recent, before = when - pd.Timedelta(days=TREND_DAYS), when - pd.Timedelta(days=2 * TREND_DAYS)
    main = orders.loc[placed, "channel"].value_counts().index[0]
    orders = orders.assign(
        discounted=placed & (orders["discount"] > 0),
        weekend=orders["on"].dt.weekday >= 5,
        in_main=placed & (orders["channel"] == main),
        lately=orders["on"] >= recent,
        earlier=(orders["on"] >= before) & (orders["on"] < recent),
    )
    sums = orders.groupby("customer_id", sort=False).agg(
        first=("on", "min"),
        last=("on", "max"),
        orders=("on", "count"),
        spend=("amount", "sum"),
        sold=("sold", "sum"),
        refunded=("refunded", "sum"),
        discounted=("discounted", "sum"),
        weekend=("weekend", "sum"),
        in_main=("in_main", "sum"),
        lately=("lately", "sum"),
        earlier=("earlier", "sum"),
    )
    sums = sums[sums["orders"] > 0]
    active, count = (sums["last"] - sums["first"]).dt.days, sums["orders"]
    breadth = lines[sale].groupby("customer_id", sort=False)["category"].nunique()
    return pd.DataFrame(
        {
            "recency_days": (when - sums["last"]).dt.days,
            "tenure_days": (when - sums["first"]).dt.days,
            "active_days": active,
            "orders": count,
            "spend": sums["spend"],
            "average_order": sums["sold"] / count,
            "gap_days": (active / (count - 1)).where(count > 1),
            "breadth": breadth.reindex(sums.index),
            "discount_share": sums["discounted"] / count,
            "refund_share": (sums["refunded"] / sums["sold"]).where(sums["sold"] != 0),
            "weekend_share": sums["weekend"] / count,
            "main_channel_share": sums["in_main"] / count,
            "trend": ((sums["lately"] - sums["earlier"]) / (sums["lately"] + sums["earlier"])).where(
                sums["lately"] + sums["earlier"] > 0
            ),
        }
    ).reset_index()


def compare(ours: pd.DataFrame, peer: pd.DataFrame) -> None:
    """Same customers, same features, values equal to twelve digits, undefined in the same places."""
    ours, peer = (frame.set_index("customer_id").sort_index() for frame in (ours, peer))
    assert set(ours.columns) == set(peer.columns), set(ours.columns) ^ set(peer.columns)
    assert ours.index.equals(peer.index)
    for name in ours.columns:
        left, right = ours[name].to_numpy(np.float64, na_value=np.nan), peer[name].to_numpy(np.float64, na_value=np.nan)
        np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-9, err_msg=name)
