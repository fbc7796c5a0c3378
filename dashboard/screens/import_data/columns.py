"""What the columns of a file mean: a dropdown for each meaning, how sure the guess is, and what the file's own figures
prove.
"""

from __future__ import annotations

import streamlit as st

from dashboard import state, words
from dashboard.screens.import_data import corrections
from segmentation.intake import Inspection
from segmentation.intake.evidence import mark_of
from segmentation.meaning import MEANINGS, Mapping
from segmentation.meaning.contradictions import Contradiction, contradiction
from segmentation.meaning.mapping import ESSENTIAL

MEANING_HELP = {
    "customer": "Who ordered. Without it the e-mail column says who.",
    "order": "Which lines belong together. Without it, an order is a customer's day.",
    "line": "A number for each line: it proves that a row is a duplicate.",
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
_NOTHING, _NONE = "", "not in the file"
"""A choice of its own: where there is nothing to be emptied, Escape empties nothing."""
_DOUBTFUL = "check this"


def controls(inspection: Inspection, place: int) -> Mapping:
    """A dropdown for each meaning; returns the corrected mapping, with what was chosen before."""
    found = inspection.mapping.columns()
    first = [meaning for meaning in MEANINGS if meaning in ESSENTIAL or (meaning in found and place == 0)]
    with st.grid(3, min_column_width=200, gap="small"):
        for meaning in first:
            _dropdown(meaning, inspection, place)
    rest = [meaning for meaning in MEANINGS if meaning not in first]
    with (
        st.expander("More columns: " + ", ".join(MEANINGS[meaning] for meaning in rest[:6]) + " …"),
        st.grid(3, min_column_width=200, gap="small"),
    ):
        for meaning in rest:
            _dropdown(meaning, inspection, place)
    chosen = {
        meaning: state.recall_widget(corrections.key_for(meaning, place), inspection.headers) for meaning in MEANINGS
    }
    platform = inspection.platform.key if inspection.platform else None
    return Mapping(**chosen, platform=platform, choices=inspection.mapping.choices)


def proven(proofs: tuple[str, ...]) -> None:
    """What the arithmetic of the file proves, a sentence each."""
    if not proofs:
        return
    st.markdown("**Proven by the file's own figures**")
    st.markdown("\n".join(f"- :small[{words.plain(proof, limit=300)}]" for proof in proofs))


def _dropdown(meaning: str, inspection: Inspection, place: int) -> None:
    key = corrections.key_for(meaning, place)
    guessed, chosen = getattr(inspection.mapping, meaning), state.recall_widget(key, inspection.headers)
    if chosen is None:
        state.put(key, _NOTHING)
    about = MEANING_HELP.get(meaning, "")
    label, marked = MEANINGS[meaning].capitalize(), False
    if guessed is not None and chosen == guessed:
        word = mark_of(inspection.guess.sure.get(meaning, 1.0))
        label, marked = f"{label} ({word})", word == _DOUBTFUL  # a badge would be read aloud sign by sign
        about = f"{about} Chosen because {words.plain(inspection.guess.why.get(meaning, 'you said so'))}.".strip()
    with st.container(gap="xsmall"):
        st.selectbox(
            label,
            [_NOTHING, *inspection.headers],
            format_func=lambda header: header or _NONE,
            key=key,
            help=about or None,
            persist_state="session",
        )
        if marked:
            st.badge(_DOUBTFUL, color="orange")
        against = (
            contradiction(meaning, inspection.table[chosen])
            if chosen is not None and inspection.table is not None
            else None
        )
        if against is not None:
            st.markdown(f":small[:orange[:material/warning: {_told(against)}]]")


def _told(contradiction: Contradiction) -> str:
    """What a column's values say against its meaning, as Markdown."""
    example = f", for example “{words.plain(contradiction.example, limit=30)}”" if contradiction.example else ""
    return f"“{words.plain(contradiction.header, limit=40)}” {words.plain(contradiction.fact)}{example}."
