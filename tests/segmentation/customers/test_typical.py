"""What is typical is one computation: of the table's customers, and of everyone beside groups."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from segmentation.customers import CustomerTable
from segmentation.customers.lookup import standings
from segmentation.customers.typical import median
from segmentation.profiles import survey


def invented(seed: int, n: int) -> CustomerTable:
    rng = np.random.default_rng(seed)
    gaps = rng.gamma(2.0, 30.0, n)
    gaps[rng.random(n) < 0.3] = np.nan
    return CustomerTable.from_arrays(
        [f"c{i}" for i in range(n)],
        {"orders": rng.poisson(2, n) + 1, "spend": np.exp(rng.normal(4, 1.3, n)), "gap_days": gaps},
        as_of=date(2026, 1, 1),
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("n", [1, 2, 9, 253, 255, 256, 4000])
def test_a_customers_page_and_the_profiles_say_the_same_is_typical(seed: int, n: int) -> None:
    table = invented(seed, n)
    everyone = survey(table, np.zeros(n, np.uint8), 1).everyone.typical
    for one in standings(table, 0):
        if not everyone:  # too few to be described
            continue
        assert one.typical == everyone[one.feature.name].median


@pytest.mark.parametrize("seed", range(4))
def test_the_median_lies_within_a_bin_of_the_exact_one(seed: int) -> None:
    table = invented(seed, 4000)
    for name in ("orders", "spend", "gap_days"):
        values = table.raw(name)
        known = np.sort(values[~np.isnan(values)])
        below = np.searchsorted(known, median(table, name)) / len(known)
        assert name == "orders" or abs(below - 0.5) < 0.005


def test_nothing_is_typical_where_nobody_has_a_value() -> None:
    table = CustomerTable.from_arrays(["a", "b"], {"gap_days": [np.nan, np.nan]}, as_of=date(2026, 1, 1))
    assert np.isnan(median(table, "gap_days"))
