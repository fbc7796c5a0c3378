"""Erasing one customer from a dataset: from every version, from what was computed, and from files imported later."""

from segmentation.erasure.deleting import delete
from segmentation.erasure.erasing import Erased, erase, look
from segmentation.erasure.person import Asked, CustomerNotFound, Person

__all__ = ["Asked", "CustomerNotFound", "Erased", "Person", "delete", "erase", "look"]
