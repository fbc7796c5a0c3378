"""One customer out of every version of a dataset, and kept out."""

from __future__ import annotations

import re
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq

from segmentation import columns, disk
from segmentation.engine.reading import ImportConnection, open_import_connection
from segmentation.erasure.anew import Anew
from segmentation.erasure.mappings import without
from segmentation.erasure.person import Asked, CustomerNotFound, Person, find, show_texts
from segmentation.erasure.recount import recounted
from segmentation.erasure.rejected import with_rejected
from segmentation.erasure.unsearched import refuse_unsearched
from segmentation.errors import WorkspaceBroken
from segmentation.intake.erased import Marks
from segmentation.privacy import pseudonym
from segmentation.workspace import (
    ERASING,
    LISTS,
    PRIVATE_FOLDER,
    DatasetVersion,
    Swap,
    Workspace,
    change_texts,
    decide,
    finish,
    make_durable,
    take_back,
    write_manifest,
)
from segmentation.workspace.audit import Event, record
from segmentation.workspace.erased_marks import keep as keep_marks
from segmentation.workspace.saved_segmentations import write_list

MEMORY = "800MB"
GONE = "[erased]"
"""What stands in a note in place of what it said of the customer."""
_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure takes away, or would. `customers` are the ids the customer has; `lines`, `orders`, `revenue` (in
    shop currency), `contacts` and `rejected` rows are those of the current version, and `versions` counts the versions
    that held something of them. `lists` are kept lists of customers. `others` are customers who have the same address,
    `elsewhere` shops that know it too; `already` says that the customer had been erased before.
    """

    dataset: str
    customers: tuple[str, ...] = ()
    versions: int = 0
    lines: int = 0
    orders: int = 0
    revenue: Decimal = Decimal(0)
    contacts: int = 0
    rejected: int = 0
    lists: int = 0
    others: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    already: bool = False


def preview(workspace: Workspace, dataset: str, asked: Asked) -> Erased:
    """What would go. Raises DatasetNotFound, CustomerNotFound, WrongCall for an address that is no one person's, or
    NotSearched where a version is damaged."""
    with _open(workspace) as (connection, _):
        return Erasure(workspace, connection, dataset, asked).counted()


def erase(workspace: Workspace, dataset: str, asked: Asked, *, by: str | None = None) -> Erased:
    """Take the customer out of every version, which keep their numbers, of lists and results, and out of every file
    imported later. All of it or nothing; looked at again afterwards, since imports may run meanwhile. `by` is who
    stands for it in the audit log, which holds nothing of the customer.

    Raises what `preview` raises, NotLogged where it cannot be entered, and WorkspaceBroken where the dataset never
    stands still.
    """
    with _open(workspace) as (connection, _):
        erasure = Erasure(workspace, connection, dataset, asked)
        counted = erasure.counted()
    if by is not None:
        rows = counted.lines + counted.contacts + counted.rejected
        record(workspace, Event(by=by, what="erase", content="shop", dataset=workspace.id_of(dataset), rows=rows))
    for _ in range(_TRIES):
        with _open(workspace) as (connection, folder):
            swap = erasure.written(connection, folder)
            if swap is None:
                return counted
            try:
                with workspace.registry() as registry:
                    decide(registry, swap, workspace.datasets_folder, erasure.also)
            except (OSError, WorkspaceBroken):
                take_back(workspace.registry, swap, workspace.datasets_folder)
                raise
            with suppress(OSError, WorkspaceBroken), workspace.registry() as registry:  # every start tries it again
                keep_marks(registry, workspace.keys)
            finish(workspace.registry, workspace.datasets_folder, workspace.forget_traces)
    raise WorkspaceBroken(
        f"“{dataset}” is changed by imports all the time.",
        evidence=f"After {_TRIES} tries some of the customer's rows were still there.",
        next_step="Wait until the imports are done, and erase the customer again.",
    )


@contextmanager
def _open(workspace: Workspace) -> Iterator[tuple[ImportConnection, Path]]:
    with disk.writing("Nobody was erased.", workspace.root), workspace.scratch(ERASING) as folder:
        folders = (workspace.datasets_folder, folder)
        with open_import_connection(files=(), folders=folders, temp=folder, memory=MEMORY) as connection:
            yield connection, folder


class Erasure:
    """One customer and one dataset."""

    def __init__(self, workspace: Workspace, connection: ImportConnection, dataset: str, asked: Asked) -> None:
        self._workspace, self._dataset, self._asked = workspace, dataset, asked
        self._connection = connection
        self._key = workspace.secret()
        refuse_unsearched(workspace, dataset)
        current = workspace.latest(dataset)
        self._id, self._number = current.dataset_id, current.number
        versions = workspace.history(dataset)
        person = find(connection, _files(versions, "lines"), _files(versions, "contacts"), asked, self._key)
        sure = Marks(self._key, replace(person, names=frozenset(), phones=frozenset()).marks(self._key))
        self.person = with_rejected(person, _files(versions, "set_aside"), sure, workspace.recall_mapping)
        named = Person(
            customers=frozenset({asked.customer.strip()} if asked.customer else ()),
            emails=frozenset({asked.email.strip()} if asked.email else ()),
        )
        self._marks = self.person.marks(self._key) or named.marks(self._key)

    def counted(self) -> Erased:
        """What there is of the customer. Raises CustomerNotFound where there is nothing."""
        versions = self._workspace.history(self._dataset)
        anew = self._anew(self._connection, versions, None)
        erased = Erased(
            dataset=self._dataset,
            customers=tuple(sorted(self.person.customers)),
            others=tuple(sorted(self.person.others)),
            elsewhere=tuple(self._elsewhere()),
        )
        for version in versions:
            gone = {
                part: [anew.of(part, path) for path in version.files(part)]
                for part in ("lines", "contacts", "set_aside", "passed")
            }
            if any(one.rows for files in gone.values() for one in files):
                erased = replace(erased, versions=erased.versions + 1)
            if version.number == self._number:
                rows = {part: sum(one.rows for one in files) for part, files in gone.items()}
                revenue = sum((one.revenue for one in gone["lines"]), Decimal(0))
                erased = replace(erased, lines=rows["lines"], contacts=rows["contacts"], rejected=rows["set_aside"])
                erased = replace(erased, revenue=revenue, orders=self._orders(version))
        erased = replace(erased, lists=sum(1 for path in self._lists() if anew.of(LISTS, path).rows))
        if not (erased.versions or erased.lists):
            if not self._marks & self._workspace.erased(self._dataset):
                raise CustomerNotFound(self._asked.text, self._dataset)
            return replace(erased, already=True)
        return erased

    def _orders(self, version: DatasetVersion) -> int:
        """How many orders of a version are the customer's."""
        self._connection.show_stored("lines", version.lines, columns.LINES)
        return int(self._connection.query("erase_orders").num_rows)

    def written(self, connection: ImportConnection, folder: Path) -> Swap | None:
        """What has to change, written in `folder`; None where nothing of the customer is left and the mark is there."""
        versions = self._workspace.history(self._dataset)
        files, new = folder / "files", folder / uuid.uuid4().hex
        for made in (files, new):
            made.mkdir(mode=PRIVATE_FOLDER)
        anew = self._anew(connection, versions, files)
        after: dict[int, str] = {}
        for version in versions:
            target = new / str(version.number)
            if anew.version(version, target):
                manifest = recounted(connection, version.manifest, target)
                write_manifest(target, manifest)
                make_durable(target)
                after[version.number] = manifest.fingerprint
        changed = self._lists_anew(anew, new)
        if not after and not changed and self._marks <= self._workspace.erased(self._dataset):
            return None
        return Swap(
            name=self._dataset,
            dataset_id=self._id,
            folder=new,
            before={version.number: version.fingerprint for version in versions},
            after=after,
            marks=self._marks,
        )

    def also(self, registry: sqlite3.Connection) -> None:
        """What goes from the registry with the files."""
        change_texts(registry, self._id, note=self._note, mapping=self._mapping)

    def _anew(self, connection: ImportConnection, versions: Sequence[DatasetVersion], folder: Path | None) -> Anew:
        marks = Marks(self._key, self._marks)
        anew = Anew(connection, self.person, marks, self._workspace.recall_mapping, folder)
        anew.learn(_files(versions, "lines"))
        return anew

    def _lists(self) -> list[Path]:
        return sorted((self._workspace.datasets_folder / self._id / LISTS).glob("*.parquet"))

    def _lists_anew(self, anew: Anew, new: Path) -> bool:
        found = [(path, anew.of(LISTS, path)) for path in self._lists()]
        changed = [(path, gone.path) for path, gone in found if gone.rows and gone.path is not None]
        if changed:
            (new / LISTS).mkdir(mode=PRIVATE_FOLDER)
        for path, written in changed:
            write_list(new / LISTS / path.name, pq.read_table(written)["customer_id"].combine_chunks())
        return bool(changed)

    def _note(self, text: str) -> str:
        """A note without what it says of the customer."""
        person = self.person
        told = {*person.emails, *person.phones, *(one for one in person.names if " " in one)}
        told |= {one for one in person.customers if len(one) > 3}
        if not told:
            return text
        return re.sub("|".join(map(re.escape, sorted(told, key=len, reverse=True))), GONE, text, flags=re.IGNORECASE)

    def _mapping(self, text: str) -> str:
        """A remembered mapping without the customer among those who are guests or are none."""
        return without(text, (*self.person.customers, *self.person.emails, *self.person.names))

    def _elsewhere(self) -> Iterator[str]:
        """Other datasets that know one of the customer's addresses."""
        if not self.person.emails:
            return
        names = {pseudonym(self._key, one) for one in self.person.emails}
        for version in self._workspace.datasets():
            if version.dataset_id == self._id:
                continue
            self._connection.show_stored("contacts", version.contacts, columns.CONTACTS)
            show_texts(self._connection, "asked_customers", "customer_id", names)
            show_texts(self._connection, "asked_emails", "email", self.person.emails)
            if self._connection.query("erase_known").num_rows:
                yield version.name


def _files(versions: Sequence[DatasetVersion], part: str) -> list[Path]:
    """The files of a part over all versions, each once, however many versions share it."""
    found: dict[tuple[int, int], Path] = {}
    for version in versions:
        for path in version.files(part):
            stat = path.stat()
            found.setdefault((stat.st_dev, stat.st_ino), path)
    return list(found.values())
