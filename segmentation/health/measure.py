"""Counting what there is: span, customers, gaps, columns, unusual orders. Every figure comes from the stored lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import exp
from typing import Any

import numpy as np
import numpy.typing as npt

from segmentation.customers import ConsentCounts, count_consent
from segmentation.customers.gaps import Gap, gaps
from segmentation.engine.protocol import Engine, Reading
from segmentation.estimates import Unknown
from segmentation.health.calendar import Month, months
from segmentation.health.returning import Returning, count_returning
from segmentation.workspace import DatasetVersion

MOST_ORDERS = 10
"""Customers with so many orders or more are counted together."""

STEPS = 20.0
"""Steps of the order value per factor e: each is 5 % wide, so quartiles are known to 5 %."""

FAR = 3.0
"""Tukey's outer fence, on logarithms: order values beyond the upper quartile by this many quartile distances."""

LARGEST_SHOWN = 20
RECENT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well a column is filled.

    column: its canonical name.
    label: what people call it.
    filled: order lines with a value in it; for contacts, customers.
    of: all of them.
    unlocks: what it is good for, in a sentence.
    """

    column: str
    label: str
    filled: int
    of: int
    unlocks: str

    @property
    def share(self) -> float:
        return self.filled / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class LargeOrder:
    """One order far above the others.

    order: its number.
    customer: who ordered; None for a guest.
    day: when it was placed.
    sold: what it was sold for in shop currency.
    pieces: how many pieces; None where the file has no quantities.
    """

    order: str
    customer: str | None
    day: date
    sold: Decimal
    pieces: Decimal | None


@dataclass(frozen=True, slots=True)
class Outliers:
    """Orders far beyond the usual; money in shop currency.

    typical: half of all orders are below this.
    fence: from here on an order is far beyond.
    orders: how many are.
    sold: what they add up to.
    largest: the largest of them, the largest first.
    """

    typical: float
    fence: float
    orders: int
    sold: Decimal
    largest: tuple[LargeOrder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What a version of a dataset holds; money in shop currency, as sold, before refunds.

    currency: the shop's currency; None where no file says it.
    first, last: the days of the first and the last order.
    counts: orders of each day from `first` to `last`, shape (days,).
    orders: all orders.
    guest_orders: those without a customer.
    sold: what all orders were sold for.
    guest_sold: what those without a customer were.
    customers: customers who ordered.
    without_sale: customers who only cancelled or returned.
    by_orders: customers with 1, 2, … orders; the last one with as many or more.
    most_orders: orders of the customer who has most.
    most_spend: spend of the customer who spent most.
    recent_buyers: customers who ordered in the last 30 days.
    lines_sold: lines of sales.
    zero_lines: those worth nothing.
    negative_lines: those worth less than nothing.
    refunds: orders with a refund.
    loose_refunds: refunds whose order is not in the data.
    costed: what the lines with a cost were sold for.
    columns: how well the columns are filled.
    asked: customers of whom it is known whether they agreed to marketing.
    agreed: those who did.
    consent: all contacts who agreed and refused, buyers or not.
    campaigns: campaigns imported.
    gaps: days without any order.
    months: the calendar months inside the data.
    outliers: orders far above the others.
    returning: who came back; by buying days, not orders, as predictions count.
    """

    currency: str | None
    first: date
    last: date
    counts: npt.NDArray[np.int64]
    orders: int
    guest_orders: int
    sold: Decimal
    guest_sold: Decimal
    customers: int
    without_sale: int
    by_orders: tuple[int, ...]
    most_orders: int
    most_spend: Decimal
    recent_buyers: int
    lines_sold: int
    zero_lines: int
    negative_lines: int
    refunds: int
    loose_refunds: int
    costed: Decimal
    columns: tuple[Coverage, ...]
    asked: int
    agreed: int
    consent: ConsentCounts
    campaigns: int
    gaps: tuple[Gap, ...]
    months: tuple[Month, ...]
    outliers: Outliers | Unknown
    returning: Returning

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def repeat_customers(self) -> int:
        """Customers with at least two orders."""
        return self.customers - self.by_orders[0]

    def with_orders(self, fewest: int) -> int:
        """Customers with at least so many orders (up to 10)."""
        return sum(self.by_orders[fewest - 1 :])

    def coverage(self, column: str) -> Coverage:
        """The coverage of one of the `columns`."""
        return next(one for one in self.columns if one.column == column)

    @property
    def seasons(self) -> tuple[int, ...]:
        """For January to December: in how many years the data covers the whole month, with orders in it."""
        return tuple(
            sum(1 for one in self.months if one.month == month and one.whole and one.orders) for month in range(1, 13)
        )


COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("customer_id", "Customer", "Everything about customers: without it an order is a guest's."),
    ("quantity", "Quantity", "Pieces per order."),
    ("discount", "Discount", "Who buys at a discount."),
    ("cost", "Unit cost", "Margins, and campaigns judged by margin instead of revenue."),
    ("product", "Product", "What a customer bought."),
    ("category", "Category", "Breadth of purchase, and what a segment likes."),
    ("channel", "Channel", "Where a segment buys."),
    ("status", "Status", "Cancelled, refunded and test orders told from sales."),
    ("line_id", "Line id", "Repeated rows proven, not presumed."),
    ("timed", "Time of day", "Orders of one day in their order."),
)
CONTACT_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("email", "E-mail", "Finding a customer by address, and an audience to upload."),
    ("phone", "Phone", "An audience for text messages."),
    ("asked", "Consent", "Contacting only those who agreed."),
)


def measure(engine: Engine, version: DatasetVersion) -> Health:
    """Look at everything a version holds; a dozen or so queries, each over all lines once."""
    held = version.manifest
    recent = held.last - timedelta(days=RECENT_DAYS - 1)
    with engine.reading(version) as run:
        by_day = run.query("health_days").to_pylist()
        buyers = run.query("health_customers", most=MOST_ORDERS, recent=recent).to_pylist()
        filled = run.query("health_columns").to_pylist()[0]
        without_sale = run.query("health_without_sale").to_pylist()[0]["customers"]
        refunds = run.query("health_refunds").to_pylist()[0]
        contacts = run.query("health_contacts").to_pylist()[0]
        campaigns = run.query("campaign_count").to_pylist()[0]["campaigns"]
        outliers = _outliers(run)
        returning = count_returning(run, version)
    first = min([row["day"] for row in by_day], default=held.first)
    last = max([row["day"] for row in by_day], default=held.last)
    counts = np.zeros((last - first).days + 1, dtype=np.int64)
    for row in by_day:
        counts[(row["day"] - first).days] = row["orders"]
    known = {row["orders"]: row for row in buyers}
    customers = sum(row["customers"] for row in buyers)
    return Health(
        currency=held.currency,
        first=first,
        last=last,
        counts=counts,
        orders=sum(row["orders"] for row in by_day),
        guest_orders=sum(row["guest_orders"] for row in by_day),
        sold=sum((row["sold"] for row in by_day), Decimal(0)),
        guest_sold=sum((row["guest_sold"] for row in by_day), Decimal(0)),
        customers=customers,
        without_sale=without_sale,
        by_orders=tuple(known[n]["customers"] if n in known else 0 for n in range(1, MOST_ORDERS + 1)),
        most_orders=max([row["most_orders"] for row in buyers], default=0),
        most_spend=max([row["most_spend"] for row in buyers], default=Decimal(0)),
        recent_buyers=sum(row["recent"] for row in buyers),
        lines_sold=filled["lines"],
        zero_lines=filled["zero"] or 0,
        negative_lines=filled["negative"] or 0,
        refunds=refunds["refunds"],
        loose_refunds=refunds["loose"],
        costed=filled["costed"] or Decimal(0),
        columns=_coverage(COLUMNS, filled, filled["lines"]) + _coverage(CONTACT_COLUMNS, contacts, customers),
        asked=contacts["asked"],
        agreed=contacts["agreed"],
        consent=count_consent(engine, version),
        campaigns=campaigns,
        gaps=gaps(first, counts),
        months=months(first, counts),
        outliers=outliers,
        returning=returning,
    )


def _coverage(columns: tuple[tuple[str, str, str], ...], filled: dict[str, Any], of: int) -> tuple[Coverage, ...]:
    return tuple(Coverage(name, label, filled[name] or 0, of, unlocks) for name, label, unlocks in columns)


def _outliers(run: Reading) -> Outliers | Unknown:
    """Orders beyond the outer fence of the order values, which are compared as factors, not as differences."""
    rows = run.query("health_order_values", steps=STEPS).to_pylist()
    total = sum(row["orders"] for row in rows)
    if total < FEWEST_TO_COMPARE:
        return Unknown(f"With {total:,} orders there is nothing to call unusual; it takes {FEWEST_TO_COMPARE}.")
    low, middle, high = (_at(rows, share * total) for share in (0.25, 0.5, 0.75))
    fence = round(exp(high + FAR * max(high - low, 1 / STEPS)), 2)
    largest = run.query("health_large_orders", fence=Decimal(str(fence)), most=LARGEST_SHOWN).to_pylist()
    counted = run.query("health_large_sum", fence=Decimal(str(fence))).to_pylist()[0]
    return Outliers(
        typical=round(exp(middle), 2),
        fence=fence,
        orders=counted["orders"],
        sold=counted["sold"] or Decimal(0),
        largest=tuple(
            LargeOrder(row["order_id"], row["customer_id"], row["ordered_on"], row["sold"], row["pieces"])
            for row in largest
        ),
    )


FEWEST_TO_COMPARE = 40


def _at(rows: list[dict[str, Any]], rank: float) -> float:
    """The logarithm of the order value at a rank, spread evenly inside its step."""
    before = 0
    for row in rows:
        if before + row["orders"] >= rank:
            return float((row["step"] + (rank - before) / row["orders"]) / STEPS)
        before += row["orders"]
    return float((rows[-1]["step"] + 1) / STEPS)
