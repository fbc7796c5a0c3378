"""Whether a segmentation holds: real, stable, predictive, usable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.analysis.dated import Dated, scores_among
from segmentation.analysis.declared import Declared
from segmentation.analysis.scores import customers_of, time_splits
from segmentation.analysis.studies import LAYOUT, SEGMENTS, SegmentsSettings, Study, number_then, structure_of
from segmentation.jobs import Progress
from segmentation.proof import Proofs, earlier, prove
from segmentation.segments import SegmentSettings


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
    proofs, confidence = prove(
        customers, segmentation, shape, splits, earlier(customers, segmentation, lists, number), progress=progress
    )
    return Proved(proofs, confidence)


PROOFS: Declared[ProofSettings, Proved] = Declared(
    name="proofs",
    layout=LAYOUT + 1,  # the scores for recency of RFM are guarded by the shop's rhythm
    settings=ProofSettings,
    result=Proved,
    work_out=_prove,
    lane="models",
    held=64,
    doing="Working out the proofs",
)
