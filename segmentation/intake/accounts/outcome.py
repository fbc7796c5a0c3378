"""What an import was told about an overlap with the dataset, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from segmentation.intake.accounts.ledger import Replaced
from segmentation.intake.accounts.numbers import UNALIGNED, Aligned
from segmentation.intake.accounts.repeats import Hashes
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
    `undone` orders of the file were cancelled or paid back in the dataset, and stay so. `aligned` says who are
    customers of the dataset under other ids, `in_vain` that the file was said to have orders of theirs and has none.
    `differing` are sales without order numbers that only one side has, and that were left as they are; `by_days` says
    that both were compared by their days.
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
    differing: Differing = NOTHING_DIFFERS
    by_days: bool = False


__all__ = ["NOTHING_STAYED", "Overlap", "OverlapChoices", "StoredState"]
