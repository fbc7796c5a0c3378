"""Every row and every cent accounted for: what a file held, what was kept, and why the rest was not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

Count = TypeVar("Count", int, Decimal)

REASONS: dict[str, str] = {
    "missing_amount": "There is no amount in the row.",
    "unreadable_amount": "The amount is not a number that can be read.",
    "amount_out_of_range": "The amount is larger than any that can be kept (99,999,999,999,999).",
    "missing_date": "There is no date in the row.",
    "unreadable_date": "The date cannot be read in the way the file writes its dates.",
    "placeholder_date": "The date is before 1980, as placeholders for “no date” are.",
    "future_date": "The date is in the future.",
    "other_currency": "The amount is in another currency than the one that is kept; currencies are never added.",
    "not_a_sale": "The row is no sale and no refund: a payout, a fee, a transfer, or a payment of the shop's own.",
    "unpaid": "The order was not paid, its payment failed, or it was never placed.",
    "total_row": "The row sums up others, so its amount would count twice.",
    "repeated_header": "The row names the columns once more.",
    "empty_row": "There is nothing in the row.",
    "another_table": "The row belongs to another table further down in the file, whose columns mean something else.",
    "too_many_fields": "The row has more fields than the header, so its values may stand in the wrong columns.",
    "broken_quoting": "A quotation mark opens and never closes.",
    "cut_off": "The file ends in the middle of this row, so its values may be cut and rows after it may be missing.",
    "unreadable_line": "The line is too long or damaged.",
    "erased": "The row is of a customer who was erased from this shop; nothing of it is kept.",
}
"""Why a row is set aside: the keys of the ledger's `set_aside`, each with its sentence."""

EXCLUSIONS: dict[str, str] = REASONS | {
    "cancelled": "The order was cancelled, so it never was revenue.",
    "refunded": "The sale was paid back, so it is no revenue.",
    "fee": "A fee, a tip or a deposit is no revenue of goods.",
    "shipping": "Shipping is no revenue of goods; it can be counted by choice.",
    "tax": "Tax belongs to the state; it can be counted by choice.",
    "gift_card": "A gift card is owed, not earned, until it is spent; it can be counted by choice.",
    "test_order": "The order was a test; it can be counted by choice.",
    "refunded_beside": "Money paid back for what does not count, such as shipping and tax.",
    "already_present": "The row is already in the shop from an earlier import.",
    "kept_as_stored": "The shop has the order in another state, which was kept, as you chose.",
    "repeated_row": "The row repeats an earlier row of the same file exactly.",
}
"""Why revenue of the file is not in the dataset: the keys of the ledger's `excluded`, each with its sentence."""

OUTSIDE_REVENUE = frozenset(
    {
        "other_currency", "not_a_sale", "total_row", "repeated_header", "empty_row", "another_table",
        "too_many_fields", "broken_quoting", "cut_off", "unreadable_line",
    }
)  # fmt: skip
"""Reasons whose amounts do not count as the file's revenue: they cannot be read, or not be added."""

CENT = Decimal("0.01")


class LedgerDoesNotAddUp(Exception):
    """The import lost or invented something; never shown as if it were a result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """What a newer export of the same orders took the place of: stored orders, their rows, and their revenue."""

    orders: int = 0
    rows: int = 0
    revenue: Decimal = Decimal(0)

    def plus(self, other: Replaced) -> Replaced:
        """Both together."""
        revenue = self.revenue + other.revenue + Decimal(0)
        return Replaced(orders=self.orders + other.orders, rows=self.rows + other.rows, revenue=revenue)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What a dataset holds after an import: customers, orders, those of them without a customer, and the period."""

    customers: int
    guests: int
    orders: int
    first: date
    last: date


NOTHING_YET = Holdings(customers=0, guests=0, orders=0, first=date.min, last=date.min)
"""What an account says of a dataset before its import is finished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One import's account. Rows are records of the file; money is in the shop's currency.

    `replaced` is what left the dataset because the file has it in a newer state, `kept_as_stored` are rows that did not
    come in because the dataset's state was to stay; `after` is what it holds then. Raises LedgerDoesNotAddUp unless
    rows read = loaded + already present + kept as stored + dropped repeats + set aside, and the file's revenue = kept +
    excluded, to the last digit.
    """

    dataset: str
    version: int
    read: int
    loaded: int
    already_present: int
    dropped_repeats: int
    set_aside: Table[str, int]
    repeated_rows: int
    revenue_file: Decimal
    revenue_kept: Decimal
    excluded: Table[str, Decimal] = field(default_factory=dict)
    replaced: Replaced = Replaced()
    kept_as_stored: int = 0
    after: Holdings = NOTHING_YET

    @property
    def customers(self) -> int:
        return self.after.customers

    @property
    def guests(self) -> int:
        return self.after.guests

    @property
    def orders(self) -> int:
        return self.after.orders

    @property
    def first(self) -> date:
        return self.after.first

    @property
    def last(self) -> date:
        return self.after.last

    def __post_init__(self) -> None:
        known = self.already_present + self.kept_as_stored
        rows = self.loaded + known + self.dropped_repeats + sum(self.set_aside.values())
        if rows != self.read:
            raise LedgerDoesNotAddUp(f"The file has {self.read} rows, but {rows} are accounted for.")
        money = self.revenue_kept + sum(self.excluded.values(), Decimal(0))
        if money != self.revenue_file:
            raise LedgerDoesNotAddUp(f"The file has a revenue of {self.revenue_file}, but {money} is accounted for.")
        unknown = (set(self.set_aside) - set(REASONS)) | (set(self.excluded) - set(EXCLUSIONS))
        if unknown:
            raise LedgerDoesNotAddUp(f"There is no sentence for {sorted(unknown)}.")

    def to_json(self) -> dict[str, Any]:
        """The ledger as `tessera import --json` prints it; money as numbers that print to the cent or finer."""
        return {
            "dataset": self.dataset,
            "version": self.version,
            "rows": {
                "read": self.read,
                "loaded": self.loaded,
                "already_present": self.already_present,
                "kept_as_stored": self.kept_as_stored,
                "dropped_repeats": self.dropped_repeats,
                "set_aside": dict(self.set_aside),
            },
            "repeated_rows": self.repeated_rows,
            "replaced": {
                "orders": self.replaced.orders,
                "rows": self.replaced.rows,
                "revenue": _money(self.replaced.revenue),
            },
            "revenue": {
                "file": _money(self.revenue_file),
                "kept": _money(self.revenue_kept),
                "excluded": {reason: _money(amount) for reason, amount in self.excluded.items()},
            },
            "customers": self.customers,
            "guests": self.guests,
            "orders": self.orders,
            "period": [self.first.isoformat(), self.last.isoformat()],
        }

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Ledger:
        """The ledger that `to_json` wrote, as a version's manifest keeps it."""
        rows, revenue = raw["rows"], raw["revenue"]
        replaced = raw.get("replaced", {"orders": 0, "rows": 0, "revenue": 0})
        return cls(
            dataset=raw["dataset"],
            version=raw["version"],
            read=rows["read"],
            loaded=rows["loaded"],
            already_present=rows["already_present"],
            kept_as_stored=rows.get("kept_as_stored", 0),
            dropped_repeats=rows["dropped_repeats"],
            set_aside=rows["set_aside"],
            repeated_rows=raw["repeated_rows"],
            revenue_file=_exact(revenue["file"]),
            revenue_kept=_exact(revenue["kept"]),
            excluded={reason: _exact(amount) for reason, amount in revenue["excluded"].items()},
            replaced=Replaced(orders=replaced["orders"], rows=replaced["rows"], revenue=_exact(replaced["revenue"])),
            after=Holdings(
                customers=raw["customers"],
                guests=raw["guests"],
                orders=raw["orders"],
                first=date.fromisoformat(raw["period"][0]),
                last=date.fromisoformat(raw["period"][1]),
            ),
        )


def together(ledgers: Sequence[Ledger]) -> Ledger:
    """One account of several files of one import: rows and revenue added up, the rest as after the last of them."""
    return replace(
        ledgers[-1],
        read=sum(one.read for one in ledgers),
        loaded=sum(one.loaded for one in ledgers),
        already_present=sum(one.already_present for one in ledgers),
        kept_as_stored=sum(one.kept_as_stored for one in ledgers),
        dropped_repeats=sum(one.dropped_repeats for one in ledgers),
        set_aside=_added((one.set_aside for one in ledgers), 0),
        repeated_rows=sum(one.repeated_rows for one in ledgers),
        revenue_file=sum((one.revenue_file for one in ledgers), Decimal(0)),
        revenue_kept=sum((one.revenue_kept for one in ledgers), Decimal(0)),
        excluded=_added((one.excluded for one in ledgers), Decimal(0)),
        replaced=Replaced(
            orders=sum(one.replaced.orders for one in ledgers),
            rows=sum(one.replaced.rows for one in ledgers),
            revenue=sum((one.replaced.revenue for one in ledgers), Decimal(0)),
        ),
    )


def _added(tables: Iterable[Table[str, Count]], zero: Count) -> dict[str, Count]:
    total: dict[str, Count] = {}
    for table in tables:
        for reason, value in table.items():
            total[reason] = total.get(reason, zero) + value
    return total


def _money(amount: Decimal) -> float:
    """The nearest double: its shortest spelling is the amount itself, up to 15 digits."""
    return float(amount)


def _exact(amount: float | str) -> Decimal:
    return Decimal(str(amount)).quantize(Decimal("0.0001"))
