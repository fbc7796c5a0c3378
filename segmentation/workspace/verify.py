"""Whether everything a workspace keeps is as it was written: every file of every version, read whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from segmentation.errors import WorkspaceBroken
from segmentation.workspace import registry_file
from segmentation.workspace.checked import forget_digests
from segmentation.workspace.damage import UNREADABLE, Damage, damages, unreadable
from segmentation.workspace.folder import Workspace
from segmentation.workspace.manifest import Manifest
from segmentation.workspace.saved_segmentations import SavedSegmentations


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedVersion:
    """A version and what is damaged about it. `files` and `bytes` were compared; `sums` is False for a version that
    was written before check sums were kept, of which nothing can be compared."""

    name: str
    number: int
    current: bool
    files: int
    bytes: int
    sums: bool
    damages: tuple[Damage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found. `others` are damages outside of versions; `unlisted` are folders of versions on disk that the
    list of shops does not know."""

    versions: tuple[VerifiedVersion, ...]
    others: tuple[Damage, ...]
    unlisted: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether everything that can be compared is as it was written."""
        return not self.unlisted and not self.others and not any(one.damages for one in self.versions)


def verify(workspace: Workspace, name: str | None = None) -> Verified:
    """Compare all versions, or those of one dataset, with their manifests. Raises DatasetNotFound or RegistryLost."""
    forget_digests()
    wanted = None if name is None else (name, workspace.id_of(name))
    with workspace.registry() as registry:
        shops = [wanted] if wanted else registry.execute("SELECT name, id FROM datasets ORDER BY name").fetchall()
        known = registry.execute("SELECT dataset_id, number FROM versions ORDER BY number").fetchall()
    versions: list[VerifiedVersion] = []
    others: list[Damage] = [] if wanted else [*_others(workspace)]
    for shop, dataset_id in shops:
        current = workspace.current_number(shop)
        numbers = [number for one, number in known if one == dataset_id]
        versions += [_verified(workspace, shop, dataset_id, number, number == current) for number in numbers]
        others += [Damage(f"“{shop}”: {file}", what) for file, what in _lists(workspace, dataset_id)]
    ids = {dataset_id for _, dataset_id in shops}
    unlisted = [
        f"{dataset_id}/{folder.name}"
        for dataset_id, folders in registry_file.stored_versions(workspace.root).items()
        for folder in folders
        if (dataset_id, int(folder.name)) not in set(known) and (not wanted or dataset_id in ids)
    ]
    return Verified(versions=tuple(versions), others=tuple(others), unlisted=tuple(unlisted))


def _verified(workspace: Workspace, name: str, dataset_id: str, number: int, current: bool) -> VerifiedVersion:
    folder = workspace.datasets_folder / dataset_id / str(number)
    try:
        manifest = Manifest.read(folder)
    except UNREADABLE as error:
        gone = (unreadable(error),)
        return VerifiedVersion(name=name, number=number, current=current, files=0, bytes=0, sums=True, damages=gone)
    stored = manifest.stored or {}
    return VerifiedVersion(
        name=name,
        number=number,
        current=current,
        files=len(stored),
        bytes=sum(one.bytes for one in stored.values()),
        sums=manifest.stored is not None,
        damages=tuple(damages(folder, manifest, content=True)),
    )


def _lists(workspace: Workspace, dataset_id: str) -> Iterator[tuple[str, str]]:
    for file in SavedSegmentations(workspace, dataset_id).damaged_lists():
        yield file, "does not hold the customers it was written with"


def _others(workspace: Workspace) -> Iterator[Damage]:
    wrong = registry_file.check(workspace.root)
    if wrong:
        yield Damage(registry_file.REGISTRY, f"is damaged ({wrong})")
    key = Path("keys") / "pseudonyms.key"
    if (workspace.root / key).exists():
        try:
            workspace.secret()
        except WorkspaceBroken:
            yield Damage(str(key), "is not as it was written")
