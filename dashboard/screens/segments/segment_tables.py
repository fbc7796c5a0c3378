"""Tables about segments: typical values, members, and the people picked on the map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import streamlit as st

from dashboard import state
from dashboard.charts import segments as charts
from dashboard.parts import audience, downloads, tables
from dashboard.parts.chart import chart
from segmentation import formats
from segmentation.analysis import Source, Study
from segmentation.customers import CustomerTable, Feature
from segmentation.profiles import GroupProfile
from segmentation.segments import Cut

SHOWN = 500
"""Members listed on the screen; the file holds all of them."""

PLAIN_UNITS = ("share", "orders", "orders a year", "categories", "ratio", "count")
"""Units that a heading need not repeat."""

LISTED = ("recency_days", "orders", "spend", "average_order")


def typical_values(study: Study) -> None:
    """The middle customer of each segment and between which values half of them lie, feature by feature."""
    table, names = study.customers, [segment.name for segment in study.segmentation.segments]
    frame = pd.DataFrame({"Segment": names, "Customers": [profile.customers for profile in study.profiles]})
    config = {"Segment": st.column_config.TextColumn(pinned=True), "Customers": tables.count_column("Customers")}
    for feature in table.features:
        heading = feature.label if feature.unit in PLAIN_UNITS else f"{feature.label}, {_unit(feature, table)}"
        frame[heading] = [_quartiles(profile, feature) for profile in study.profiles]
        config[heading] = st.column_config.TextColumn(heading, help=feature.sentence)
    headers = ["Segment", "Customers", "Feature", "Unit", "Quarter below", "Middle", "Quarter above", "With a value"]
    rows = [
        (name, profile.customers, feature.label, _unit(feature, table), *_numbers(profile, feature.name))
        for name, profile in zip(names, study.profiles, strict=True)
        for feature in table.features
    ]
    tables.table(
        frame,
        downloads.csv("typical-values", headers, rows),
        alt="Typical values of each segment",
        key="typical",
        columns=config,
    )
    st.caption("The middle customer (median); in brackets, between which values half of the segment lies.")


def _unit(feature: Feature, table: CustomerTable) -> str:
    return table.currency or "shop currency" if feature.unit == "money" else feature.unit


def _quartiles(profile: GroupProfile, feature: Feature) -> str:
    """ "20 (9–36)", in the unit the heading says; a share as percent."""
    quartiles = profile.typical.get(feature.name)
    if quartiles is None:
        return formats.NOTHING
    if feature.unit == "share":
        if quartiles.low == quartiles.high:
            return formats.percent(quartiles.median)
        return f"{formats.percent(quartiles.median)} ({formats.percent_interval(quartiles.low, quartiles.high)})"
    low, middle, high = (
        formats.number(value, decimals=_decimals(feature, value))
        for value in (quartiles.low, quartiles.median, quartiles.high)
    )
    return middle if low == high else f"{middle} ({low}–{high})"


def _decimals(feature: Feature, value: float) -> int:
    if feature.unit == "money":
        return 0 if abs(value) >= 100 else 2
    return 0 if abs(value) >= 10 or float(value).is_integer() else 1


def _numbers(profile: GroupProfile, feature: str) -> tuple[float | None, float | None, float | None, int | None]:
    quartiles = profile.typical.get(feature)
    if quartiles is None:
        return None, None, None, None
    return quartiles.low, quartiles.median, quartiles.high, profile.defined.get(feature)


def cuts(table: CustomerTable, lines: Sequence[Cut]) -> None:
    """Which values get which score, under the rules."""
    frame = pd.DataFrame(
        [
            {
                "Measure": table.feature(cut.measure).label,
                "Score": cut.score,
                "From": formats.in_unit(cut.low, table.feature(cut.measure).unit, table.currency),
                "To": formats.in_unit(cut.high, table.feature(cut.measure).unit, table.currency),
                "Customers": cut.customers,
            }
            for cut in lines
        ]
    )
    st.dataframe(
        frame,
        hide_index=True,
        key="cuts",
        height="content",
        alt="Which values get which score",
        column_config={
            "Score": st.column_config.NumberColumn(width="small", alignment="center"),
            "Customers": tables.count_column("Customers"),
        },
    )


def heat_map(study: Study) -> None:
    """How far each segment is from everyone, feature by feature; a sentence where none can be described."""
    if not any(profile.differences for profile in study.profiles):
        st.info(
            "Every segment is too small to be described, so there is nothing to compare yet. Ask for fewer segments, "
            "or import the orders of more customers.",
            icon=":material/info:",
        )
        return
    chart(
        "heat_map",
        "Heat map: how far each segment is from everyone, feature by feature",
        charts.heat_map,
        [segment.name for segment in study.segmentation.segments],
        study.profiles,
        [(feature.name, feature.label) for feature in study.customers.features],
        state.palette(),
    )
    st.caption("0 is like everyone; +1 is one standard deviation above. Brown is below, teal is above.")


def members_of(study: Study) -> None:
    """The customers of a segment to be chosen."""
    names = [segment.name for segment in study.segmentation.segments]
    place = st.selectbox("Segment", range(len(names)), key="members_of", format_func=lambda i: names[i], width=360)
    members_at(study, place if place is not None and place < len(names) else 0, key="members")


def members_at(study: Study, place: int, *, key: str, listed: bool = True) -> None:
    """The customers of the segment at this place, and their file; without the table unless they are `listed`."""
    segmentation = study.segmentation
    members(
        study,
        segmentation.labels == place,
        how=f"Segment “{segmentation.segments[place].name}”",
        stem=f"segment-{segmentation.segments[place].name}",
        key=key,
        height=320 if listed else 0,
    )


def members(study: Study, mask: npt.NDArray[np.bool_], *, how: str, stem: str, key: str, height: int = 320) -> None:
    """The customers where `mask` is true: the biggest spenders on screen, and the list of all to take away. A `height`
    of 0 pixels lists nobody.

    `how` says in words who they are.
    """
    table = study.customers
    rows = np.flatnonzero(mask)
    if height:
        _biggest(table, rows, key=key, height=height)
    source = Source(shop=state.analysis(), customers=table, places=rows, how=how, study=lambda: study)
    identity = f"{table.fingerprint}|{study.segmentation.settings.key}|{how}"
    with st.container(horizontal=True, vertical_alignment="center"):
        audience.take_away(source, stem=stem, key=key, identity=identity)
        if height and len(rows) > SHOWN:
            st.caption(f"The {SHOWN} who spent most are shown; the list holds all.")


def _biggest(table: CustomerTable, rows: npt.NDArray[np.intp], *, key: str, height: int) -> None:
    """The customers of these rows who spent most."""
    first = rows[np.argsort(-np.nan_to_num(table.spend[rows]), kind="stable")[:SHOWN]]
    frame = pd.DataFrame({"Customer": table.ids.take(pa.array(first)).to_pylist()})
    config: dict[str, object] = {}
    for name in LISTED:
        feature = table.feature(name)
        frame[feature.label] = table.raw(name)[first]
        config[feature.label] = (
            tables.money_column(feature.label, table.currency, cents=True)
            if feature.unit == "money"
            else tables.count_column(feature.label, help=feature.sentence)
        )
    st.dataframe(
        frame,
        hide_index=True,
        column_config=config,
        key=f"{key}_table",
        height=height,
        alt=f"{formats.count(len(rows), 'customer')}, by spend",
    )
