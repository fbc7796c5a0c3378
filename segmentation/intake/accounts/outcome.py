"""What an import was told about an overlap with the dataset, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from segmentation.errors import AmbiguousReading, OrdersChanged, counted
from segmentation.intake.accounts.added import NOTHING_ADDED, Added
from segmentation.intake.accounts.ledger import Replaced
from segmentation.intake.accounts.numbers import UNALIGNED, Aligned
from segmentation.intake.accounts.repeats import Hashes
from segmentation.intake.accounts.short import NONE_SHORT, Short
from segmentation.intake.accounts.unnumbered import NOTHING_DIFFERS, Differing
from segmentation.intake.typed import Staged


@dataclass(frozen=True, slots=True)
class OverlapChoices:
    """What was said about what a file has in common with the dataset: repeats inside the file go (`drop_repeats`),
    whether the newer state of an order takes the place of the stored one (`replace`, None: not said), and whether
    orders that the dataset has under other customers are the same ones (`same_orders`, None: not said)."""

    drop_repeats: bool = False
    replace: bool | None = None
    same_orders: bool | None = None


@dataclass(frozen=True, slots=True)
class StoredState:
    """Rows of a file that do not come in because the dataset's state of their orders was to stay, with the revenue they
    are listed at."""

    rows: int = 0
    revenue: Decimal = Decimal(0)


NOTHING_STAYED = StoredState()


@dataclass(frozen=True, slots=True)
class Overlap:
    """What stays of a staged file, and what left the dataset.

    `staged` holds what may stay, of which `listed` (a table shown to the connection) and `others` say what does: `rows`
    and amounts `beside` them. `repeated_rows` repeat others, `dropped` of them go, with the revenue they are listed at;
    `met` tells some that go, with the reason. `alike` rows look like stored ones and were kept all the same. `hashes`
    are those of all rows and amounts, where none goes. `stored_state` are rows whose orders stay as they are stored.
    `undone` orders of the file were cancelled or paid back in the dataset, and stay so, `undone_lines` are lines of
    orders that count. `aligned` says who are
    customers of the dataset under other ids, `in_vain` that the file was said to have orders of theirs and has none.
    `differing` are sales without order numbers that only one side has, and that were left as they are; `by_days` says
    that both were compared by their days. `short` are orders that came in without some of their rows, `discounts`
    of orders that only one of file and dataset told. Of the replaced orders `unchanged` come to the same as before;
    `added` are further sales of orders that were there.
    """

    staged: Staged
    others: bool
    rows: int
    beside: int
    nothing_goes: bool
    repeated_rows: int
    dropped: int
    repeated_revenue: Decimal
    met: pa.Table
    replaced: Replaced
    hashes: tuple[Hashes, Hashes]
    stored_state: StoredState = NOTHING_STAYED
    alike: int = 0
    aligned: Aligned = UNALIGNED
    in_vain: bool = False
    undone: int = 0
    undone_lines: int = 0
    differing: Differing = NOTHING_DIFFERS
    by_days: bool = False
    short: Short = NONE_SHORT
    discounts: int = 0
    unchanged: int = 0
    added: Added = NOTHING_ADDED


class SalesDiffer(OrdersChanged):
    """Sales without order numbers, on days that a file and the dataset both cover, that only one of them has: rows and
    their revenue that the file is `lacking`, and `further` ones that it has."""

    def __init__(self, lacking: tuple[int, Decimal], further: tuple[int, Decimal]) -> None:
        sides = ((*lacking, "the shop", "the file"), (*further, "the file", "the shop"))
        said = [
            f"{one} has {counted(rows, 'row')} with a revenue of {revenue:,.2f} that {other} does not have"
            for rows, revenue, one, other in sides
            if rows
        ]
        AmbiguousReading.__init__(
            self,
            f"On days that both cover, {', and '.join(said)}: they may have been cancelled, or added later.",
            readings=(
                "the file's state: rows that it lacks go, those that it has are added (replace)",
                "the shop's state: rows that the file lacks stay, none are added on those days (keep)",
            ),
            option="--replace or --keep",
            options=("--replace", "--keep"),
        )


__all__ = ["NOTHING_STAYED", "Overlap", "OverlapChoices", "SalesDiffer", "StoredState"]
