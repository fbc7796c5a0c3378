"""What explains a segmentation, kept in memory: its rules, its drivers, its cut points and segments made by hand.

Everything here is cached on content, like in `studio`: the customers, the settings, the conditions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from dashboard import session
from segmentation.customers import BoolArray, CodeArray
from segmentation.estimates import Unknown
from segmentation.explain import Driver, Rules, describe_rules, features_of
from segmentation.explain import drivers as strongest
from segmentation.profiles import GroupProfile, survey
from segmentation.segments import Conditions, Cut, Overlap, RfmModel, compare, cut_table
from segmentation.study import Study

RULES_KEPT, LABELS_KEPT, HANDMADE_KEPT = 48, 12, 32


@dataclass(frozen=True, slots=True, eq=False)
class Handmade:
    """A segment made by hand: `mask` bool (n,), its profile beside everyone's, and how it lies over the segments."""

    mask: BoolArray
    profile: GroupProfile
    everyone: GroupProfile
    overlap: Overlap | Unknown


def rules(study: Study) -> Rules | Unknown:
    """The segments as few simple rules."""
    return _rules(_content(study), study)


def drivers(study: Study) -> tuple[tuple[Driver, ...], ...]:
    """What each segment is made by, in order of place, the strongest first."""
    return _drivers(_content(study), study)


def cuts(study: Study) -> tuple[Cut, ...]:
    """Who got which score; nobody where the segmentation has no scores."""
    return _cuts(_content(study), study)


def handmade(study: Study, conditions: Conditions) -> Handmade:
    """Who meets these conditions, beside everyone. Raises FeatureUnavailable."""
    return _handmade(_content(study), conditions.text, conditions, study)


def unsure(study: Study) -> tuple[int, ...] | None:
    """Customers of each segment who stand between dense groups, in order of place; None beside density groups."""
    return _unsure(_content(study), study)


def machine_labels(study: Study) -> CodeArray:
    """The segment each customer would be in if none were pinned, shape (n,)."""
    return _machine_labels(_content(study), study) if study.segmentation.settings.edits.pins else _labels(study)


def _content(study: Study) -> str:
    """What the labels of a study follow from: the customers, the settings, and the saved model where one is shown."""
    saved = session.saved()
    kept = saved.identity if saved is not None and session.outdated_save(study) else ""
    return f"{study.customers.fingerprint}|{study.segmentation.settings.key}|{kept}"


def _labels(study: Study) -> CodeArray:
    return study.segmentation.labels


@st.cache_resource(max_entries=RULES_KEPT, show_spinner=False)
def _unsure(content: str, _study: Study) -> tuple[int, ...] | None:  # noqa: ARG001 - part of the cache key
    found = _study.segmentation
    between = found.unsure(_study.customers)
    if between is None:
        return None
    return tuple(np.bincount(found.labels[between], minlength=len(found.segments)).tolist())


@st.cache_resource(max_entries=RULES_KEPT, show_spinner="Looking for simple rules…")
def _rules(content: str, _study: Study) -> Rules | Unknown:  # noqa: ARG001 - part of the cache key
    found = _study.segmentation
    return describe_rules(_study.customers, found.labels, [segment.name for segment in found.segments])


@st.cache_resource(max_entries=RULES_KEPT, show_spinner=False)
def _drivers(content: str, _study: Study) -> tuple[tuple[Driver, ...], ...]:  # noqa: ARG001 - part of the cache key
    table, found = _study.customers, _study.segmentation
    return strongest(table, found.labels, len(found.segments), features_of(table, found))


@st.cache_resource(max_entries=RULES_KEPT, show_spinner=False)
def _cuts(content: str, _study: Study) -> tuple[Cut, ...]:  # noqa: ARG001 - part of the cache key
    model = _study.segmentation.model
    return cut_table(model, _study.customers) if isinstance(model, RfmModel) else ()


@st.cache_resource(max_entries=LABELS_KEPT, show_spinner=False)
def _machine_labels(content: str, _study: Study) -> CodeArray:  # noqa: ARG001 - part of the cache key
    found = _study.segmentation
    return found.shown_at[found.model.assign(_study.customers)]


@st.cache_resource(max_entries=HANDMADE_KEPT, show_spinner=False)
def _handmade(
    content: str,  # noqa: ARG001 - part of the cache key, like `text`
    text: str,  # noqa: ARG001
    _conditions: Conditions,
    _study: Study,
) -> Handmade:
    table, found = _study.customers, _study.segmentation
    mask = _conditions.mask(table)
    seen = survey(table, mask.view("uint8"), 2)
    groups = len(found.segments) - len(found.settings.edits.pins)
    return Handmade(mask, seen.groups[1], seen.everyone, compare(mask, machine_labels(_study), groups))
