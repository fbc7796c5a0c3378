"""What customers are worth and who is slipping away, kept in memory by content.

A worker works it out where the server has one.
"""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import work
from dashboard.job import Job
from dashboard.jobs import Jobs
from dashboard.session import kept, people, shop
from segmentation.predicting import Slipping, StoredChurn, StoredWorth, Worth
from segmentation.worth import Facets, find_facets

KEPT = 6


def worth() -> Worth | None:
    """The worth of the current shop's customers; None while it is being worked out."""
    found, stored = known_worth(), _stored()
    if found is not None or _is_left_to_workers(stored):
        return found
    return _now(stored.file.name, stored)


def known_worth() -> Worth | None:
    """The worth where it is on disk by now; nothing is begun."""
    return kept.known(_stored())


def worth_job(*, again: bool = False) -> Job | None:
    """The work on it, begun where it was not; None on a server without workers."""
    stored, pool = _stored(), work.proofs(str(shop.workspace().root))
    if pool is None:
        return None
    return _begun(pool, stored, work.WORTH, again=again)


def _begun(pool: Jobs, stored: StoredWorth | StoredChurn, task: str, *, again: bool) -> Job:
    """The work on it; begun anew where it was done and what it left has been deleted or torn since."""
    known = None if again else pool.get(stored.job)
    if known is None or (known.state == "done" and stored.load() is None):
        return pool.submit(stored.job, task, again=again, **stored.ask())
    return known


def _is_left_to_workers(stored: StoredWorth | StoredChurn) -> bool:
    """Whether there are workers, and the disk has room for what they find."""
    pool = work.proofs(str(shop.workspace().root))
    return pool is not None and not kept.has_no_room(pool.get(stored.job))


def facets() -> Facets:
    """When, what and where the customers first ordered."""
    version, when = shop.needed_version(), shop.as_of()
    return _facets(str(shop.workspace().root), version.fingerprint, when)


def _stored() -> StoredWorth:
    return StoredWorth.of(shop.workspace(), shop.needed_version(), people.plain_customers())


@st.cache_resource(max_entries=KEPT, show_spinner="Working out what customers are worth…")
def _now(content: str, _stored: StoredWorth) -> Worth:  # noqa: ARG001 - part of the cache key
    return _stored.compute(shop.engine())


@st.cache_resource(max_entries=KEPT, show_spinner="Looking at first orders…")
def _facets(root: str, fingerprint: str, when: date) -> Facets:  # noqa: ARG001 - part of the cache key
    return find_facets(shop.engine(), shop.needed_version(), when)


# Churn ----------------------------------------------------------------------------------------------------------


def slipping(horizon_days: int | None) -> Slipping | None:
    """Who is slipping away, for this horizon (None: the shop's own); None while it is being worked out."""
    found, stored = known_slipping(horizon_days), _stored_churn(horizon_days)
    if found is not None or _is_left_to_workers(stored):
        return found
    return _churn_now(stored.file.name, stored)


def known_slipping(horizon_days: int | None = None) -> Slipping | None:
    """The study of churn where it is on disk by now; nothing is begun."""
    return kept.known(_stored_churn(horizon_days))


def slipping_job(horizon_days: int | None, *, again: bool = False) -> Job | None:
    """The work on it, begun where it was not; None on a server without workers."""
    stored, pool = _stored_churn(horizon_days), work.proofs(str(shop.workspace().root))
    if pool is None:
        return None
    return _begun(pool, stored, work.CHURN, again=again)


def _stored_churn(horizon_days: int | None) -> StoredChurn:
    return StoredChurn.of(shop.workspace(), shop.needed_version(), people.plain_customers(), horizon_days)


@st.cache_resource(max_entries=KEPT, show_spinner="Finding out who is slipping away…")
def _churn_now(content: str, _stored: StoredChurn) -> Slipping:  # noqa: ARG001 - part of the cache key
    return _stored.compute(shop.engine())
