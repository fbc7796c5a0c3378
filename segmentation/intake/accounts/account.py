"""Counting: what a staged file holds, what a dataset holds after an import, and the fingerprint of its content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa

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


def tally(connection: ImportConnection) -> Tally:
    """Count the staged file by kind."""
    rows = connection.query("import_tally").to_pylist()
    good = [row for row in rows if not row["kind"].startswith(ASIDE)]
    return Tally(
        rows={row["kind"]: row["rows_counted"] for row in rows if row["rows_counted"]},
        listed={row["kind"]: _money(row["listed"]) for row in rows},
        largest=max((_money(row["largest"]) for row in good), default=_ZERO),
    )


def staged_keys(connection: ImportConnection, *, beside: bool) -> Hashes:
    """The keys of the staged rows that can be loaded, or of the amounts beside them."""
    return _together(connection.column("import_keys", beside=beside))


def stored_keys(connection: ImportConnection) -> Hashes:
    """The keys of the stored lines shown last."""
    return _together(connection.column("import_stored_keys"))


def part_hashes(connection: ImportConnection, path: Path) -> Hashes:
    """The row hashes of one stored file, amounts beside the rows included."""
    connection.show("stored_part", [path])
    return _together(connection.column("import_all_hashes"))


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


def added(connection: ImportConnection, lines: Path) -> tuple[int, Decimal]:
    """How many lines stay, amounts beside the rows among them, and what the file lists them at; shows them as `added`
    to the queries."""
    connection.show("added", [lines])
    row = connection.row("import_added")
    return row["lines"], _money(row["listed"])


def kept_revenue(connection: ImportConnection) -> tuple[Decimal, dict[str, Decimal]]:
    """Of the lines `added`: what they add to revenue, and what they do not, by reason."""
    kept, lost = _ZERO, dict[str, Decimal]()
    for row in connection.query("import_kept_revenue").to_pylist():
        kept += _money(row["kept"])
        part = "refunded" if row["whole"] else _BY_PART.get(row["part"] or "")
        reason = _BY_KIND.get(row["kind"]) or part or _ROWS_OF.get(row["kind"], "cancelled")
        if row["lost"]:
            lost[reason] = lost.get(reason, _ZERO) + row["lost"]
    return kept, lost


def totals(connection: ImportConnection, parts: Sequence[Path]) -> Totals:
    """Count a dataset's lines over all its files."""
    connection.show("stored", parts)
    row = connection.row("import_totals")
    currencies = [each for each in connection.query("import_currencies").column("currency").to_pylist() if each]
    return Totals(
        lines=row["lines"],
        customers=distinct(map(_array, connection.column("import_customer_hashes"))),
        orders=distinct(map(_array, connection.column("import_order_hashes"))),
        guests=connection.row("import_guests")["guests"],
        first=row["first"].date(),
        last=row["last"].date(),
        revenue=_money(row["revenue"]),
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
    """A column without blanks as an array; read from its buffers, for the reason given in `arrow`."""
    return np.frombuffer(column.buffers()[1], np.uint64, len(column), column.offset * 8)


def _together(columns: Iterable[pa.Array]) -> Hashes:
    pieces = [_array(column) for column in columns if len(column)]
    together = np.concatenate(pieces) if pieces else np.empty(0, np.uint64)
    together.sort()
    return together


def _money(value: Decimal | None) -> Decimal:
    return _ZERO if value is None else value
