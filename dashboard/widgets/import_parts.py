"""The parts of the import screen before anything is imported: two doors, what was recognised, mapping, questions."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import importing, session, words
from dashboard.importing import UNDECIDED
from segmentation.commands import SAMPLE_SHOP
from segmentation.intake import MEANINGS, Answers, Inspection, Mapping
from segmentation.intake.settle import NUMBERS
from segmentation.notation.evidence import date_order, decimal_mark

ESSENTIAL = ("customer", "order", "date", "amount", "quantity", "unit_price")
MEANING_HELP = {
    "customer": "Who ordered. Without it the e-mail column says who.",
    "order": "Which lines belong together. Without it, an order is a customer's day.",
    "line": "A number for each line: it proves that a repeated row is a copy.",
    "date": "When the order was placed.",
    "amount": "What the line cost in all. Without it: quantity times unit price, less the discount.",
    "unit_cost": "What one piece cost you: needed for margin.",
    "status": "Cancelled and refunded orders are told by it.",
    "refund": "A column that marks refunds.",
    "consent": "Whether the customer agreed to marketing: needed to know whom you can reach.",
}
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "runs of spaces"}
_QUESTIONS = {"date_order": "How are the dates in “{0}” written?", "decimal": "How are the amounts in “{0}” written?"}
_ENCODINGS = {"cp1252": "Windows-1252", "latin-1": "Latin-1", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
_MARKS = {"point": "amounts with a decimal point", "comma": "amounts with a decimal comma"}
_ORDERS = {"dmy": "dates with the day first", "mdy": "dates with the month first", "ymd": "dates with the year first"}


def doors() -> None:
    """Drop a file, or load the sample shop with one click."""
    have_sample = any(version.name == SAMPLE_SHOP for version in session.versions())
    if not session.versions():
        st.caption("Start with your shop's order export, or look around in an invented shop first.")
    grid = st.grid(2, min_column_width=340, gap="small")
    with grid.container(border=True, height="stretch"):
        st.markdown("### :material/upload_file: Drop your export here")
        st.caption(
            "Any text file with one order line per row: CSV with commas, semicolons, tabs or bars, in any encoding. "
            "You see what was understood before anything is imported."
        )
        file = st.file_uploader("Your shop's export", key="export_file", label_visibility="collapsed")
        if file is not None:
            with session.guard(stop=False):
                importing.receive(file, file.name, file.file_id)
                st.rerun()
    with grid.container(border=True, height="stretch"):
        st.markdown("### :material/storefront: Explore the sample shop")
        st.caption(
            "An invented shop with 6,000 customers and three years of orders, refunds, guests and discounts. "
            "It goes through the same door as your file."
        )
        if have_sample:
            st.caption("It is loaded already: choose it under *Shop* on the left.")
        elif st.button("Load the sample shop", key="sample_shop", type="primary", icon=":material/play_arrow:"):
            importing.start_sample()
            st.rerun()


def recognised(seen: Inspection) -> None:
    """What the file is: separator, encoding, header, and the first rows with the meaning above each column."""
    dialect = seen.dialect
    parts = [
        f"Columns divided by {_SEPARATORS.get(dialect.separator, 'signs')}",
        f"encoding {_ENCODINGS.get(dialect.encoding, dialect.encoding.upper())}",
        "a header in the first row" if dialect.header else "no header",
    ]
    if dialect.skip:
        parts.append(f"{dialect.skip} lines above it left out")
    st.markdown(f"**{words.plain(seen.file)}** · {_size(seen.size)}")
    st.caption(f"{words.list_of(parts)}. {len(seen.headers):,} columns.")
    if seen.remembered:
        st.caption(":material/history: The mapping is the one you used for a file with this header before.")


def first_rows(seen: Inspection, mapping: Mapping) -> None:
    """The file's first rows; a column that means something says so in its header."""
    meaning_of: dict[str, list[str]] = {}
    for meaning, header in mapping.columns().items():
        meaning_of.setdefault(header, []).append(MEANINGS[meaning])
    width = len(seen.headers)
    rows = [[*row[:width], *[""] * (width - len(row))] for row in seen.first_rows]
    frame = pd.DataFrame(rows, columns=[f"c{i}" for i in range(width)])
    order = sorted(range(width), key=lambda i: seen.headers[i] not in meaning_of)
    st.dataframe(
        frame,
        hide_index=True,
        key="first_rows",
        column_order=[f"c{i}" for i in order],
        column_config={
            f"c{i}": st.column_config.TextColumn(
                f"{' + '.join(meaning_of[header])} ← {header}" if header in meaning_of else header
            )
            for i, header in enumerate(seen.headers)
        },
        height="content",
        alt=f"The first rows of {seen.file}",
    )
    used = len(set(mapping.columns().values()))
    rest = "they stand first, the others are left out" if used < width else "that is all of them"
    st.caption(f"{used} of {width} columns are used: {rest}.{_readings(seen, mapping)}")


def _readings(seen: Inspection, mapping: Mapping) -> str:
    """How amounts and dates are written, where the rows shown prove it."""
    cells = {
        meaning: [row[at] for row in seen.first_rows if at < len(row)]
        for meaning, header in mapping.columns().items()
        if header in seen.headers and (at := seen.headers.index(header)) >= 0
    }
    mark = decimal_mark([cell for meaning in NUMBERS for cell in cells.get(meaning, [])])
    order = date_order(cells.get("date", []))
    said = [text for text in (_MARKS.get(mark.value), _ORDERS.get(order or "")) if text]
    return f" They are read as {words.list_of(said)}." if said else ""


def mapping_controls(seen: Inspection) -> Mapping:
    """A dropdown for each meaning; returns the corrected mapping, without the answers to questions."""
    with st.grid(3, min_column_width=200, gap="small"):
        for meaning in ESSENTIAL:
            _dropdown(meaning, seen)
    with (
        st.expander("More columns: discount, cost, product, category, channel, e-mail, consent …"),
        st.grid(3, min_column_width=200, gap="small"),
    ):
        for meaning in MEANINGS:
            if meaning not in ESSENTIAL:
                _dropdown(meaning, seen)
    return Mapping(**{meaning: session.recall_widget(f"map_{meaning}", seen.headers) for meaning in MEANINGS})


def _dropdown(meaning: str, seen: Inspection) -> None:
    st.selectbox(
        MEANINGS[meaning].capitalize(),
        seen.headers,
        index=None,
        placeholder="not in the file",
        key=f"map_{meaning}",
        help=MEANING_HELP.get(meaning),
        persist_state="session",
    )


def answers(seen: Inspection) -> Answers:
    """Ask what the values leave open; nothing is guessed where two readings are possible."""
    given: dict[str, str | None] = {}
    for header, question in seen.questions:
        readings = dict(question.choices)
        with st.container(border=True):
            st.markdown(
                f":material/help: **{words.plain(_QUESTIONS[question.setting].format(header))}** "
                f"For example {words.plain(question.example)}:"
            )
            chosen = st.radio(
                "Reading",
                [*readings, UNDECIDED],
                format_func=lambda one, readings=readings: words.plain(
                    readings.get(one, "the rest of the file shows it")
                ),
                key=f"answer_{question.setting}",
                label_visibility="collapsed",
                horizontal=True,
                persist_state="session",
            )
            given[question.setting] = chosen if chosen in readings else None
    return Answers(**given)


def shop_name() -> str | None:
    """Which shop the file belongs to; None while the name cannot be used."""
    existing = [version.name for version in session.versions()]
    new = "A new shop"
    choice = new
    if existing:
        choice = st.selectbox(
            "Import into",
            [new, *existing],
            format_func=lambda name: name if name == new else f"Add to “{name}”",
            key="import_into",
            help="Adding the same rows again changes nothing: they are recognised.",
            persist_state="session",
        )
    if choice in existing and choice != new:
        return choice
    name = st.text_input("Name of the shop", key="dataset_name", persist_state="session") or ""
    name = " ".join(name.split())[: importing.LONGEST_NAME]
    if not name:
        st.caption("Give the shop a name.")
        return None
    if name in existing:
        st.caption(f"There is a shop “{words.plain(name)}” already: choose it above to add to it.")
        return None
    return name


def _size(bytes_: int) -> str:
    return f"{bytes_ / 1e6:,.1f} MB" if bytes_ >= 1e5 else f"{bytes_ / 1e3:,.1f} kB"
