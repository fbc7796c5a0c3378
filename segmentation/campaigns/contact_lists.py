"""Lists of customers that leave the house: whom each holds and in which order, whom it leaves out, and its columns.

| list | holds | leaves out |
|---|---|---|
| of a segment | every customer of it, in the order of the table | nobody; it marks who may be written to |
| of an offer | whom it pays for, most promising first | who may not be written to, and who counts as lost already |
| of due orders | whose order is due or late, biggest spenders first | nobody; it marks who may be written to |
| of scores | every customer, in the order of the table | nobody; it marks whom the offer goes to |

Every list names the basis on which the shop writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segmentation.customers import BoolArray, CustomerTable, FloatArray, Reach
from segmentation.exports import Cell, spreadsheet_csv

Places = npt.NDArray[np.intp]
"""Places of customers in their table."""

MAY, BASIS = "May be written to", "Basis"
OFFERED = ("Customer", "Chance to order", "Value if saved", "Expected profit", "Days since last order")
DUE = ("Customer", "Due from", "Due until", "Days late", "Spend so far")
SCORED = (
    "customer_id",
    "chance_to_order",
    "churn_risk",
    "expected_value",
    "expected_profit",
    "contact",
    "due_from",
    "due_to",
    "basis",
)


@dataclass(frozen=True, slots=True, eq=False)
class ContactList:
    """Customers as they stand in a file.

    headers: the names of the columns.
    rows: a cell for each column, one row per customer.
    """

    headers: tuple[str, ...]
    rows: list[tuple[Cell, ...]]

    @property
    def csv(self) -> bytes:
        """The file, safe to open in a spreadsheet."""
        return spreadsheet_csv(self.headers, self.rows)


@dataclass(frozen=True, slots=True, eq=False)
class Prospects:
    """What is expected of each customer, and of an offer to her; arrays aligned with the customer table, shape (n,).

    chance: chance to order within the horizon, without the offer.
    risk: chance to be lost.
    value: what she spends in the horizon if she orders, in shop currency.
    profit: what an offer to her earns on average, in shop currency.
    silent: days since her last order.
    here: whether she does not count as lost yet.
    """

    chance: FloatArray
    risk: FloatArray
    value: FloatArray
    profit: FloatArray
    silent: FloatArray
    here: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """When the next order of each customer is due; arrays aligned with the customer table, shape (n,).

    start, end: its first and last day as datetime64[D], NaT where nothing is known.
    late_days: days since the last of them, 0 where it is still to come.
    """

    start: npt.NDArray[np.datetime64]
    end: npt.NDArray[np.datetime64]
    late_days: Places


def segment_list(
    customers: CustomerTable, places: Places, who: Reach, scores: Mapping[str, FloatArray] | None = None
) -> ContactList:
    """The customers at these places with their features, and their `scores` by the names of the columns."""
    columns: dict[str, list[Cell]] = {"Customer": customers.ids.take(pa.array(places)).to_pylist()}
    for feature in customers.features:
        unit = customers.currency or "money" if feature.unit == "money" else feature.unit
        columns[f"{feature.label} ({unit})"] = customers.raw(feature.name)[places].tolist()
    columns |= {name: values[places].tolist() for name, values in (scores or {}).items()}
    columns |= {MAY: who.may[places].tolist(), BASIS: [who.ground.short] * len(places)}
    return ContactList(tuple(columns), list(zip(*columns.values(), strict=True)))


def whom_to_offer(prospects: Prospects, who: Reach, *, lost_too: bool) -> BoolArray:
    """Whom an offer goes to, shape (n,): whom it pays for, of those who may be written to. Who counts as lost already
    is left out, but where the offer is for them too."""
    asked = who.may if lost_too else who.may & prospects.here
    return np.asarray((prospects.profit > 0) & asked)


def worth_an_offer(prospects: Prospects, *, lost_too: bool) -> Places:
    """Whom an offer pays for, whether they may be written to or not, most promising first."""
    everyone = np.ones(len(prospects.profit), np.bool_)
    return by_profit(prospects, np.asarray((prospects.profit > 0) & (everyone if lost_too else prospects.here)))


def by_profit(prospects: Prospects, among: BoolArray) -> Places:
    """The places of those `among` the customers, most promising first."""
    places = np.flatnonzero(among)
    return places[np.argsort(-prospects.profit[places], kind="stable")]


def by_spend(customers: CustomerTable, among: BoolArray) -> Places:
    """The places of those `among` the customers, biggest spenders first."""
    places = np.flatnonzero(among)
    return places[np.argsort(-np.nan_to_num(customers.spend[places]), kind="stable")]


def offer_list(
    customers: CustomerTable, prospects: Prospects, who: Reach, *, lost_too: bool, model: str
) -> ContactList:
    """Whom an offer goes to, most promising first, each row with its day and the `model` that it rests on."""
    places = by_profit(prospects, whom_to_offer(prospects, who, lost_too=lost_too))
    columns = (
        customers.ids.take(pa.array(places)).to_pylist(),
        np.round(prospects.chance[places], 4).tolist(),
        np.round(prospects.value[places], 2).tolist(),
        np.round(prospects.profit[places], 2).tolist(),
        prospects.silent[places].astype(int).tolist(),
    )
    stamp = (customers.as_of.isoformat(), model, who.ground.short)
    return ContactList((*OFFERED, "As of", "Model", BASIS), [(*row, *stamp) for row in zip(*columns, strict=True)])


def due_list(customers: CustomerTable, windows: Windows, among: BoolArray, who: Reach) -> ContactList:
    """Those `among` the customers with their windows, biggest spenders first."""
    places = by_spend(customers, among)
    columns = (
        customers.ids.take(pa.array(places)).to_pylist(),
        _days(windows.start[places]),
        _days(windows.end[places]),
        windows.late_days[places].tolist(),
        [round(float(spend), 2) for spend in customers.spend[places]],
        who.may[places].tolist(),
    )
    return ContactList((*DUE, MAY, BASIS), [(*row, who.ground.short) for row in zip(*columns, strict=True)])


def score_list(
    customers: CustomerTable, prospects: Prospects, windows: Windows | None, who: Reach, *, lost_too: bool
) -> ContactList:
    """Every customer with what is expected of her, whether the offer goes to her, and when her order is due."""
    nothing: list[date | None] = [None] * customers.n
    scores = (prospects.chance, prospects.risk, prospects.value, prospects.profit)
    columns = (
        customers.ids.to_pylist(),
        *(np.round(score, 4).tolist() for score in scores),
        whom_to_offer(prospects, who, lost_too=lost_too).tolist(),
        nothing if windows is None else _days(windows.start),
        nothing if windows is None else _days(windows.end),
    )
    return ContactList(SCORED, [(*row, who.ground.short) for row in zip(*columns, strict=True)])


def _days(of: npt.NDArray[np.datetime64]) -> list[date | None]:
    return list(of.astype(object).tolist())


__all__ = [
    "DUE", "MAY", "OFFERED", "SCORED", "ContactList", "Places", "Prospects", "Windows", "by_profit", "by_spend",
    "due_list", "offer_list", "score_list", "segment_list", "whom_to_offer", "worth_an_offer",
]  # fmt: skip
