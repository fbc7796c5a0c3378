"""Shops of ten kinds, order by order, to try names of segments on: none of them is like the shops other tests draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from tests.segmentation.shops import Line, line

LAST = date(2026, 6, 30)
CATEGORIES = ("Bread", "Cheese", "Wine", "Oil", "Honey", "Nuts")


@dataclass
class Till:
    """What a shop sold, days counted back from its last one."""

    rng: np.random.Generator
    lines: list[Line] = field(default_factory=list)
    customers: int = 0

    def customer(self) -> str:
        self.customers += 1
        return f"k{self.customers:05d}"

    def sell(
        self, who: str, ago: float, amount: float, *, off: float = 0.0, channel: str = "web", categories: int = 1
    ) -> None:
        """An order so many days before the last day, discounted with the chance `off`."""
        day = (LAST - timedelta(days=max(0, int(ago)))).isoformat()
        order = f"o{len(self.lines):06d}"
        cut = f"{amount * 0.2:.2f}" if self.rng.random() < off else "0"
        for one in self.rng.choice(CATEGORIES, min(categories, len(CATEGORIES)), replace=False):
            price = f"{max(amount / categories, 0.01):.2f}"
            more = {"discount": cut, "channel": channel, "category": str(one), "product": str(one)}
            self.lines.append(line(who, order, day, price, **_typed(more)))

    def give_back(self, who: str, ago: float, amount: float) -> None:
        """A refund of the customer's last order."""
        day = (LAST - timedelta(days=max(0, int(ago)))).isoformat()
        order = next(str(one["order_id"]) for one in reversed(self.lines) if one["customer_id"] == who)
        self.lines.append(line(who, order, day, f"-{amount:.2f}"))


def _typed(more: dict[str, str]) -> dict[str, object]:
    return {name: Decimal(value) if name == "discount" else value for name, value in more.items()}


Kind = Callable[[Till], None]


def _visits(till: Till, first: float, gap: float, stop: float) -> list[float]:
    """Days ago of orders from `first` on, `gap` days apart on average, until `stop` days ago."""
    days, ago = [first], first
    while (ago := ago - till.rng.gamma(2.0, gap / 2)) > stop:
        days.append(ago)
    return days


def growing(till: Till) -> None:
    """Twice as many new customers every half year; a third of them stays."""
    for _ in range(600):
        first = float(till.rng.exponential(260) % 1200)
        stays = till.rng.random() < 0.35
        who, basket = till.customer(), till.rng.lognormal(3.3, 0.5)
        for ago in _visits(till, first, 55, 0) if stays else [first]:
            till.sell(who, ago, basket * till.rng.lognormal(0, 0.2), off=0.15)


def shrinking(till: Till) -> None:
    """Hardly anybody joined in the last year, and those from before leave one by one."""
    for _ in range(500):
        first = 1400 - float(till.rng.exponential(300) % 1380)
        who, basket = till.customer(), till.rng.gamma(2.0, 20) + 4
        for ago in _visits(till, first, 80, max(0.0, first - till.rng.exponential(380))):
            till.sell(who, ago, basket, off=0.3, categories=int(till.rng.integers(1, 4)))


def seasonal(till: Till) -> None:
    """A garden shop: most come in April and May only, year after year, some all year."""
    for number in range(450):
        who, joined, basket = till.customer(), int(till.rng.integers(0, 5)), till.rng.lognormal(3.6, 0.4)
        if number % 5 == 0:
            for ago in _visits(till, 400 + till.rng.random() * 1300, 110, 0):
                till.sell(who, ago, basket)
            continue
        for year in range(joined + 1):
            if year in {0, joined} or till.rng.random() < 0.7:
                till.sell(who, 365.25 * year + 31 + till.rng.random() * 60, basket, categories=2)


def other_newcomers(till: Till) -> None:
    """In two months a campaign brought people who buy once, cheaply, with a discount and in another channel."""
    for number in range(550):
        who = till.customer()
        if number < 220:
            till.sell(who, till.rng.random() * 55, 6 + till.rng.random() * 8, off=0.95, channel="app")
            continue
        basket = till.rng.lognormal(3.8, 0.4)
        for ago in _visits(till, 90 + till.rng.random() * 900, 70, till.rng.exponential(200)):
            till.sell(who, ago, basket, categories=int(till.rng.integers(1, 5)))


def subscription(till: Till) -> None:
    """A box every 30 days, until it is cancelled; few buy a single one."""
    for number in range(400):
        who, price = till.customer(), float(till.rng.choice([19.0, 29.0, 49.0]))
        first = till.rng.random() * 900
        end = 0.0 if number % 3 else max(0.0, first - till.rng.exponential(240))
        ago = first
        while ago >= end:
            till.sell(who, ago, price)
            ago -= 30 + till.rng.integers(-2, 3)


def gifts(till: Till) -> None:
    """One-off gifts: nineteen of twenty order once in their life, half of them before Christmas."""
    for number in range(600):
        who, basket = till.customer(), till.rng.lognormal(3.0, 0.7)
        year = int(till.rng.integers(0, 4))
        ago = 365 * year + (185 + till.rng.random() * 45 if number % 2 else till.rng.random() * 364)
        till.sell(who, ago, basket, off=0.1)
        if number % 20 == 0:
            till.sell(who, max(0.0, ago - 200), basket)


def wholesale(till: Till) -> None:
    """Thirty firms that order weekly for thousands, beside a crowd of small orders."""
    for number in range(480):
        who = till.customer()
        if number < 36:
            for ago in _visits(till, 200 + till.rng.random() * 600, 8, 300 if number % 6 == 0 else 0):
                till.sell(who, ago, till.rng.lognormal(7.3, 0.4), channel="phone", categories=5)
            continue
        for ago in _visits(till, till.rng.random() * 800, 150, till.rng.exponential(220)):
            till.sell(who, ago, till.rng.lognormal(3.2, 0.5))


def few_return(till: Till) -> None:
    """Furniture: eight of a hundred ever order again, after years; baskets of all sizes."""
    for number in range(520):
        who, ago = till.customer(), till.rng.random() * 1500
        till.sell(who, ago, till.rng.pareto(1.6) * 180 + 30, off=0.25, categories=int(till.rng.integers(1, 3)))
        if number % 12 == 0:
            till.sell(who, ago * till.rng.random(), till.rng.lognormal(5.5, 0.6))
        if till.rng.random() < 0.12:
            till.give_back(who, max(0.0, ago - 9), 40)


def broken(till: Till) -> None:
    """Shut for most of a year; when it opens again prices are double and other people come."""
    for number in range(500):
        who, late = till.customer(), number % 2 == 0
        first = till.rng.random() * 200 if late else 560 + till.rng.random() * 500
        stop = 0.0 if late or till.rng.random() < 0.2 else 560.0
        for ago in _visits(till, first, 35, stop):
            if not 200 < ago < 560:
                till.sell(
                    who, ago, till.rng.lognormal(4.0 if ago < 560 else 3.3, 0.3), channel="app" if late else "web"
                )


def one_price(till: Till) -> None:
    """A single article at one price: nearly all customers are equal in nearly everything."""
    for number in range(450):
        who = till.customer()
        days = _visits(till, till.rng.random() * 500, 45, 0) if number % 4 == 0 else [till.rng.random() * 500]
        for ago in days:
            till.sell(who, ago, 24.9)


KINDS: tuple[Kind, ...] = (
    growing,
    shrinking,
    seasonal,
    other_newcomers,
    subscription,
    gifts,
    wholesale,
    few_return,
    broken,
    one_price,
)


def shop_lines(kind: Kind, seed: int) -> list[Line]:
    """All lines of a shop, the same in every run."""
    till = Till(np.random.default_rng([15, 5, KINDS.index(kind), seed]))
    kind(till)
    return till.lines
