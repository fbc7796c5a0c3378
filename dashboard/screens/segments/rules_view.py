"""The segments as rules that a team can rebuild elsewhere, how well they match, and what drives membership."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import state, words
from dashboard.parts import downloads, segment_cards, tables
from segmentation import formats
from segmentation.analysis import Study
from segmentation.customers import Feature
from segmentation.estimates import Estimate, Unknown
from segmentation.explain import Described, Driver, Rules

SHOWN_DRIVERS = 3
SMALLEST_DRIVER = 0.02
LONGEST = 600
_ENDS = ("", ", low", ", high")


def draw(study: Study) -> None:
    """Rules, SQL and drivers; a sentence where there are no rules."""
    rules = state.get(state.analysis().rules(study))
    if isinstance(rules, Unknown):
        st.caption(words.unknown(rules))
    else:
        _rules(study, rules)
        _sql(study, rules)
    _drivers(study)


# The rules --------------------------------------------------------------------------------------------------


def _rules(study: Study, rules: Rules) -> None:
    st.markdown(
        f"**These rules match {formats.percent(rules.agreement.value)} of customers** "
        f":gray[({_interval(rules.agreement)}): they put them in the segment they are in.]"
    )
    palette, segments = state.palette(), study.segmentation.segments
    rows = [
        {
            "Segment": segment_cards.titled(segments[one.segment], palette),
            "Rule": words.plain(_sentence(one), limit=LONGEST),
            "Customers": formats.number(one.customers),
            "It finds": _share(one.recall),
            "Of those it picks, right": _share(one.precision),
        }
        for one in rules.segments
    ]
    st.table(pd.DataFrame(rows), border="horizontal", hide_index=True, alt="The rule of each segment")
    if rules.missing:
        names = words.list_of([words.plain(segments[place].name) for place in rules.missing])
        st.caption(
            f":material/info: No simple rule leads to {names}: those customers differ in too many things at once."
        )
    headers = [
        "Segment",
        "Rule",
        "Customers",
        "Found",
        "Found, low",
        "Found, high",
        "Right",
        "Right, low",
        "Right, high",
    ]
    told = [
        (segments[one.segment].name, one.sentence, one.customers, *_ends(one.recall), *_ends(one.precision))
        for one in rules.segments
    ]
    tables.download_button(downloads.csv("rules", headers, told), key="rules_csv")


def _sentence(one: Described) -> str:
    if not one.sentence:
        return "No simple rule."
    return f"{one.sentence[0].upper()}{one.sentence[1:]}."


def _share(estimate: Estimate | Unknown) -> str:
    """ "93 % (91–95 %)"."""
    if isinstance(estimate, Unknown):
        return formats.NOTHING
    return f"{formats.percent(estimate.value)} ({_interval(estimate)})"


def _interval(estimate: Estimate) -> str:
    if formats.percent(estimate.low) == formats.percent(estimate.high):
        return formats.percent(estimate.low)
    return formats.percent_interval(estimate.low, estimate.high)


def _ends(estimate: Estimate | Unknown) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if isinstance(estimate, Unknown) else (estimate.value, estimate.low, estimate.high)


# SQL --------------------------------------------------------------------------------------------------------


def _sql(study: Study, rules: Rules) -> None:
    st.markdown("**The same as SQL**")
    st.code(rules.sql, language="sql", wrap_lines=True)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            "Put it among the columns of a query over one row per customer, whose columns are named like the features "
            "and are NULL where a customer has no value.",
            width="stretch",
        )
        with st.popover("What the columns mean", icon=":material/menu_book:", type="tertiary"):
            for name in rules.features:
                _meaning(study.customers.feature(name), study.customers.currency)


def _meaning(feature: Feature, currency: str | None) -> None:
    unit = {"money": currency or "shop currency", "share": "a share from 0 to 1"}.get(feature.unit, feature.unit)
    gap = f" NULL: {feature.undefined}" if feature.undefined else ""
    st.markdown(f"`{feature.name}`, {words.plain(unit)}  \n:gray[{words.plain(feature.sentence + gap, limit=400)}]")


# What drives them -------------------------------------------------------------------------------------------


def _drivers(study: Study) -> None:
    palette, table = state.palette(), study.customers
    rows = [
        {
            "Segment": segment_cards.titled(segment, palette),
            "What membership hangs on": " · ".join(_driver(one, table.feature(one.feature)) for one in _told(drivers))
            or ":gray[Nothing stands out.]",
        }
        for segment, drivers in zip(
            study.segmentation.segments, state.get(state.analysis().drivers(study)), strict=True
        )
    ]
    st.markdown("**What drives membership**")
    st.table(pd.DataFrame(rows), border="horizontal", hide_index=True, alt="What drives membership, by segment")
    st.caption(
        "Each feature's share of what separates a segment from everyone else. Features that rise and fall together "
        "share what they say."
    )


def _told(drivers: tuple[Driver, ...]) -> list[Driver]:
    return [one for one in drivers[:SHOWN_DRIVERS] if one.share >= SMALLEST_DRIVER]


def _driver(one: Driver, feature: Feature) -> str:
    side = feature.high if one.direction == "above" else feature.low
    return f"**{words.plain(feature.label)} {formats.percent(one.share)}** :gray[({words.plain(side)})]"
