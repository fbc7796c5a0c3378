"""Segments and the recommended number for the current settings, kept in memory by content."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard import words, work
from dashboard.job import Job
from dashboard.session import kept, people, shop, state, tuning
from segmentation.customers import CustomerTable
from segmentation.errors import CallError, DataError, FeatureUnavailable
from segmentation.proof import Recommendation
from segmentation.proving import StoredNumber
from segmentation.segments import Segmentation, SegmentSettings, thaw
from segmentation.study import Study, StudySettings, features_for, resolve, run
from segmentation.workspace import Saved, Shelf

STUDIES_KEPT = 48
PATIENT, LONGEST_WAIT = "patient", 180.0
"""Whether a screen waits for the recommended number, and for how many seconds; the studio goes on without it."""


def study() -> Study:
    """Segments and profiles of the current shop under the current settings.

    Unless the settings name another anchor, segments keep the names and colours they have in the standard
    segmentation (recommended number, usual features), so that they stay recognisable while being tuned. A saved
    segmentation that was not changed is shown as it was saved: with customers who came later, nothing is fitted again.
    """
    table, chosen = _asked()
    missing = [name for name in tuning.settings().scores if name not in table.scores]
    if missing:
        st.warning(people.left_out(table, missing), icon=":material/block:")
    saved = tuning.saved()
    if saved is not None and _is(saved, table, chosen) and is_outdated(saved):
        return saved_study(saved.identity)
    try:
        return standard() if chosen == StudySettings() else _tuned(table, chosen)
    except (CallError, FeatureUnavailable) as problem:
        if not chosen.edits.pins:
            raise
        st.warning(f"What was pinned is left out. {words.error(problem)}", icon=":material/push_pin:")
        return _tuned(table, replace(chosen, edits=replace(chosen.edits, pins=())))


def standard() -> Study:
    """The segmentation nobody tuned: the recommended number, the usual features."""
    table, usual = people.customers(), StudySettings()
    return _study(*_place(table), usual, _number(table, usual), table, None, shop.shelf())


def saved_study(identity: str) -> Study:
    """A saved segmentation over the customers shown: as it was made, or its segments with everyone assigned.

    Raises SegmentationNotFound, FeatureUnavailable.
    """
    saved = shop.shelf().get(identity)
    chosen = StudySettings.of(SegmentSettings.from_key(saved.key))
    table = people.customers(also=chosen.scores)
    if not is_outdated(saved):
        return _tuned(table, chosen)
    return _assigned(identity, table.fingerprint, saved, chosen, table, shop.shelf())


def _asked() -> tuple[CustomerTable, StudySettings]:
    """The customers and the settings, without scores that these customers cannot have."""
    table, chosen = people.customers(), tuning.settings()
    missing = [name for name in chosen.scores if name not in table.scores]
    return table, chosen.without_scores(missing) if missing else chosen


def _tuned(table: CustomerTable, chosen: StudySettings) -> Study:
    number = _number(table, chosen)
    if chosen.anchor is not None:
        return _study(*_place(table), chosen, number, table, None, shop.shelf())
    usual = standard().segmentation
    chosen = replace(chosen, anchor=usual.settings.key)
    return _study(*_place(table), chosen, number, table, usual, shop.shelf())


def advice() -> Recommendation | None:
    """The recommended number of segments for the chosen features; None while it is being worked out."""
    return _number(*_asked())


def ask_again() -> None:
    """Work the recommended number out once more, after it failed."""
    stored, pool = _stored(*_asked()), work.proofs(str(shop.workspace().root))
    if pool is not None:
        pool.submit(stored.job, work.NUMBER, again=True, **stored.ask())


def advice_job() -> Job | None:
    """The work on the recommended number; None where it is known or nobody can do it."""
    stored = _stored(*_asked())
    pool = work.proofs(str(shop.workspace().root))
    return None if stored.file.exists() or pool is None else pool.get(stored.job)


def be_patient(wait: bool) -> None:
    """Say whether this screen waits for the recommended number, or shows a few segments until it is there."""
    state.keep(PATIENT, wait)


def look_ahead() -> None:
    """Have what proofs need worked out for a shop as soon as it is there, whichever screen is open; and, when nobody
    waits for anything, what is expected of its customers, if somebody wanted to know that of an older version."""
    version, root = shop.version(), str(shop.workspace().root)
    pool = work.proofs(root)
    if version is None or pool is None:
        return
    place, asked = f"{version.dataset_id}/{version.number}", {"dataset": version.name, "number": version.number}
    if pool.get(f"ahead/{place}") is None:
        pool.submit(f"ahead/{place}", work.AHEAD, root=root, **asked)
        pool.submit(f"refresh/{place}", work.REFRESH, idly=True, root=root, **asked)


def outdated_save(study: Study) -> bool:
    """Whether a saved segmentation is shown on customers it was not made of."""
    saved = tuning.saved()
    return saved is not None and study.segmentation.settings.key == saved.key and is_outdated(saved)


def is_outdated(saved: Saved) -> bool:
    """Whether a saved segmentation was made of other customers than those looked at."""
    return _made_of(saved.identity, saved) != people.customers().identity


@st.cache_resource(max_entries=STUDIES_KEPT, show_spinner=False)
def _made_of(identity: str, _saved: Saved) -> str:  # noqa: ARG001 - part of the cache key
    return thaw(_saved.body).table


def _is(saved: Saved, table: CustomerTable, chosen: StudySettings) -> bool:
    """Whether these settings are still those of the saved segmentation."""
    try:
        return resolve(table, chosen, _number(table, chosen)).key == saved.key
    except DataError:  # a feature that today's data cannot give: the saved model says so itself
        return True


def _place(table: CustomerTable) -> tuple[str, str]:
    return str(shop.workspace().root), table.fingerprint


def _number(table: CustomerTable, chosen: StudySettings) -> Recommendation | None:
    """The recommended number where it is known; starts the work where it is not."""
    if chosen.method == "rfm":
        return None
    stored = _stored(table, chosen)
    if stored.file.exists():
        return kept.known(stored)
    pool = work.proofs(str(shop.workspace().root))
    if pool is None:
        return _number_now(stored.file.name, stored)
    known = pool.get(stored.job)
    if known is None or known.state == "done":
        known = pool.submit(stored.job, work.NUMBER, **stored.ask())
    if state.recall(PATIENT, True):
        with st.spinner("Finding out how many segments suit your customers…"):
            known.wait(LONGEST_WAIT)
    return _number_now(stored.file.name, stored) if kept.has_no_room(known) else stored.load()


@st.cache_resource(max_entries=STUDIES_KEPT, show_spinner="Finding out how many segments there are…")
def _number_now(content: str, _stored: StoredNumber) -> Recommendation:  # noqa: ARG001 - part of the cache key
    return _stored.compute(shop.engine())


def _stored(table: CustomerTable, chosen: StudySettings) -> StoredNumber:
    return StoredNumber.of(shop.workspace(), shop.needed_version(), table, features_for(table, chosen), chosen.weights)


@st.cache_resource(
    max_entries=STUDIES_KEPT,
    show_spinner="Finding segments…",
    hash_funcs={StudySettings: repr, Recommendation: lambda advice: advice.k},
)
def _study(
    root: str,  # noqa: ARG001 - part of the cache key, like `fingerprint`
    fingerprint: str,  # noqa: ARG001
    chosen: StudySettings,
    advice: Recommendation | None,
    _customers: CustomerTable,
    _anchor: Segmentation | None,
    _shelf: Shelf,
) -> Study:
    return run(_customers, chosen, advice=advice, anchor=_anchor, lists=_shelf.list_of)


@st.cache_resource(max_entries=STUDIES_KEPT, show_spinner="Assigning customers…")
def _assigned(
    identity: str,  # noqa: ARG001 - part of the cache key, like `table`
    table: str,  # noqa: ARG001
    _saved: Saved,
    _chosen: StudySettings,
    _customers: CustomerTable,
    _shelf: Shelf,
) -> Study:
    found = thaw(_saved.body).on(_customers, _shelf.list_of)
    return Study(_customers, _chosen, found, None)
