"""How a shop did in a period: revenue, orders, customers and rates, with an earlier period to compare with.

Definitions, the same on every screen (`glossary` says them in words):

- *revenue*: what the lines dated in the period add up to, after refunds and cancellations, guests included;
- *orders*: orders whose first sale is dated in the period, guests included;
- *customers*: who placed one of them; *new* are those for whom it was the first ever;
- *average order*: value of those orders when they were placed, before refunds;
- *repeat rate*: share of those customers who had ordered at least twice by the end of the period;
- *refund rate*: money refunded in the period against money sold in it;
- *margin*: revenue less cost of goods, over the lines that have a cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segmentation import formats
from segmentation.customers.season import busy_season
from segmentation.engine.protocol import Engine, Reading
from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Unknown
from segmentation.periods import ONE_DAY, Earlier, Period, beside_season, seasonal_alone
from segmentation.workspace import DatasetVersion

__all__ = ["Figures", "GroupSales", "Overview", "Period", "Rate", "margin_rate", "overview", "sales_by_group"]

BucketName = Literal["day", "week", "month"]

DAYS_SHOWN_BY_DAY = 35
DAYS_SHOWN_BY_WEEK = 200
_FROM_START = "The data begins with this period: who had ordered before it is not known."
_NO_COLUMN = "The export has no column with unit costs."


@dataclass(frozen=True, slots=True)
class Rate:
    """A share and what it rests on.

    value: the share, 0 to 1; a refund rate may exceed 1.
    n: how many customers, or how much money, it is a share of.
    of: which of the two.
    """

    value: float
    n: float
    of: Literal["customers", "revenue"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One period's figures; money in shop currency. An order belongs to the day of its first sale.

    period: the days.
    revenue: sales less refunds dated in the period, guests included.
    orders: orders placed, guests included.
    guest_orders: orders without a customer.
    customers: customers who ordered.
    new: those who had never ordered before the period.
    average_order: what an order was sold for, before refunds.
    repeat_rate: share of the customers who had ordered before, or ordered twice.
    refund_rate: refunds over sales.
    margin: margin of the lines that have a cost, less refunds.
    margin_rate: that margin over the revenue of these lines.
    from_start: whether the data begins with these days: who ordered before them is not known then.
    """

    period: Period
    revenue: Decimal
    orders: int
    guest_orders: int
    customers: int
    new: int
    average_order: Decimal | Unknown
    repeat_rate: Rate | Unknown
    refund_rate: Rate | Unknown
    margin: Decimal | Unknown
    margin_rate: Rate | Unknown
    from_start: bool = False

    @property
    def returning(self) -> int:
        return self.customers - self.new

    @property
    def first_time(self) -> int | Unknown:
        """Those who had never ordered before, where the data goes back before the period."""
        return Unknown(_FROM_START) if self.from_start else self.new

    @property
    def came_back(self) -> int | Unknown:
        """Those who had, where the data goes back before the period."""
        return Unknown(_FROM_START) if self.from_start else self.returning


@dataclass(frozen=True, slots=True)
class Overview:
    """A period beside an earlier one.

    now: the whole period.
    before: the earlier period that it is compared with; Unknown where the data does not reach back.
    buckets: the period in parts without gaps, the oldest first, which may be shorter than the others.
    bucket: what a part is: "day", "week" or "month".
    beside: another earlier period that is worth a look: in a shop with a peak season, or where revenue grew against one
        and fell against the other; None where there is none.
    """

    now: Figures
    before: Figures | Unknown
    buckets: tuple[Figures, ...]
    bucket: BucketName
    beside: Figures | None = None


@dataclass(frozen=True, slots=True)
class GroupSales:
    """What the customers of one group did in a period.

    customers: everyone in the group.
    buyers: those who placed an order.
    orders: orders they placed.
    revenue: sales less refunds, in shop currency.
    share: that revenue over the revenue of all groups, 0 to 1; guest orders are in neither.
    """

    customers: int
    buyers: int
    orders: int
    revenue: float
    share: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class CustomerSales:
    """What each customer did in a period; arrays of shape (n,).

    orders: orders placed.
    revenue: sales less refunds, in shop currency.
    """

    orders: npt.NDArray[np.float64]
    revenue: npt.NDArray[np.float64]


def overview(engine: Engine, version: DatasetVersion, period: Period, *, yearly: bool = False) -> Overview:
    """The figures of a period of this dataset, beside the earlier days that suit it; `yearly`, the same dates before.

    Raises SettingOutOfRange when the period lies wholly outside the data.
    """
    held = version.manifest
    if period.last < held.first or period.first > held.last:
        raise SettingOutOfRange("period", f"{period.first} to {period.last}", low=held.first, high=held.last)
    name, width = _bucket_size(period)
    with engine.reading(version) as run:
        past = Earlier(period.same_dates_before()) if yearly else _compared(run, version, period)
        other = past.other or Period(date.max, date.max)  # days that no order is of
        span = {"before": min(past.main.first, other.first), "after": period.last + ONE_DAY}
        money = run.query("overview_days", **span).to_pylist()
        days = {"first": period.first, "last": period.last, "main_first": past.main.first}
        days |= {"main_last": past.main.last, "other_first": other.first, "other_last": other.last}
        rows = run.query("overview", width=width, **days, **span).to_pylist()
    orders = {(row["part"], row["bucket"]): row for row in rows}
    costs = "cost" in held.has

    def figures(part: str, bucket: int, inside: Period) -> Figures:
        return _figures(inside, orders.get((part, bucket), {}), _booked(money, inside), costs=costs, begin=held.first)

    now = figures("now", 0, period)
    before = _out_of_reach(held.first, past.main)
    if past.main.first >= held.first:
        before = figures("main", 0, past.main)
    beside = figures("other", 0, past.other) if past.other else None
    return Overview(
        now=now,
        before=before,
        buckets=tuple(figures("bucket", number, inside) for number, inside in _buckets(period, width)),
        bucket=name,
        beside=beside if past.seasonal or _disagree(now, before, beside) else None,
    )


def _compared(run: Reading, version: DatasetVersion, period: Period) -> Earlier:
    """What a period is compared with; a peak season is looked for only where the answer depends on it."""
    held = version.manifest
    alone = seasonal_alone(period, held.first)
    if alone is not None:
        return alone
    season = busy_season(run, held.first, held.last, held.last + ONE_DAY)
    return beside_season(period, None if isinstance(season, Unknown) else season)


def _disagree(now: Figures, before: Figures | Unknown, beside: Figures | None) -> bool:
    """Whether revenue grew against one and fell against the other."""
    if beside is None or isinstance(before, Unknown):
        return False
    return (now.revenue - before.revenue) * (now.revenue - beside.revenue) < 0


def _out_of_reach(first: date, earlier: Period) -> Figures | Unknown:
    days = formats.period(earlier.first, earlier.last)
    return Unknown(f"The data begins on {formats.day(first)}, too late to compare with {days}.")


def margin_rate(engine: Engine, version: DatasetVersion, period: Period) -> Rate | Unknown:
    """Margin over revenue of the lines dated in the period that have a cost: sales less refunds, guests included."""
    if "cost" not in version.manifest.has:
        return Unknown(_NO_COLUMN)
    with engine.reading(version) as run:
        money = run.query("overview_days", before=period.first, after=period.last + ONE_DAY).to_pylist()
    return _margin_rate(_booked(money, period), costs=True)


def sales_by_customer(engine: Engine, version: DatasetVersion, period: Period, ids: pa.Array) -> CustomerSales:
    """Orders and revenue of a period for each customer of `ids`, in their order.

    Others (guests, and people whose first order came after the groups were made) are left out.
    """
    with engine.reading(version) as run:
        table = run.query("overview_customers", first=period.first, after=period.last + ONE_DAY)
    row = pc.index_in(table["customer_id"].combine_chunks(), value_set=ids)
    known = np.asarray(pc.is_valid(row))
    at = np.asarray(pc.fill_null(row, 0))[known]
    found = CustomerSales(np.zeros(len(ids)), np.zeros(len(ids)))
    found.orders[at] = np.asarray(table["orders"].to_numpy(), dtype=np.float64)[known]
    found.revenue[at] = np.asarray(table["revenue"].to_numpy(), dtype=np.float64)[known]
    return found


def sales_by_group(sales: CustomerSales, labels: npt.NDArray[np.uint8], groups: int) -> tuple[GroupSales, ...]:
    """The same for each group of customers; `labels` is aligned with them."""
    sizes = np.bincount(labels, minlength=groups)
    buyers = np.bincount(labels, weights=sales.orders > 0, minlength=groups)
    placed = np.bincount(labels, weights=sales.orders, minlength=groups)
    booked = np.bincount(labels, weights=sales.revenue, minlength=groups)
    total = float(booked.sum())
    return tuple(
        GroupSales(
            int(sizes[g]),
            int(buyers[g]),
            int(placed[g]),
            float(booked[g]),
            float(booked[g]) / total if total > 0 else 0.0,
        )
        for g in range(groups)
    )


def _bucket_size(period: Period) -> tuple[BucketName, int]:
    if period.days <= DAYS_SHOWN_BY_DAY:
        return "day", 1
    if period.days <= DAYS_SHOWN_BY_WEEK:
        return "week", 7
    return "month", 0


def _buckets(period: Period, width: int) -> list[tuple[int, Period]]:
    """Bucket numbers as the query counts them, with their days, oldest first."""
    made: list[tuple[int, Period]] = []
    last = period.last
    while last >= period.first:
        start = last.replace(day=1) if width == 0 else last - timedelta(days=width - 1)
        made.append((len(made), Period(max(start, period.first), last)))
        last = start - ONE_DAY
    return made[::-1]


@dataclass(frozen=True, slots=True)
class _Booked:
    """What the lines dated in some days add up to."""

    revenue: Decimal
    sold: Decimal
    refunded: Decimal
    costed: Decimal
    margin: Decimal


def _booked(days: list[dict[str, Any]], inside: Period) -> _Booked:
    chosen = [row for row in days if inside.first <= row["day"] <= inside.last]
    names = ("revenue", "sold", "refunded", "costed_revenue", "margin")
    return _Booked(*(sum((row[name] for row in chosen), Decimal(0)) for name in names))


def _figures(period: Period, row: dict[str, Any], money: _Booked, *, costs: bool, begin: date) -> Figures:
    orders, customers = row.get("orders", 0), row.get("customers", 0)
    no_orders = Unknown("Nobody ordered in this period.")
    margin = _margin_rate(money, costs=costs)
    return Figures(
        period=period,
        revenue=money.revenue,
        orders=orders,
        guest_orders=row.get("guest_orders", 0),
        customers=customers,
        new=row.get("new_customers", 0),
        average_order=(row["order_value"] / orders) if orders else no_orders,
        repeat_rate=Rate(row["repeat_customers"] / customers, customers, "customers") if customers else no_orders,
        refund_rate=Rate(float(money.refunded / money.sold), float(money.sold), "revenue")
        if money.sold > 0
        else Unknown("Nothing was sold in this period."),
        margin=margin if isinstance(margin, Unknown) else money.margin,
        margin_rate=margin,
        from_start=period.first <= begin,
    )


def _margin_rate(money: _Booked, *, costs: bool) -> Rate | Unknown:
    if money.costed <= 0:
        return Unknown("No sale of this period has a cost." if costs else _NO_COLUMN)
    return Rate(float(money.margin / money.costed), float(money.costed), "revenue")
