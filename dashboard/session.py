"""The one place with `st.session_state`, caches, the workspace and the engine. Screens ask here.

    session.workspace()    the folder of datasets
    session.engine()       the engine, shared by every visitor; a run opens its own cursor
    session.version()      the shop being looked at, or None
    session.customers()    its customer table (cached by content, not by visitor)
    session.settings()     the segmentation settings, from the URL
    session.study()        segments and profiles for those settings (cached)
    session.guard()        shows a sentence instead of a traceback

Caches are keyed on content (workspace, fingerprint, settings), so two visitors share a result only when it is
the same result. The URL carries what a link must carry: the shop and the segmentation settings.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NoReturn, TypeVar

import streamlit as st

from dashboard import links, words
from dashboard.palette import Palette
from dashboard.palette import palette as theme_palette
from segmentation.customers import CustomerTable
from segmentation.engine import DuckEngine
from segmentation.errors import TesseraError
from segmentation.segments import Recommendation, Segmentation, SegmentSettings
from segmentation.study import (
    Study,
    StudySettings,
    advise,
    default_as_of,
    features_for,
    prepare,
    run,
)
from segmentation.workspace import DatasetVersion, Workspace

SHOP = "shop"
METHOD, SEGMENTS, FEATURES, PRESET, AS_OF, ANCHOR = *links.KEYS, "as_of", "anchor"
SETTINGS = (METHOD, SEGMENTS, FEATURES, PRESET, AS_OF, ANCHOR)
"""Keys of widgets and of the URL. A widget that tunes the segmentation uses one of these as its key, with
`bind="query-params"`; `settings()` reads it on every screen, also where the widget is not drawn."""

_FIELDS = {"method": METHOD, "segments": SEGMENTS, "features": FEATURES, "rfm_preset": PRESET}
Kept = TypeVar("Kept")
TABLES_KEPT, STUDIES_KEPT = 6, 48


# The workspace and its engine -------------------------------------------------------------------------------


def workspace() -> Workspace:
    """The workspace of this server: `$TESSERA_HOME`, else `./workspace`."""
    return _workspace(os.environ.get("TESSERA_HOME"))


@st.cache_resource(max_entries=4, show_spinner=False)
def _workspace(home: str | None) -> Workspace:
    return Workspace.open(home)


def engine() -> DuckEngine:
    """The engine over this workspace; one per process."""
    return engine_at(str(workspace().root))


@st.cache_resource(max_entries=4, show_spinner=False, on_release=DuckEngine.close)
def engine_at(root: str) -> DuckEngine:
    """The engine over the workspace at `root`."""
    return DuckEngine.open(Path(root))


# The shop ---------------------------------------------------------------------------------------------------


def versions() -> tuple[DatasetVersion, ...]:
    """The newest version of every dataset, by name."""
    return workspace().datasets()


def version() -> DatasetVersion | None:
    """The newest version of the shop that is being looked at; None where nothing was imported yet."""
    found = {one.name: one for one in versions()}
    asked = _asked(SHOP)
    if asked in found:
        return found[asked]
    return next(iter(found.values()), None)


def choose_shop(name: str) -> None:
    """Look at this shop from the next run on."""
    st.session_state["next_shop"] = name


def shop_picker() -> None:
    """The sidebar's choice of shop; drawn on every screen, and the URL always says which shop it is.

    It is not bound to the URL by Streamlit, which then refuses to open another screen from a button.
    """
    found = {one.name: one for one in versions()}
    chosen = st.session_state.pop("next_shop", None)
    wanted = (chosen, st.session_state.get(SHOP), st.query_params.get(SHOP))
    usual = next((name for name in wanted if name in found), next(iter(found), None))
    if usual is None:
        st.session_state.pop(SHOP, None)
        return
    st.session_state[SHOP] = usual
    name = st.selectbox("Shop", list(found), key=SHOP, help="Which imported shop you look at.")
    if st.query_params.get(SHOP) != name:
        st.query_params[SHOP] = name


def go_to(screen: str) -> NoReturn:
    """Open another screen of the same shop, with the settings in the URL."""
    kept = {key: st.query_params.get_all(key) for key in st.query_params}
    st.switch_page(f"screens/{screen}.py", query_params=kept)


# Customers and segments -------------------------------------------------------------------------------------


def needed_version() -> DatasetVersion:
    """The current shop; stops the screen with a way onward where there is none."""
    current = version()
    if current is None:
        st.info(words.NO_DATA, icon=":material/info:")
        st.page_link("screens/import_data.py", label="Import an export", icon=":material/upload_file:")
        st.stop()
    return current


def as_of() -> date:
    """The date the customers are looked at: from the URL, else the day after the last order."""
    current = needed_version()
    asked = _as_date(_asked(AS_OF))
    usual = default_as_of(current)
    return asked if asked and current.manifest.first < asked <= usual else usual


def customers() -> CustomerTable:
    """The customer table of the current shop at `as_of()`. Raises TesseraError where there can be none."""
    return customers_at(as_of())


@st.cache_resource(max_entries=TABLES_KEPT, show_spinner="Working out who your customers are…")
def _customers(
    root: str,
    fingerprint: str,  # part of the cache key
    when: date,
    _version: DatasetVersion,
) -> CustomerTable:
    return prepare(Workspace.open(root), engine_at(root), _version, when)


def customers_at(when: date) -> CustomerTable:
    """The customer table of the current shop at another date."""
    current = needed_version()
    return _customers(str(workspace().root), current.fingerprint, when, current)


def advice() -> Recommendation:
    """The recommended number of segments for the chosen features, kept on disk."""
    table = customers()
    return _advice(str(workspace().root), table.fingerprint, features_for(table, settings()), needed_version(), table)


@st.cache_resource(max_entries=STUDIES_KEPT, show_spinner="Finding out how many segments there are…")
def _advice(
    root: str,
    fingerprint: str,  # part of the cache key
    names: tuple[str, ...],
    _version: DatasetVersion,
    _customers: CustomerTable,
) -> Recommendation:
    return advise(Workspace.open(root), _version, _customers, names)


def settings() -> StudySettings:
    """The segmentation settings in the URL, checked; what is missing or makes no sense takes its default.

    A control that still stands where `follow` put it counts as untouched.
    """
    parsed = {name: None if _follows(key) else links.read(key, _asked_many(key)) for name, key in _FIELDS.items()}
    parsed["anchor"] = _asked(ANCHOR) or None
    try:
        if parsed["anchor"]:
            SegmentSettings.from_key(str(parsed["anchor"]))
        return StudySettings(**{name: value for name, value in parsed.items() if value is not None})
    except TesseraError:
        return StudySettings()


def adopt_link() -> None:
    """Take the segmentation settings out of a link that was opened, whichever screen it leads to."""
    for key in _FIELDS.values():
        if key not in st.session_state and key in st.query_params:
            value = links.read(key, tuple(st.query_params.get_all(key)))
            if value is not None:
                st.session_state[key] = list(value) if isinstance(value, tuple) else value


def share_link() -> None:
    """Write the segmentation settings into the URL of a screen without their controls."""
    for name, key in _FIELDS.items():
        value = getattr(settings(), name)
        if value != getattr(StudySettings(), name):
            st.query_params[key] = list(value) if isinstance(value, tuple) else str(value)


def study() -> Study:
    """Segments and profiles of the current shop under the current settings.

    Unless the settings name another anchor, segments keep the names and colours they have in the standard
    segmentation (recommended number, usual features), so that they stay recognisable while being tuned.
    """
    table, chosen = customers(), settings()
    usual = StudySettings()
    standard = _study(str(workspace().root), table.fingerprint, usual, needed_version(), table, None)
    if chosen == usual:
        return standard
    if chosen.anchor is None:
        chosen = replace(chosen, anchor=standard.segmentation.settings.key)
        return _study(str(workspace().root), table.fingerprint, chosen, needed_version(), table, standard.segmentation)
    return _study(str(workspace().root), table.fingerprint, chosen, needed_version(), table, None)


@st.cache_resource(max_entries=STUDIES_KEPT, show_spinner="Finding segments…", hash_funcs={StudySettings: repr})
def _study(
    root: str,
    fingerprint: str,
    chosen: StudySettings,
    _version: DatasetVersion,
    _customers: CustomerTable,
    _anchor: Segmentation | None,
) -> Study:
    names = features_for(_customers, chosen)
    found = _advice(root, fingerprint, names, _version, _customers) if chosen.method != "rfm" else None
    return run(_customers, chosen, advice=found, anchor=_anchor)


# What a screen keeps ----------------------------------------------------------------------------------------


def recall(key: str, default: Kept) -> Kept:
    """What this visitor's screen kept under `key`."""
    return st.session_state.get(f"kept_{key}", default)


def keep(key: str, value: object) -> None:
    """Keep a value for this visitor until the session ends."""
    st.session_state[f"kept_{key}"] = value


def forget(key: str) -> None:
    """Drop what was kept under `key`."""
    st.session_state.pop(f"kept_{key}", None)


def put(key: str, value: object) -> None:
    """Set the widget `key` to a value; call it before the widget is drawn, or as a callback."""
    st.session_state[key] = value


def recall_choices(key: str) -> list[str]:
    """What the multiple choice `key` stands at, drawn or not."""
    return list(st.session_state.get(key) or [])


def recall_widget(key: str, allowed: Sequence[str]) -> str | None:
    """What the dropdown `key` stands at, if it is one of the allowed texts."""
    value = st.session_state.get(key)
    return value if value in allowed else None


def follow(key: str, usual: object, *, low: int | None = None, high: int | None = None) -> None:
    """Give the widget `key` a usual value that may change: until the visitor moves it, the widget moves along.

    A number beyond `low` or `high`, from a link or because the ends have moved, is brought back inside.
    """
    before = recall(f"usual_{key}", None)
    now = st.session_state.get(key) if key in links.KEYS else _chosen(key)  # a link's settings are adopted, if valid
    if now is None or (before is not None and st.session_state.get(key) == before != usual):
        st.session_state[key] = usual
    elif low is not None and high is not None and str(now).lstrip("-").isdigit():
        inside = min(max(int(now), low), high)
        if inside != int(now):
            st.session_state[key] = inside
    keep(f"usual_{key}", usual)


def asked(key: str) -> str | int | float | None:
    """What a widget bound to the URL says, also on a screen that does not draw it; None where nobody said."""
    return _asked(key)


def palette() -> Palette:
    """The colours of the theme this visitor looks at."""
    return theme_palette(st.context.theme.type)


@contextmanager
def guard(*, stop: bool = True) -> Iterator[None]:
    """Inside this block an error of ours becomes a sentence; the screen ends there unless `stop` is False."""
    try:
        yield
    except TesseraError as problem:
        show = st.info if words.is_harmless(problem) else st.error
        show(words.error(problem), icon=":material/info:" if words.is_harmless(problem) else ":material/error:")
        if stop:
            st.stop()


def _chosen(key: str) -> str | int | None:
    return st.session_state.get(key, st.query_params.get(key))


def _asked(key: str) -> str | int | None:
    value = st.session_state.get(key)
    return st.query_params.get(key) if value is None else value


def _asked_many(key: str) -> tuple[object, ...]:
    value = st.session_state.get(key)
    if value is None:
        return tuple(st.query_params.get_all(key))
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def _follows(key: str) -> bool:
    usual = recall(f"usual_{key}", None)
    return usual is not None and st.session_state.get(key) == usual


def _as_date(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
