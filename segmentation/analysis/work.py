"""What a worker process may be asked to do: work an analysis out, get ready, look ahead."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from segmentation import disk
from segmentation.analysis.analysis import Analysis
from segmentation.analysis.churn import CHURN
from segmentation.analysis.clv import CLV
from segmentation.analysis.declared import Answer, Declared
from segmentation.analysis.maps import MAP
from segmentation.analysis.outlook import OUTLOOK
from segmentation.analysis.proofs import PROOFS
from segmentation.analysis.scores import EXPECTED, RISK
from segmentation.analysis.studies import NUMBER
from segmentation.atlas import umap_map
from segmentation.errors import NotEnoughData, WrongCall
from segmentation.jobs import Progress, silent
from segmentation.proof import structure
from segmentation.workspace import Workspace
from segmentation.workspace.codec import from_json

KEPT: dict[str, Declared[Any, Any]] = {
    one.name: one for one in (NUMBER, PROOFS, MAP, CLV, CHURN, EXPECTED, RISK, OUTLOOK)
}
"""The analyses that a worker works out, by name."""

WARM_UP_MAPS, WARM_UP_MODELS = "segmentation.analysis.work.warm_up_maps", "segmentation.analysis.work.warm_up_models"
LOOK_AHEAD, REFRESH = "segmentation.analysis.work.look_ahead", "segmentation.analysis.work.refresh"
TASKS = ("segmentation.analysis.work.work_out", LOOK_AHEAD, REFRESH, WARM_UP_MAPS, WARM_UP_MODELS)
"""What a worker of analyses may be asked to run."""

REFRESHED = (CLV, CHURN)
"""What is worked out for a new version where somebody wanted to know it of an older one."""


def work_out(
    *, root: str, dataset: str, number: int, as_of: str, name: str, settings: str, progress: Progress = silent
) -> None:
    """Work one analysis out and keep it. Raises what the analysis raises, and DiskFull where it cannot be kept."""
    if name not in KEPT:
        raise WrongCall(f"There is no analysis “{name}”.", evidence="Known: " + ", ".join(KEPT) + ".")
    analysis = KEPT[name]
    shop = Analysis.open(Workspace.open(root), dataset, date.fromisoformat(as_of), number=number)
    must_be_kept(shop.answer(analysis, from_json(analysis.settings, json.loads(settings))), progress)


def look_ahead(*, root: str, dataset: str, number: int, progress: Progress = silent) -> None:
    """Read what every proof of a new version needs, and the baseline of a campaign, before anybody asks for one."""
    workspace = Workspace.open(root)
    version = next((one for one in workspace.usable(dataset) if one.number == number), None)
    if version is not None:
        shop = Analysis.of(workspace, version)
        shop.number().get(progress)
        with suppress(NotEnoughData):  # of past windows that hold no customers
            shop.look_back(shop.assumptions().values.window_days).get()


def refresh(*, root: str, dataset: str, number: int, progress: Progress = silent) -> None:
    """Work out for a version what somebody wanted to know of an older one of the same shop."""
    workspace = Workspace.open(root)
    history = workspace.usable(dataset)
    version = next((one for one in history if one.number == number), None)
    if version is None:
        return
    shop = Analysis.of(workspace, version)
    folders = [workspace.cache(one.fingerprint) for one in history if one.number < number]
    for analysis in REFRESHED:
        if any(_is_kept(folder, analysis.name) for folder in folders):
            must_be_kept(shop.answer(analysis, analysis.settings()), progress)


def _is_kept(folder: Path, name: str) -> bool:
    return any(folder.glob(f"{name}-*.json"))


def must_be_kept(answer: Answer[Any, Any], progress: Progress = silent) -> None:
    """Work out what another process waits for. Raises DiskFull where it could not be kept."""
    answer.get(progress)
    if answer.file.written is None:
        raise disk.not_kept("The result was worked out and could not be kept.", answer.file.path.parent)


def warm_up_maps() -> None:
    """Pay for importing and compiling UMAP before anyone waits for it: a map of some invented customers."""
    umap_map(np.random.default_rng(0).normal(size=(200, 4)).astype(np.float32), seed=0)


def warm_up_models() -> None:
    """Pay for the slow imports before anyone waits for a proof: segments of some invented points."""
    structure(np.random.default_rng(0).normal(size=(200, 3)).astype(np.float32), range(2, 4), seed=0)
