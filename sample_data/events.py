"""What happens after an order: cancellations, refunds with and without a reference, rows exported twice."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sample_data import chance
from sample_data.catalogue import DAYS
from sample_data.orders import GUEST, Orders

CANCELLED_SHARE = 0.018
REFUNDED_SHARE = 0.030
HUNTER_REFUND_FACTOR = 2.0
LOOSE_REFUNDS = 60
REPEATED_ROWS = 45
PAID, CANCELLED, REFUND = "paid", "cancelled", "refund"


def add_events(orders: Orders, lines: pd.DataFrame, hunters: frozenset[int], seed: int) -> pd.DataFrame:
    """All rows of the export in its order, with status, `source` order and `referenced` (refunds name their order).

    Refunds are rows of their own, on their own day, with pieces, discount and total negative.
    """
    rng = chance.source(seed, 5)
    void = _cancelled(orders, rng)
    status = np.where(void[lines["order"]], CANCELLED, PAID)
    sold = lines.assign(status=status, referenced=True, twice=False)
    known = _refunds(orders, sold, hunters, rng)
    loose = _loose_refunds(orders, sold.drop(index=known.index), rng)
    rows = pd.concat([sold, known, loose], ignore_index=True)
    place = np.lexsort((np.arange(len(rows)), rows["order"], rows["status"] == REFUND, rows["day"]))
    return _repeat(rows.iloc[place].reset_index(drop=True), rng)


def _cancelled(orders: Orders, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Which orders were cancelled: never a customer's first one, so that everybody has bought something."""
    first = np.zeros(len(orders.day), dtype=bool)
    first[np.unique(orders.customer, return_index=True)[1]] = True
    return (rng.random(len(orders.day)) < CANCELLED_SHARE) & ~first


def _sent_back(sold: pd.DataFrame, delay: npt.NDArray[np.int64], pieces: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Refund rows for whole pieces of sold lines, the discount given back in proportion."""
    discount = (sold["discount"] * pieces) // sold["pieces"]
    return sold.assign(
        day=sold["day"] + delay,
        pieces=-pieces,
        discount=-discount,
        total=-(sold["price"] * pieces - discount),
        status=REFUND,
    )


def _refunds(orders: Orders, sold: pd.DataFrame, hunters: frozenset[int], rng: np.random.Generator) -> pd.DataFrame:
    kind = orders.kind[sold["order"]]
    odds = np.where(np.isin(kind, sorted(hunters)), HUNTER_REFUND_FACTOR, 1.0) * REFUNDED_SHARE / 2
    delay = 3 + (rng.random(len(sold)) * 19).astype(np.int64)
    chosen = (rng.random(len(sold)) < odds) & (sold["status"] == PAID) & (sold["day"] + delay < DAYS)
    whole = rng.random(len(sold)) < 0.7
    pieces = np.where(whole, sold["pieces"], 1)
    return _sent_back(sold[chosen], delay[chosen], pieces[chosen])


def _loose_refunds(orders: Orders, sold: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Refunds of customers' lines whose row does not say which order they belong to."""
    delay = 5 + (rng.random(len(sold)) * 30).astype(np.int64)
    known = orders.customer[sold["order"]] != GUEST
    able = np.flatnonzero(known & (sold["status"] == PAID) & (sold["day"] + delay < DAYS))
    chosen = np.sort(able[chance.shuffled(len(able), rng)[:LOOSE_REFUNDS]])
    picked = sold.iloc[chosen]
    return _sent_back(picked, delay[chosen], picked["pieces"].to_numpy()).assign(referenced=False)


def _repeat(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """A few paid rows stand in the export twice, one below the other."""
    able = np.flatnonzero(rows["status"] == PAID)
    chosen = np.sort(able[chance.shuffled(len(able), rng)[:REPEATED_ROWS]])
    copies = rows.iloc[chosen].assign(twice=True)
    return pd.concat([rows, copies]).sort_index(kind="stable").reset_index(drop=True)
