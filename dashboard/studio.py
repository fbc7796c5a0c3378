"""What the studio and the campaign screen work out and keep: the map of customers, and the baseline of a campaign.

Everything here is cached on content, like in `session`: the customer table, the features, the settings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from dashboard import session, work
from dashboard.charts.canvas import Canvas
from dashboard.charts.customer_map import Marks
from dashboard.job import Job
from segmentation.atlas import Method, StoredMap, inside, pca_map
from segmentation.campaigns import Assumptions, Plan
from segmentation.customers import CustomerTable
from segmentation.engine import DuckEngine
from segmentation.estimates import Unknown
from segmentation.profiles import GroupProfile, describe_selection
from segmentation.proof import Proofs
from segmentation.proving import StoredProofs
from segmentation.study import LookBack, Study, campaign, features_for, look_back
from segmentation.workspace import DatasetVersion, Workspace

MAP_SEED = 0
MAPS_KEPT, SELECTIONS_KEPT, BASELINES_KEPT = 8, 32, 12
PROOFS_KEPT = 64
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
    return _first_map(table.fingerprint, names, table)


@st.cache_resource(max_entries=MAPS_KEPT, show_spinner=False)
def _first_map(
    fingerprint: str,  # noqa: ARG001 - part of the cache key
    names: tuple[str, ...],
    _table: CustomerTable,
) -> Placed:
    coords = pca_map(_table.scaled(names))
    return Placed(_table, names, "pca", coords, Canvas.of(coords))


def finished_map(table: CustomerTable, names: tuple[str, ...]) -> Placed | None:
    """The map that takes seconds (UMAP), from disk; None until it has been computed."""
    stored = _stored(table, names)
    file = stored.folder / f"map-{stored.key}.npy"
    return (
        _finished_map(str(file), file.stat().st_mtime_ns, table.fingerprint, stored, table) if file.exists() else None
    )


@st.cache_resource(max_entries=MAPS_KEPT, show_spinner=False)
def _finished_map(
    file: str,  # noqa: ARG001 - part of the cache key, like `written` and `fingerprint`
    written: int,  # noqa: ARG001
    fingerprint: str,  # noqa: ARG001
    _stored: StoredMap,
    _table: CustomerTable,
) -> Placed | None:
    found = _stored.load(_table.n)
    if found is None:
        return None
    return Placed(_table, _stored.features, found.method, found.coordinates, Canvas.of(found.coordinates), found.reason)


def map_job(table: CustomerTable, names: tuple[str, ...], *, again: bool = False) -> Job | None:
    """The work on the better map, started if nobody has; None on a server without workers."""
    working = work.maps(str(session.workspace().root))
    if working is None:
        return None
    stored = _stored(table, names)
    known = working.get(stored.job)
    if known is not None and not again and known.state != "done":
        return known
    return working.submit(stored.job, "segmentation.atlas.compute_map", again=again, **stored.ask(table.scaled(names)))


def _stored(table: CustomerTable, names: tuple[str, ...]) -> StoredMap:
    return StoredMap(session.workspace().cache(table.plain), names, MAP_SEED)


def marks(table: CustomerTable) -> Marks:
    """What a hover says about the customers painted as marks."""
    return _marks(table.fingerprint, table)


@st.cache_resource(max_entries=MAPS_KEPT, show_spinner=False)
def _marks(fingerprint: str, _table: CustomerTable) -> Marks:  # noqa: ARG001 - part of the cache key
    return Marks.of(_table)


# The proofs -------------------------------------------------------------------------------------------------


def proofs(study: Study, saved: str | None = None) -> Proofs | None:
    """The proofs of this segmentation; None until they have been worked out.

    `saved` is the id of the saved one whose segments everyone was assigned to, "" for none (default: the opened one).
    """
    stored = _stored_proofs(study, saved)
    file = stored.file
    return _kept_proofs(str(file), file.stat().st_mtime_ns, stored) if file.exists() else None


def proofs_job(study: Study, *, again: bool = False) -> Job | None:
    """The work on the proofs, started if nobody has; None on a server without workers.

    What this visitor asked for before and does not look at any more is taken out of the queue.
    """
    working = work.proofs(str(session.workspace().root))
    if working is None:
        return None
    stored = _stored_proofs(study)
    before = working.get(session.recall(ASKED_PROOFS, ""))
    if before is not None and before.key != stored.job and before.state == "waiting":
        before.cancel()
    session.keep(ASKED_PROOFS, stored.job)
    known = working.get(stored.job)
    if known is not None and known.state not in {"done", "cancelled"} and not again:
        return known
    return working.submit(stored.job, work.PROOFS, again=True, **stored.ask())


def sureness(study: Study) -> npt.NDArray[np.uint8] | None:
    """How sure each customer's segment is in percent, shape (n,); None where it is not known."""
    stored = _stored_proofs(study)
    file = stored.sureness_file
    return _kept_sureness(str(file), file.stat().st_mtime_ns, stored) if file.exists() else None


@st.cache_resource(max_entries=PROOFS_KEPT, show_spinner=False)
def _kept_proofs(
    file: str,  # noqa: ARG001 - part of the cache key, like `written`
    written: int,  # noqa: ARG001
    _stored: StoredProofs,
) -> Proofs | None:
    return _stored.load()


@st.cache_resource(max_entries=MAPS_KEPT, show_spinner=False)
def _kept_sureness(
    file: str,  # noqa: ARG001 - part of the cache key, like `written`
    written: int,  # noqa: ARG001
    _stored: StoredProofs,
) -> npt.NDArray[np.uint8] | None:
    return _stored.sureness()


def _stored_proofs(study: Study, saved: str | None = None) -> StoredProofs:
    if saved is None:
        opened = session.saved()
        saved = opened.identity if opened is not None and session.outdated_save(study) else ""
    return StoredProofs.of(session.workspace(), session.needed_version(), study, saved=saved)


# The selection ----------------------------------------------------------------------------------------------


def picked(table: CustomerTable) -> Picked | None:
    """What this visitor picked on the map of these customers, if anything."""
    kept: Picked | None = session.recall(PICKED, None)
    return kept if kept is not None and kept.table == table.fingerprint else None


def pick(place: Placed, polygon: tuple[tuple[float, float], ...]) -> None:
    """Keep a polygon drawn on this map as the selection."""
    session.keep(PICKED, Picked(place.table.fingerprint, place.names, place.method, polygon))


def unpick() -> None:
    """Forget the selection."""
    session.forget(PICKED)


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
    return _picked_customers(one, place or first_map(table, one.names))


@st.cache_resource(max_entries=SELECTIONS_KEPT, show_spinner=False, hash_funcs={Picked: repr})
def _picked_customers(one: Picked, _place: Placed) -> Selection:
    mask = inside(one.polygon, _place.coords)
    return Selection(mask, describe_selection(_place.table, mask))


# The campaign -----------------------------------------------------------------------------------------------


def plan(study: Study, assumptions: Assumptions) -> Plan:
    """The ROI table of this study under these assumptions."""
    return campaign(study, baseline(study.customers, assumptions.window_days), assumptions, session.stated())


def baseline(table: CustomerTable, days: int) -> LookBack | Unknown:
    """What the customers did in the `days` days before the as-of date, kept in memory."""
    root, version = session.workspace().root, session.needed_version()
    return _baseline(str(root), table.fingerprint, days, version, table, session.engine())


@st.cache_resource(max_entries=BASELINES_KEPT, show_spinner="Looking back at what each segment did…")
def _baseline(
    root: str,
    fingerprint: str,  # noqa: ARG001 - part of the cache key
    days: int,
    _version: DatasetVersion,
    _table: CustomerTable,
    _engine: DuckEngine,
) -> LookBack | Unknown:
    return look_back(Workspace.open(root), _engine, _version, _table, days=days)
