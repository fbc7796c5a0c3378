"""Whether a segmentation holds: real, stable, predictive, usable."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from segmentation.analysis.dated import Dated, scores_among
from segmentation.analysis.declared import Declared
from segmentation.analysis.scores import VALUE, baselines_of, customers_of, time_splits
from segmentation.analysis.studies import SEGMENTS, SegmentsSettings, Study, number_then, season_of, structure_of
from segmentation.jobs import Progress
from segmentation.proof import Backtest, Proofs, by_adding, earlier, prove
from segmentation.segments import SegmentSettings

PROOFS_LAYOUT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofSettings:
    """The `key` of a segmentation, the id of the `saved` one that is shown without refitting; `auto` says that nobody
    fixed how many segments."""

    key: str
    saved: str = ""
    auto: bool = False

    @classmethod
    def of(cls, study: Study) -> ProofSettings:
        auto = study.settings.segments is None and study.settings.method != "rfm" and not study.saved
        return cls(key=study.segmentation.settings.key, saved=study.saved, auto=auto)


@dataclass(frozen=True, slots=True, eq=False)
class Proved:
    """What was found out about a segmentation.

    proofs: the answers.
    confidence: how sure each customer's segment is in percent, shape (n,); None where nothing was refitted.
    """

    proofs: Proofs
    confidence: npt.NDArray[np.uint8] | None


def _prove(shop: Dated, settings: ProofSettings, progress: Progress) -> Proved:
    chosen = SegmentSettings.from_key(settings.key)
    scores, lists = scores_among(chosen.measures), shop.saved_segmentations.list_of
    customers = customers_of(shop, scores)
    progress(0.05, "Finding the segments")
    segmentation = shop.answer(
        SEGMENTS, SegmentsSettings(key=settings.key, saved=settings.saved, scores=customers.scores)
    ).get()
    progress(0.15, "Looking for groups")
    shape = structure_of(shop, customers, chosen)
    splits = time_splits(shop, scores)
    number = (lambda then: number_then(shop, then, customers, chosen)) if settings.auto else None
    fit = earlier(customers, segmentation, lists, number)
    known = partial(baselines_of, shop)
    season = season_of(shop, customers, segmentation.settings.features)
    proofs, confidence = prove(
        customers, segmentation, shape, splits, fit, baselines=known, season=season, progress=progress
    )
    if isinstance(proofs.predictive, Backtest):
        progress(0.9, "Trying the value of customers as a feature")
        add = by_adding(
            VALUE, segmentation, proofs.predictive, lambda: time_splits(shop, scores_among([*scores, VALUE]))
        )
        proofs = proofs if add is None else replace(proofs, remedies=(*proofs.remedies, add))
    return Proved(proofs, confidence)


PROOFS: Declared[ProofSettings, Proved] = Declared(
    name="proofs",
    layout=PROOFS_LAYOUT,
    settings=ProofSettings,
    result=Proved,
    work_out=_prove,
    lane="models",
    held=96,
    doing="Working out the proofs",
)
