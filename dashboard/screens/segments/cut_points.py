"""The cut points of the RFM scores: a histogram for each measure, and sliders to move its cut points."""

from __future__ import annotations

from typing import Literal

import numpy as np
import streamlit as st

from dashboard import state, words
from dashboard.charts import cuts as charts
from dashboard.parts.chart import chart
from dashboard.screens.segments import segment_tables
from segmentation import formats
from segmentation.analysis import Study
from segmentation.customers import UNDEFINED, CustomerTable, Feature, FloatArray
from segmentation.segments import MEASURES, Bands, Cut, RfmModel
from segmentation.segments.bands import Measure
from segmentation.segments.presets import RfmPreset

ABSOLUTE, RELATIVE = "absolute", "relative"
LOWEST_PERCENT, HIGHEST_PERCENT = 0.1, 99.9
BIGGEST = 1e9
LONG_TAIL = 20
"""From this many orders of one customer on, the axis of orders is logarithmic."""

Ends = tuple[float, ...]


def draw(study: Study) -> None:
    """Histograms and sliders for recency, orders and spend; nothing where the segments have no scores."""
    model, table = study.segmentation.model, study.customers
    if not isinstance(model, RfmModel):
        return
    own = {bands.measure: bands for bands in study.segmentation.settings.rfm_cuts}
    lines = state.get(state.analysis().cuts(study))
    grid = st.grid(len(MEASURES), min_column_width=300, gap="medium")
    for measure in MEASURES:
        with grid.container(gap="xsmall", key=f"cuts_of_{measure}"):
            _measure(table, model, measure, own.get(measure))
            _sizes([line for line in lines if line.measure == measure], model.preset, table.n)
    st.caption("Customers with equal values always share a score, so a score can hold more or fewer than asked for.")
    segment_tables.cuts(table, lines)


# One measure ------------------------------------------------------------------------------------------------


def _measure(table: CustomerTable, model: RfmModel, measure: Measure, own: Bands | None) -> None:
    feature, limits = table.feature(measure), last_values(model, measure)
    shown = own or usual(model.preset, measure)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{feature.label}**", width="stretch")
        st.button(
            f"As {words.PRESETS[model.preset.name]} has it",
            key=f"cuts_usual_{measure}",
            icon=":material/undo:",
            type="tertiary",
            disabled=own is None,
            on_click=_write,
            args=(measure, None),
        )
    _histogram(table, feature, limits)
    absolute = {"money": "In money"}.get(feature.unit, f"In {feature.unit}")
    state.put(_key(measure, "by"), RELATIVE if shown.relative else ABSOLUTE)
    st.segmented_control(
        f"Cut {feature.label.lower()}",
        [ABSOLUTE, RELATIVE],
        required=True,
        key=_key(measure, "by"),
        format_func=lambda name: "In percent of customers" if name == RELATIVE else absolute,
        label_visibility="collapsed",
        on_change=_other_kind,
        args=(table, measure, limits),
    )
    _fields(table, feature, model.preset, shown)


def _histogram(table: CustomerTable, feature: Feature, limits: Ends) -> None:
    codes, levels = table.codes(feature.name), table.levels(feature.name)
    log = feature.unit == "money" or (feature.unit == "orders" and levels.size > 0 and levels[-1] >= LONG_TAIL)
    chart(
        f"cuts_chart_{feature.name}",
        f"Histogram: customers by {feature.label.lower()}, with the cut points of its scores",
        charts.histogram,
        levels,
        np.bincount(codes[codes != UNDEFINED], minlength=levels.size),
        [min(max(end, -BIGGEST), BIGGEST) for end in limits],
        state.palette(),
        unit=feature.unit,
        currency=table.currency,
        label=feature.label,
        log=log,
    )


def _fields(table: CustomerTable, feature: Feature, preset: RfmPreset, shown: Bands) -> None:
    """A slider for each cut point; a field for typing where money leaves a slider too coarse."""
    dragged = shown.relative or feature.unit != "money"
    with st.grid(2 if dragged else len(shown.ends), min_column_width=120 if dragged else 86, gap="xsmall"):
        for i, end in enumerate(shown.ends):
            score = score_of(shown, preset, i)
            key = _key(shown.measure, f"{'p' if shown.relative else 'a'}{i}")
            hint = _band_help(feature, shown, score) if i == 0 else None
            moving = {"key": key, "help": hint, "on_change": _moved, "args": (shown, i, key)}
            if shown.relative:
                state.put(key, min(max(round(end, 1), LOWEST_PERCENT), HIGHEST_PERCENT))
                label = f"{score} up to, %"
                st.slider(label, LOWEST_PERCENT, HIGHEST_PERCENT, step=0.1, format="%.4g", **moving)
            elif dragged:
                levels = table.levels(feature.name)
                top = max(int(levels[-1]) if levels.size else 1, int(min(shown.ends[-1], BIGGEST)), 1)
                state.put(key, min(max(round(end), 0), top))
                st.slider(f"{score} up to, {feature.unit}", 0, top, step=1, **moving)
            else:
                state.put(key, float(min(max(end, 0.0), BIGGEST)))
                st.number_input(f"{score} up to", 0.0, BIGGEST, step=1.0, format="%.10g", **moving)


def _band_help(feature: Feature, shown: Bands, score: int) -> str:
    if shown.relative:
        worst = {"recency_days": "ordered longest ago", "orders": "ordered least often"}.get(
            feature.name, "spent least"
        )
        return f"So many percent of the customers, those who {worst}, get score {score}; the next one adds score 2."
    return f"Customers up to this value, itself included, get score {score}. It never passes its neighbours."


def _sizes(lines: list[Cut], preset: RfmPreset, customers: int) -> None:
    """How many customers each score has, the best first."""
    held = {line.score: line.customers for line in lines}
    parts = [
        f"**{score}**: {formats.number(held.get(score, 0))} ({formats.percent(held.get(score, 0) / customers)})"
        for score in range(preset.highest, 0, -1)
    ]
    st.caption(f"Customers by score: {' · '.join(parts)}")


# Arithmetic of cut points -----------------------------------------------------------------------------------


def usual(preset: RfmPreset, measure: Measure) -> Bands:
    """The cut points a preset has by itself."""
    if measure == "recency_days" and preset.recency_days:
        return Bands(measure, tuple(sorted(preset.recency_days)))
    return Bands(measure, tuple(100 * i / preset.highest for i in range(1, preset.highest)), relative=True)


def score_of(bands: Bands, preset: RfmPreset, place: int) -> int:
    """The score of those up to the cut point at this place: few days score high, everything else low."""
    return preset.highest - place if bands.measure == "recency_days" and not bands.relative else place + 1


def last_values(model: RfmModel, measure: Measure) -> Ends:
    """The cut points of a measure in its own unit, ascending, each the last value of its band; infinite where nobody
    lies beyond."""
    found = model.boundaries[MEASURES.index(measure)]
    if measure != "recency_days":
        return tuple(float(value) for value in found)
    days = [-float(value) for value in reversed(found)]
    return tuple(float(np.ceil(value)) - 1 if np.isfinite(value) else value for value in days)


def moved(ends: Ends, place: int, value: float) -> Ends:
    """The cut points with one of them elsewhere; neighbours it would pass are pushed along."""
    return tuple(
        value if i == place else min(end, value) if i < place else max(end, value) for i, end in enumerate(ends)
    )


def absolute(table: CustomerTable, measure: Measure, limits: Ends) -> Bands:
    """Cut points in the measure's unit that give the scores there are now."""
    levels = table.levels(measure)
    top = float(max(levels[-1], 0.0)) if levels.size else 0.0
    return Bands(measure, tuple(round(min(max(end, 0.0), top), 4) for end in limits))


def relative(table: CustomerTable, measure: Measure, limits: Ends) -> Bands:
    """Cut points in percent of the customers that give nearly the scores there are now.

    Rounded down to a tenth: a share a little too large would take in everyone who has the next value.
    """
    values = table.raw(measure)
    shares = [_worse(values, end, measure) for end in (limits[::-1] if measure == "recency_days" else limits)]
    return Bands(measure, tuple(min(max(_tenths(share), LOWEST_PERCENT), HIGHEST_PERCENT) for share in shares), True)


def _tenths(share: float) -> float:
    return float(np.floor(share * 10 + 1e-9)) / 10


def _worse(values: FloatArray, end: float, measure: Measure) -> float:
    """Percent of the customers on the worse side of a cut point; undefined is the worst."""
    worse = ~(values <= end) if measure == "recency_days" else ~(values > end)
    return 100 * float(np.count_nonzero(worse)) / max(len(values), 1)


# Changes ----------------------------------------------------------------------------------------------------


def _key(measure: str, part: str) -> str:
    return f"cut_{part}_{measure}"


def _moved(shown: Bands, place: int, key: str) -> None:
    typed = state.recall_value(key, None)
    if typed is not None:
        _write(shown.measure, Bands(shown.measure, moved(shown.ends, place, float(typed)), shown.relative))


def _other_kind(table: CustomerTable, measure: Measure, limits: Ends) -> None:
    kind: Literal["absolute", "relative"] = state.recall_value(_key(measure, "by"), RELATIVE)
    _write(measure, (absolute if kind == ABSOLUTE else relative)(table, measure, limits))


def _write(measure: Measure, bands: Bands | None) -> None:
    """Keep these cut points of a measure; None takes the preset's own again."""
    others = {one.measure: one for one in state.settings().rfm_cuts if one.measure != measure}
    if bands is not None:
        others[measure] = bands
    state.retuned()
    text = "-".join(others[name].text for name in MEASURES if name in others)
    state.put(state.CUTS, text) if text else state.reset(state.CUTS)
