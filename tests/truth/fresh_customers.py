"""The customers of a made-up shop as a table, without an engine: what fresh samples by the dozen need.

The features are the usual ones of the catalogue, worked out here by the sentences that describe them; the season is
found by the product's own rule, from the orders of these customers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from segmentation.customers import CustomerTable
from segmentation.customers.season import busiest, calendar_months
from segmentation.customers.season_again import BLOCKS
from segmentation.estimates import Unknown
from tests.truth.crowd_shops import FIRST

Orders = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Sample:
    """Some customers of a shop with their orders: customer, day, amount and whether there was a discount."""

    orders: Orders
    days: int

    @property
    def months(self) -> np.ndarray:
        """The month of the year of each order, 1 to 12."""
        return _calendar(self.orders["day"]) % 12 + 1

    def season(self) -> tuple[int, int] | None:
        """The peak season that these customers' orders show; None where there is none."""
        ordered = _calendar(self.orders["day"])
        months, counts = np.unique(ordered, return_counts=True)
        by_month = {(1970 + int(m) // 12, int(m) % 12 + 1): int(c) for m, c in zip(months, counts, strict=True)}
        found = busiest(calendar_months(by_month, FIRST, FIRST + timedelta(days=self.days)))
        return None if isinstance(found, Unknown) else found

    def by_block(self) -> list[tuple[int, int, int, int]]:
        """Block of customers, year, month and orders, as the engine counts them."""
        at = np.stack([self.orders["who"] % BLOCKS, _calendar(self.orders["day"])])
        keys, counts = np.unique(at, axis=1, return_counts=True)
        return [
            (int(block), 1970 + int(m) // 12, int(m) % 12 + 1, int(c))
            for (block, m), c in zip(keys.T, counts, strict=True)
        ]

    def table(self, season: tuple[int, int] | None, like: CustomerTable | None = None) -> CustomerTable:
        """These customers, with their share of orders in this season, scaled as in another table."""
        who, day, amount = self.orders["who"], self.orders["day"], np.round(self.orders["amount"], 2)
        n = int(who.max()) + 1
        orders = np.bincount(who, minlength=n)
        last, first = np.full(n, -1), np.full(n, self.days)
        np.maximum.at(last, who, day)
        np.minimum.at(first, who, day)
        spend = np.bincount(who, weights=amount, minlength=n)
        raw: dict[str, np.ndarray] = {
            "recency_days": self.days - last,
            "tenure_days": self.days - first,
            "orders": orders,
            "spend": spend,
            "average_order": spend / orders,
            "discount_share": np.bincount(who, weights=self.orders["reduced"], minlength=n) / orders,
        }
        if season is not None:
            raw["season_share"] = np.bincount(who, weights=np.isin(self.months, season), minlength=n) / orders
        return CustomerTable.from_arrays(
            [f"c{one}" for one in range(n)],
            raw,
            as_of=FIRST + timedelta(days=self.days),
            scalings=like.scalings if like else None,
            season=season,
        )


def _calendar(days: np.ndarray) -> np.ndarray:
    """Months since January 1970."""
    return np.asarray((np.datetime64(FIRST) + days).astype("datetime64[M]").astype(np.intp))
