"""Proving: the recommended number, and the whole strip after a change, for the customers of a large shop."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from segmentation.customers import CustomerTable
from segmentation.engine import DuckEngine
from segmentation.errors import NotEnoughData
from segmentation.intake import import_file
from segmentation.proving import StoredNumber, StoredProofs, warm_up
from segmentation.study import StudySettings, features_for, prepare, run
from segmentation.workspace import DatasetVersion, Workspace
from tests.benchmarks.orders import write_export
from tests.benchmarks.rows import Row, at_most, timed

NUMBER_GOAL, STRIP_GOAL = 5.0, 3.0
CHANGES = (
    ("segments", StudySettings(segments=7)),
    ("features", StudySettings(segments=6, features=("recency_days", "orders", "spend", "average_order"))),
    ("weights", StudySettings(segments=6, weights=(("orders", 2.0),))),
    ("rules", StudySettings(method="rfm")),
    ("mixture", StudySettings(method="mixture", segments=6)),
    ("Ward", StudySettings(method="ward", segments=6)),
    ("density", StudySettings(method="hdbscan", segments=6)),
)


def measure(quick: bool) -> list[Row]:
    """Seconds of each, as a worker that is warm needs them; the lines were read for an earlier proof."""
    with tempfile.TemporaryDirectory(prefix="tessera-bench-") as folder:
        export = write_export(Path(folder) / "orders.csv", quick=quick)
        workspace = Workspace.open(Path(folder) / "workspace")
        import_file(workspace, export, dataset="Bench", today=date(2026, 1, 1))
        version, engine = workspace.latest("Bench"), DuckEngine.open(workspace.root)
        customers = prepare(workspace, engine, version)
        warm_up()
        number = StoredNumber.of(workspace, version, customers, features_for(customers, StudySettings()))
        first, advice = timed(lambda: number.compute(engine))
        number.file.unlink()
        again, _ = timed(lambda: number.compute(engine))
        size = f"{customers.n:,} customers, s"
        rows = [
            at_most(f"Recommended number of segments, {size}", again, NUMBER_GOAL),
            at_most(f"… the first time, with past dates read from the lines, {size}", first, 6 * NUMBER_GOAL),
        ]
        usual = run(customers, StudySettings(), advice=advice)
        StoredProofs.of(workspace, version, usual).compute(engine)
        for what, settings in CHANGES:
            try:
                study = run(customers, settings, advice=advice)
            except NotEnoughData as problem:  # a shop may have no dense places
                print(f"     {what}: {problem}", flush=True)
                continue
            stored = StoredProofs.of(workspace, version, study)
            seconds, _ = timed(lambda stored=stored: stored.compute(engine))  # type: ignore[misc]
            rows.append(at_most(f"Proof strip after a change of {what}, {size}", seconds, STRIP_GOAL))
        rows.append(_nobody_chose(workspace, version, customers, engine, size))
        engine.close()
    return rows


def _nobody_chose(
    workspace: Workspace, version: DatasetVersion, customers: CustomerTable, engine: DuckEngine, size: str
) -> Row:
    """Other features, and no number of segments: what would have been recommended then is worked out too."""
    settings = StudySettings(features=("recency_days", "orders", "average_order"))
    number = StoredNumber.of(workspace, version, customers, features_for(customers, settings))
    advice = number.compute(engine)
    stored = StoredProofs.of(workspace, version, run(customers, settings, advice=advice))
    seconds, _ = timed(lambda: stored.compute(engine))
    return at_most(f"Proof strip of other features and the recommended number, {size}", seconds, STRIP_GOAL)
