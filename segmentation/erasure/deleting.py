"""A whole dataset goes, with what was remembered of its customers elsewhere; or one version of it."""

from __future__ import annotations

import shlex
import sqlite3

from segmentation import columns, disk
from segmentation.engine.reading import ImportConnection, open_import_connection
from segmentation.erasure.mappings import named_in, without
from segmentation.erasure.person import show_texts
from segmentation.errors import DiskFull, SettingOutOfRange, WorkspaceBroken, WrongCall
from segmentation.workspace import ERASING, Workspace, change_texts, mappings, unlist
from segmentation.workspace.audit import Event, record
from segmentation.workspace.sweeping import remove

MEMORY = "800MB"


def delete(workspace: Workspace, name: str, *, by: str | None = None) -> None:
    """Delete a dataset, and its customers from remembered mappings; `by` is who stands for it in the audit log.

    On a full disk its results go first, so that there is room for the entry. Raises DatasetNotFound, DiskFull or
    NotLogged where it cannot be entered, and the dataset stays, or WorkspaceBroken where something of it cannot be
    removed.
    """
    with disk.writing(f"“{name}” could not be deleted.", workspace.root):
        try:
            _delete(workspace, name, by)
        except (OSError, DiskFull) as error:
            if not disk.is_full(error) or not workspace.forget_results(name):
                raise
            _delete(workspace, name, by)


def _delete(workspace: Workspace, name: str, by: str | None) -> None:
    if by is not None:
        record(workspace, Event(by=by, what="delete", content="shop", dataset=workspace.id_of(name)))
    people = _remembered(workspace, name)

    def also(registry: sqlite3.Connection) -> None:
        change_texts(registry, "", note=lambda note: note, mapping=lambda text: without(text, people))

    workspace.delete(name, also)


def delete_version(workspace: Workspace, name: str, number: int, *, by: str) -> None:
    """Delete one version of a dataset, damaged or not; `by` is who stands for it in the audit log.

    Raises DatasetNotFound, SettingOutOfRange where there is no such version, WrongCall for the current one or the only
    one, NotLogged where it cannot be entered, and it stays, or WorkspaceBroken where something could not be removed.
    """
    dataset_id = workspace.id_of(name)
    refuse_needed(workspace, name, number)
    record(workspace, Event(by=by, what="delete", content="shop", dataset=dataset_id, version=number))
    with workspace.registry() as registry:
        unlist(registry, dataset_id, number, asked=lambda: refuse_needed(workspace, name, number))
    remove(workspace.datasets_folder / dataset_id / str(number))
    workspace.forget_traces(dataset_id)


def refuse_needed(workspace: Workspace, name: str, number: int) -> None:
    """Raise where a version is not there, or is the only one or the current one of its dataset."""
    numbers = [one.number for one in workspace.versions_of(name)]
    if number not in numbers:
        raise SettingOutOfRange("version", number, allowed=map(str, numbers))
    quoted = shlex.quote(name)
    if len(numbers) == 1:
        raise WrongCall(
            f"Version {number} is all there is of “{name}”.", next_step=f"Delete the shop: tessera delete {quoted}."
        )
    if number == workspace.current_number(name):
        other = max(one for one in numbers if one != number)
        raise WrongCall(
            f"Version {number} is the current one of “{name}”.",
            next_step=f"Choose another one first, for example: tessera versions {quoted} --use {other}.",
        )


def _remembered(workspace: Workspace, name: str) -> frozenset[str]:
    """The customers of the dataset whom remembered mappings name; none where its files cannot be read."""
    with workspace.registry() as registry:
        named = frozenset[str]().union(*(named_in(text) for text in mappings(registry)))
    if not named:
        return frozenset()
    try:
        versions = workspace.history(name)
    except WorkspaceBroken:
        return frozenset()
    with workspace.scratch(ERASING) as folder:
        folders = (workspace.datasets_folder, folder)
        with open_import_connection(files=(), folders=folders, temp=folder, memory=MEMORY) as connection:
            found: set[str] = set()
            for version in versions:
                connection.show_stored("lines", version.lines, columns.LINES)
                connection.show_stored("contacts", version.contacts, columns.CONTACTS)
                found |= _known(connection, named)
    return frozenset(found)


def _known(connection: ImportConnection, named: frozenset[str]) -> set[str]:
    show_texts(connection, "asked_customers", "customer_id", named)
    show_texts(connection, "asked_emails", "email", named)
    rows = connection.query("erase_known").to_pylist()
    ids = {row["customer_id"] for row in connection.query("erase_ids").to_pylist()}
    return ids | {text for row in rows for text in row.values() if text in named}
