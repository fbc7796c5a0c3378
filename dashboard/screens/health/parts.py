"""The parts of Data health: the verdict in a line, a card per gate, what stands out, columns, unusual orders."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.parts import downloads, tables
from segmentation import formats, glossary
from segmentation.estimates import Unknown
from segmentation.health import CONTACT_COLUMNS, ENOUGH, NOT_POSSIBLE, THIN, VERDICTS, Finding, Gate, Health, Outliers

BADGES = {
    ENOUGH: ("Enough", ":material/check_circle:", "green"),
    THIN: ("Thin", ":material/warning:", "orange"),
    NOT_POSSIBLE: ("Not possible", ":material/block:", "red"),
}
WORST_FIRST = (NOT_POSSIBLE, THIN, ENOUGH)
OF_CUSTOMERS = tuple(name for name, _, _ in CONTACT_COLUMNS)


def verdict(gates: tuple[Gate, ...]) -> str:
    """The whole in a sentence, as Markdown."""
    count = {verdict: sum(gate.verdict == verdict for gate in gates) for verdict in VERDICTS}
    total = len(gates)
    if count[ENOUGH] == total:
        return f"**All {total} analyses available.**"
    parts = [
        f"{count[which]} {'is' if count[which] == 1 else 'are'} {which}"
        for which in (THIN, NOT_POSSIBLE)
        if count[which]
    ]
    return f"**{count[ENOUGH]} of {total} analyses available;** {words.list_of(parts)}."


def facts(health: Health) -> None:
    """The figures everybody asks for first."""
    repeat = health.repeat_customers / health.customers if health.customers else None
    guests = health.guest_orders / health.orders if health.orders else None
    outliers = health.outliers
    cards = (
        ("History", formats.days(health.days), formats.period(health.first, health.last)),
        ("Orders", formats.number(health.orders), f"{formats.compact_money(health.sold, health.currency)} sold"),
        ("Customers", formats.number(health.customers), f"{formats.number(health.recent_buyers)} in the last 30 days"),
        ("Repeat rate", formats.percent(repeat), "of customers ordered again"),
        ("Guest orders", formats.percent(guests), "of orders name nobody"),
        (
            "Typical order",
            formats.NOTHING if isinstance(outliers, Unknown) else formats.money(outliers.typical, health.currency),
            "half of all orders are below",
        ),
    )
    with st.grid(6, min_column_width=150, gap="small"):
        for label, value, about in cards:
            with st.container(border=True, height="stretch", gap="xsmall"):
                st.metric(label, value, help=glossary.about(label) if label in glossary.TERMS else None)
                st.caption(about)


def gate_cards(gates: tuple[Gate, ...]) -> None:
    """A card per analysis, those that need something first."""
    with st.grid(3, min_column_width=300, gap="small"):
        for gate in sorted(gates, key=lambda gate: WORST_FIRST.index(gate.verdict)):
            with st.container(border=True, height="stretch", gap="xsmall"):
                _gate(gate)


def _gate(gate: Gate) -> None:
    name, icon, colour = BADGES[gate.verdict]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="top", gap="small"):
        st.markdown(f"**{words.plain(gate.name)}**", width="content")
        st.badge(name, icon=icon, color=colour)
    st.markdown(words.plain(gate.evidence, limit=400))
    if gate.costs:
        st.markdown(words.plain(gate.costs, limit=400))
        st.markdown(f":material/upload_file: {words.plain(gate.next_step, limit=400)}")
    st.space("stretch")
    st.caption(f"{words.plain(gate.screen)} · needs: {words.plain(_lower(gate.threshold), limit=300)}")


def gates_download(name: str, gates: tuple[Gate, ...]) -> None:
    """The readiness check as a file."""
    headers = ("Analysis", "Screen", "Verdict", "Threshold", "Evidence", "What it costs", "Next step")
    rows = [
        (gate.name, gate.screen, gate.verdict, gate.threshold, gate.evidence, gate.costs, gate.next_step)
        for gate in gates
    ]
    tables.download_button(
        downloads.csv(f"data-health-{name}", headers, rows), key="health_csv", label="Download this check as CSV"
    )


def findings(findings: tuple[Finding, ...]) -> None:
    """What is worth a look, a line each."""
    if not findings:
        st.markdown("Nothing stands out: no gaps, no stray refunds, no orders far above the others.")
        return
    st.markdown(
        "\n".join(f"- **{words.plain(one.title)}.** {words.plain(one.sentence, limit=700)}" for one in findings)
    )


def columns(health: Health) -> None:
    """How full each column is, and what it is good for."""
    headers = ("Column", "Filled", "Of", "Unit", "What it is good for")
    rows = [
        (one.label, one.filled, one.of, "customers" if one.column in OF_CUSTOMERS else "lines", one.unlocks)
        for one in health.columns
    ]
    frame = pd.DataFrame(
        [(label, 100 * filled / of if of else 0.0, unit, unlocks) for label, filled, of, unit, unlocks in rows],
        columns=["Column", "Filled", "Of", "What it is good for"],
    )
    tables.table(
        frame,
        downloads.csv("columns", headers, rows),
        alt="How full each column is, and what it is good for",
        key="health_columns",
        columns={
            "Column": st.column_config.TextColumn(width="small"),
            "Filled": st.column_config.ProgressColumn(format="%.0f %%", min_value=0, max_value=100, width="small"),
            "Of": st.column_config.TextColumn(width="small"),
            "What it is good for": st.column_config.TextColumn(width="large"),
        },
        height="content",
    )


def large_orders(outliers: Outliers, currency: str | None) -> None:
    """The largest of the unusual orders."""
    headers = ("Order", "Customer", "Date", "Sold", "Pieces")
    rows = [(one.order, one.customer, one.day, one.sold, one.pieces) for one in outliers.largest]
    frame = pd.DataFrame(rows, columns=list(headers))
    frame["Sold"], frame["Pieces"] = frame["Sold"].astype(float), frame["Pieces"].astype(float)
    tables.table(
        frame,
        downloads.csv("large-orders", headers, rows, content="orders"),
        alt="The largest of the unusual orders",
        key="health_large",
        columns={
            "Date": tables.date_column("Date"),
            "Sold": tables.money_column("Sold", currency, cents=True),
            "Pieces": tables.count_column("Pieces"),
        },
    )


def _lower(text: str) -> str:
    return text if text[:1].isdigit() else text[:1].lower() + text[1:]
