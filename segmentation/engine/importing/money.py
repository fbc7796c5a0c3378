"""Money in the columns of a shop's tables: an amount, a line's goods, and which payments pay back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segmentation.columns import MONEY
from segmentation.engine import casts
from segmentation.engine.duckdb import literal

Texts = tuple[str, tuple[str, ...]]
"""A column, and some texts that it may hold."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A column as money; its decimal `mark` is point or comma."""

    column: str
    mark: str

    @property
    def sql(self) -> str:
        """The amount; NULL where the text is none."""
        return f"CAST({casts.number(self.column, self.mark)} AS {MONEY})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What a line comes to: its amount, or its price for so many pieces, less a discount `off` in one of its forms."""

    amount: Amount
    pieces: Amount | None = None
    off: Amount | None = None
    form: Literal["money", "share", "percent"] = "money"

    @property
    def sql(self) -> str:
        plain = self.amount.sql if self.pieces is None else f"{self.amount.sql} * {self.pieces.sql}"
        if self.off is None:
            return plain
        off = f"coalesce(abs({self.off.sql}), 0)"
        match self.form:
            case "money":
                return f"({plain}) - {off}"
            case "share":
                return f"({plain}) * (1 - {off})"
            case "percent":
                return f"({plain}) * (1 - {off} / 100)"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaysBack:
    """Which rows of a table of payments pay back: those with one of the texts `said`, and those `below` nothing that
    have none of the texts of `others`; never those with one of `failed`."""

    said: tuple[Texts, ...] = ()
    below: Amount | None = None
    others: tuple[Texts, ...] = ()
    failed: tuple[Texts, ...] = ()

    @property
    def sql(self) -> str:
        """Whether a row does; never NULL."""
        back = [_bears(*one) for one in self.said]
        if self.below is not None:
            others = "".join(f" AND NOT {_bears(*one)}" for one in self.others)
            back.append(f"(coalesce({self.below.sql} < 0, false){others})")
        failed = "".join(f" AND NOT {_bears(*one)}" for one in self.failed)
        return f"({' OR '.join(back) or 'false'}){failed}"


def _bears(column: str, texts: tuple[str, ...]) -> str:
    """Whether a row has one of these texts in a column."""
    return f"coalesce(trim({column}) IN ({', '.join(map(literal, texts))}), false)"


__all__ = ["Amount", "Goods", "PaysBack", "Texts"]
