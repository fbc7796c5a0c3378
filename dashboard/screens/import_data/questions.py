"""What a file leaves open: a card for each question, with what each answer makes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from decimal import Decimal

import streamlit as st

from dashboard import state, words
from dashboard.screens.import_data import corrections
from segmentation import formats
from segmentation.intake import Inspection
from segmentation.meaning import Choices, Mapping
from segmentation.meaning.questions import Question

UNDECIDED = "undecided"
_BY_VALUES = frozenset({"date_order", "decimal"})
"""Asked of sampled rows: the rest of a longer file may show it."""
_ASKED = {"currency": " Which one is to be kept?"}
"""What is asked where the fact alone does not say it."""
_BY_EXAMPLE = frozenset({"status", "guest"})
"""Asked of each text of a column by itself."""


def identity(question: Question) -> tuple[str, str, str]:
    """What a question is about, whatever its example."""
    example = question.example if question.setting in _BY_EXAMPLE else ""
    return question.setting, question.header, example


def final(question: Question, inspection: Inspection) -> bool:
    """Whether no row that was not looked at can answer it."""
    looked_at = len(inspection.layout.rows)
    return question.setting not in _BY_VALUES or (inspection.table is not None and inspection.table.rows <= looked_at)


def ask(question: Question, inspection: Inspection, place: int) -> Choices | None:
    """The card of a question; returns what is decided, None while it is open."""
    with st.container(border=True):
        chosen = _radio(
            question, _key(question, place), _before(question, inspection.mapping.choices), final(question, inspection)
        )
        if chosen == UNDECIDED:
            return None
        answer = question.answer(chosen)
        if question.setting == "currency":
            return answer.over(Choices(rates=_rates(chosen, [code for code, _ in question.choices])))
        return answer


def ask_column(question: Question, inspection: Inspection, mapping: Mapping, place: int) -> bool:
    """The card that asks which meaning a column has: its answer moves the dropdowns. Returns whether it is open."""
    key = _key(question, place)
    now, guessed = _held(question, mapping), _held(question, inspection.mapping)
    if now is None:
        return False
    if now != guessed or state.recall_value(key, UNDECIDED) != UNDECIDED:
        state.put(key, now)
    with st.container(border=True):
        chosen = _radio(question, key, UNDECIDED, True, lambda: _move(question, key, guessed, place))
    return chosen == UNDECIDED


def still_open(open_: Sequence[Question]) -> None:
    """Why nothing was imported: what is to be answered first."""
    listed = " ".join(words.plain(question.fact, limit=300) for question in open_[:3])
    more = f" And {formats.count(len(open_) - 3, 'more question')}." if len(open_) > 3 else ""
    st.warning(f"**Nothing was imported yet: please answer above.** {listed}{more}", icon=":material/help:")


def _radio(question: Question, key: str, before: str, is_final: bool, moved: Callable[[], None] | None = None) -> str:
    readings = dict(question.choices)
    if not state.holds(key):
        state.put(key, before)
    undecided = "undecided" if is_final else "undecided: the rest of the file may show it"
    asked = _ASKED.get(question.setting, "")
    chosen = st.radio(
        f":material/help: **{words.plain(question.fact, limit=400)}**{asked}",
        [*readings, UNDECIDED],
        format_func=lambda one: words.plain(readings.get(one, undecided)),
        key=key,
        horizontal=True,
        on_change=moved,
        persist_state="session",
    )
    return chosen if chosen in readings else UNDECIDED


def _key(question: Question, place: int) -> str:
    return corrections.answer_key(place, *identity(question))


def _before(question: Question, choices: Choices) -> str:
    """The answer that was given for a file with this header before."""
    return next((value for value, _ in question.choices if _is_in(question.answer(value), choices)), UNDECIDED)


def _is_in(answer: Choices, choices: Choices) -> bool:
    for field in fields(Choices):
        given, before = getattr(answer, field.name), getattr(choices, field.name)
        if given and not (set(given) <= set(before) if isinstance(given, tuple) else given == before):
            return False
    return True


def _held(question: Question, mapping: Mapping) -> str | None:
    """The answer that a mapping gives to a question about a column."""
    values = [value for value, _ in question.choices]
    return next((v for v in values if getattr(mapping, v.partition("=")[0]) == _header_of(v)), None)


def _header_of(value: str) -> str | None:
    """The column that an answer names; None where it says that there is none."""
    return value.partition("=")[2] or None


def _move(question: Question, key: str, guessed: str | None, place: int) -> None:
    """Set the dropdowns to the answer; back to the guess where there is none."""
    chosen = state.recall_value(key, UNDECIDED)
    wanted = guessed if chosen == UNDECIDED else chosen
    for value, _ in question.choices:
        meaning = value.partition("=")[0]
        dropdown = corrections.key_for(meaning, place)
        if value == wanted:
            state.put(dropdown, _header_of(value))
        elif state.recall_value(dropdown, None) == _header_of(value):
            state.put(dropdown, None)


def _rates(kept: str, codes: Sequence[str]) -> tuple[tuple[str, Decimal], ...]:
    """What becomes of the other currencies: set aside, or converted at rates that a person gives."""
    convert = st.toggle(
        "Convert the other currencies", key="convert_currencies", help="Otherwise their rows are rejected."
    )
    if not convert:
        return ()
    found = []
    with st.grid(3, min_column_width=200, gap="small"):
        for code in codes:
            if code != kept:
                rate = st.number_input(
                    f"1 {words.plain(code)} in {words.plain(kept)}",
                    min_value=0.0,
                    value=None,
                    format="%.6f",
                    key=f"rate_{code}",
                    persist_state="session",
                )
                if rate:
                    found.append((code, Decimal(str(rate))))
    return tuple(found)
