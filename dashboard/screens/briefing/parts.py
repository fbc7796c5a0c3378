"""The parts of the briefing: its sentences, the segment table, moves, plays and the report's download."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.parts import downloads, plays, revenue_change, tables
from dashboard.screens.briefing import report
from segmentation import formats, glossary
from segmentation.analysis import Study
from segmentation.estimates import Unknown
from segmentation.kpis import GroupSales, Overview
from segmentation.profiles import GroupProfile
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


def headline(study: Study, sales: tuple[GroupSales, ...], within: str) -> str:
    """Who brought most of the revenue of the period, and what they bring of all-time revenue."""
    best = max(range(len(sales)), key=lambda place: sales[place].revenue)
    if sales[best].share <= 0:
        return f"No revenue of {within} is of a segment's customers."
    profile, name = study.profiles[best], words.plain(study.segmentation.segments[best].name)
    return (
        f"**{name}** are {formats.percent(profile.share_of_customers)} of customers and brought "
        f"{formats.percent(sales[best].share)} of the revenue of {within} "
        f"({formats.percent(profile.share_of_revenue)} of all-time revenue)."
    )


def in_period(study: Study, sales: tuple[GroupSales, ...]) -> tuple[GroupProfile, ...]:
    """The profiles with the revenue of the period in place of that of all time."""
    return tuple(
        replace(profile, revenue=group.revenue, share_of_revenue=group.share)
        for profile, group in zip(study.profiles, sales, strict=True)
    )


def sentences(version: DatasetVersion, study: Study, overview: Overview, moved: Migration | Unknown) -> list[str]:
    """What changed in the period, in two or three sentences."""
    currency, days = version.manifest.currency, overview.now.period.days
    names = [words.plain(segment.name) for segment in study.segmentation.segments]
    lines = [f"Revenue of the last {days} days: **{words.plain(formats.money(overview.now.revenue, currency))}**."]
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


def segment_table(
    study: Study,
    sales: tuple[GroupSales, ...],
    length: int,
    moved: Migration | Unknown,
    currency: str | None,
    days: int,
) -> None:
    """Size, value and change of every segment, with its download; revenue of the period, `length` days, and of all
    time."""
    within = formats.days(length).replace(formats.SPACE, " ")
    revenue, share, then = f"Revenue, {within}", f"Share, {within}", f"{days} days ago"
    headers = [
        "Segment", "Customers", then, "Change", "Share of customers", revenue, share, "All-time revenue",
        "Share of all-time revenue", "All-time revenue per customer",
    ]  # fmt: skip
    rows = []
    for place, (segment, profile) in enumerate(zip(study.segmentation.segments, study.profiles, strict=True)):
        before = None if isinstance(moved, Unknown) else moved.before[place]
        each = profile.revenue / profile.customers if profile.customers and not profile.few else None
        rows.append(
            (
                segment.name,
                profile.customers,
                before,
                None if before is None else profile.customers - before,
                profile.share_of_customers,
                sales[place].revenue,
                sales[place].share,
                profile.revenue,
                profile.share_of_revenue,
                each,
            )
        )
    shares = ("Share of customers", share, "Share of all-time revenue")
    tables.table(
        tables.in_percent(pd.DataFrame(rows, columns=headers), *shares),
        downloads.csv("segments", headers, rows),
        alt="Every segment with size, value and change",
        key="briefing_segments",
        columns={
            "Customers": tables.count_column("Customers"),
            revenue: tables.money_column(revenue, currency, help=glossary.about("Revenue", "Here of its customers.")),
            "All-time revenue": tables.money_column("All-time revenue", currency),
            "All-time revenue per customer": tables.money_column("All-time revenue per customer", currency),
            **{name: tables.percent_column(name) for name in shares if name != share},
            share: tables.percent_column(share, help=glossary.about("Share of revenue")),
            then: tables.count_column(then, help="Customers of the segment then, by the same rules."),
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
