"""What the words of a row say became of it, as SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segmentation.engine import casts
from segmentation.engine.duckdb import literal

STATES = ("sale", "cancelled", "unpaid", "refunded", "part", "test", "refund", "aside", "gift_card", "shipping", "fee",
          "tax", "coupon", "total", "counts")  # fmt: skip
"""What a word in a row can say of it; `counts`: somebody said that it is a sale, whichever way its money went."""
_NOTHING = "CAST(NULL AS VARCHAR)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the texts of a column say: for each text, as it stands trimmed, one of STATES."""

    column: str
    states: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRule:
    """Rows of which a column contains one of some words, whatever their case, and none of others."""

    column: str
    contains: tuple[str, ...]
    but_not: tuple[str, ...] = ()

    @property
    def sql(self) -> str:
        """Whether a row falls under the rule."""
        return casts.says(self.column, _escaped(self.contains), but_not=_escaped(self.but_not))


def state_of(words: Sequence[Words], cancelled: str | None) -> str:
    """What the words of a row say became of it, NULL where they say nothing; `cancelled` tells rows that bear the date
    on which they were cancelled.

    The first column that says anything but “sale” decides; but what was cancelled was neither left unpaid nor paid
    back, whatever another column says.
    """
    found = [said(one.column, one.states) for one in words]
    if cancelled is not None:
        found.insert(0, f"CASE WHEN {cancelled} THEN 'cancelled' END")
    if not found:
        return _NOTHING
    first = f"coalesce({', '.join(found)})"
    never = [f"coalesce({_is(one, 'cancelled')}, false)" for one in words[1:] if "cancelled" in one.states.values()]
    if not never or not {"refunded", "unpaid"} & {state for one in words for state in one.states.values()}:
        return first
    return f"CASE WHEN {first} IN ('refunded', 'unpaid') AND ({' OR '.join(never)}) THEN 'cancelled' ELSE {first} END"


def said(column: str, states: Mapping[str, str]) -> str:
    """What the text of a column says, NULL where that is nothing, or only that the row is a sale."""
    telling = sorted({state for state in states.values() if state not in {"sale", "part"}})
    whens = " ".join(
        f"WHEN {_is(Words(column=column, states=states), state)} THEN {literal(state)}" for state in telling
    )
    return f"CASE {whens} END" if telling else _NOTHING


def _is(words: Words, state: str) -> str:
    texts = [text for text, its in words.states.items() if its == state]
    column = f"coalesce({words.column}, '')" if "" in texts else words.column
    return f"trim({column}) IN ({', '.join(map(literal, texts))})"


def _escaped(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("".join(f"\\{char}" if char in r".^$*+?{}[]\|()" else char for char in word.lower()) for word in words)
