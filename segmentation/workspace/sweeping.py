"""What ended work left behind: drafts nobody writes, versions nobody registered, results of shops that are gone."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from segmentation.drafts import is_draft
from segmentation.errors import WorkspaceBroken
from segmentation.leases import left_over

DRAFT, LOOK, READ, ERASING, SPILL = "draft-", "look-", "read-", "erasing-", "engine-"
IMPORTED = "imported-"
"""How files in `tmp/` begin that were imported, before the id of their dataset: they go with it."""
WORKED_ON = (DRAFT, LOOK, READ, ERASING, SPILL)
"""How folders in `tmp/` begin that a process has locked as long as it is at work on them."""
LISTS, SWAP = "lists", "swap-"
OTHER_CACHES = frozenset({"numba"})
"""Caches that hold nothing of a shop."""


def sweep_tmp(tmp: Path, *, now: float) -> None:
    """Remove what nobody is at work on: folders of imports and drafts at once, anything else that is older than an
    hour."""
    for entry in tmp.iterdir():
        locked = (entry.is_dir() and entry.name.startswith(WORKED_ON)) or is_draft(entry.name)
        with suppress(FileNotFoundError):  # others come and go meanwhile
            if left_over(entry, now=now, locked=locked):
                discard(entry)


def strays(
    datasets: Path, registered: Collection[tuple[str, int]], swaps: Collection[str], spared: Collection[str]
) -> Iterator[Path]:
    """Folders that nothing is registered for: of whole datasets, but those that are `spared`, of versions, and of what
    was to take their place."""
    known = {dataset for dataset, _ in registered}
    for home in datasets.iterdir():
        if home.name in spared or not home.is_dir():
            continue
        if home.name not in known:
            yield home
            continue
        for folder in home.iterdir():
            lost = folder.name.isdigit() and (home.name, int(folder.name)) not in registered
            if lost or (folder.name.startswith(SWAP) and folder.name not in swaps):
                yield folder


def stray_uploads(tmp: Path, datasets: Path) -> Iterator[Path]:
    """Files that were imported into a dataset that is gone."""
    known = {home.name for home in datasets.iterdir()}
    for file in tmp.glob(f"{IMPORTED}*"):
        if file.name.removeprefix(IMPORTED).partition("-")[0] not in known:
            yield file


def stray_caches(caches: Path, fingerprints: Collection[str]) -> list[Path]:
    """Caches that belong to no registered version."""
    kept = {*fingerprints, *OTHER_CACHES}
    return [folder for folder in caches.iterdir() if folder.name not in kept]


def discard(path: Path) -> None:
    """Remove a file or a folder with all that is in it, as far as that is possible."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(OSError):
        path.unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Remove a file or a folder with all that is in it. Raises WorkspaceBroken where something stays."""
    for _ in range(3):  # somebody may be writing into it
        discard(path)
        if not path.exists():
            return
    raise WorkspaceBroken(
        "Something that has to go could not be removed.",
        evidence=f"{path} is still there.",
        next_step="Close what uses the folder, and try again.",
    )
