"""What the words of rows were taken for."""

from __future__ import annotations

from dataclasses import dataclass

from segmentation.meaning.questions import Question


@dataclass(frozen=True, slots=True)
class Said:
    """One text of a column, the rows that bear it, and the state it was taken for; `known` where that is no guess."""

    header: str
    text: str
    rows: int
    state: str
    known: bool


@dataclass(frozen=True, slots=True)
class RowStates:
    """What rows are by their words: for each column, surest first, the state of each text; what product texts say; and
    what is open. `spends_too`: what is negative and no refund was spent by the shop, `moves_too`: what is negative and
    nobody's moved its own money, and so did what is positive and nobody's where `deposits_too`. `other_side`: the
    column that names the customer where the first address is the shop's own, and that address."""

    words: tuple[tuple[str, dict[str, str]], ...] = ()
    products: tuple[tuple[str, str], ...] = ()
    said: tuple[Said, ...] = ()
    questions: tuple[Question, ...] = ()
    spends_too: bool = False
    moves_too: bool = False
    deposits_too: bool = False
    other_side: tuple[str, str] | None = None
