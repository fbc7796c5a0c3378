"""The parts of the import screen before anything is imported: two doors, what was recognised, the mapping."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import importing, session, words
from dashboard.widgets.import_choices import choices
from segmentation.commands import SAMPLE_SHOP
from segmentation.intake import Inspection
from segmentation.meaning import MEANINGS, Choices, Mapping
from segmentation.meaning.mapping import ESSENTIAL, NUMBERS
from segmentation.notation import date_order, decimal_mark
from segmentation.notation.dates import counted_dates

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
    "cancelled": "A column that is filled where the order was cancelled.",
    "email": "Kept apart with names and phones; everywhere else a pseudonym stands for the customer.",
    "consent": "Whether the customer agreed to marketing: needed to know whom you can reach.",
}
_SEPARATORS = {
    ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "runs of spaces", "^": "carets", "~": "tildes",
    "\x1f": "separator signs",
}  # fmt: skip
_ENCODINGS = {
    "cp1252": "Windows-1252", "latin-1": "Latin-1", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
    "cp1250": "Windows-1250", "cp1251": "Windows-1251", "mac_roman": "Mac Roman", "cp850": "DOS 850",
}  # fmt: skip
_MARKS = {"point": "amounts with a decimal point", "comma": "amounts with a decimal comma"}
_ORDERS = {"dmy": "dates with the day first", "mdy": "dates with the month first", "ymd": "dates with the year first"}
_SURE = ((0.95, "known", "green"), (0.85, "sure", "green"), (0.6, "likely", "gray"), (0.0, "check this", "orange"))
_HOLDS = {"contacts": "contacts", "campaigns": "past campaigns"}


def doors() -> None:
    """Drop files, or load the sample shop with one click."""
    importing.warm_up()
    have_sample = any(version.name == SAMPLE_SHOP for version in session.versions())
    if not session.versions():
        st.caption("Start with your shop's order export, or look around in an invented shop first.")
    grid = st.grid(2, min_column_width=340, gap="small")
    with grid.container(border=True, height="stretch"):
        st.markdown("### :material/upload_file: Drop your export here")
        st.caption(
            "One file or many, of any size: CSV in any encoding, workbooks, archives, Parquet, JSON lines. Exports of "
            "Shopify, WooCommerce, Square, Stripe, PayPal and Magento are known; you see what was understood before "
            "anything is imported."
        )
        dropped = st.file_uploader(
            "Your shop's exports",
            key=importing.uploader_key(),
            label_visibility="collapsed",
            accept_multiple_files=True,
        )
        if dropped:
            with session.guard(stop=False):
                importing.receive([(file, file.name, file.file_id) for file in dropped])
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


def understood(seen: Inspection, place: int) -> Mapping:
    """One kind of table: what it is, its first rows, what its columns mean; returns the mapping as it was corrected."""
    with st.container(border=True):
        _recognised(seen)
        preview = st.container()
    if seen.holds != "orders":
        with preview:
            _first_rows(seen, seen.mapping, place)
        return seen.mapping
    with st.container(border=True):
        st.markdown("**What the columns mean**")
        mapping = _mapping_controls(seen, place)
    with preview:
        _first_rows(seen, mapping, place)
    return mapping


def _recognised(seen: Inspection) -> None:
    """What the tables are: platform, separator, encoding, header."""
    others = f" and {len(seen.files) - 1} more with the same columns" if len(seen.files) > 1 else ""
    st.markdown(f"**{words.plain(seen.file)}**{words.plain(others)} · {_size(seen.size)}")
    dialect = seen.dialect
    parts = [f"columns divided by {_SEPARATORS.get(dialect.separator, 'signs')}"]
    parts.append(f"encoding {_ENCODINGS.get(dialect.encoding, dialect.encoding.upper())}")
    parts.append({0: "no header", 1: "a header in one row"}.get(dialect.header, f"a header in {dialect.header} rows"))
    above = dialect.skip - dialect.header
    if above > 0:
        parts.append(f"{above} {'line' if above == 1 else 'lines'} above it left out")
    said = words.list_of(parts)
    st.caption(f"{said[:1].upper()}{said[1:]}. {len(seen.headers):,} columns.")
    if seen.platform is not None:
        holds = f" These are {_HOLDS[seen.holds]}, not orders." if seen.holds in _HOLDS else ""
        st.success(
            f"**{words.plain(seen.platform.name)}**: {words.plain(seen.platform.about, limit=400)}{holds}",
            icon=":material/verified:",
        )
    if seen.remembered:
        st.caption(":material/history: The mapping is the one you used for a file with this header before.")


def _first_rows(seen: Inspection, mapping: Mapping, place: int) -> None:
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
        key=f"first_rows_{place}",
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
    """How amounts and dates are written, where the sampled rows prove it."""
    columns = {meaning: header for meaning, header in mapping.columns().items() if header in seen.headers}
    cells = [cell for meaning, header in columns.items() if meaning in NUMBERS for cell in seen.layout.column(header)]
    days = seen.layout.column(columns["date"]) if "date" in columns else []
    order = "counted" if counted_dates(days) else date_order(days, latest_year=importing.today().year + 1).value
    mark = decimal_mark(cells).value
    said = [text for text in (_MARKS.get(mark), {**_ORDERS, "counted": "dates as numbers"}.get(order)) if text]
    return f" They are read as {words.list_of(said)}." if said else ""


def _mapping_controls(seen: Inspection, place: int) -> Mapping:
    """A dropdown for each meaning; returns the corrected mapping, without the answers to questions."""
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
    chosen = {meaning: session.recall_widget(importing.key_for(meaning, place), seen.headers) for meaning in MEANINGS}
    platform = seen.platform.key if seen.platform else None
    return Mapping(**chosen, platform=platform, choices=seen.mapping.choices)


def _dropdown(meaning: str, seen: Inspection, place: int) -> None:
    key = importing.key_for(meaning, place)
    guessed = getattr(seen.mapping, meaning)
    about = MEANING_HELP.get(meaning, "")
    if guessed is not None and session.recall_widget(key, seen.headers) == guessed:
        word, colour = _how_sure(seen.guess.sure.get(meaning, 1.0))
        label = f"{MEANINGS[meaning].capitalize()} :{colour}-badge[{word}]"
        about = f"{about} Chosen because {words.plain(seen.guess.why.get(meaning, 'you said so'))}.".strip()
    else:
        label = MEANINGS[meaning].capitalize()
    st.selectbox(
        label,
        seen.headers,
        index=None,
        placeholder="not in the file",
        key=key,
        help=about or None,
        persist_state="session",
    )


def _how_sure(share: float) -> tuple[str, str]:
    return next((word, colour) for least, word, colour in _SURE if share >= least)


def import_controls(
    waiting: tuple[importing.Upload, ...], orders: list[tuple[Inspection, Mapping]], chosen: Choices | None
) -> None:
    """Which shop the files belong to, and the button that imports them."""
    with st.container(border=True):
        name = shop_name()
        drop = st.toggle(
            "Leave out rows that repeat an earlier row exactly",
            key="drop_repeats",
            help="Kept unless you say so: two identical purchases look the same as a copied row.",
            persist_state="session",
        )
        pressed = st.button(
            "Import", key="import_now", type="primary", icon=":material/download_done:", disabled=name is None
        )
    if not pressed or name is None:
        return
    session.forget(importing.PROBLEM)
    final = []
    for seen, mapping in orders:
        without = seen.platform.does_without if seen.platform else ()
        mapping.require(seen.headers, file=seen.file, without=without)
        final.append(mapping.answered(chosen or Choices()).to_toml())
    importing.start(waiting, name, tuple(final), drop_repeats=drop)
    st.rerun()


def shop_name() -> str | None:
    """Which shop the files belong to; None while the name cannot be used."""
    existing = [version.name for version in session.versions()]
    new = "A new shop"
    choice = new
    if existing:
        choice = st.selectbox(
            "Import into",
            [new, *existing],
            format_func=lambda name: name if name == new else f"Add to “{name}”",
            key="import_into",
            help="Adding the same rows again changes nothing, and orders that changed take their newest state.",
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
    if bytes_ >= 1e9:
        return f"{bytes_ / 1e9:,.2f} GB"
    return f"{bytes_ / 1e6:,.1f} MB" if bytes_ >= 1e5 else f"{bytes_ / 1e3:,.1f} kB"


__all__ = ["choices", "doors", "import_controls", "shop_name", "understood"]
