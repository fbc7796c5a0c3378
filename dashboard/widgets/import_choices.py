"""The part of the import screen that asks: what the values leave open, and what is to count as revenue."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboard import importing, session, words
from dashboard.importing import UNDECIDED
from segmentation.intake import Inspection, reconsider
from segmentation.intake.accounts.warnings import giant_customer
from segmentation.meaning import Choices, Mapping
from segmentation.meaning.settle import Question

_QUESTIONS = {
    "date_order": "How are the dates in “{0}” written?",
    "decimal": "How are the amounts in “{0}” written?",
    "currency": "The amounts are in several currencies, which are never added. Which one is to be kept?",
}
_PARTS = {
    "shipping": ("Shipping counts as revenue", ("shipping",)),
    "tax": ("Tax counts as revenue", ("tax",)),
    "gift_cards": ("Gift cards count as revenue", ("gift_sales",)),
    "test_orders": ("Test orders count as revenue", ("test",)),
}
CONVERT = "convert"


def choices(seen: Inspection, mapping: Mapping) -> Choices:
    """What a person decides about the orders: answers, what counts, and who stands for guests."""
    settled = Mapping(**mapping.columns(), platform=mapping.platform)
    answers: dict[str, str] = {}
    rates: tuple[tuple[str, Decimal], ...] = ()
    for question in reconsider(seen, settled, importing.today()):
        with st.container(border=True):
            if question.setting == "currency":
                kept, rates = _currency(question)
                if kept is not None:
                    answers["currency"] = kept
            elif (chosen := _answer(question)) is not None:
                answers[question.setting] = chosen
    counted = _what_counts(seen, mapping)
    return Choices(**answers, **counted, rates=rates, guests=_guests(seen, mapping))


def _answer(question: Question) -> str | None:
    """One question, with what each answer makes of a value of the file; nothing is guessed where two are possible."""
    readings = dict(question.choices)
    st.markdown(
        f":material/help: **{words.plain(_QUESTIONS[question.setting].format(question.header))}** "
        f"For example {words.plain(question.example)}:"
    )
    chosen = st.radio(
        "Reading",
        [*readings, UNDECIDED],
        format_func=lambda one: words.plain(readings.get(one, "the rest of the file shows it")),
        key=f"answer_{question.setting}",
        label_visibility="collapsed",
        horizontal=True,
        persist_state="session",
    )
    return chosen if chosen in readings else None


def _currency(question: Question) -> tuple[str | None, tuple[tuple[str, Decimal], ...]]:
    """Which currency is kept, and what becomes of the others: set aside, or converted at rates that a person gives."""
    codes = dict(question.choices)
    st.markdown(f":material/help: **{words.plain(_QUESTIONS['currency'])}**")
    kept = st.radio(
        "Currency",
        [*codes, UNDECIDED],
        format_func=lambda one: words.plain(codes.get(one, "I will decide later")),
        key="answer_currency",
        label_visibility="collapsed",
        horizontal=True,
        persist_state="session",
    )
    if kept not in codes:
        return None, ()
    convert = st.toggle(
        "Convert the other currencies", key="convert_currencies", help="Otherwise their rows are set aside."
    )
    if not convert:
        return kept, ()
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
    return kept, tuple(found)


def _what_counts(seen: Inspection, mapping: Mapping) -> dict[str, str]:
    """A switch for each amount beside the goods that the file has."""
    platform = seen.platform
    have = {part: any(getattr(mapping, meaning) for meaning in meanings) for part, (_, meanings) in _PARTS.items()}
    have["gift_cards"] = have["gift_cards"] or bool(platform and platform.gift_cards)
    have["test_orders"] = have["test_orders"] or bool(platform and platform.test_orders)
    shown = [part for part, there in have.items() if there]
    if not shown:
        return {}
    found = {}
    with st.container(border=True):
        st.markdown("**What counts as revenue**")
        st.caption(
            "Goods after discounts, less what was paid back. What does not count is kept and shown in the ledger."
        )
        with st.container(horizontal=True):
            for part in shown:
                if st.toggle(_PARTS[part][0], key=f"count_{part}", persist_state="session"):
                    found[part] = "in"
    return found


def _guests(seen: Inspection, mapping: Mapping) -> tuple[str, ...]:
    """Customer ids that stand for nobody in particular; a suspicious one is pointed out."""
    giant = giant_customer(seen.layout, mapping)
    kept = session.recall_choices("guests")
    if giant is None and not kept:
        return ()
    with st.container(border=True):
        st.markdown("**Guests**")
        if giant is not None:
            st.caption(
                f"One customer, “{words.plain(giant[0])}”, has {giant[1]:.0%} of the rows. If it stands for guests, "
                "choose it here: guests count in revenue, and are no customers."
            )
        options = list(dict.fromkeys([*kept, *([giant[0]] if giant else [])]))
        chosen = st.multiselect(
            "Customer ids that stand for guests",
            options,
            key="guests",
            accept_new_options=True,
            persist_state="session",
        )
    return tuple(chosen)
