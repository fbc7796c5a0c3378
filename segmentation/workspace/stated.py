"""What somebody stated about a shop that nobody measured: kept with the shop, the last word counts."""

from __future__ import annotations

from segmentation.assumptions import USUAL, Assumptions, ShopAssumptions, Value
from segmentation.errors import WorkspaceBroken
from segmentation.workspace.folder import Workspace
from segmentation.workspace.unchanged import unless_changed


class StatedAssumptions:
    """The assumptions of one dataset; the usual ones where nobody stated any, or what is kept cannot be read."""

    def __init__(self, workspace: Workspace, dataset_id: str) -> None:
        self._workspace = workspace
        self._dataset_id = dataset_id

    def current(self) -> Assumptions:
        """What counts now: somebody else may have stated it a moment ago."""
        return unless_changed(self._workspace, ("assumptions", self._dataset_id), self._read)

    def _read(self) -> Assumptions:
        with self._workspace.registry() as registry:
            row = registry.execute(_READ, (self._dataset_id,)).fetchone()
        return USUAL if row is None else Assumptions.from_text(row[0])

    def state(self, measured: float | None = None, **changes: Value) -> Assumptions:
        """State these values from now on and leave the others; a value put back to what counts anyway is forgotten.

        `measured` is the margin that the unit costs give, which may be below 0: another one is stated over it. Raises
        SettingOutOfRange, or WorkspaceBroken where the shop is gone.
        """
        with self._workspace.registry() as registry:
            registry.execute("BEGIN IMMEDIATE")
            if registry.execute("SELECT 1 FROM datasets WHERE id = ?", (self._dataset_id,)).fetchone() is None:
                raise WorkspaceBroken(
                    "The shop was deleted meanwhile.",
                    evidence="Nothing was stated about it.",
                    next_step="Choose another shop.",
                )
            row = registry.execute(_READ, (self._dataset_id,)).fetchone()
            before = USUAL if row is None else Assumptions.from_text(row[0])
            values = ShopAssumptions(values=before, measured=measured).state(**changes).kept(changes)
            if values == USUAL:
                registry.execute("DELETE FROM assumptions WHERE dataset_id = ?", (self._dataset_id,))
            else:
                text = values.to_text()
                registry.execute("INSERT OR REPLACE INTO assumptions VALUES (?, ?)", (self._dataset_id, text))
        return values


_READ = "SELECT text FROM assumptions WHERE dataset_id = ?"
