"""Every row and every cent accounted for: what a file held, what was kept, and why the rest was not."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

REASONS: dict[str, str] = {
    "missing_amount": "There is no amount in the row.",
    "unreadable_amount": "The amount is not a number that can be read.",
    "amount_out_of_range": "The amount is larger than any that can be kept (99,999,999,999,999).",
    "missing_date": "There is no date in the row.",
    "unreadable_date": "The date cannot be read in the way the file writes its dates.",
    "placeholder_date": "The date is before 1980, as placeholders for “no date” are.",
    "future_date": "The date is in the future.",
    "other_currency": "The amount is in another currency than most of the shop's orders; currencies are never added.",
    "too_many_fields": "The row has more fields than the header, so its values may stand in the wrong columns.",
    "broken_quoting": "A quotation mark opens and never closes.",
    "unreadable_line": "The line is too long or damaged.",
}
"""Why a row is set aside: the keys of the ledger's `set_aside`, each with its sentence."""

EXCLUSIONS: dict[str, str] = REASONS | {
    "cancelled": "The order was cancelled, so it never was revenue.",
    "refunded": "The sale was paid back, so it is no revenue.",
    "already_present": "The row is already in the dataset from an earlier import.",
    "repeated_row": "The row repeats an earlier row of the same file exactly.",
}
"""Why revenue of the file is not in the dataset: the keys of the ledger's `excluded`, each with its sentence."""

OUTSIDE_REVENUE = frozenset({"other_currency", "too_many_fields", "broken_quoting", "unreadable_line"})
"""Reasons whose amounts do not count as the file's revenue: they cannot be read, or not be added."""

CENT = Decimal("0.01")


class LedgerDoesNotAddUp(Exception):
    """The import lost or invented something; never shown as if it were a result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One import's account. Rows are records of the file; money is in the shop's currency.

    `customers`, `guests` (orders without a customer), `orders` and the period are of the dataset after the import.
    Raises LedgerDoesNotAddUp unless rows read = loaded + already present + dropped repeats + set aside, and the
    file's revenue = kept + excluded, to the last digit.
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
    customers: int
    guests: int
    orders: int
    first: date
    last: date

    def __post_init__(self) -> None:
        rows = self.loaded + self.already_present + self.dropped_repeats + sum(self.set_aside.values())
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
                "dropped_repeats": self.dropped_repeats,
                "set_aside": dict(self.set_aside),
            },
            "repeated_rows": self.repeated_rows,
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
        return cls(
            dataset=raw["dataset"],
            version=raw["version"],
            read=rows["read"],
            loaded=rows["loaded"],
            already_present=rows["already_present"],
            dropped_repeats=rows["dropped_repeats"],
            set_aside=rows["set_aside"],
            repeated_rows=raw["repeated_rows"],
            revenue_file=_exact(revenue["file"]),
            revenue_kept=_exact(revenue["kept"]),
            excluded={reason: _exact(amount) for reason, amount in revenue["excluded"].items()},
            customers=raw["customers"],
            guests=raw["guests"],
            orders=raw["orders"],
            first=date.fromisoformat(raw["period"][0]),
            last=date.fromisoformat(raw["period"][1]),
        )


def _money(amount: Decimal) -> float:
    """The nearest double: its shortest spelling is the amount itself, up to 15 digits."""
    return float(amount)


def _exact(amount: float | str) -> Decimal:
    return Decimal(str(amount)).quantize(Decimal("0.0001"))
