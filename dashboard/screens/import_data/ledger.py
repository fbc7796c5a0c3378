"""An import's ledger: what the file held, what became of every row and cent, and a way to open each step."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from dashboard import state, words
from dashboard.charts import ledger as charts
from dashboard.parts import downloads, tables
from dashboard.parts.chart import chart
from dashboard.screens.import_data.rejected import rejected_rows
from segmentation import formats
from segmentation.intake import EXCLUSIONS, Ledger
from segmentation.workspace import DatasetVersion

MOST_SHOWN = 500
MOST_OPENED = 5000
ALL_REJECTED = "rejected"
_NOT_COUNTED: dict[str, tuple[str | None, str | None]] = {
    "cancelled": ("cancelled", None),
    "refunded": (None, "refund"),
    "test_order": ("test", None),
    "gift_card": ("gift_card", "gift_sales"),
    "fee": ("fee", None),
    "shipping": ("shipping", "shipping"),
    "tax": ("tax", "tax"),
    "refunded_beside": (None, "refund"),
}
"""The kind and part of the lines behind a step of the ledger."""


def ledger_card(ledger: Ledger, currency: str | None, *, key: str) -> None:
    """Both waterfalls and the table that adds up."""
    palette = state.palette()
    with st.grid(2, min_column_width=360, gap="small"):
        with st.container(border=True, height="stretch"):
            st.markdown("**Rows, from the file to what was imported**")
            chart(
                f"{key}_rows",
                f"{ledger.read:,} rows in the file, {ledger.loaded:,} imported",
                charts.rows_waterfall,
                ledger,
                palette,
            )
        with st.container(border=True, height="stretch"):
            st.markdown("**Revenue, from the file to what was kept**")
            chart(
                f"{key}_revenue",
                f"Revenue {ledger.revenue_file:,.2f} in the file, {ledger.revenue_kept:,.2f} kept",
                charts.revenue_waterfall,
                ledger,
                currency,
                palette,
            )
    with st.container(border=True):
        _table(ledger, currency, key)
        st.caption(_sum(ledger, currency))


def _table(ledger: Ledger, currency: str | None, key: str) -> None:
    headers = ["Step", "Rows", "Revenue", "Why"]
    rows = [(step.label, step.rows, step.revenue, EXCLUSIONS.get(step.key, "")) for step in charts.steps(ledger)]
    frame = pd.DataFrame(
        [(label, count, None if money is None else float(money), why) for label, count, money, why in rows],
        columns=headers,
    )
    tables.table(
        frame,
        downloads.csv(f"ledger-{ledger.dataset}", headers, rows),
        alt="The ledger: rows and revenue, step by step",
        key=f"{key}_table",
        columns={
            "Rows": tables.count_column("Rows"),
            "Revenue": tables.money_column("Revenue", currency, cents=True),
            "Why": st.column_config.TextColumn("Why", width="large"),
        },
        height="content",
    )


def _sum(ledger: Ledger, currency: str | None) -> str:
    aside = sum(ledger.set_aside.values())
    excluded = sum(ledger.excluded.values(), Decimal(0))
    stored = f"{ledger.kept_as_stored:,} kept as stored + " if ledger.kept_as_stored else ""
    money = [formats.money(amount, currency, cents=True) for amount in (ledger.revenue_file, ledger.revenue_kept)]
    return words.plain(
        f"It adds up: {ledger.read:,} rows read = {ledger.loaded:,} imported + {ledger.already_present:,} already "
        f"there + {stored}{ledger.dropped_repeats:,} duplicates dropped + {aside:,} rejected; {money[0]} in the file = "
        f"{money[1]} kept + {formats.money(excluded, currency, cents=True)} excluded.",
        limit=600,
    )


def open_steps(version: DatasetVersion, ledger: Ledger, *, key: str) -> None:
    """Look at the rows behind a step: set aside, not counted, met again."""
    choices = [ALL_REJECTED] if len(ledger.set_aside) > 1 else []
    choices += ledger.set_aside
    choices += [reason for reason in _NOT_COUNTED if reason in ledger.excluded]
    if ledger.already_present and version.passed:
        choices.append("already_present")
    if ledger.kept_as_stored and version.passed:
        choices.append("kept_as_stored")
    if ledger.repeated_rows:
        choices.append("repeated_row")
    if not choices:
        st.caption("Every row of the file was imported.")
        return
    reason = st.selectbox(
        "Open the rows of a step",
        [None, *choices],
        format_func=_step,
        placeholder=_step(None),
        key=f"{key}_open",
        width=320,
    )
    if reason is None:
        return
    if reason in EXCLUSIONS:
        st.caption(EXCLUSIONS[reason])
    if reason in ledger.set_aside or reason == ALL_REJECTED:
        rejected_rows(version, None if reason == ALL_REJECTED else reason, key=key)
        return
    found = _rows_behind(version, reason)
    shown = found.slice(0, MOST_SHOWN)
    if found.num_rows > shown.num_rows:
        st.caption(f"The first {shown.num_rows:,} of {found.num_rows:,} rows; the download has them all.")
    tables.table(
        pd.DataFrame(shown.to_pylist(), columns=shown.column_names),
        downloads.arrow(f"{reason}-{version.name}", found, content="orders"),
        alt=f"The rows of the step {charts.label(reason)}",
        key=f"{key}_opened",
    )


def _step(reason: str | None) -> str:
    if reason is None:
        return "Choose a step"
    return "All rejected rows" if reason == ALL_REJECTED else charts.label(reason)


def _rows_behind(version: DatasetVersion, reason: str) -> pa.Table:
    with state.engine().reading(version) as run:
        if reason in _NOT_COUNTED:
            kind, part = _NOT_COUNTED[reason]
            found = run.query("import_not_counted", kind=kind, part=part, most=MOST_OPENED)
            return _refunds(found, listed=reason == "refunded_beside") if part == "refund" else found
        if reason in {"already_present", "kept_as_stored"} or (reason == "repeated_row" and version.passed):
            return run.query("import_passed", reason=reason, most=MOST_OPENED)
        return run.query("import_repeats", most=MOST_OPENED)


def _refunds(rows: pa.Table, *, listed: bool) -> pa.Table:
    """Of what was paid back: the amounts that the file lists, or those of sales that its words say were paid back."""
    named = pc.not_equal(rows["listed_amount"], 0)
    return rows.filter(named if listed else pc.invert(named))
