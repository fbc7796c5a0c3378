"""Features that know the future: their value at a date changes when what happened later is taken away."""

from __future__ import annotations

import numpy as np

from segmentation.customers import CustomerTable

_TOLERANCE = 1e-9


def leaks(whole: CustomerTable, shortened: CustomerTable) -> tuple[str, ...]:
    """What differs between two tables of one date, the first made of all order lines, the other of those before it.

    Names of features in the order of the catalogue, and `customers`, `categories` or `category_spend` where these
    differ; nothing where no line from the date on is used. Raises ValueError where the dates differ.
    """
    if whole.as_of != shortened.as_of:
        raise ValueError(f"Tables of {whole.as_of} and {shortened.as_of} cannot be compared.")
    if not whole.ids.equals(shortened.ids):
        return ("customers",)
    there = {feature.name for feature in shortened.features}
    found = [
        feature.name
        for feature in whole.features
        if feature.name not in there or not _same(whole.raw(feature.name), shortened.raw(feature.name))
    ]
    if whole.categories != shortened.categories:
        found.append("categories")
    elif whole.category_spend is not None and shortened.category_spend is not None:
        found += [] if _same(whole.category_spend, shortened.category_spend) else ["category_spend"]
    return tuple(found)


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.allclose(one, other, rtol=_TOLERANCE, atol=_TOLERANCE, equal_nan=True))
