"""Whole shops of one kind of customer, and of three or four, made up order by order and kept as order lines.

In a crowd every trait (how often, how much, how long, with a discount or not) has one hump and no trait decides
another; what differs from crowd to crowd is how the shop fares: it grows, shrinks, has a season, a wave of newcomers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from segmentation.columns import LINES, MONEY
from segmentation.customers import FloatArray
from segmentation.workspace import DatasetVersion, Manifest, Workspace

FIRST = date(2023, 2, 6)
YEAR = 365
_TYPES = {
    "VARCHAR": pa.string(),
    "TIMESTAMP": pa.timestamp("us"),
    "UBIGINT": pa.uint64(),
    "BOOLEAN": pa.bool_(),
    MONEY: pa.decimal128(18, 4),
}


@dataclass(frozen=True)
class Traits:
    """What the customers of a shop are like, one value each, shape (n,).

    joined: the day of the first order, from 0.
    rate: orders a day after it.
    stays: days until they order no more.
    basket: the usual value of an order.
    bargains: the chance that an order has a discount.
    spread: by how much one's orders differ, as the standard deviation of their logarithm.
    """

    joined: FloatArray
    rate: FloatArray
    stays: FloatArray
    basket: FloatArray
    bargains: FloatArray
    spread: float = 0.35


@dataclass(frozen=True)
class Shop:
    """Traits, the days of history, and how many times as often as usual everyone orders on each of them."""

    traits: Traits
    days: int
    busy: FloatArray

    def orders(self, rng: np.random.Generator) -> Mapping[str, np.ndarray]:
        """Customer, day, amount and whether there was a discount, one entry an order."""
        traits = self.traits
        passed = np.concatenate(([0.0], np.cumsum(self.busy)))  # how much of the usual year has passed by each day
        start = np.clip(traits.joined, 0, self.days - 1).astype(int)
        end = np.clip(traits.joined + traits.stays, start + 1, self.days).astype(int)
        repeats = rng.poisson(traits.rate * (passed[end] - passed[start]))
        who = np.repeat(np.arange(len(start)), repeats + 1)
        at = passed[start[who]] + rng.random(len(who)) * (passed[end[who]] - passed[start[who]])
        day = np.searchsorted(passed, at, side="right") - 1
        day[np.cumsum(repeats + 1) - 1] = start  # everyone's first order is the one they joined with
        amount = traits.basket[who] * rng.lognormal(0.0, traits.spread, len(who))
        return {"who": who, "day": day, "amount": amount, "reduced": rng.random(len(who)) < traits.bargains[who]}

    def store(self, workspace: Workspace, name: str, rng: np.random.Generator) -> DatasetVersion:
        """The shop as a published version."""
        return store(self.orders(rng), workspace, name)


def store(made: Mapping[str, np.ndarray], workspace: Workspace, name: str) -> DatasetVersion:
    """Orders (customer, day, amount and whether there was a discount) as a published version."""
    n = len(made["who"])
    cents = np.maximum(np.round(made["amount"] * 100), 1).astype(np.int64)
    money = pa.array([Decimal(int(one)) / 100 for one in cents], _TYPES[MONEY])
    off = pa.array(
        [Decimal(int(one)) / 500 if cut else Decimal(0) for one, cut in zip(cents, made["reduced"], strict=True)],
        _TYPES[MONEY],
    )
    days = [FIRST + timedelta(days=int(one)) for one in made["day"]]
    columns: dict[str, pa.Array] = {
        "customer_id": pa.array([f"c{one}" for one in made["who"]]),
        "order_id": pa.array([f"o{one}" for one in range(n)]),
        "ordered_at": pa.array(days, pa.date32()).cast(pa.timestamp("us")),
        "kind": pa.array(["sale"] * n),
        "amount": money,
        "listed_amount": money,
        "discount": off,
    }
    table = {
        one.name: columns.get(one.name, pa.nulls(n, _TYPES[one.sql_type])).cast(_TYPES[one.sql_type]) for one in LINES
    }
    with workspace.draft(name) as draft:
        (draft.folder / "lines").mkdir(exist_ok=True)
        pq.write_table(pa.table(table), draft.folder / "lines" / "part-1.parquet")
        return draft.publish(
            Manifest(
                fingerprint=hashlib.sha256(name.encode() + cents.tobytes()).hexdigest(),
                created="2026-11-01T10:00:00",
                files=("orders.csv",),
                currency="EUR",
                has=frozenset(columns),
                first=min(days),
                last=max(days),
                customers=len(np.unique(made["who"])),
                orders=n,
                guests=0,
                lines=n,
                revenue=Decimal(int(cents.sum())) / 100,
            )
        )


Kind = Callable[[np.random.Generator, int], Shop]


def one_kind(rng: np.random.Generator, joined: FloatArray) -> Traits:
    """One kind of customer: every trait with one hump, how wide is drawn for each shop."""
    n = len(joined)
    shape = rng.uniform(0.8, 2.5)
    return Traits(
        joined=joined,
        rate=rng.gamma(shape, rng.uniform(0.008, 0.025) / shape, n),
        stays=rng.exponential(rng.uniform(250, 1_500), n),
        basket=rng.lognormal(rng.uniform(3.0, 4.5), rng.uniform(0.25, 0.7), n),
        bargains=_leaning(rng, rng.uniform(0.1, 0.5), n),
    )


def steady(rng: np.random.Generator, n: int) -> Shop:
    days = int(rng.uniform(1.2, 3.2) * YEAR)
    return Shop(one_kind(rng, rng.uniform(0, days - 20, n)), days, np.ones(days))


def growing(rng: np.random.Generator, n: int) -> Shop:
    days = int(rng.uniform(2.1, 3.2) * YEAR)
    return Shop(one_kind(rng, _towards_the_end(rng, days, rng.uniform(2, 5), n)), days, np.ones(days))


def shrinking(rng: np.random.Generator, n: int) -> Shop:
    days = int(rng.uniform(2.1, 3.2) * YEAR)
    joined = days - 1 - _towards_the_end(rng, days, rng.uniform(2, 5), n)
    return Shop(one_kind(rng, joined), days, np.linspace(1.5, 0.4, days))


def seasonal(rng: np.random.Generator, n: int) -> Shop:
    """Two months of the year bring 2 to 3 times the orders, and as many more newcomers."""
    days = int(rng.uniform(2.1, 3.2) * YEAR)
    busy = _season(rng, days)
    return Shop(one_kind(rng, rng.choice(days - 20, n, p=_shares(busy[: days - 20]))), days, busy)


def growing_with_a_season(rng: np.random.Generator, n: int) -> Shop:
    days = int(rng.uniform(2.1, 3.2) * YEAR)
    busy = _season(rng, days)
    more = np.exp(np.linspace(0, rng.uniform(1, 2.5), days - 20))
    return Shop(one_kind(rng, rng.choice(days - 20, n, p=_shares(busy[: days - 20] * more))), days, busy)


def late_joiners(rng: np.random.Generator, n: int) -> Shop:
    """Half to two thirds of the customers came in the last months, like those before."""
    days = int(rng.uniform(1.5, 3.0) * YEAR)
    late = rng.random(n) < rng.uniform(0.5, 0.67)
    joined = np.where(late, rng.uniform(days - 150, days - 5, n), rng.uniform(0, days - 150, n))
    return Shop(one_kind(rng, joined), days, np.ones(days))


def one_campaign(rng: np.random.Generator, n: int) -> Shop:
    """A third of the customers came in the same month."""
    days = int(rng.uniform(1.5, 3.0) * YEAR)
    day = rng.uniform(100, days - 100)
    joined = np.where(rng.random(n) < 0.33, rng.uniform(day, day + 30, n), rng.uniform(0, days - 20, n))
    return Shop(one_kind(rng, joined), days, np.ones(days))


def few_orders(rng: np.random.Generator, n: int) -> Shop:
    """Most customers ordered once, so that shares of orders are 0 or 1."""
    days = int(rng.uniform(1.2, 3.0) * YEAR)
    traits = one_kind(rng, rng.uniform(0, days - 20, n))
    return Shop(replace(traits, rate=rng.gamma(0.7, 0.0022, n)), days, np.ones(days))


def big_and_small_spenders(rng: np.random.Generator, n: int) -> Shop:
    """Baskets from a few to thousands, without a gap between."""
    days = int(rng.uniform(1.2, 3.0) * YEAR)
    traits = one_kind(rng, rng.uniform(0, days - 20, n))
    return Shop(replace(traits, basket=rng.lognormal(3.5, 1.2, n)), days, np.ones(days))


def restless(rng: np.random.Generator, n: int) -> Shop:
    """Demand wanders from month to month, with a sudden break on the way."""
    days = int(rng.uniform(2.1, 3.2) * YEAR)
    months = np.exp(np.cumsum(rng.normal(0, 0.15, days // 30 + 1)))
    busy = np.clip(np.repeat(months, 30)[:days], 0.2, 5) * np.where(
        np.arange(days) > days * 0.6, rng.choice([0.5, 2.0]), 1
    )
    return Shop(one_kind(rng, rng.choice(days - 20, n, p=_shares(busy[: days - 20]))), days, busy)


def several_kinds(rng: np.random.Generator, n: int, number: int | None = None) -> Shop:
    """Three or four kinds, each about three standard deviations from the next in two traits or more."""
    number = number or int(rng.integers(3, 5))
    kind = rng.choice(number, n, p=rng.dirichlet(np.full(number, 8.0)))
    days = int(rng.uniform(1.5, 3.0) * YEAR)
    rate = np.array([0.045, 0.012, 0.05, 0.0015])[kind] * rng.lognormal(0, 0.3, n)
    basket = np.array([14.0, 130.0, 90.0, 35.0])[kind] * rng.lognormal(0, 0.35, n)
    stays = np.where(kind == 2, rng.uniform(120, 220, n), 10_000.0)
    joined = np.where(kind == 2, rng.uniform(0, days - 500, n) if days > 520 else 0.0, rng.uniform(0, days - 120, n))
    bargains = np.clip(np.array([0.1, 0.15, 0.1, 0.5])[kind] + rng.normal(0, 0.05, n), 0.01, 0.99)
    return Shop(Traits(joined, rate, stays, basket, bargains), days, np.ones(days))


def kinds_that_overlap(rng: np.random.Generator, n: int) -> Shop:
    """As `several_kinds`, with rates and baskets spread so that the nearest kinds lie two to three deviations apart."""
    shop = several_kinds(rng, n)
    rate, basket = (rng.lognormal(0, np.sqrt(0.5**2 - own**2), n) for own in (0.3, 0.35))
    traits = replace(shop.traits, rate=shop.traits.rate * rate, basket=shop.traits.basket * basket)
    return replace(shop, traits=traits)


CROWDS: tuple[Kind, ...] = (
    steady, growing, shrinking, seasonal, growing_with_a_season, late_joiners, one_campaign, few_orders,
    big_and_small_spenders, restless,
)  # fmt: skip


def _leaning(rng: np.random.Generator, mean: float, n: int) -> FloatArray:
    """Chances around a mean, with one hump."""
    return rng.beta(8 * mean, 8 * (1 - mean), n)


def _towards_the_end(rng: np.random.Generator, days: int, steep: float, n: int) -> FloatArray:
    """Days of which more and more lie late: e to the `steep` times as many at the end as at the beginning."""
    return np.log1p(rng.random(n) * np.expm1(steep)) / steep * (days - 20)


def _season(rng: np.random.Generator, days: int) -> FloatArray:
    month = (np.arange(days) // 30.4).astype(int) % 12
    at = int(rng.integers(0, 12))
    return np.where((month == at) | (month == (at + 1) % 12), rng.uniform(2, 3), 1.0)


def _shares(weights: FloatArray) -> FloatArray:
    return weights / weights.sum()
