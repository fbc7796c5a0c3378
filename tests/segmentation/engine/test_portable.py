"""Every fixed query gives the same rows on a second engine: Sail, which speaks Spark's SQL, over the same files."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentation import columns
from segmentation.customers.build import aggregates
from segmentation.customers.catalogue import catalogue
from segmentation.engine import engine_of
from segmentation.engine.named import named_query
from segmentation.engine.reading import open_import_connection
from segmentation.workspace import DatasetVersion, Workspace
from tests.segmentation.engine.edges import LARGE, write_edges
from tests.segmentation.engine.sail import Sail, dates_reckoned_with, serving
from tests.test_architecture import PORTABLE

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet:FutureWarning")  # results stay Arrow tables

AS_OF = date(2026, 5, 1)
SPAN = {"before": date(2025, 10, 1), "after": AS_OF}
OVERVIEW = SPAN | {
    "first": date(2026, 1, 1),
    "last": date(2026, 4, 30),
    "main_first": date(2025, 12, 1),
    "main_last": date(2025, 12, 31),
    "other_first": date(2025, 10, 1),
    "other_last": date(2025, 12, 30),
}
WINDOW = {"start": date(2025, 9, 1), "end": AS_OF}
WINDOWS = WINDOW | {
    f"{end}_{i}": date(2025, 8 + min(i, 3), 1) + (end == "end") * (i < 4) * timedelta(days=20)
    for i in range(1, 9)
    for end in ("start", "end")
}
"""Three windows, and five that end where they start."""

FENCE = {"fence": Decimal("99.0")}

CASES: dict[str, tuple[dict[str, object], ...]] = {
    "buying_days": ({"as_of": AS_OF},),
    "buying_gaps": ({"as_of": AS_OF},),
    "buying_next": ({"start": date(2025, 9, 1), "as_of": AS_OF},),
    "buying_periods": tuple({"as_of": AS_OF, "most": most, "step": 30, "oldest": 5} for most in (20, 10_000)),
    "buying_rhythm": ({"as_of": AS_OF},),
    "campaign_count": ({},),
    "consent_counts": ({},),
    "consent_known": ({},),
    "contact_addresses": ({},),
    "customer_find": tuple({"text": text, "most": 9, "blanks": " \t"} for text in ("c000", "seven@", "0", "ünal")),
    "customer_lines": tuple({"customer": customer, "most": 9} for customer in ("C0000", "007", "both")),
    "customer_orders": tuple(
        {"customer": customer, "before": AS_OF} for customer in ("C0000", "007", "both", "refunded")
    ),
    "customer_sample": ({"as_of": AS_OF, "most": 20},),
    "first_orders": ({"as_of": AS_OF},),
    "health_buyers": ({"as_of": AS_OF, "then": date(2025, 12, 1), "year_ago": date(2025, 5, 1)},),
    "health_columns": ({},),
    "health_contacts": ({},),
    "health_customers": ({"most": 5, "recent": date(2026, 1, 1)},),
    "health_days": ({},),
    "health_large_orders": (FENCE | {"most": 9},),
    "health_large_sum": (FENCE,),
    "health_order_values": ({"steps": 10},),
    "health_refunds": ({},),
    "health_without_sale": ({},),
    "health_window": (WINDOW,),
    "main_channel": ({"as_of": AS_OF},),
    "orders_by_block": ({"as_of": AS_OF, "blocks": 3},),
    "orders_by_month": ({"as_of": AS_OF}, {"as_of": date(2026, 1, 1)}),
    "outcomes": (WINDOW,),
    "outcomes_by_window": (WINDOWS,),
    "overview": tuple(OVERVIEW | {"width": width} for width in (0, 1, 7)),
    "overview_customers": ({"first": date(2026, 1, 1), "after": AS_OF},),
    "overview_days": (SPAN,),
    "past_campaigns": ({},),
    "repurchase": ({"as_of": AS_OF},),
    "revenue_change": (
        {"first": date(2026, 1, 1), "after": AS_OF, "before": date(2025, 1, 1), "before_after": date(2025, 5, 1)},
        {"first": date(2026, 3, 1), "after": AS_OF, "before": date(2026, 2, 1), "before_after": date(2026, 3, 1)},
    ),
    "top_categories": ({"as_of": AS_OF, "most": 2},),
}
"""Values for every query over one version."""


def texts(column: str, *values: str) -> pa.Table:
    return pa.table({column: pa.array(values, pa.string())})


ERASED = {
    "erased_customers": texts("customer_id", "7", "both", "C0000", "nobody-bought"),
    "erased_emails": texts("email", "seven@shop.example"),
    "erased_orders": texts("order_id", "a1", "a2", "h1"),
    "erased_hashes": pa.table({"row_hash": pa.array([LARGE, 4], pa.uint64())}),
}
ERASING: dict[str, Mapping[str, pa.Table | str]] = {
    "erase_contacts": ERASED | {"stored_part": "contacts"},
    "erase_counted": ERASED | {"stored_part": "lines"},
    "erase_hashes": ERASED | {"stored_part": "lines"},
    "erase_ids": {"asked_customers": texts("customer_id", "7", "0", "Ünal")},
    "erase_known": {"asked_customers": texts("customer_id", "007"), "asked_emails": texts("email", "C0@shop.example")},
    "erase_lines": ERASED | {"stored_part": "lines"},
    "erase_listed": ERASED | {"stored_part": texts("customer_id", "7", "C0001", "007")},
    "erase_orders": ERASED,
    "erase_passed": ERASED | {"stored_part": "passed"},
}
"""Tables that a query of an erasure is shown: a part of the version by its name, or these rows."""
TABLES = {"lines": columns.LINES, "contacts": columns.CONTACTS, "campaigns": columns.CAMPAIGNS}
TEMPLATES = {"customer_features"}
"""Filled from the feature catalogue first."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, DatasetVersion]:
    workspace = Workspace.open(tmp_path_factory.mktemp("portable") / "workspace")
    return workspace, write_edges(workspace)


@pytest.fixture(scope="module")
def sail(shop: tuple[Workspace, DatasetVersion]) -> Iterator[Sail]:
    with serving() as server:
        for name in TABLES:
            server.show(name, shop[1].files(name))
        yield server


def in_order(table: pa.Table) -> list[tuple[object, ...]]:
    rows = [tuple(row[name] for name in table.column_names) for row in table.to_pylist()]
    return sorted(rows, key=lambda row: [_place(value) for value in row])


def _place(value: object) -> tuple[str, Decimal, str]:
    """Numbers by their size, whatever their type, and everything else by its text."""
    if isinstance(value, int | float | Decimal):
        return "", Decimal(round(value, 6) if isinstance(value, float) else value), ""
    return type(value).__name__, Decimal(0), str(value)


def is_same(one: object, other: object) -> bool:
    """Whether two values are one: decimals and whole numbers exactly, doubles to nine digits."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9) or (math.isnan(one) and math.isnan(other))
    if isinstance(one, int | Decimal) and isinstance(other, int | Decimal):
        return one == other and isinstance(one, bool) == isinstance(other, bool)
    return type(one) is type(other) and one == other


def assert_same_rows(ours: pa.Table, theirs: pa.Table) -> None:
    assert ours.column_names == theirs.column_names
    assert ours.num_rows > 0, "no row, so nothing is compared"
    assert ours.num_rows == theirs.num_rows
    pairs = zip(in_order(ours), in_order(theirs), strict=True)
    different = [(a, b) for a, b in pairs if not all(map(is_same, a, b))]
    assert different[:5] == []


def test_every_fixed_query_is_run() -> None:
    assert {path.stem for path in PORTABLE} == {*CASES, *ERASING, *TEMPLATES}


@pytest.mark.parametrize(
    ("name", "values"),
    [(name, each) for name, some in CASES.items() for each in some],
    ids=lambda value: str(value)[:40],
)
def test_a_query_gives_the_same_rows_on_sail(
    name: str, values: dict[str, object], shop: tuple[Workspace, DatasetVersion], sail: Sail
) -> None:
    workspace, version = shop
    with engine_of(workspace.root).reading(version) as run:
        ours = run.query(name, **values)
    assert_same_rows(ours, sail.select(named_query(name), values))


@pytest.mark.parametrize("name", ERASING)
def test_a_query_of_an_erasure_gives_the_same_rows_on_sail(
    name: str, shop: tuple[Workspace, DatasetVersion], sail: Sail, tmp_path: Path
) -> None:
    _, version = shop
    with open_import_connection(files=(), folders=[version.folder, tmp_path], temp=tmp_path) as connection:
        connection.show_stored("lines", version.lines, columns.LINES)
        connection.show_stored("contacts", version.contacts, columns.CONTACTS)
        for shown, rows in ERASING[name].items():
            stored = version.files(rows) if isinstance(rows, str) else [tmp_path / f"{shown}.parquet"]
            if isinstance(rows, pa.Table):
                pq.write_table(rows, stored[0])
            connection.show(shown, stored)
            sail.show(shown, stored)
        ours = connection.query(name)
    assert_same_rows(ours, sail.select(named_query(name), {}))


def features(sample: bool) -> tuple[str, dict[str, object]]:
    """The query of every feature that is an aggregate, and what is bound in it."""
    chosen, _ = catalogue().split([*(column.name for column in columns.LINES), "season"])
    assert len(chosen) >= 14
    values = {
        "as_of": AS_OF,
        "recent": date(2025, 11, 2),
        "before": date(2025, 5, 6),
        "busy_month": 12,
        "next_month": 1,
        "main_channel": "web",
        "category_0": "Tea",
        "category_1": "Cups & mugs",
    }
    return aggregates(chosen, 2, sample=sample).sql, values | ({"most": 50} if sample else {})


@pytest.mark.parametrize("sample", [False, True], ids=["everybody", "a sample"])
def test_every_feature_has_the_same_values_on_sail(
    sample: bool, shop: tuple[Workspace, DatasetVersion], sail: Sail
) -> None:
    workspace, version = shop
    sql, values = features(sample)
    with engine_of(workspace.root).reading(version) as run:
        ours = run.select(sql, **values)
    assert_same_rows(ours, sail.select(sql, values))


@pytest.mark.parametrize("name", CASES)
def test_no_query_reckons_with_dates_by_a_sign(name: str) -> None:
    assert dates_reckoned_with(named_query(name), CASES[name][0], TABLES) == []


def test_no_feature_reckons_with_dates_by_a_sign() -> None:
    sql, values = features(sample=False)
    assert dates_reckoned_with(sql, values, TABLES) == []


@pytest.mark.parametrize("days", ["$as_of - CAST(MIN(ordered_at) AS DATE)", "MAX(ordered_at) + 1"])
def test_a_sign_between_dates_is_seen(days: str) -> None:
    sql = f"WITH one AS (SELECT {days} AS days FROM lines GROUP BY customer_id) SELECT MAX(days) AS days FROM one"
    assert dates_reckoned_with(sql, {"as_of": AS_OF}, TABLES)


def test_a_ten_thousandth_and_a_row_too_many_are_seen() -> None:
    ours = pa.table({"id": ["a", "b"], "sold": pa.array([Decimal("1.0000"), Decimal("2.0000")], pa.decimal128(18, 4))})
    assert_same_rows(ours, ours.take([1, 0]))
    for theirs in (
        ours.set_column(1, "sold", pa.array([Decimal("1.0000"), Decimal("2.0001")], pa.decimal128(18, 4))),
        ours.set_column(1, "sold", pa.array([1.0, 2.0])),
        ours.take([0, 1, 1]),
        ours.take([0, 0]),
    ):
        with pytest.raises(AssertionError):
            assert_same_rows(ours, theirs)
