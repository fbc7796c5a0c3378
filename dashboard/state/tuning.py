"""How the segmentation is tuned: settings from widgets and the URL, changes by hand, undo, and saved ones.

A widget that tunes the segmentation uses a key of `links.KEYS` with `bind="query-params"`; everything else is kept as
text under a key of `links.TEXTS` and written into the URL here. `settings()` answers on every screen.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.state import choices, links, shop
from dashboard.state.links import ANCHOR, EDITS, SAVED, SEGMENTS, SMALLEST
from dashboard.state.screens import is_going_back
from segmentation.analysis import StudySettings
from segmentation.errors import TesseraError
from segmentation.segments import PINNED, Edits, SegmentSettings
from segmentation.workspace import Saved, SegmentationNotFound

SETTINGS = (*links.FIELDS, shop.AS_OF)
REMEMBERED = 50
LONGEST_CHAIN = 2
HAND, SCORES = "hand", "scores"
"""The rule in the form for segments by hand, and the scores somebody wants among the features; both as text."""

APART = "."
MERGED_BEFORE = "merged_before"
"""The key of the segmentation whose merges are to go on in the next one."""

_HISTORY, _SHOWN, _ADOPTED, _SHOP = "history", "shown_key", "adopted", "tuned_shop"


@dataclass(frozen=True, slots=True)
class _Look:
    """What can be gone back to: the settings, the saved segmentation that was open, and the smallest useful segment
    where somebody chose one."""

    settings: StudySettings
    saved: str
    smallest: int | None


def settings() -> StudySettings:
    """The segmentation settings in the URL, checked; what is missing or makes no sense takes its default.

    A control that still stands where `follow` put it counts as untouched.
    """
    parsed: dict[str, object] = {
        name: None if choices.follows(key) else links.read(key, choices.asked_many(key))
        for key, name in links.FIELDS.items()
        if key != ANCHOR
    }
    parsed["anchor"] = choices.asked(ANCHOR) or None
    try:
        if parsed["anchor"]:
            SegmentSettings.from_key(str(parsed["anchor"]))
        return StudySettings(**{name: value for name, value in parsed.items() if value is not None})  # type: ignore[arg-type]
    except TesseraError:
        return StudySettings()


def follow_shop() -> None:
    """Leave what was changed by hand, saved or undone behind when another shop is chosen."""
    current = shop.version()
    now, before = current.dataset_id if current else "", choices.recall(_SHOP, "")
    choices.keep(_SHOP, now)
    if before and now != before:
        for key in (EDITS, ANCHOR, SAVED):
            choices.reset(key)
        for kept in (_HISTORY, _SHOWN, _ADOPTED, MERGED_BEFORE):
            choices.forget(kept)


# Links ------------------------------------------------------------------------------------------------------


def adopt_link() -> None:
    """Take the segmentation settings out of a link that was opened, whichever screen it leads to."""
    if is_going_back():
        _take_texts()
    for key in links.FIELDS:
        if not choices.holds(key) and choices.in_url(key):
            value = links.read(key, choices.in_url(key))
            if value is not None and key in links.KEYS:
                choices.put(key, list(value) if isinstance(value, tuple) else value)
            elif value is not None or key == ANCHOR:
                choices.put(key, choices.in_url(key)[-1])
    for key in (HAND, SCORES):
        if not choices.holds(key) and choices.in_url(key):
            choices.put(key, choices.in_url(key)[-1])
    identity = str(choices.asked(SAVED) or "")
    if identity and choices.recall(_ADOPTED, "") != identity and shop.version() is not None:
        choices.keep(_ADOPTED, identity)
        _adopt_saved(identity)


def _take_texts() -> None:
    """Going back in the browser, the address counts: what it does not say has its usual value."""
    for key in (*links.TEXTS, ANCHOR):
        said = choices.in_url(key)
        if said and (key == ANCHOR or links.read(key, said) is not None):
            choices.put(key, said[-1])
        else:
            choices.take(key)


def share_link(*, drawn: bool) -> None:
    """Write the settings into the URL; those with a widget only where it is not `drawn` and bound by itself."""
    now = settings()
    for key in links.FIELDS:
        if not (drawn and key in links.KEYS):
            choices.write_url(key, links.written(key, now))
    choices.write_url(SAVED, str(choices.asked(SAVED) or ""))
    choices.write_url(SCORES, str(choices.asked(SCORES) or ""))


# Changes ----------------------------------------------------------------------------------------------------


def restore(wanted: StudySettings) -> None:
    """Set every control to these settings; call it as a callback, or before the controls are drawn."""
    for key, name in links.FIELDS.items():
        value = getattr(wanted, name)
        if key in links.KEYS and value not in (None, ()):
            choices.put(key, list(value) if isinstance(value, tuple) else value)
        elif key in links.KEYS:
            choices.unmove(key)
        else:
            text = links.written(key, wanted)
            choices.put(key, text) if text else choices.reset(key)


def choose_number(number: int | None) -> None:
    """Ask for so many segments; None: for as many as suit the customers."""
    choices.put(SEGMENTS, str(number)) if number is not None else choices.reset(SEGMENTS)


def edit(edits: Edits) -> None:
    """Take these changes by hand."""
    choices.put(EDITS, edits.text)


def retuned() -> None:
    """A control was moved, which makes other segments: names stay with the segments they were given to, and merges with
    those that go on (`studies` sees to that once the other segments are known)."""
    before = settings().edits
    if not before:
        return
    shown = choices.recall(_SHOWN, "")
    if before.names or before.merges:
        chain = shown.split("~")
        choices.put(ANCHOR, "~".join(chain[:LONGEST_CHAIN]))
    if before.merges:
        choices.keep(MERGED_BEFORE, shown)
    edits = Edits(pins=before.pins, names=tuple((part, name) for part, name in before.names if part >= PINNED))
    choices.put(EDITS, edits.text) if edits else choices.reset(EDITS)


def moved() -> None:
    """A widget says that it was moved; where nothing is different from what was shown, nothing is done."""
    history: list[_Look] = choices.recall(_HISTORY, [])
    if not history or history[-1].settings != settings():
        retuned()


def shown(key: str) -> None:
    """Remember what is shown, so that it can be gone back to; called once a run by the studio."""
    choices.keep(_SHOWN, key)
    history: list[_Look] = choices.recall(_HISTORY, [])
    smallest = None if choices.follows(SMALLEST) else choices.recall_value(SMALLEST, None)
    now = _Look(settings(), str(choices.asked(SAVED) or ""), smallest)
    if not history or history[-1] != now:
        choices.keep(_HISTORY, [*history, now][-REMEMBERED:])


def can_undo() -> bool:
    """Whether there is something to go back to."""
    return len(choices.recall(_HISTORY, [])) > 1


def undo() -> None:
    """Go back to what was shown before."""
    history: list[_Look] = choices.recall(_HISTORY, [])
    if len(history) > 1:
        wanted = history[-2]
        choices.keep(_HISTORY, history[:-1])
        choices.forget(MERGED_BEFORE)
        restore(wanted.settings)
        choices.put(SAVED, wanted.saved) if wanted.saved else choices.reset(SAVED)
        choices.put(SMALLEST, wanted.smallest) if wanted.smallest is not None else choices.unmove(SMALLEST)


# Saved ones -------------------------------------------------------------------------------------------------


def saved() -> Saved | None:
    """The saved segmentation that was opened, if it is still there."""
    identity = str(choices.asked(SAVED) or "")
    if not identity:
        return None
    try:
        return shop.saved_segmentations().get(identity)
    except SegmentationNotFound:
        return None


def open_saved(one: Saved) -> None:
    """Show a saved segmentation."""
    choices.put(SAVED, one.identity)
    choices.keep(_ADOPTED, one.identity)
    restore(StudySettings.of(SegmentSettings.from_key(one.key)))


def show_saved(one: Saved) -> None:
    """Show what was just saved: it is what is shown already, so that undo goes back past it to what was before."""
    choices.keep(_HISTORY, choices.recall(_HISTORY, [])[:-1])
    open_saved(one)


def close_saved() -> None:
    """Look at the settings of the saved segmentation afresh, on today's customers."""
    choices.reset(SAVED)


def _adopt_saved(identity: str) -> None:
    """Take the settings of a saved segmentation, unless the link says them itself."""
    told = [key for key in (*links.KEYS, *links.TEXTS) if choices.in_url(key)]
    if told:
        return
    try:
        open_saved(shop.saved_segmentations().get(identity))
    except SegmentationNotFound:
        choices.reset(SAVED)
