"""Whether every version of a dataset can be searched for a customer."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from segmentation.errors import WorkspaceBroken
from segmentation.workspace import BrokenVersion, DatasetVersion, Workspace


class NotSearched(WorkspaceBroken):
    """Nobody can be erased, since versions cannot be read: `numbers` are theirs, `whole` those of the others."""

    def __init__(self, dataset: str, numbers: Sequence[int], whole: Sequence[int], evidence: str) -> None:
        self.numbers, self.whole = tuple(numbers), tuple(whole)
        listed = ", ".join(map(str, numbers))
        which = f"version {listed} cannot" if len(numbers) == 1 else f"versions {listed} cannot"
        drop = f"tessera versions {shlex.quote(dataset)} --delete {numbers[0]}"
        if whole:
            first = f"Restore a backup, or delete what is damaged ({drop}), and erase the customer then."
        else:
            first = (
                f"Restore a backup, or delete the shop (tessera delete {shlex.quote(dataset)}) and import its files "
                "again, and erase the customer then."
            )
        super().__init__(
            f"Nothing was erased: {which} be searched for the customer.", evidence=evidence, next_step=first
        )


def refuse_unsearched(workspace: Workspace, dataset: str) -> None:
    """Raise NotSearched where a version is damaged in its manifest or in any of its files, or DatasetNotFound."""
    broken: dict[int, str] = {}
    versions = workspace.versions_of(dataset)
    for one in versions:
        problem = one.problem if isinstance(one, BrokenVersion) else _problem(one)
        if problem is not None:
            broken[one.number] = problem.evidence or problem.fact
    if broken:
        whole = [one.number for one in versions if one.number not in broken]
        told = " ".join(f"Version {number}: {what}" for number, what in broken.items())
        raise NotSearched(dataset, tuple(broken), whole, told)


def _problem(version: DatasetVersion) -> WorkspaceBroken | None:
    """What is wrong with the content of a version's files, None where nothing is."""
    try:
        version.compare()
    except WorkspaceBroken as problem:
        return problem
    return None
