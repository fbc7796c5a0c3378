"""Studies of made-up customers, which no shop has."""

from __future__ import annotations

from segmentation.analysis import Study, StudySettings, resolve
from segmentation.customers import CustomerTable
from segmentation.proof import Recommendation
from segmentation.segments import segment

USUAL = StudySettings()


def study_of(customers: CustomerTable, settings: StudySettings = USUAL, advice: Recommendation | None = None) -> Study:
    """These customers in segments as asked for, with names of their own."""
    return Study(customers, settings, segment(customers, resolve(customers, settings, advice)), advice)
