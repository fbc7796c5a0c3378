"""What became of the shop a visitor looks at: deleted, under another name, another version, or somebody erased from it.

Whoever did it is another visitor or the command line; what this visitor's browser did itself is no news to them. When
it was stands in the audit log, under the shop's id: of a name alone the id is known as long as this server has run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from dashboard import words
from dashboard.serving.visitors import visitor
from dashboard.state import choices
from segmentation import formats
from segmentation.errors import WorkspaceBroken
from segmentation.workspace import DatasetVersion, Workspace, audit, audit_check

_LOOKED_AT, _NEWS = "looked_at", "shop_news"


@dataclass(frozen=True, slots=True)
class Seen:
    """A version as somebody looked at it."""

    name: str
    dataset_id: str
    number: int
    fingerprint: str

    @classmethod
    def of(cls, version: DatasetVersion) -> Seen:
        return cls(version.name, version.dataset_id, version.number, version.fingerprint)


def missing(workspace: Workspace, name: str) -> str:
    """What to say of a shop of this name that is not there."""
    before: Seen | None = choices.recall(_LOOKED_AT, None)
    known = before.dataset_id if before is not None and before.name == name else _ids(str(workspace.root)).get(name)
    called = words.plain(name)
    if known is None:
        return (
            f"**There is no shop “{called}” here.** It was deleted or has another name by now, or the link leads to "
            "another server."
        )
    return f"**“{called}” was deleted{_when(_last(workspace, known, 'delete'))}.** No other shop is shown in its place."


def renamed(name: str, there: Sequence[DatasetVersion]) -> str | None:
    """The name that the shop looked at has now; None where it is not that one, or gone."""
    before: Seen | None = choices.recall(_LOOKED_AT, None)
    if before is None or before.name != name:
        return None
    return next((one.name for one in there if one.dataset_id == before.dataset_id), None)


def look_at(workspace: Workspace, version: DatasetVersion, there: Sequence[DatasetVersion]) -> None:
    """Take note of what is looked at now, and of what others changed about it since the last run."""
    _ids(str(workspace.root)).update({one.name: one.dataset_id for one in there})
    before: Seen | None = choices.recall(_LOOKED_AT, None)
    now = Seen.of(version)
    choices.keep(_LOOKED_AT, now)
    if before is None or before == now:
        return
    if before.dataset_id == now.dataset_id or before.name == now.name:
        said = _changed(workspace, before, now)
        if said:
            choices.keep(_NEWS, said)
    else:
        put_away()


def news() -> str | None:
    """What others changed about the shop that is looked at, until it is put away."""
    found: str | None = choices.recall(_NEWS, None)
    return found


def put_away() -> None:
    """Say no more of what was changed."""
    choices.forget(_NEWS)


def leave() -> None:
    """Forget what was looked at: this visitor is about to change it themselves."""
    choices.forget(_LOOKED_AT)
    put_away()


def _changed(workspace: Workspace, before: Seen, now: Seen) -> str:
    """What others did to a shop between two looks; "" where it was this visitor."""
    called = words.plain(now.name)
    if before.dataset_id != now.dataset_id:
        entry = _last(workspace, now.dataset_id, "import")
        if _mine(entry):
            return ""
        return f"**“{called}” was deleted and imported anew{_when(entry)}.** This is the new one."
    if before.name != now.name:
        return f"**“{words.plain(before.name)}” is called “{called}” now.**"
    if before.number != now.number:
        made, chosen = (_last(workspace, now.dataset_id, what, now.number) for what in ("import", "use"))
        latest = max((one for one in (made, chosen) if one is not None), key=lambda one: one["n"], default=None)
        if _mine(latest):
            return ""
        how = "somebody chose it" if latest is not None and latest is chosen else "somebody imported into the shop"
        return (
            f"**Version {now.number} of “{called}” is shown now**, not version {before.number}: {how}{_when(latest)}."
        )
    erased = _when(_last(workspace, now.dataset_id, "erase"))
    return f"**A customer was erased from “{called}”{erased}.** All figures are worked out anew."


def _last(workspace: Workspace, dataset_id: str, what: str, number: int | None = None) -> dict[str, Any] | None:
    """The last time that this was done to a shop, as the audit log has it."""
    try:
        entries = audit_check.check(workspace).entries
    except WorkspaceBroken:  # it has no time then
        return None
    for one in reversed(entries):
        if one is not None and (one["dataset"], one["what"]) == (dataset_id, what) and number in {None, one["version"]}:
            return one
    return None


def _mine(entry: dict[str, Any] | None) -> bool:
    return entry is not None and entry["by"] == audit.visitor(visitor())


def _when(entry: dict[str, Any] | None) -> str:
    """ " at 10:42", or " on 27 Nov 2026 at 10:42", by the clock of the visitor's browser."""
    if entry is None:
        return ""
    try:
        zone, named = ZoneInfo(st.context.timezone or ""), ""
    except (ZoneInfoNotFoundError, ValueError):
        zone, named = ZoneInfo("UTC"), " UTC"
    at = datetime.fromisoformat(entry["at"]).astimezone(zone)
    day = "" if at.date() == datetime.now(UTC).astimezone(zone).date() else f" on {formats.day(at.date())}"
    return f"{day} at {at:%H:%M}{named}"


@st.cache_resource(max_entries=4, show_spinner=False)
def _ids(root: str) -> dict[str, str]:  # noqa: ARG001 - one list per workspace
    """The ids of the shops that anybody has looked at, by name."""
    return {}
