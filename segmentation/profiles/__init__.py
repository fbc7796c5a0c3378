"""Profiles: how big a group of customers is, what is typical of it, and what sets it apart from everyone."""

from segmentation.profiles.groups import (
    FEW,
    Difference,
    GroupProfile,
    Quartiles,
    Survey,
    describe,
    describe_selection,
    difference_of,
    survey,
)
from segmentation.profiles.sentences import in_words

__all__ = [
    "FEW",
    "Difference",
    "GroupProfile",
    "Quartiles",
    "Survey",
    "describe",
    "describe_selection",
    "difference_of",
    "in_words",
    "survey",
]
