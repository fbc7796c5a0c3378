"""Proving a segmentation of a dataset: the proofs and the recommended number, made once and kept on disk.

number = StoredNumber.of(workspace, version, customers, names)    # where the recommended number is kept
number.compute(engine)                                            # heavy: seconds
proofs = StoredProofs.of(workspace, version, study)
proofs.compute(engine)

Both are also tasks of a worker process (`compute_number`, `compute_proofs`), which are asked with plain values.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from segmentation.customers import CustomerTable
from segmentation.engine.protocol import Engine
from segmentation.estimates import Unknown
from segmentation.keeping import Plain, Where, engine_of, keep_array, load, load_array, must_be_kept, save, silent
from segmentation.proof import (
    Progress,
    Proofs,
    Recommendation,
    Structure,
    earlier,
    find_cuts,
    prove,
    recommend,
    structure,
)
from segmentation.proof.number import MOST_RECOMMENDED
from segmentation.records import read, told
from segmentation.scored import Tables, scores_among
from segmentation.segments import SegmentSettings, segment, thaw
from segmentation.segments.clusters import chosen_space
from segmentation.segments.settings import Weights
from segmentation.study import Study, StudySettings, features_for
from segmentation.workspace import DatasetVersion, Shelf, Workspace

LAYOUT = 3
"""Raise when anything here is computed differently, so that older results are not read."""

STRUCTURE_SAMPLE, CUTS = 2_000, 2
RECOMMENDED, FEW_REFITS = range(2, MOST_RECOMMENDED + 1), 6
"""What is tried at an earlier date, where only the number that would have been recommended is asked for."""

SEED = 20_261_101


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNumber:
    """Where the recommended number for these features is kept, whoever works it out."""

    where: Where
    features: tuple[str, ...]
    weights: Weights

    @classmethod
    def of(
        cls,
        workspace: Workspace,
        version: DatasetVersion,
        customers: CustomerTable,
        features: tuple[str, ...],
        weights: Weights = (),
    ) -> StoredNumber:
        return cls(where=Where.of(workspace, version, customers), features=features, weights=weights)

    @property
    def file(self) -> Path:
        return self.where.file("number", LAYOUT, self.features, self.weights)

    @property
    def job(self) -> str:
        """A name for the work of computing it."""
        return f"number/{self.file.stem}"

    def ask(self) -> dict[str, Plain]:
        """The arguments of `compute_number`."""
        return {"stored": json.dumps(told(self))}

    def load(self) -> Recommendation | None:
        """The recommendation, or None where it is not known yet."""
        return load(Recommendation, self.file)

    def compute(self, engine: Engine, progress: Progress = silent) -> Recommendation:
        """Work it out and keep it. Raises NotEnoughData."""
        kept = self.load()
        if kept is not None:
            return kept
        workspace, version = self.where.open()
        tables = Tables(workspace, engine, version, scores_among(self.features))
        customers = tables.at(date.fromisoformat(self.where.as_of))
        progress(0.1, "Looking back at earlier months")
        cuts = find_cuts(workspace, engine, version, customers.as_of, most=CUTS, table=tables.at)
        progress(0.4, "Looking for groups")
        settings = SegmentSettings(features=self.features, weights=self.weights)
        shape = _structure(self.where, customers, settings)
        progress(0.5, "Trying 2 to 15 segments")
        space = chosen_space(customers, settings)
        advice = recommend(space.points(customers), space, shape, cuts)
        save(self.file, advice)
        return advice


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProofs:
    """Where the proofs of a segmentation are kept.

    `saved` is the id of a saved one that is shown without refitting; `auto` says that nobody fixed how many segments.
    """

    where: Where
    key: str
    saved: str = ""
    auto: bool = False

    @classmethod
    def of(
        cls,
        workspace: Workspace,
        version: DatasetVersion,
        study: Study,
        *,
        saved: str = "",
    ) -> StoredProofs:
        where = Where.of(workspace, version, study.customers)
        auto = study.settings.segments is None and study.settings.method != "rfm" and not saved
        return cls(where=where, key=study.segmentation.settings.key, saved=saved, auto=auto)

    @property
    def file(self) -> Path:
        return self.where.file("proofs", LAYOUT, self.key, self.saved, self.auto)

    @property
    def sureness_file(self) -> Path:
        return self.file.with_suffix(".npy")

    @property
    def job(self) -> str:
        """A name for the work of computing them."""
        return f"proofs/{self.file.stem}"

    def ask(self) -> dict[str, Plain]:
        """The arguments of `compute_proofs`."""
        return {"stored": json.dumps(told(self))}

    def load(self) -> Proofs | None:
        """The proofs, or None where they are not known yet."""
        return load(Proofs, self.file)

    def sureness(self) -> npt.NDArray[np.uint8] | None:
        """How sure each customer's segment is in percent, shape (n,); None where nothing was refitted."""
        kept = load_array(self.sureness_file)
        return None if kept is None else np.array(kept, dtype=np.uint8)

    def compute(self, engine: Engine, progress: Progress = silent) -> Proofs:
        """Work them out and keep them."""
        kept = self.load()
        if kept is not None:
            return kept
        workspace, version = self.where.open()
        shelf, settings = Shelf(workspace, version.dataset_id), SegmentSettings.from_key(self.key)
        tables = Tables(workspace, engine, version, scores_among(settings.measures))
        customers = tables.at(date.fromisoformat(self.where.as_of))
        progress(0.05, "Finding the segments")
        if self.saved:
            found = thaw(shelf.get(self.saved).body).on(customers, shelf.list_of)
        else:
            found = segment(customers, settings, lists=shelf.list_of)
        progress(0.15, "Looking for groups")
        shape = _structure(self.where, customers, settings)
        cuts = find_cuts(workspace, engine, version, customers.as_of, most=CUTS, table=tables.at)
        number = _number_then(self.where, customers, settings, tables) if self.auto else None
        proofs, sure = prove(
            customers,
            found,
            shape,
            cuts,
            earlier(customers, found, shelf.list_of, number),
            progress=progress,
        )
        if sure is not None:
            keep_array(self.sureness_file, sure)
        save(self.file, proofs)
        return proofs


def compute_number(*, stored: str, progress: Progress = silent) -> None:
    """A worker's task: what `StoredNumber.ask` asked for."""
    wanted = read(StoredNumber, json.loads(stored))
    wanted.compute(engine_of(wanted.where.root), progress)
    must_be_kept(wanted)


def compute_proofs(*, stored: str, progress: Progress = silent) -> None:
    """A worker's task: what `StoredProofs.ask` asked for."""
    wanted = read(StoredProofs, json.loads(stored))
    wanted.compute(engine_of(wanted.where.root), progress)
    must_be_kept(wanted)


def look_ahead(*, root: str, dataset: str, number: int, progress: Progress = silent) -> None:
    """A worker's task: read what every proof of a new version needs, before anybody asks for one."""
    workspace, engine = Workspace.open(root), engine_of(root)
    version = next((one for one in workspace.usable(dataset) if one.number == number), None)
    if version is None:
        return
    customers = Tables(workspace, engine, version).at()
    StoredNumber.of(workspace, version, customers, features_for(customers, StudySettings())).compute(engine, progress)


def warm_up() -> None:
    """Pay for the slow imports before anyone waits for a proof: segments of some invented points."""
    points = np.random.default_rng(0).normal(size=(200, 3)).astype(np.float32)
    structure(points, range(2, 4), seed=0)


def _number_then(
    where: Where, customers: CustomerTable, settings: SegmentSettings, tables: Tables
) -> Callable[[CustomerTable], int]:
    """The number of segments that would have been recommended at an earlier date, kept on disk."""

    def choose(then: CustomerTable) -> int:
        known = {feature.name for feature in then.features}
        space = chosen_space(customers, settings).only(known)
        file = where.file("number-then", LAYOUT, then.plain, space.features, space.weights)
        kept = load(Recommendation, file)
        if kept is None:
            points = space.points(then)
            shape = structure(points[:STRUCTURE_SAMPLE], RECOMMENDED, seed=SEED)
            cuts = find_cuts(tables.workspace, tables.engine, tables.version, then.as_of, most=CUTS, table=tables.at)
            kept = recommend(points, space, shape, cuts, numbers=RECOMMENDED, refits=FEW_REFITS)
            save(file, kept)
        return kept.k

    return choose


def _structure(where: Where, customers: CustomerTable, settings: SegmentSettings) -> Structure | Unknown:
    """Whether there are groups in these features, kept on disk: it does not depend on how they are cut."""
    space = chosen_space(customers, settings)
    file = where.file("structure", LAYOUT, space.features, space.weights)
    kept = load(_Shape, file)
    if kept is None:
        kept = _Shape(structure(space.points(customers)[:STRUCTURE_SAMPLE], seed=SEED))
        save(file, kept)
    return kept.found


@dataclass(frozen=True, slots=True)
class _Shape:
    found: Structure | Unknown
