"""Erasing one customer from a dataset: from every version, from what was computed, and from files imported later."""

from segmentation.erasure.deleting import delete, delete_version, refuse_needed
from segmentation.erasure.erasing import Erased, erase, preview
from segmentation.erasure.person import Asked, CustomerNotFound, Person
from segmentation.erasure.unsearched import NotSearched

__all__ = [
    "Asked",
    "CustomerNotFound",
    "Erased",
    "NotSearched",
    "Person",
    "delete",
    "delete_version",
    "erase",
    "preview",
    "refuse_needed",
]
