"""The workspace of this server, the shop a visitor looks at, and its customers."""

from __future__ import annotations

import os
from datetime import date
from functools import lru_cache
from pathlib import Path

import streamlit as st

from dashboard import words
from dashboard.state import choices, whereabouts
from segmentation.customers import default_as_of
from segmentation.engine import DuckEngine
from segmentation.errors import DatasetNotFound
from segmentation.workspace import BrokenVersion, DatasetVersion, SavedSegmentations, Workspace

SHOP, AS_OF = "shop", "as_of"
_LOOKED = "looked_at_shops"
"""Whether this visitor's session has compared the sizes of files with what was written."""


# The workspace and its engine -------------------------------------------------------------------------------


def workspace() -> Workspace:
    """The workspace of this server: `$TESSERA_HOME`, else `./workspace`."""
    return _workspace(os.environ.get("TESSERA_HOME"))


@lru_cache(maxsize=4)  # asked for some sixty times a run: Streamlit's own cache takes a tenth of a run for that
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
    """The current version of every dataset that can be used, by name."""
    return tuple(one for one in _here() if isinstance(one, DatasetVersion))


def broken() -> tuple[BrokenVersion, ...]:
    """The current version of every dataset that cannot be used, by name."""
    return tuple(one for one in _here() if isinstance(one, BrokenVersion))


def versions_of(name: str) -> tuple[DatasetVersion | BrokenVersion, ...]:
    """Every version of a dataset that is kept, oldest first."""
    return _here(name)


def _here(name: str | None = None) -> tuple[DatasetVersion | BrokenVersion, ...]:
    here = workspace()
    if not choices.recall(_LOOKED, False):
        choices.keep(_LOOKED, True)
        _contents.cache_clear()  # what happened to files meanwhile changes nothing in the registry either
    contents = _contents(str(here.root), here.stamp(), name)
    if any(isinstance(one, BrokenVersion) for one in contents):
        _contents.cache_clear()  # a file that is put back changes nothing in the registry
    return contents


@lru_cache(maxsize=24)
def _contents(
    root: str,
    stamp: tuple[tuple[int, int], ...],  # noqa: ARG001 - part of the cache key
    name: str | None,
) -> tuple[DatasetVersion | BrokenVersion, ...]:
    """The current version of every dataset, or every version of the one of this name."""
    here = Workspace(Path(root))
    return here.contents() if name is None else here.versions_of(name)


def version() -> DatasetVersion | None:
    """The current version of the shop that is being looked at; None where nothing was imported yet, and where the shop
    that is asked for is not there: another is never shown in its place."""
    by_name = {one.name: one for one in versions()}
    asked = choices.asked(SHOP)
    return by_name.get(str(asked)) if asked else next(iter(by_name.values()), None)


def missing() -> str | None:
    """What to say of the shop that is asked for and is not there; None where there is none to ask for, or it is."""
    asked = choices.asked(SHOP)
    if not asked or any(one.name == asked for one in versions()):
        return None
    for one in broken():
        if one.name == asked:
            return words.error(one.problem)
    return whereabouts.missing(workspace(), str(asked))


def choose_shop(name: str) -> None:
    """Look at this shop from the next run on."""
    choices.put("next_shop", name)


def leave_shop(name: str) -> None:
    """Look at another shop than this one, which is about to be deleted by who looks at it; as a callback."""
    if choices.asked(SHOP) == name:
        choices.reset(SHOP)
        whereabouts.leave()


def shop_picker() -> None:
    """The sidebar's choice of shop; drawn on every screen, and the URL always says which shop it is.

    It is not bound to the URL by Streamlit, which then refuses to open another screen from a button.
    """
    by_name = {one.name: one for one in versions()}
    following = choices.take("next_shop")
    wanted = following if following in by_name else choices.asked(SHOP)
    name = str(wanted) if wanted else next(iter(by_name), None)
    if name is not None and name not in by_name:
        name = whereabouts.renamed(name, tuple(by_name.values())) or name
    if not by_name or name is None:
        choices.take(SHOP)
        return
    choices.put(SHOP, name if name in by_name else None)
    choices.write_url(SHOP, name)
    chosen = st.selectbox(
        "Shop",
        list(by_name),
        index=0 if name in by_name else None,  # without a usual choice the list has a cross that empties it
        key=SHOP,
        placeholder="Choose a shop",
        help="Which imported shop you look at.",
    )
    if chosen is not None:
        choices.write_url(SHOP, chosen)
        whereabouts.look_at(workspace(), by_name[chosen], tuple(by_name.values()))


def needed_version() -> DatasetVersion:
    """The current shop; stops the screen with a way onward where there is none."""
    current = version()
    if current is None:
        st.info(words.NO_DATA, icon=":material/info:")
        st.page_link("screens/import_data/import_data.py", label="Import an export", icon=":material/upload_file:")
        st.stop()
    return current


def there() -> DatasetVersion:
    """The current shop, for what is written about it: a click may come after it was deleted. Raises DatasetNotFound."""
    current = version()
    if current is None:
        raise DatasetNotFound(str(choices.asked(SHOP) or ""), [one.name for one in versions()])
    return current


def saved_segmentations() -> SavedSegmentations:
    """The saved segmentations and pinned lists of the current shop. Raises DatasetNotFound."""
    return SavedSegmentations(workspace(), there().dataset_id)


# The date ----------------------------------------------------------------------------------------------


def as_of() -> date:
    """The date the customers are looked at: from the URL, else the day after the last order."""
    current = needed_version()
    asked = _as_date(choices.asked(AS_OF))
    usual = default_as_of(current)
    return asked if asked and current.manifest.first < asked <= usual else usual


def _as_date(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
