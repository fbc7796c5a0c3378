"""Deleting a shop, and erasing one customer from it, from the command line: nothing goes before somebody said yes."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from typing import Any

from segmentation import erasure, formats
from segmentation.commands.opening import opened
from segmentation.commands.result import Result
from segmentation.erasure import Asked, Erased
from segmentation.errors import WorkspaceBroken, WrongCall
from segmentation.workspace import DatasetVersion, Workspace, count_versions
from segmentation.workspace.audit import system_user

NOT_REACHED = (
    "Files that were downloaded, or written with --out, stay where they are.",
    "Backups and other copies of the workspace stay as they are.",
)
"""What neither command can do anything about."""
OWN_FILES = "Your own export files stay as they are."
OWN_FILES_AGAIN = "Your own export files stay as they are; imported again, they leave the customer out."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shop:
    """What a shop holds, as far as its manifest can be read."""

    name: str
    versions: int
    current: DatasetVersion | None = None

    @property
    def json(self) -> dict[str, Any]:
        held = self.current.manifest if self.current else None
        return {
            "versions": self.versions,
            "customers": held.customers if held else None,
            "orders": held.orders if held else None,
            "lines": held.lines if held else None,
        }

    @property
    def sentence(self) -> str:
        versions = formats.count(self.versions, "version")
        if self.current is None:
            return f"“{self.name}” has {versions} that cannot be read."
        held = self.current.manifest
        holds = f"{formats.count(held.customers, 'customer')} and {formats.count(held.orders, 'order')}"
        return f"“{self.name}” holds {holds} in {versions}."


def delete(options: argparse.Namespace) -> Result:
    """Delete a shop: all versions, contacts, rejected rows, lists, saved segmentations, and everything computed."""
    workspace = opened(options)
    workspace.sweep(now=time.time())
    shop = _shop(workspace, options.dataset)
    going = f"{shop.sentence} All of it goes, with everything computed from it, and cannot be brought back."
    if not _confirmed(options, going, f"Delete “{shop.name}”?"):
        return _untouched(options.dataset, "deleted", going)
    erasure.delete(workspace, options.dataset, by=system_user())
    kept = (*NOT_REACHED, OWN_FILES)
    body = {"dataset": options.dataset, "deleted": True, **shop.json, "not_reached": list(kept)}
    return Result(body, "\n".join((f"Deleted. {shop.sentence.replace(' holds ', ' held ')}", *_listed(kept))))


def delete_version(workspace: Workspace, options: argparse.Namespace) -> Result:
    """Delete one version of a shop; the others stay."""
    name, number = options.dataset, options.delete
    erasure.refuse_needed(workspace, name, number)
    going = f"Version {number} of “{name}” goes and cannot be brought back; the other versions stay."
    if not _confirmed(options, going, f"Delete version {number} of “{name}”?"):
        return _untouched(name, "deleted", going)
    erasure.delete_version(workspace, name, number, by=system_user())
    body = {"dataset": name, "deleted": True, "version": number, "not_reached": list(NOT_REACHED)}
    return Result(body, "\n".join((f"Deleted version {number} of “{name}”.", *_listed(NOT_REACHED))))


def erase(options: argparse.Namespace) -> Result:
    """Erase one customer from every version of a shop, and keep them out of later imports."""
    workspace = opened(options)
    workspace.sweep(now=time.time())
    asked = Asked(customer=options.customer, email=options.email)
    erased = erasure.preview(workspace, options.dataset, asked)
    if erased.already:
        return _erased(erased, "Nothing is left of this customer, who was erased before.")
    going = f"{_going(erased, 'would go', 'stand')} It cannot be brought back."
    if not _confirmed(options, going, f"Erase this customer from “{options.dataset}”?"):
        return _untouched(options.dataset, "erased", going)
    erased = erasure.erase(workspace, options.dataset, asked, by=system_user())
    return _erased(erased, f"Erased. {_going(erased, 'are gone', 'stood')}")


def _shop(workspace: Workspace, name: str) -> _Shop:
    """Raises DatasetNotFound; a shop whose files are damaged can be deleted too."""
    with workspace.registry() as registry:
        versions = count_versions(registry, name)
    try:
        return _Shop(name=name, versions=versions, current=workspace.latest(name))
    except WorkspaceBroken:
        return _Shop(name=name, versions=versions)


def _confirmed(options: argparse.Namespace, going: str, question: str) -> bool:
    """Whether somebody said yes. Raises WrongCall where nobody can be asked."""
    if options.yes:
        return True
    if not sys.stdin.isatty():
        raise WrongCall(
            "Nobody is there to ask, so nothing was changed.", evidence=going, next_step="Add --yes to do it unasked."
        )
    sys.stderr.write(f"{going}\n{question} Type yes: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _untouched(dataset: str, done: str, going: str) -> Result:
    return Result({"dataset": dataset, done: False, "would_go": going}, "Nothing was changed.", exit_code=1)


def _going(erased: Erased, go: str, stand: str) -> str:
    """What goes and where it stands, in the tense of these verbs."""
    parts = [
        formats.count(erased.orders, "order"),
        formats.count(erased.lines, "line"),
        formats.count(erased.contacts, "contact"),
        formats.count(erased.rejected, "rejected row"),
    ]
    known = f"customer {', '.join(erased.customers)}" if erased.customers else "the customer"
    places = [formats.count(erased.versions, "version")]
    places += [formats.count(erased.lists, "kept list")] if erased.lists else []
    return f"{', '.join(parts)} of {known} {go} from the current version; they {stand} in {' and '.join(places)}."


def _erased(erased: Erased, said: str) -> Result:
    kept = [*NOT_REACHED, OWN_FILES_AGAIN]
    if erased.others:
        kept.append(f"The address is also that of customer {', '.join(erased.others)}, who was left as they are.")
    if erased.elsewhere:
        shops = ", ".join(f"“{one}”" for one in erased.elsewhere)
        kept.append(f"The address is known in {shops} too: erase the customer there as well.")
    body = {
        "dataset": erased.dataset,
        "erased": True,
        "already": erased.already,
        "customers": list(erased.customers),
        "versions": erased.versions,
        "orders": erased.orders,
        "lines": erased.lines,
        "revenue": float(erased.revenue),
        "contacts": erased.contacts,
        "rejected": erased.rejected,
        "lists": erased.lists,
        "others": list(erased.others),
        "elsewhere": list(erased.elsewhere),
        "not_reached": kept,
    }
    return Result(body, "\n".join((said, *_listed(kept))))


def _listed(kept: tuple[str, ...] | list[str]) -> list[str]:
    return ["Not reached:", *(f"  {one}" for one in kept)]
