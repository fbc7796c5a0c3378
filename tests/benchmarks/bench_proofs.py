"""Proving: the recommended number, and the whole strip after a change, for the customers of a large shop."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from segmentation.analysis import MEMORY, Analysis, Answer, StudySettings
from segmentation.analysis.work import warm_up_models
from segmentation.errors import NotEnoughData
from segmentation.intake import import_file
from segmentation.workspace import Workspace
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
        shop = Analysis.open(workspace, "Bench")
        customers = shop.customers()
        warm_up_models()
        number = shop.number()
        first = in_a_worker(number)
        number.file.path.unlink()
        again = in_a_worker(number)
        size = f"{customers.n:,} customers, s"
        rows = [
            at_most(f"Recommended number of segments, {size}", again, NUMBER_GOAL),
            at_most(f"… the first time, with past dates read from the lines, {size}", first, 6 * NUMBER_GOAL),
        ]
        shop.proofs(shop.study()).get()
        for what, settings in CHANGES:
            try:
                study = shop.study(settings)
            except NotEnoughData as problem:  # a shop may have no dense places
                print(f"     {what}: {problem}", flush=True)
                continue
            seconds = in_a_worker(shop.proofs(study))
            rows.append(at_most(f"Proof strip after a change of {what}, {size}", seconds, STRIP_GOAL))
        rows.append(_nobody_chose(shop, size))
    return rows


def _nobody_chose(shop: Analysis, size: str) -> Row:
    """Other features, and no number of segments: what would have been recommended then is worked out too."""
    study = shop.study(StudySettings(features=("recency_days", "orders", "average_order")))
    seconds = in_a_worker(shop.proofs(study))
    return at_most(f"Proof strip of other features and the recommended number, {size}", seconds, STRIP_GOAL)


def in_a_worker(answer: Answer[Any, Any]) -> float:
    """Seconds in a process that has only what is on disk: the studio's own holds the segments already."""
    MEMORY.forget()
    seconds, _ = timed(answer.get)
    return seconds
