"""Orders uploaded three times, in overlapping extracts and in ten orders of columns: totals and segments are equal.

What the sample shop comes to is added up from its rows here. `TESSERA_TRUTH=full` runs ten orders of columns, with the
numbers of orders over the whole sample shop and without them over a part of it, and two for every platform; otherwise
one, over a part.
"""

from __future__ import annotations

import csv
import io
import os
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.analysis import METHODS, Analysis, StudySettings
from segmentation.engine import DuckEngine
from segmentation.errors import TesseraError
from segmentation.meaning import Choices
from segmentation.workspace import DatasetVersion, Workspace
from tests.segmentation.grown_exports import GROWN, ORDERS, grown
from tests.segmentation.intake.test_unrecognised_exports import NO_BUYERS, right
from tests.segmentation.intake_files import load

pytestmark = [
    pytest.mark.truth,
    pytest.mark.skipif(os.environ.get("TESSERA_TRUTH") != "full", reason="one of the long ones: make truth"),
]

FULL = os.environ.get("TESSERA_TRUTH") == "full"
COLUMN_ORDERS = range(10 if FULL else 1)
TIMES = 3 if FULL else 2
SAMPLE = Path(__file__).parents[2] / "sample_data" / "orders.csv"
WINDOWS = (("2023-01-01", "2024-12-31"), ("2024-11-01", "2025-10-31"), ("2025-06-15", "2026-12-31"))
"""First and last days of extracts that overlap."""
PART = {"04", "17", "38", "71", "90"}
"""How the ids of a part of the customers end."""
PIECES = (ORDERS[:24], ORDERS[16:36], ORDERS[30:])

Rows = list[dict[str, str]]


def sample(*, key: bool) -> Rows:
    """The sample shop's rows with the numbers of orders; or without them, those of a part of its customers."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (FULL and key) or row["Customer ID"][-2:] in PART]
    if not key:
        for row in rows:
            del row["Order ID"]
    return rows


def total(rows: Iterable[dict[str, str]]) -> Decimal:
    """What was paid, less what was paid back."""
    return sum((Decimal(row["Line total"]) for row in rows if row["Status"] != "cancelled"), Decimal(0))


def written(rows: Sequence[Sequence[str]], seed: int) -> str:
    """A header and its rows as CSV, with the columns in the order that this seed makes; 0 leaves it."""
    order = list(range(len(rows[0])))
    if seed:
        random.Random(seed).shuffle(order)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([row[at] for at in order] for row in rows)
    return text.getvalue()


def table(rows: Rows) -> list[list[str]]:
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def segments(folder: Path, version: DatasetVersion) -> dict[str, object]:
    """By each method, whose segment is called what."""
    workspace = Workspace.open(folder / "workspace")
    engine = DuckEngine.open(workspace.root)
    shop = Analysis.of(workspace, version, engine=engine)
    customers = shop.plain_customers()
    ids = customers.ids.to_pylist()
    found: dict[str, object] = {}
    for method in METHODS:
        made = shop.study(StudySettings(method=method, segments=5)).segmentation
        found[method] = {who: made.segments[label].name for who, label in zip(ids, made.labels.tolist(), strict=True)}
    engine.close()
    return found


def held(version: DatasetVersion) -> tuple[Decimal, int, int, int]:
    manifest = version.manifest
    return manifest.revenue, manifest.customers, manifest.orders, manifest.lines


@pytest.mark.parametrize("key", [True, False] if FULL else [True], ids=lambda key: f"order numbers {key}")
def test_the_sample_shop_comes_to_the_same_however_it_is_uploaded(tmp_path: Path, key: bool) -> None:
    rows = sample(key=key)
    first = load(tmp_path, written(table(rows), 0), "First").version
    assert first.manifest.revenue - total(rows) == 0
    expected, names = held(first), segments(tmp_path, first)
    differences: Counter[str] = Counter()
    uploads = 0
    for seed in COLUMN_ORDERS:
        shuffled = load(tmp_path, written(table(rows), seed + 1), f"Whole {seed}")
        for again in range(1, TIMES):
            done = load(tmp_path, written(table(rows), seed + 1 + (again == 2)), f"Whole {seed}")
            assert (done.version.number, done.ledger.loaded) == (1, 0)
        extracts = [
            [row for row in rows if start <= row["Order date"] <= end]
            for start, end in random.Random(seed).sample(WINDOWS, len(WINDOWS))
        ]
        for again in range(TIMES):
            for place, extract in enumerate(extracts):
                done = load(tmp_path, written(table(extract), 20 + seed + place + again), f"Extracts {seed}")
        uploads += TIMES * (1 + len(WINDOWS))
        for version in (shuffled.version, done.version):
            differences[f"{version.name}: {held(version)} for {expected}"] += held(version) != expected
            differences[f"{version.name}: other segments"] += segments(tmp_path, version) != names
    print(f"{uploads} uploads, {2 * len(COLUMN_ORDERS)} shops: {+differences}")
    assert not +differences


@pytest.mark.parametrize("key", GROWN if FULL else GROWN[::20])
def test_a_platforms_export_comes_to_the_same_however_it_is_uploaded(tmp_path: Path, key: str) -> None:
    refused: Counter[str] = Counter()
    choices = Choices(customers="none") if key in NO_BUYERS else Choices()
    for seed in COLUMN_ORDERS[:2]:
        for place, piece in enumerate((ORDERS, *random.Random(seed).sample(PIECES, len(PIECES)), ORDERS)):
            rows = list(csv.reader(io.StringIO(grown(key, piece))))
            columns = 0 if key == "quickbooks-sales" else seed + 1 + place % 2  # a report by customer is no table
            name = f"{'Pieces' if place else 'Whole'} {seed}"
            try:
                done = load(tmp_path, written(rows, columns), name, choices=choices)
            except TesseraError as refusal:
                refused[str(refusal)] += 1
                continue
            if place == 0:
                whole = done
                assert f"{whole.version.manifest.revenue:.2f}" == right(key)
        assert held(done.version) == held(whole.version), seed
    assert not refused
