"""Segments: rules or clusters over customers, with names, colours and places that stay while you tune."""

from segmentation.segments.recommend import Point, Recommendation, recommend
from segmentation.segments.rfm import Cut, RfmModel, cut_table
from segmentation.segments.segmentation import Segment, Segmentation, segment
from segmentation.segments.settings import FEWEST, MOST, SegmentSettings

__all__ = [
    "FEWEST",
    "MOST",
    "Cut",
    "Point",
    "Recommendation",
    "RfmModel",
    "Segment",
    "SegmentSettings",
    "Segmentation",
    "cut_table",
    "recommend",
    "segment",
]
