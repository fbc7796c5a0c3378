"""What became of each order: the words of statuses and types that a file holds, and what each was taken for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby

import streamlit as st

from dashboard import state, words
from dashboard.screens.import_data import corrections as keys
from segmentation import formats
from segmentation.meaning import Choices
from segmentation.meaning.mapping import STATES
from segmentation.meaning.states import Said

AT_FIRST = 20
STATE_WORDS = {
    "sale": "sale",
    "unpaid": "unpaid",
    "cancelled": "cancelled",
    "refunded": "refunded",
    "refund": "refund",
    "test": "test",
    "gift_card": "gift card",
    "aside": "left out",
    "part": "partly refunded",
    "shipping": "shipping",
    "fee": "fee",
    "coupon": "coupon",
    "tax": "tax",
    "total": "sum of other rows",
}


def corrections(
    said: Sequence[Said], asked: Collection[str], choices: Choices, place: int
) -> tuple[tuple[str, str], ...]:
    """What words stand for where a person said otherwise, now or for a file with this header before."""
    before = {word.strip().lower(): status for word, status in choices.statuses}
    there = {one.text.lower() for one in said}
    found = {word: status for word, status in choices.statuses if word.strip().lower() not in there}
    for one in _correctable(said, asked):
        key = _key(one, place)
        if not state.holds(key):
            state.put(key, before.get(one.text.lower(), one.state))
        chosen = state.recall_value(key, one.state)
        if chosen != one.state and chosen in STATES:
            found[one.text] = chosen
    return tuple(sorted(found.items()))


def became(said: Sequence[Said], asked: Collection[str], place: int) -> None:
    """A dropdown for each word: those that nobody knows first, the others behind them by their rows."""
    shown = _correctable(said, asked)
    if not said:
        return
    with st.container(border=True):
        st.markdown("**What became of each order**")
        st.caption("The words of the file, and what each was taken for." + _apart(said, shown, asked))
        _words(shown[:AT_FIRST], place)
        if rest := shown[AT_FIRST:]:
            with st.expander(f"{formats.count(len(rest), 'more word')}"):
                _words(rest, place)


def _words(shown: Sequence[Said], place: int) -> None:
    for header, group in groupby(shown, key=lambda one: one.header):
        st.caption(f"**{words.plain(header, limit=60)}**")
        with st.grid(4, min_column_width=170, gap="small"):
            for one in group:
                _word(one, place)


def _word(one: Said, place: int) -> None:
    unknown = "" if one.known else " (check this)"
    st.selectbox(
        f"{words.plain(one.text, limit=40)} · {formats.count(one.rows, 'row')}{unknown}",
        [*STATES, *([one.state] if one.state not in STATES else [])],
        format_func=lambda status: STATE_WORDS.get(status, status),
        key=_key(one, place),
        persist_state="session",
    )


def _key(one: Said, place: int) -> str:
    return keys.answer_key(place, "word", one.text.lower())


def _correctable(said: Sequence[Said], asked: Collection[str]) -> list[Said]:
    """The words that stand for one thing wherever they stand, and are not asked about; columns with an unknown word
    first, and in each of them the unknown words."""
    by_word: dict[str, list[Said]] = {}
    for one in said:
        by_word.setdefault(one.text.lower(), []).append(one)
    agreed = [
        ones[0] for ones in by_word.values() if len({one.state for one in ones}) == 1 and ones[0].text not in asked
    ]
    known = {header: all(one.known for one in agreed if one.header == header) for header in {o.header for o in agreed}}
    return sorted(agreed, key=lambda one: (known[one.header], one.header, one.known, -one.rows))


def _apart(said: Sequence[Said], shown: Sequence[Said], asked: Collection[str]) -> str:
    """What is said of words without a dropdown."""
    have = {one.text.lower() for one in shown}
    others = [one for one in said if one.text.lower() not in have and one.text not in asked]
    told = ""
    if asked:
        listed = words.list_of([_quoted(one) for one in sorted(asked)])
        told = f" {listed} {'is' if len(asked) == 1 else 'are'} asked about above."
    if others:
        each = [
            f"{_quoted(one.text)} in {_quoted(one.header)}: {STATE_WORDS.get(one.state, one.state)}"
            for one in others[:6]
        ]
        told += f" Some words depend on their column: {', '.join(each)}."
    return told


def _quoted(text: str) -> str:
    return f"“{words.plain(text, limit=40)}”"
