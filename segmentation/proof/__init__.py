"""Proofs: are there groups at all, do they come out again, do they predict, can a team use them, and how many of them.

structure    groups beyond one smooth crowd, or slices of a continuum
stability    what comes out again when the segments are made from other customers
time_splits  past dates to look forward from
backtest     what the segments predict, beside RFM cells, recency alone, one score, past spend and boosted trees
measured     what each method scored, those that know nothing of the segments once for all
foresight    how much the segments keep of what can be foreseen
usability    too small, too alike, too many
number       all of it for 2 to 15 segments, and one recommended
remedies     what would help, with the effect
proofs       everything about one segmentation
verdicts     the same in a few words
"""

from segmentation.proof.backtest import Backtest, Scores, backtest, explained_by
from segmentation.proof.earlier import earlier, unknown_then
from segmentation.proof.foresight import Foresight
from segmentation.proof.measured import MeasuredBaselines, measured_baselines
from segmentation.proof.number import Point, Recommendation, recommend
from segmentation.proof.proofs import Proofs, Stable, beside, prove
from segmentation.proof.remedies import Remedy, by_adding, by_number
from segmentation.proof.stability import SegmentStability, Stability, Swap, stability
from segmentation.proof.structure import Separation, Structure, structure, structure_in
from segmentation.proof.time_splits import TimeSplit, TimeSplits, find_time_splits
from segmentation.proof.usability import Breach, Usability, usability
from segmentation.proof.verdicts import State, Verdict, verdicts

__all__ = [
    "Backtest",
    "Breach",
    "Foresight",
    "MeasuredBaselines",
    "Point",
    "Proofs",
    "Recommendation",
    "Remedy",
    "Scores",
    "SegmentStability",
    "Separation",
    "Stability",
    "Stable",
    "State",
    "Structure",
    "Swap",
    "TimeSplit",
    "TimeSplits",
    "Usability",
    "Verdict",
    "backtest",
    "beside",
    "by_adding",
    "by_number",
    "earlier",
    "explained_by",
    "find_time_splits",
    "measured_baselines",
    "prove",
    "recommend",
    "stability",
    "structure",
    "structure_in",
    "unknown_then",
    "usability",
    "verdicts",
]
