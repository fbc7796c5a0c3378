"""A shop at a date: its customers, and the answer to any analysis that is declared."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self, TypeVar

from segmentation.analysis.declared import Answer, Declared, Nothing, Result, Settings
from segmentation.analysis.memory import MEMORY
from segmentation.customers import CustomerTable, catalogue, prepare, table_key
from segmentation.engine.protocol import Engine
from segmentation.workspace import DatasetVersion, SavedSegmentations, Workspace
from segmentation.workspace.results import ResultFile

Kept = TypeVar("Kept")
TABLES_HELD = 6
NOTHING = Nothing()


@dataclass(frozen=True, slots=True)
class Dated:
    """A version of a shop looked at on a day."""

    workspace: Workspace
    engine: Engine
    version: DatasetVersion
    as_of: date

    def at(self, on: date) -> Self:
        """The same shop on another day."""
        return replace(self, as_of=on)

    @property
    def place(self) -> tuple[str, str]:
        """What the plain customer table is made from: equal where its customers are."""
        return str(self.workspace.root), table_key(self.version, self.as_of)

    @property
    def saved_segmentations(self) -> SavedSegmentations:
        """The saved segmentations and pinned lists of the shop."""
        return SavedSegmentations(self.workspace, self.version.dataset_id)

    # Customers ---------------------------------------------------------------------------------------------------

    def plain_customers(self) -> CustomerTable:
        """The customers without scores: what a model may learn from. Raises NotEnoughData."""
        made = MEMORY.once("table", self.place, lambda: prepare(self.workspace, self.engine, self.version, self.as_of),
                           most=TABLES_HELD)  # fmt: skip
        assert isinstance(made, CustomerTable)
        return made

    # Results -----------------------------------------------------------------------------------------------------

    def answer(self, analysis: Declared[Settings, Result], settings: Settings) -> Answer[Settings, Result]:
        """The answer of an analysis under these settings."""
        return Answer(self, analysis, settings)

    def file(self, kind: str, *made_from: object) -> ResultFile:
        """Where something worked out from these customers is kept."""
        folder = self.workspace.cache(self.version.fingerprint)
        return ResultFile.of(folder, kind, table_key(self.version, self.as_of), *made_from)

    def once(self, kind: type[Kept] | Any, file: ResultFile, make: Callable[[], Kept]) -> Kept:  # noqa: ANN401 - unions are no types
        """A step of an analysis, from disk where it is kept."""
        kept: Kept | None = file.load(kind)
        if kept is None:
            kept = make()
            file.keep(kept)
        return kept


def scores_among(names: Iterable[str]) -> tuple[str, ...]:
    """Which of these features are scores, in the order of the catalogue."""
    wanted = set(names)
    return tuple(feature.name for feature in catalogue().scores if feature.name in wanted)
