"""What the columns of a file mean: a dropdown for each meaning, how sure the guess is, and what the file's own figures
prove.
"""

from __future__ import annotations

import streamlit as st

from dashboard import corrections, session, words
from segmentation.intake import Inspection
from segmentation.meaning import MEANINGS, Mapping
from segmentation.meaning.guessing import plausible
from segmentation.meaning.mapping import ESSENTIAL, NUMBERS
from segmentation.meaning.profiles import ColumnProfile

MEANING_HELP = {
    "customer": "Who ordered. Without it the e-mail column says who.",
    "order": "Which lines belong together. Without it, an order is a customer's day.",
    "line": "A number for each line: it proves that a repeated row is a copy.",
    "date": "When the order was placed.",
    "time": "The clock time, where it stands in a column of its own.",
    "amount": "What the line cost in all. Without it: quantity times unit price, less the discount.",
    "unit_cost": "What one piece cost you: needed for margin.",
    "refunded": "Money paid back for the order, as a positive amount.",
    "status": "Cancelled and refunded orders are told by it.",
    "refund": "A column that marks refunds.",
    "gross": "What the line cost in all with the tax on it.",
    "cancelled": "A column that is filled where the order was cancelled.",
    "email": "Kept apart with names and phones; everywhere else a pseudonym stands for the customer.",
    "consent": "Whether the customer agreed to marketing: needed to know whom you can reach.",
    "refusal": "Whether the customer refused marketing: who did is never written to.",
    "first_name": "Kept apart, as the e-mail is.",
    "last_name": "Kept apart, as the e-mail is.",
}
_SURE = (
    (1.0, "known", "green"),
    (0.95, "proven", "green"),
    (0.85, "sure", "green"),
    (0.6, "likely", "gray"),
    (0.0, "check this", "orange"),
)
_NOT_LIKE = dict.fromkeys(NUMBERS, "no numbers") | {
    "date": "no dates",
    "cancelled": "no dates",
    "time": "no clock times",
    "email": "no e-mail addresses",
    "phone": "no phone numbers",
    "currency": "no currencies",
}
"""What the values of a column are not, whose meaning they contradict."""


def controls(seen: Inspection, place: int) -> Mapping:
    """A dropdown for each meaning; returns the corrected mapping, with what was chosen before."""
    found = seen.mapping.columns()
    first = [meaning for meaning in MEANINGS if meaning in ESSENTIAL or (meaning in found and place == 0)]
    with st.grid(3, min_column_width=200, gap="small"):
        for meaning in first:
            _dropdown(meaning, seen, place)
    rest = [meaning for meaning in MEANINGS if meaning not in first]
    with (
        st.expander("More columns: " + ", ".join(MEANINGS[meaning] for meaning in rest[:6]) + " …"),
        st.grid(3, min_column_width=200, gap="small"),
    ):
        for meaning in rest:
            _dropdown(meaning, seen, place)
    chosen = {meaning: session.recall_widget(corrections.key_for(meaning, place), seen.headers) for meaning in MEANINGS}
    platform = seen.platform.key if seen.platform else None
    return Mapping(**chosen, platform=platform, choices=seen.mapping.choices)


def proven(proofs: tuple[str, ...]) -> None:
    """What the arithmetic of the file proves, a sentence each."""
    if not proofs:
        return
    st.markdown("**Proven by the file's own figures**")
    st.markdown("\n".join(f"- :small[{words.plain(proof, limit=300)}]" for proof in proofs))


def _dropdown(meaning: str, seen: Inspection, place: int) -> None:
    key = corrections.key_for(meaning, place)
    guessed, chosen = getattr(seen.mapping, meaning), session.recall_widget(key, seen.headers)
    about = MEANING_HELP.get(meaning, "")
    label = MEANINGS[meaning].capitalize()
    if guessed is not None and chosen == guessed:
        word, colour = _how_sure(seen.guess.sure.get(meaning, 1.0))
        label = f"{label} :{colour}-badge[{word}]"
        about = f"{about} Chosen because {words.plain(seen.guess.why.get(meaning, 'you said so'))}.".strip()
    with st.container(gap="xsmall"):
        st.selectbox(
            label,
            seen.headers,
            index=None,
            placeholder="not in the file",
            key=key,
            help=about or None,
            persist_state="session",
        )
        if chosen is not None and seen.table is not None and (said := contradiction(meaning, seen.table[chosen])):
            st.caption(f":orange[:material/warning: {said}]")


def contradiction(meaning: str, seen: ColumnProfile) -> str | None:
    """Why a column can hardly have this meaning, by its values; None where nothing speaks against it."""
    if seen.empty:
        return f"“{words.plain(seen.header, limit=40)}” is empty."
    undated = meaning in {"date", "cancelled"} and seen.dates == 0
    if plausible(meaning, seen) and not undated:
        return None
    what = _NOT_LIKE.get(meaning, f"nothing like {MEANINGS[meaning]}")
    return f"“{words.plain(seen.header, limit=40)}” holds {what}, for example “{words.plain(seen.texts[0], limit=30)}”."


def _how_sure(share: float) -> tuple[str, str]:
    return next((word, colour) for least, word, colour in _SURE if share >= least)
