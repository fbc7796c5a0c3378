"""What the studio shows of an answer: the map of customers ready to be drawn, its proofs, and who was picked on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard import state
from dashboard.charts.canvas import Canvas
from dashboard.charts.customer_map import Marks
from segmentation.analysis import MEMORY, Answer, Study, features_for
from segmentation.atlas import Map, Method, inside, pca_map
from segmentation.customers import CustomerTable
from segmentation.jobs import Job
from segmentation.profiles import GroupProfile, describe_selection
from segmentation.proof import Proofs

MAPS_HELD, SELECTIONS_HELD = 8, 32
PICKED, ASKED_PROOFS = "picked", "asked_proofs"


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A map ready to be drawn. `reason` says why it is PCA where UMAP was asked for, "" otherwise."""

    table: CustomerTable
    names: tuple[str, ...]
    method: Method
    coords: npt.NDArray[np.float32]
    canvas: Canvas
    reason: str = ""

    @classmethod
    def of(cls, table: CustomerTable, names: tuple[str, ...], placed: Map) -> Placed:
        coords = placed.coordinates
        return cls(table, names, placed.method, coords, Canvas.of(coords), placed.reason)


@dataclass(frozen=True, slots=True)
class Picked:
    """A selection as somebody drew it: a polygon on the map of these features by this method."""

    table: str
    names: tuple[str, ...]
    method: Method
    polygon: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Who was picked: `mask` bool (n,) over everyone, and their profile beside everyone's."""

    mask: npt.NDArray[np.bool_]
    profile: GroupProfile


# The map ----------------------------------------------------------------------------------------------------


def map_features(study: Study) -> tuple[str, ...]:
    """The features the map places customers by: those of the segmentation."""
    return features_for(study.customers, study.settings)


def first_map(table: CustomerTable, names: tuple[str, ...]) -> Placed:
    """The map that is there at once (PCA)."""
    placed: Placed = MEMORY.once(
        "first map",
        (table.fingerprint, names),
        lambda: Placed.of(table, names, Map(pca_map(table.scaled(names)), "pca")),
        most=MAPS_HELD,
    )
    return placed


def finished_map(table: CustomerTable, names: tuple[str, ...]) -> Placed | None:
    """The map that takes seconds (UMAP); None until it has been computed."""
    map_ = _map(names).peek()
    if map_ is None or map_.customers != table.n:
        return None
    key = (table.fingerprint, names, id(map_.coordinates))
    placed: Placed = MEMORY.once("map ready", key, lambda: Placed.of(table, names, map_), most=MAPS_HELD)
    return placed


def map_job(names: tuple[str, ...], *, again: bool = False) -> Job | None:
    """The work on the better map, begun where it was not; None on a server without workers."""
    return state.ask(_map(names), again=again)


def _map(names: tuple[str, ...]) -> Answer[Any, Map]:
    return state.analysis().map(names)


def marks(table: CustomerTable) -> Marks:
    """What a hover says about the customers painted as marks."""
    painted: Marks = MEMORY.once("marks", table.fingerprint, lambda: Marks.of(table), most=MAPS_HELD)
    return painted


# The proofs -------------------------------------------------------------------------------------------------


def proofs(study: Study) -> Proofs | None:
    """The proofs of this segmentation; None until they have been worked out."""
    proved = state.analysis().proofs(study).peek()
    return None if proved is None else proved.proofs


def proofs_job(study: Study, *, again: bool = False) -> Job | None:
    """The work on the proofs, begun where it was not; None on a server without workers.

    What this visitor asked for before, does not look at any more and nobody is at yet, is taken back.
    """
    answer = state.analysis().proofs(study)
    jobs = state.workers_for(answer)
    if jobs is None:
        return None
    before = state.recall(ASKED_PROOFS, "")
    if before != answer.job:
        jobs.withdraw(before)
        state.keep(ASKED_PROOFS, answer.job)
    return answer.ask(jobs, again=again)


def confidence(study: Study) -> npt.NDArray[np.uint8] | None:
    """How sure each customer's segment is in percent, shape (n,); None where it is not known."""
    proved = state.analysis().proofs(study).peek()
    return None if proved is None else proved.confidence


# The selection ----------------------------------------------------------------------------------------------


def picked(table: CustomerTable) -> Picked | None:
    """What this visitor picked on the map of these customers, if anything."""
    chosen: Picked | None = state.recall(PICKED, None)
    return chosen if chosen is not None and chosen.table == table.fingerprint else None


def pick(place: Placed, polygon: tuple[tuple[float, float], ...]) -> None:
    """Keep a polygon drawn on this map as the selection."""
    state.keep(PICKED, Picked(place.table.fingerprint, place.names, place.method, polygon))


def unpick() -> None:
    """Forget the selection."""
    state.forget(PICKED)


def shown_map(study: Study) -> Placed:
    """The best map there is for this study now."""
    names = map_features(study)
    return finished_map(study.customers, names) or first_map(study.customers, names)


def on_shown_map(study: Study, one: Picked) -> bool:
    """Whether a polygon was drawn on the map that is shown, so that it can be drawn again."""
    place = shown_map(study)
    return (one.names, one.method) == (place.names, place.method)


def picked_customers(table: CustomerTable, one: Picked) -> Selection:
    """Who is inside the polygon, over everyone, and what sets them apart."""
    place = first_map(table, one.names) if one.method == "pca" else finished_map(table, one.names)
    place = place or first_map(table, one.names)
    selection: Selection = MEMORY.once("selection", one, lambda: _picked(one, place), most=SELECTIONS_HELD)
    return selection


def _picked(one: Picked, place: Placed) -> Selection:
    mask = inside(one.polygon, place.coords)
    return Selection(mask, describe_selection(place.table, mask))
