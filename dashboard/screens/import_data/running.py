"""The parts of the import screen during and after an import: progress, outcome, and the shops there are."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard import problems, state, words
from dashboard.screens.import_data import importing, joins, resuming
from dashboard.screens.import_data import ledger as ledgers
from dashboard.screens.import_data.importing import Outcome, Work
from segmentation import formats
from segmentation.commands import SAMPLE_SHOP
from segmentation.workspace import DatasetVersion


@dataclass(frozen=True, slots=True)
class _Answer:
    """A button that answers what an import has to ask."""

    label: str
    key: str
    icon: str
    help: str
    says: bool


_STATES = (
    _Answer(
        "Take the file's state",
        "orders_replace",
        ":material/published_with_changes:",
        "The stored rows of these orders give way to the file's. An earlier version keeps them.",
        says=True,
    ),
    _Answer(
        "Keep the shop's state",
        "orders_keep",
        ":material/lock:",
        "The file's rows of these orders are left out, all others are added.",
        says=False,
    ),
)
_CUSTOMERS = (
    _Answer(
        "They are the same orders",
        "orders_same",
        ":material/join_inner:",
        "They count once and stay with the shop's customers, whose ids the file's customers take.",
        says=True,
    ),
    _Answer(
        "They are other orders",
        "orders_other",
        ":material/add:",
        "They are added with customers of their own, as those of another shop.",
        says=False,
    ),
)


@st.fragment(run_every="0.4s")
def looking(work: Work) -> None:
    """How far the look at the files is, with a way to stop it."""
    if work.job.finished:
        st.rerun()
    with st.container(border=True):
        st.markdown("**Looking at the files**")
        st.progress(work.job.progress, words.plain(work.job.text))
        st.button("Stop", key="stop_look", icon=":material/close:", on_click=importing.discard)


@st.fragment(run_every="0.4s")
def progress() -> None:
    """How far the import is, with a way to stop it; it goes on when this screen is left."""
    under_way = importing.under_way()
    if under_way is None or under_way.job.finished:
        st.rerun()
    with st.container(border=True):
        st.markdown(f"**Importing {words.plain(under_way.dataset)}**")
        st.progress(under_way.job.progress, words.plain(under_way.job.text))
        st.button("Stop", key="stop_import", icon=":material/close:", on_click=under_way.cancel)


def finished() -> None:
    """Take note of an import that ended; a failure is told in a sentence and the file stays for another try."""
    under_way = importing.under_way()
    if under_way is None or not under_way.job.finished:
        return
    problem = under_way.job.error
    importing.finish()
    if problem is not None:
        state.keep(importing.PROBLEM, problem)
    elif under_way.dataset == SAMPLE_SHOP and not under_way.files:
        state.go_to("segments")
    elif under_way.job.state == "done":
        st.rerun()  # the frame around this screen was drawn for the shop before


def stopped() -> None:
    """On other screens: an import of this visitor was ended with its server, and where to read what became of it."""
    if resuming.was_stopped():
        st.warning(
            "The server was ended in the middle of your import. *Import* says what became of it.",
            icon=":material/power_off:",
        )


def problem() -> None:
    """What went wrong with the last import, until it is tried again."""
    found = state.recall(importing.PROBLEM, None)
    if found is not None:
        problems.show(found)


def changed() -> None:
    """Which state counts of orders that changed since they were imported, or whose orders they are that stand under
    other customers; nothing was imported yet."""
    change = importing.changed()
    if change is None:
        return
    customers = change.about == "customers"
    what = "Other customers have orders of" if customers else "Orders have changed in"
    with st.container(border=True, key="orders_changed"):
        st.markdown(f"**{what} {words.plain(change.dataset)}.** Nothing was imported yet.")
        st.markdown(words.plain(change.fact, limit=400))
        with st.container(horizontal=True):
            for answer in _CUSTOMERS if customers else _STATES:
                st.button(
                    answer.label,
                    key=answer.key,
                    type="primary" if answer.says else "secondary",
                    icon=answer.icon,
                    help=answer.help,
                    on_click=importing.import_anyway,
                    args=(change,),
                    kwargs={"same_orders" if customers else "replace": answer.says},
                )


def outcome(outcome: Outcome) -> None:
    """The ledger of the import that just ended, and where to go on."""
    version = state.workspace().latest(outcome.dataset)
    ledger, currency = outcome.ledger, version.manifest.currency
    listed = [table for table in outcome.tables if table["holds"] not in {"orders", "joined"}]
    for table in listed:
        st.success(
            f"**{words.plain(table['name'])}**: {formats.count(table['rows'], table['holds'][:-1])} added "
            f"({words.plain(table['platform'] or '')}).",
            icon=":material/check_circle:",
        )
    if not ledger.read:
        ledger = None
    elif ledger.loaded:
        st.success(
            f"**{words.plain(outcome.dataset)}**: {formats.count(ledger.loaded, 'row')} imported; the shop now has "
            f"{formats.count(ledger.customers, 'customer')} and {formats.count(ledger.orders, 'order')}, "
            f"{formats.period(ledger.first, ledger.last)}.",
            icon=":material/check_circle:",
        )
    else:
        st.info("Every row of the file was there already: nothing was added.", icon=":material/info:")
    joins.lines(outcome.joins)
    for warning in outcome.warnings:
        st.warning(words.plain(warning, limit=500), icon=":material/warning:")
    _repeats(outcome, version)
    with st.container(horizontal=True, vertical_alignment="center"):
        sales_only = version.manifest.customers == 0
        if not sales_only and st.button(
            "See the segments", key="to_segments", type="primary", icon=":material/bubble_chart:"
        ):
            state.go_to("segments")
        kind = "primary" if sales_only else "secondary"
        if st.button("See the figures", key="to_overview", type=kind, icon=":material/monitoring:"):
            state.go_to("overview")
        st.button("Import another file", key="another_file", icon=":material/add:", on_click=importing.put_away)
    if ledger is not None:
        ledgers.ledger_card(ledger, currency, key="outcome")
        ledgers.open_steps(version, ledger, key="outcome")


def _repeats(outcome: Outcome, version: DatasetVersion) -> None:
    """Offer to leave repeated rows out, where the import can be done again from the start."""
    ledger = outcome.ledger
    kept = ledger.repeated_rows - ledger.dropped_repeats
    there = all(upload.path.exists() for upload in outcome.files)
    if kept <= 0 or not outcome.files or version.number != 1 or not there:
        return
    if st.button(
        f"Import again without {formats.count(kept, 'duplicate row')}",
        key="drop_repeats_now",
        icon=":material/filter_alt:",
    ):
        importing.start(outcome.files, outcome.dataset, outcome.mappings, drop_repeats=True, instead=True)
        st.rerun()
