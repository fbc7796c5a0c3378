"""Counting: what a staged file holds, what a dataset holds after an import, and the fingerprint of its content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from segmentation import columns
from segmentation.engine.importing.rows import ASIDE
from segmentation.engine.reading import ImportConnection
from segmentation.intake.accounts.ledger import OUTSIDE_REVENUE, Holdings
from segmentation.intake.accounts.repeats import Hashes, Sieve, arrow, distinct
from segmentation.intake.store import notes

_ZERO = Decimal(0)
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
_HALF = np.uint64(32)
_PIECE = 1 << 22
_FEW = 100_000
_T = TypeVar("_T", bound=np.generic)
_BY_KIND = {
    columns.CANCELLED: "cancelled",
    columns.TEST: "test_order",
    columns.GIFT_CARD: "gift_card",
    columns.FEE: "fee",
}
_BY_PART = {"shipping": "shipping", "tax": "tax", "gift_sales": "gift_card", "refund": "refunded_beside"}
_ROWS_OF = {columns.SHIPPING: "shipping", columns.TAX: "tax"}


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows and listed amounts of a staged file by what became of them.

    `largest` is the largest amount that can be loaded, unsigned.
    """

    rows: dict[str, int]
    listed: dict[str, Decimal]
    largest: Decimal

    @property
    def good(self) -> int:
        """Rows that can be loaded."""
        return sum(n for kind, n in self.rows.items() if not kind.startswith(ASIDE))

    @property
    def good_revenue(self) -> Decimal:
        """What they are listed at, with the amounts beside them."""
        return sum((s for kind, s in self.listed.items() if not kind.startswith(ASIDE)), _ZERO)

    @property
    def aside(self) -> dict[str, int]:
        """Rows set aside, by reason."""
        return {kind.removeprefix(ASIDE): n for kind, n in self.rows.items() if kind.startswith(ASIDE)}

    @property
    def aside_revenue(self) -> dict[str, Decimal]:
        """Amounts of rows set aside that belong to the file's revenue, by reason; zero sums left out."""
        sums = {kind.removeprefix(ASIDE): s for kind, s in self.listed.items() if kind.startswith(ASIDE)}
        return {reason: amount for reason, amount in sums.items() if amount and reason not in OUTSIDE_REVENUE}


@dataclass(frozen=True, slots=True)
class Totals:
    """What a dataset holds: lines, distinct customers and orders (with at least one sale line), guest orders."""

    lines: int
    customers: int
    orders: int
    guests: int
    first: date
    last: date
    revenue: Decimal
    currency: str | None

    @property
    def holdings(self) -> Holdings:
        return Holdings(
            customers=self.customers, guests=self.guests, orders=self.orders, first=self.first, last=self.last
        )


def tally(rows: Sequence[Mapping[str, Any]]) -> Tally:
    """The count of a staged file by kind (`Staged.kinds`)."""
    good = [row for row in rows if not row["kind"].startswith(ASIDE)]
    return Tally(
        rows={row["kind"]: row["rows_counted"] for row in rows if row["rows_counted"]},
        listed={row["kind"]: _money(row["listed"]) for row in rows},
        largest=max((_money(row["largest"]) for row in good), default=_ZERO),
    )


def staged_keys(connection: ImportConnection) -> tuple[Hashes, Hashes]:
    """The keys of the staged rows that can be loaded, and of the amounts beside them."""
    rows, beside = list[Hashes](), list[Hashes]()
    for piece in connection.batches("import_keys"):
        if len(piece):
            keys, part = _array(piece.column(0)), _read(piece.column(1), np.bool_)
            rows.append(keys[~part])
            beside.append(keys[part])
    return _in_order(rows), _in_order(beside)


def stored_keys(connection: ImportConnection) -> Hashes:
    """The keys of the stored lines shown last."""
    return _together(connection.column("import_stored_keys"))


def part_hashes(connection: ImportConnection, path: Path) -> Hashes:
    """The row hashes of one stored file, amounts beside the rows included."""
    return _together(connection.stored_column(path, "row_hash"))


def proven_repeats(connection: ImportConnection, sieve: Sieve) -> Hashes:
    """The hashes of repeated rows whose line id proves that they are repeats."""
    if not len(sieve.twice):
        return sieve.twice
    connection.show("twice", pa.table({"row_hash": arrow(sieve.twice)}))
    return _together(connection.column("import_proven_repeats"))


def repeats_revenue(connection: ImportConnection, sieve: Sieve) -> Decimal:
    """Listed amounts of the rows that go as repeats."""
    if not sieve.dropped:
        return _ZERO
    connection.show("repeats", sieve.repeats)
    return _money(connection.row("import_gone_revenue")["gone"])


@dataclass(frozen=True, slots=True)
class Added:
    """How many lines stay, amounts beside the rows among them, what the file lists them at, what they add to revenue
    (`kept`), and what they do not, by reason (`lost`)."""

    lines: int
    listed: Decimal
    kept: Decimal
    lost: dict[str, Decimal]


def added(connection: ImportConnection, path: Path) -> Added:
    """Count the lines that an import adds."""
    connection.show("added", [path])
    lines, listed, kept, lost = 0, _ZERO, _ZERO, dict[str, Decimal]()
    for row in connection.query("import_kept_revenue").to_pylist():
        lines += row["lines"]
        listed += _money(row["listed"])
        kept += _money(row["kept"])
        part = "refunded" if row["whole"] else _BY_PART.get(row["part"] or "")
        reason = _BY_KIND.get(row["kind"]) or part or _ROWS_OF.get(row["kind"], "cancelled")
        if row["lost"]:
            lost[reason] = lost.get(reason, _ZERO) + row["lost"]
    return Added(lines, listed, kept, lost)


def totals(connection: ImportConnection, parts: Sequence[Path]) -> Totals:
    """Count a dataset's lines over all its files."""
    if sum(pq.read_metadata(path).num_rows for path in parts) <= _FEW:
        return _totals_of_few(parts)
    connection.show("stored", parts)
    row = connection.row("import_totals")
    return Totals(
        lines=row["lines"],
        customers=distinct(map(_array, connection.column("import_customer_hashes"))),
        orders=distinct(map(_array, connection.column("import_order_hashes"))),
        guests=connection.row("import_guests")["guests"],
        first=row["first"].date(),
        last=row["last"].date(),
        revenue=_money(row["revenue"]),
        currency=row["currency"],
    )


def _totals_of_few(parts: Sequence[Path]) -> Totals:
    """The same of few lines, which are counted in a fraction of the time that the engine takes to plan its queries."""
    wanted = ["customer_id", "order_id", "ordered_at", "kind", "amount", "currency"]
    read = [pq.ParquetFile(path).read(wanted) for path in parts]  # the engine and Arrow differ in what may be blank
    lines = pa.concat_tables([pa.Table.from_arrays(one.columns, names=one.column_names) for one in read])
    sales = lines.filter(pc.equal(lines.column("kind"), columns.SALE))
    guests = sales.filter(pc.is_null(sales.column("customer_id")))
    days = pc.min_max((sales if sales.num_rows else lines).column("ordered_at")).as_py()
    currencies = [each for each in lines.column("currency").unique().to_pylist() if each]
    return Totals(
        lines=lines.num_rows,
        customers=pc.count_distinct(sales.column("customer_id")).as_py(),
        orders=sales.group_by(["customer_id", "order_id"]).aggregate([]).num_rows,
        guests=pc.count_distinct(guests.column("order_id")).as_py(),
        first=days["min"].date(),
        last=days["max"].date(),
        revenue=_money(pc.sum(lines.column("amount")).as_py()),
        currency=currencies[0] if len(currencies) == 1 else None,
    )


def people(connection: ImportConnection, contacts: Sequence[Path], campaigns: Sequence[Path]) -> str:
    """The content of its contacts and past campaigns, "" where it has neither; a withdrawn consent changes it."""
    if not contacts and not campaigns:
        return ""
    connection.show_stored("contacts", contacts, columns.CONTACTS)
    connection.show_stored("campaigns", campaigns, columns.CAMPAIGNS)
    row = connection.row("import_people")
    return f"{row['people']}:{row['added']}:{row['crossed']}"


def fingerprint(parts: Sequence[tuple[Path, Hashes]], people: str = "") -> str:
    """The content of a dataset: the same for the same rows with the same meaning, whatever their order or files."""
    sums: dict[str, tuple[int, int, int]] = {}
    for path, hashes in parts:
        meaning = notes(path).get("meaning", "")
        count, one, two = sums.get(meaning, (0, 0, 0))
        for piece in np.array_split(hashes, len(hashes) // _PIECE + 1):
            mixed = piece * _MIX[0]
            mixed = (mixed ^ (mixed >> _HALF)) * _MIX[1]
            one = (one + int(np.add.reduce(piece, dtype=np.uint64))) % 2**64
            two = (two + int(np.add.reduce(mixed, dtype=np.uint64))) % 2**64
        sums[meaning] = (count + len(hashes), one, two)
    text = ";".join(f"{meaning}:{n}:{one}:{two}" for meaning, (n, one, two) in sorted(sums.items()))
    text += f"|{people}" if people else ""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _array(column: pa.Array) -> Hashes:
    """A column of hashes as an array."""
    return _read(column, np.uint64)


def _read(column: pa.Array, kind: type[_T]) -> npt.NDArray[_T]:
    """A column without blanks as an array; read from its buffers, for the reason given in `arrow`."""
    width = np.dtype(kind).itemsize
    return np.frombuffer(column.buffers()[1], kind, len(column), column.offset * width)


def _together(columns: Iterable[pa.Array]) -> Hashes:
    return _in_order([_array(column) for column in columns if len(column)])


def _in_order(pieces: Sequence[Hashes]) -> Hashes:
    together = np.concatenate(pieces) if pieces else np.empty(0, np.uint64)
    together.sort()
    return together


def _money(value: Decimal | None) -> Decimal:
    return _ZERO if value is None else value
