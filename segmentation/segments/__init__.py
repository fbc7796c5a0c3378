"""Segments: rules or clusters over customers, with names, colours and places that stay while you tune."""

from segmentation.segments.agreement import Agreement, agreement
from segmentation.segments.bands import MEASURES, Bands
from segmentation.segments.conditions import Condition, Conditions
from segmentation.segments.edits import PINNED, Edits, Lists, Pin, no_lists
from segmentation.segments.labelled import Segment, Segmentation
from segmentation.segments.overlap import Overlap, compare
from segmentation.segments.refitting import Refitting
from segmentation.segments.rfm import Cut, RfmGrid, RfmModel, cut_table
from segmentation.segments.saved import Frozen, freeze, thaw
from segmentation.segments.segmentation import edited, segment
from segmentation.segments.settings import FEWEST, MOST, SegmentSettings

__all__ = [
    "FEWEST",
    "MEASURES",
    "MOST",
    "PINNED",
    "Agreement",
    "Bands",
    "Condition",
    "Conditions",
    "Cut",
    "Edits",
    "Frozen",
    "Lists",
    "Overlap",
    "Pin",
    "Refitting",
    "RfmGrid",
    "RfmModel",
    "Segment",
    "SegmentSettings",
    "Segmentation",
    "agreement",
    "compare",
    "cut_table",
    "edited",
    "freeze",
    "no_lists",
    "segment",
    "thaw",
]
