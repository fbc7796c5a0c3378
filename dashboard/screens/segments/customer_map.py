"""The map in the studio: first PCA, then UMAP as soon as it is there; a lasso or a box picks customers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
import streamlit as st

from dashboard import state, words
from dashboard.charts import confidence
from dashboard.charts import customer_map as charts
from dashboard.charts.base import CONFIG, finished
from dashboard.parts import studio, waiting
from dashboard.parts.studio import Placed
from segmentation import formats
from segmentation.analysis import Study

MAPS_DRAWN = 96
HOW_SURE = "how_sure"
MAP_CONFIG = {
    **CONFIG,
    "modeBarButtonsToRemove": ["zoomIn2d", "zoomOut2d", "autoScale2d"],
    "doubleClick": "reset",
}


def draw(study: Study) -> None:
    """Title, map and, while a better map is being computed, how far it is."""
    names = studio.map_features(study)
    place = studio.shown_map(study)
    sure = studio.confidence(study)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{_title(study)}**", width="content")
        doubt = sure is not None and st.toggle(
            "Segment confidence",
            key=HOW_SURE,
            help="Paint the map by how often a customer stays in the segment when the segments are made again.",
        )
    _plot(study, place, sure if doubt else None)
    _explain(study, place)
    if studio.finished_map(study.customers, names) is None:
        with state.guard(stop=False):  # the map that stands there is good without a better one
            _progress(study, names)


def _title(study: Study) -> str:
    count = len(study.segmentation.segments)
    if count == 1:
        return "One group of customers"
    return f"{formats.count(count, 'segment')} of {formats.number(study.customers.n)} customers"


def _plot(study: Study, place: Placed, sure: npt.NDArray[np.uint8] | None) -> None:
    table, segmentation = study.customers, study.segmentation
    picked = studio.picked(table)
    here = picked is not None and studio.on_shown_map(study, picked)
    outline = picked.polygon if picked and here else ()
    groups = [charts.Group(segment.name, segment.colour) for segment in segmentation.segments]
    palette = state.palette()

    def draw_it() -> go.Figure:
        return charts.customer_map(
            place.canvas,
            place.coords,
            studio.marks(table),
            segmentation.labels,
            groups,
            palette,
            outline=outline,
            currency=table.currency,
            overlay=None if sure is None else _overlay(sure),
        )

    told = (table.fingerprint, table.currency, groups, palette, outline)
    drawn = _drawn(_content(told, place.coords, segmentation.labels, sure), draw_it)
    event = st.plotly_chart(
        drawn,
        key="customer_map",
        theme=None,
        on_select="rerun",
        selection_mode=("lasso", "box"),
        config=MAP_CONFIG,
        alt=f"Map of customers: {_title(study)}, {', '.join(segment.name for segment in segmentation.segments)}",
    )
    polygon = polygon_of(event["selection"])
    if polygon and (picked is None or not here or polygon != picked.polygon):
        studio.pick(place, polygon)
        st.rerun()


def _content(told: tuple[object, ...], *shown: npt.NDArray[np.generic] | None) -> str:
    """What tells a map from every other: all that it is drawn from."""
    digest = hashlib.sha256(repr(told).encode())
    for values in shown:
        digest.update(b"-" if values is None else np.ascontiguousarray(values).data)
    return digest.hexdigest()


@st.cache_resource(max_entries=MAPS_DRAWN, show_spinner=False)
def _drawn(content: str, _draw: Callable[[], go.Figure]) -> go.Figure:  # noqa: ARG001 - part of the cache key
    return finished(_draw())


def _overlay(sure: npt.NDArray[np.uint8]) -> charts.Overlay:
    labels, _ = confidence.bins(sure)
    return charts.Overlay("Comes out in the same segment", labels, confidence.groups(state.palette()))


def polygon_of(selection: Mapping[str, Sequence[Mapping[str, Sequence[float]]]]) -> tuple[tuple[float, float], ...]:
    """The outline of the latest lasso or box in map units; empty where nothing was drawn."""
    for lasso in reversed(selection.get("lasso", ())):
        corners = tuple(zip(map(float, lasso["x"]), map(float, lasso["y"]), strict=False))
        if len(corners) > 2:
            return corners
    for box in reversed(selection.get("box", ())):
        (left, right), (bottom, top) = sorted(map(float, box["x"])), sorted(map(float, box["y"]))
        return (left, bottom), (right, bottom), (right, top), (left, top)
    return ()


def _explain(study: Study, place: Placed) -> None:
    shown = len(studio.marks(study.customers).ids)
    marks = (
        ""
        if shown == study.customers.n
        else f" Every dot is one of {formats.number(shown)} drawn at random; the haze is everyone."
    )
    how = "Close together = behave alike; the directions mean nothing by themselves."
    reason = f" {words.plain(place.reason)}" if place.reason else ""
    st.caption(f"{how}{marks} Draw around customers to see who they are.{reason}")


def _progress(study: Study, names: tuple[str, ...]) -> None:
    job = studio.map_job(names)
    if job is None:
        return
    if job.state in {"failed", "cancelled"}:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(words.plain(job.text, limit=600), width="stretch")
            st.button(
                "Try again",
                key="map_again",
                type="tertiary",
                icon=":material/refresh:",
                on_click=studio.map_job,
                args=(names,),
                kwargs={"again": True},
            )
        return
    st.fragment(_watch, run_every=waiting.pause())(study, names)


def _watch(study: Study, names: tuple[str, ...]) -> None:
    """Follow the job; draw the page anew when it ended."""
    # Looked for first: asking for the job of a map that is there would start it again.
    if studio.finished_map(study.customers, names) is not None:
        st.rerun()
    job = studio.map_job(names)
    if job is None or job.finished:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.progress(job.progress, text=f"A better map (UMAP) is on its way: {words.plain(job.text)}")
        st.button("Cancel", key="map_cancel", type="tertiary", icon=":material/close:", on_click=job.cancel)
