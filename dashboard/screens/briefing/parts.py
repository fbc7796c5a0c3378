"""The parts of the briefing: its sentences, the segment table, moves, plays and the report's download."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.parts import downloads, plays, revenue_change, tables
from dashboard.screens.briefing import report
from segmentation import formats
from segmentation.analysis import Study
from segmentation.estimates import Unknown
from segmentation.kpis import Overview
from segmentation.watch import Migration
from segmentation.workspace import DatasetVersion

MOST_MOVES = 5
MOST_PLAYS = 4


def report_button(version: DatasetVersion, study: Study) -> None:
    """One click: the report as a file, made when it is asked for. Its name changes with what it is made from."""
    tables.download_button(
        report.download(version, study),
        key="report",
        label="Download the report",
        kind="primary",
        help="One HTML file with these figures: open it anywhere, print it, take it to a meeting.",
    )


def sentences(
    version: DatasetVersion, study: Study, overview: Overview, moved: Migration | Unknown, days: int
) -> list[str]:
    """What a manager should know, in three or four sentences."""
    currency, profiles = version.manifest.currency, study.profiles
    names = [words.plain(segment.name) for segment in study.segmentation.segments]
    best = max(range(len(profiles)), key=lambda i: profiles[i].revenue)
    share, worth = profiles[best].share_of_customers, profiles[best].share_of_revenue
    people, money = formats.percent(share), formats.percent(worth)
    lines = [f"**{names[best]}** are {people} of customers and bring {money} of the revenue."]
    lines.append(f"Revenue of the last {days} days: **{words.plain(formats.money(overview.now.revenue, currency))}**.")
    change = revenue_change.change_of(overview)
    if change is not None:
        lines.append(revenue_change.spoken(change, currency))
    if isinstance(moved, Unknown):
        return [*lines, words.unknown(moved)]
    if moved.moves(1):
        move = moved.moves(1)[0]
        lines.append(
            f"The largest shift: {formats.count(move.customers, 'customer')} went from **{names[move.source or 0]}** "
            f"to **{names[move.target]}** within {days} days."
        )
    new = sum(moved.new)
    lines.append(f"{formats.count(new, 'customer')} ordered for the first time in these {days} days.")
    return lines


def segment_table(study: Study, moved: Migration | Unknown, currency: str | None, days: int) -> None:
    """Size, value and change of every segment, with its download."""
    headers = [
        "Segment", "Customers", "Share of customers", "Share of revenue", "Revenue", "Revenue per customer",
        f"{days} days ago", "Change",
    ]  # fmt: skip
    rows = []
    for place, (segment, profile) in enumerate(zip(study.segmentation.segments, study.profiles, strict=True)):
        before = None if isinstance(moved, Unknown) else moved.before[place]
        each = profile.revenue / profile.customers if profile.customers and not profile.few else None
        rows.append(
            (
                segment.name,
                profile.customers,
                profile.share_of_customers,
                profile.share_of_revenue,
                profile.revenue,
                each,
                before,
                None if before is None else profile.customers - before,
            )
        )
    tables.table(
        tables.in_percent(pd.DataFrame(rows, columns=headers), "Share of customers", "Share of revenue"),
        downloads.csv("segments", headers, rows),
        alt="Every segment with size, value and change",
        key="briefing_segments",
        columns={
            "Customers": tables.count_column("Customers"),
            "Share of customers": tables.percent_column("Share of customers"),
            "Share of revenue": tables.percent_column(
                "Share of revenue", help="Of the customers' revenue over the whole history; guests are not in it."
            ),
            "Revenue": tables.money_column("Revenue", currency),
            "Revenue per customer": tables.money_column("Revenue per customer", currency),
            headers[6]: tables.count_column(headers[6], help="Customers of the segment then, by the same rules."),
            "Change": st.column_config.NumberColumn("Change", format="%+,d", help="Customers more or fewer."),
        },
    )


def moves(study: Study, moved: Migration) -> None:
    """The largest moves between segments, as sentences."""
    names = [words.plain(segment.name) for segment in study.segmentation.segments]
    found = moved.moves(MOST_MOVES)
    if not found:
        st.caption("Nobody changed segment.")
        return
    st.markdown(
        "\n".join(
            f"- **{formats.number(move.customers)}** from {names[move.source or 0]} to {names[move.target]}"
            for move in found
        )
    )
    st.caption(f"By the same segmentation, {formats.day(moved.then)} against {formats.day(moved.now)}.")


def next_steps(study: Study) -> None:
    """What to do with the segments that bring most revenue."""
    order = sorted(range(len(study.profiles)), key=lambda i: -study.profiles[i].revenue)[:MOST_PLAYS]
    segments, said = study.segmentation.segments, plays.worked_out(study)
    st.markdown("\n".join(f"- **{words.plain(segments[i].name)}**: {words.plain(said[i], limit=400)}" for i in order))
    st.page_link("screens/campaign/campaign.py", label="Plan the campaign", icon=":material/campaign:")
