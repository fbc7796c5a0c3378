"""The parts of the import screen before anything is imported: two doors, what was recognised, the mapping."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import state, words
from dashboard.screens.import_data import columns as columns
from dashboard.screens.import_data import corrections, held, importing, joins, resuming
from dashboard.screens.import_data import questions as questions
from dashboard.screens.import_data.choices import Decided, Understood
from dashboard.screens.import_data.known_exports import known_exports
from segmentation import formats
from segmentation.commands import SAMPLE_SHOP
from segmentation.errors import WrongCall
from segmentation.intake import Inspection, require
from segmentation.meaning import MEANINGS, Mapping
from segmentation.meaning.mapping import NUMBERS
from segmentation.notation import date_order, decimal_mark
from segmentation.notation.dates import counted_dates
from segmentation.workspace import same_name

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
MENDED = (
    "**Rejected rows of an earlier import**, with the columns of their file. What can be read now is added to the shop "
    "below; orders that they belong to keep their other rows."
)
_HOLDS = {"contacts": "contacts", "campaigns": "past campaigns"}


def doors() -> None:
    """Drop files, or load the sample shop with one click."""
    importing.warm_up()
    have_sample = any(version.name == SAMPLE_SHOP for version in state.versions())
    if not state.versions():
        st.caption("Start with your shop's order export, or look around in an invented shop first.")
    _left_behind()
    grid = st.grid(2, min_column_width=340, gap="small")
    with grid.container(border=True, height="stretch"):
        st.markdown("### :material/upload_file: Drop your export here")
        st.caption(
            "One file or many, of any size: CSV in any encoding, workbooks, archives, Parquet, JSON lines. You see "
            "what was understood before anything is imported."
        )
        known_exports()
        dropped = st.file_uploader(
            "Your shop's exports",
            key=importing.uploader_key(),
            label_visibility="collapsed",
            accept_multiple_files=True,
        )
        if dropped:
            with state.guard(stop=False):
                importing.receive([(file, file.name, file.file_id) for file in dropped])
                st.rerun()
    with grid.container(border=True, height="stretch"):
        st.markdown("### :material/storefront: Explore the sample shop")
        st.caption(
            "An invented shop with 6,000 customers and three years of orders, refunds, guests and discounts. "
            "It is imported exactly like your own file."
        )
        if have_sample:
            st.caption("It is loaded already: choose it under *Shop* on the left.")
        elif st.button("Load the sample shop", key="sample_shop", type="primary", icon=":material/play_arrow:"):
            importing.start_sample()
            st.rerun()


def _left_behind() -> None:
    """Files that this browser dropped and that were not imported: to go on with, or to remove."""
    found = held.left_behind()
    if found is None:
        return
    name, waiting = found
    called = words.plain(words.list_of([name for _, _, name, _ in waiting.files][:3]))
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="left_behind"):
        st.markdown(f":material/history: **{called}** was dropped here and not imported yet.", width="stretch")
        st.button("Go on", key="take_up", type="primary", on_click=resuming.go_on, args=(name,))
        st.button("Remove", key="remove_held", on_click=resuming.remove, args=(name,))


def understood(inspection: Inspection, place: int) -> Understood:
    """One kind of table: what it is, its first rows, what its columns mean, as it was corrected."""
    with st.container(border=True):
        _recognised(inspection)
        preview = st.container()
    if inspection.holds != "orders":
        with preview:
            _first_rows(inspection, inspection.mapping, place)
        return Understood(inspection, inspection.mapping, place, preview)
    with st.container(border=True):
        st.markdown("**What the columns mean**")
        mapping = columns.controls(inspection, place)
        proofs = st.container()
    with preview:
        _first_rows(inspection, mapping, place)
    return Understood(inspection, mapping, place, proofs)


def _recognised(inspection: Inspection) -> None:
    """What the tables are: platform, separator, encoding, header."""
    others = f" and {len(inspection.files) - 1} more with the same columns" if len(inspection.files) > 1 else ""
    st.markdown(f"**{words.plain(inspection.file)}**{words.plain(others)} · {_size(inspection.size)}")
    dialect = inspection.dialect
    parts = [f"columns divided by {_SEPARATORS.get(dialect.separator, 'signs')}"]
    parts.append(f"encoding {_ENCODINGS.get(dialect.encoding, dialect.encoding.upper())}")
    parts.append({0: "no header", 1: "a header in one row"}.get(dialect.header, f"a header in {dialect.header} rows"))
    above = dialect.skip - dialect.header
    if above > 0:
        parts.append(f"{above} {'line' if above == 1 else 'lines'} above it left out")
    said = words.list_of(parts)
    st.caption(f"{said[:1].upper()}{said[1:]}. {len(inspection.headers):,} columns.")
    if inspection.platform is not None:
        holds = f" These are {_HOLDS[inspection.holds]}, not orders." if inspection.holds in _HOLDS else ""
        st.success(
            f"**{words.plain(inspection.platform.name)}**: {words.plain(inspection.platform.about, limit=400)}{holds}",
            icon=":material/verified:",
        )
    joins.lines(inspection.joins, inspection.needs)
    if inspection.mended:
        st.info(MENDED, icon=":material/healing:")
    elif inspection.remembered:
        st.caption(":material/history: The mapping is the one you used for a file with this header before.")


def _first_rows(inspection: Inspection, mapping: Mapping, place: int) -> None:
    """The file's first rows; a column that means something says so in its header."""
    meaning_of: dict[str, list[str]] = {}
    for meaning, header in mapping.columns().items():
        meaning_of.setdefault(header, []).append(MEANINGS[meaning])
    width = len(inspection.headers)
    rows = [[*row[:width], *[""] * (width - len(row))] for row in inspection.first_rows]
    frame = pd.DataFrame(rows, columns=[f"c{i}" for i in range(width)])
    order = sorted(range(width), key=lambda i: inspection.headers[i] not in meaning_of)
    st.dataframe(
        frame,
        hide_index=True,
        key=f"first_rows_{place}",
        column_order=[f"c{i}" for i in order],
        column_config={
            f"c{i}": st.column_config.TextColumn(
                f"{' + '.join(meaning_of[header])} ← {header}" if header in meaning_of else header
            )
            for i, header in enumerate(inspection.headers)
        },
        height="content",
        alt=f"The first rows of {inspection.file}",
    )
    used = len(set(mapping.columns().values()))
    rest = "they stand first, the others are left out" if used < width else "that is all of them"
    st.caption(f"{used} of {width} columns are used: {rest}.{_readings(inspection, mapping)}")


def _readings(inspection: Inspection, mapping: Mapping) -> str:
    """How amounts and dates are written, where the sampled rows prove it."""
    columns = {meaning: header for meaning, header in mapping.columns().items() if header in inspection.headers}
    cells = [
        cell for meaning, header in columns.items() if meaning in NUMBERS for cell in inspection.layout.column(header)
    ]
    days = inspection.layout.column(columns["date"]) if "date" in columns else []
    order = "counted" if counted_dates(days) else date_order(days, latest_year=corrections.today().year + 1).value
    mark = decimal_mark(cells).value
    said = [text for text in (_MARKS.get(mark), {**_ORDERS, "counted": "dates as numbers"}.get(order)) if text]
    return f" They are read as {words.list_of(said)}." if said else ""


def import_controls(waiting: tuple[importing.Upload, ...], orders: list[Decided]) -> None:
    """Which shop the files belong to, and the button that imports them; it imports nothing while a question is open."""
    open_ = [question for one in orders for question in one.open]
    with st.container(border=True):
        name = shop_name()
        drop = st.toggle(
            "Leave out rows that repeat an earlier row exactly",
            key="drop_repeats",
            help="Kept unless you say so: two identical purchases look the same as a copied row.",
            persist_state="session",
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            pressed = st.button(
                "Import", key="import_now", type="primary", icon=":material/download_done:", disabled=name is None
            )
            if open_:
                st.caption(f"{formats.count(len(open_), 'question')} to answer above first.")
    if not pressed or name is None:
        return
    state.forget(importing.PROBLEM)
    for one in orders:
        require(one.inspection, one.mapping)
    if open_:
        questions.still_open(open_)
        return
    importing.start(waiting, name, tuple(one.mapping.to_toml() for one in orders), drop_repeats=drop)
    st.rerun()


def shop_name() -> str | None:
    """Which shop the files belong to; None while the name cannot be used."""
    existing = [version.name for version in state.versions()]
    new = "A new shop"
    choice = new
    wanted = state.recall_value("import_into", new)
    gone = wanted not in (new, *existing)
    if gone:
        state.put("import_into", new)
    if existing:
        choice = st.selectbox(
            "Import into",
            [new, *existing],
            format_func=lambda name: name if name == new else f"Add to “{name}”",
            key="import_into",
            help="Adding the same rows again changes nothing, and orders that changed take their newest state.",
            persist_state="session",
        )
    if gone:
        st.warning(
            f"“{words.plain(wanted)}” is gone: it was deleted meanwhile. Nothing was imported. Say where the files go.",
            icon=":material/warning:",
        )
    if choice in existing and choice != new:
        return choice
    name = st.text_input("Name of the shop", key="dataset_name", persist_state="session") or ""
    try:
        name = same_name(name, state.workspace().names())
    except WrongCall as refusal:
        st.caption(words.plain(f"{refusal.fact} {refusal.next_step}"))
        return None
    if name in existing:
        st.caption(f"There is a shop “{words.plain(name)}” already: choose it above to add to it.")
        return None
    if gone:
        return None
    return name


def _size(bytes_: int) -> str:
    if bytes_ >= 1e9:
        return f"{bytes_ / 1e9:,.2f} GB"
    return f"{bytes_ / 1e6:,.1f} MB" if bytes_ >= 1e5 else f"{bytes_ / 1e3:,.1f} kB"


__all__ = ["doors", "import_controls", "shop_name", "understood"]
