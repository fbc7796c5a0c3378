"""What a person decides about a table of orders: answers, what words stand for, what counts, who is nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import state, words
from dashboard.screens.import_data import columns as columns
from dashboard.screens.import_data import corrections
from dashboard.screens.import_data import questions as questions
from dashboard.screens.import_data import statuses as statuses
from segmentation.intake import Inspection
from segmentation.meaning import Choices, Mapping
from segmentation.meaning.questions import Question

_PARTS = {
    "shipping": ("Shipping counts as revenue", ("shipping",)),
    "tax": ("Tax counts as revenue", ("tax", "gross")),
    "gift_cards": ("Gift cards count as revenue", ("gift_sales",)),
    "test_orders": ("Test orders count as revenue", ("test",)),
}
_ALWAYS_ASKED = (*_PARTS, "guests", "not_guests", "rates", "statuses", "customers")
"""Choices that have a place of their own on the screen: what was chosen before stands in it, and can be taken back."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A kind of table with its mapping as it was corrected, and the place for what is proven about it."""

    inspection: Inspection
    mapping: Mapping
    place: int
    proofs: DeltaGenerator


@dataclass(frozen=True, slots=True)
class Decided:
    """A table of orders as it will be imported, and the questions that keep it from that."""

    inspection: Inspection
    mapping: Mapping
    open: tuple[Question, ...]


def decide(tables: Iterable[Understood]) -> list[Decided]:
    """What is decided about each table of orders. What was said about the first holds for the others, where nothing
    else is said about them."""
    decided: list[Decided] = []
    for table in tables:
        before = decided[0].mapping.choices if decided else Choices()
        decided.append(_decide(table, before))
    return decided


def _decide(table: Understood, before: Choices) -> Decided:
    inspection, mapping, place = table.inspection, table.mapping, table.place
    choices = mapping.choices
    counted = _counted()
    sales_only = _no_buyers(inspection, mapping, place)
    start = Choices(**counted, guests=tuple(state.recall_choices("guests")), customers="none" if sales_only else None)
    columns_asked = [one for one in inspection.questions if one.setting == "column"]
    open_ = [one for one in columns_asked if questions.ask_column(one, inspection, mapping, place)]
    chosen, asked, last = _answers(table, start.over(before))
    with table.proofs:
        columns.proven(last.proofs)
    if place == 0:
        _what_counts(inspection, mapping)
        _guests(choices)
    open_ += [question for question in last.questions if questions.final(question, inspection)]
    earlier = replace(choices, **{name: getattr(Choices(), name) for name in (*asked, *_ALWAYS_ASKED)})
    return Decided(inspection, replace(mapping, choices=chosen.over(earlier)), tuple(open_))


def _answers(table: Understood, start: Choices) -> tuple[Choices, set[str], Inspection]:
    """Ask until an answer raises no further question: what was decided, about which settings, and what is seen then."""
    inspection, place = table.inspection, table.place
    first = last = corrections.read_again(inspection, replace(table.mapping, choices=start), place)
    by_word = {question.example for question in first.questions if question.setting == "status"}
    chosen = replace(start, statuses=statuses.corrections(first.said, by_word, table.mapping.choices, place))
    asked: set[tuple[str, str, str]] = set()
    while new := [question for question in last.questions if questions.identity(question) not in asked]:
        for question in new:
            asked.add(questions.identity(question))
            answer = questions.ask(question, inspection, place)
            chosen = _with(chosen, answer) if answer is not None else chosen
        last = corrections.read_again(inspection, replace(table.mapping, choices=chosen), place)
    if chosen != start:
        last = corrections.read_again(inspection, replace(table.mapping, choices=chosen), place)
    statuses.became(first.said, by_word, place)
    return chosen, {setting for setting, _, _ in asked} & {field.name for field in fields(Choices)}, last


def _with(chosen: Choices, answer: Choices) -> Choices:
    """What was chosen, and one more answer; ids that stand for nobody add up."""
    merged = answer.over(chosen)
    return replace(
        merged,
        guests=tuple(dict.fromkeys([*chosen.guests, *answer.guests])),
        not_guests=tuple(dict.fromkeys([*chosen.not_guests, *answer.not_guests])),
    )


def _no_buyers(inspection: Inspection, mapping: Mapping, place: int) -> bool:
    """What to do about a file that names no buyers; returns whether it is wanted for its sales only."""
    without = inspection.platform.does_without if inspection.platform else ()
    if mapping.names_customers or "customer" in without:
        return False
    key = corrections.answer_key(place, "sales only")
    if not state.holds(key):
        state.put(key, mapping.choices.customers == "none")
    with st.container(border=True):
        st.markdown(":material/person_off: **This file names no buyers.**")
        st.caption(words.NO_BUYERS)
        return st.toggle("Import it for its sales only: no customers, no segments", key=key, persist_state="session")


def _counted() -> dict[str, str]:
    """What was chosen to count as revenue."""
    return {part: "in" for part in _PARTS if state.recall_value(f"count_{part}", False)}


def _what_counts(inspection: Inspection, mapping: Mapping) -> None:
    """A switch for each amount beside the goods that the file has."""
    platform = inspection.platform
    have = {part: any(getattr(mapping, meaning) for meaning in meanings) for part, (_, meanings) in _PARTS.items()}
    have["gift_cards"] = have["gift_cards"] or bool(platform and platform.gift_cards)
    have["test_orders"] = have["test_orders"] or bool(platform and platform.test_orders)
    shown = [part for part, there in have.items() if there]
    if not shown:
        return
    with st.container(border=True):
        st.markdown("**What counts as revenue**")
        st.caption(
            "Goods after discounts, less what was paid back. What does not count is kept and shown in the ledger."
        )
        with st.container(horizontal=True):
            for part in shown:
                st.toggle(_PARTS[part][0], key=f"count_{part}", persist_state="session")


def _guests(choices: Choices) -> None:
    """Customer ids that stand for nobody in particular, as this export is known for or as was said before."""
    if not choices.guests and not state.recall_choices("guests"):
        return
    with st.container(border=True):
        st.markdown("**Guests**")
        st.caption("They count in revenue, and are no customers.")
        st.multiselect(
            "Customer ids that stand for guests",
            list(dict.fromkeys([*choices.guests, *state.recall_choices("guests")])),
            key="guests",
            accept_new_options=True,
            persist_state="session",
        )
