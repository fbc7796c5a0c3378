"""What a shop really sold: orders of lines in whole cents, before any program writes them down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from .people import Person
from .tongues import Tongue

LIVE = ("paid", "completed", "shipped", "not_cancelled", "refunded", "partly_refunded", "partly_cancelled")
PERCENTS = (5, 10, 15, 20, 25, 50)


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A thing on sale; prices in cents."""

    name: str
    sku: str
    price: int
    cost: int


@dataclass(slots=True, kw_only=True)
class Line:
    """One product of an order. `off` is what the line's discount takes off in all, in cents."""

    product: Product
    quantity: int
    price: int
    percent: int = 0
    off: int = 0
    dead: bool = False  # this line alone was cancelled

    @property
    def listed(self) -> int:
        """Before the discount, in cents."""
        return self.quantity * self.price

    @property
    def goods(self) -> int:
        """After the discount, in cents."""
        return self.listed - self.off

    @property
    def cost(self) -> int:
        """What the pieces cost the shop, in cents."""
        return self.quantity * self.product.cost


@dataclass(slots=True, kw_only=True)
class Order:
    """One order. `off`, `shipping`, `tax` and `refund` are the whole order's, in cents."""

    number: str
    moment: datetime
    person: Person | None
    lines: list[Line]
    state: str = "completed"
    off: int = 0
    shipping: int = 0
    tax: int = 0
    refund: int = 0  # what of the goods was paid back
    cancelled_on: datetime | None = None
    extra: dict[str, str] = field(default_factory=dict)  # words that must be the same on each row

    @property
    def counts(self) -> bool:
        """Whether anything was sold at all."""
        return self.state in LIVE and self.cancelled_on is None and any(not line.dead for line in self.lines)

    @property
    def alive(self) -> list[Line]:
        """The lines that were sold."""
        return [line for line in self.lines if not line.dead]

    @property
    def goods(self) -> int:
        """Goods after all discounts, refunds not yet taken off, in cents."""
        return sum(line.goods for line in self.alive) - self.off

    @property
    def total(self) -> int:
        """What the customer paid: goods, shipping and tax, in cents."""
        return self.goods + self.shipping + self.tax

    @property
    def pieces(self) -> int:
        """How many pieces."""
        return sum(line.quantity for line in self.lines)


def shelf(rng: Random, tongue: Tongue, *, whole: bool) -> tuple[Product, ...]:
    """Things with different prices; `whole` prices have no cents, so that a percentage of them is exact."""
    style = rng.choice(("{}", "SKU-{}", "A{}"))
    things = []
    for n, name in enumerate(tongue.products):
        units = tongue.price_level * rng.randrange(2, 20)
        cents = 0 if whole or tongue.decimals == 0 else rng.choice((0, 50, 90, 95, 99, 25))
        price = units * 100 + cents
        share = rng.randrange(30, 70)
        cost = max(price * share // 100, 100)
        cost -= cost % (100 if tongue.decimals == 0 else 5)
        things.append(Product(name=name, sku=style.format(4100 + n * 11), price=price, cost=cost))
    return tuple(things)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """How a shop sells: how many orders, how large, how often to nobody known, and when."""

    orders: int
    max_lines: int = 4
    guests: float = 0.0
    opens: tuple[int, int] = (9, 18)
    per_day: float = 0.6
    small_days: bool = False  # only days up to the twelfth, which read both ways


def _moments(rng: Random, trade: Trade) -> list[datetime]:
    moment = datetime(2023, 1, 1) + timedelta(days=rng.randrange(500))  # noqa: DTZ001  # a shop's own clock
    if not trade.small_days:
        moment = moment.replace(day=rng.randint(11, 20))  # some day after the twelfth, even in a short file
    found: list[datetime] = []
    while len(found) < trade.orders:
        day = moment.replace(hour=0, minute=0)
        how_many = max(int(trade.per_day), 1) if trade.per_day >= 1 else 1
        minutes = sorted(rng.sample(range(trade.opens[0] * 60, trade.opens[1] * 60), rng.randint(1, 2 * how_many)))
        if not trade.small_days or day.day <= 12:
            found += [day + timedelta(minutes=minute) for minute in minutes]
        moment += timedelta(days=rng.randint(1, max(int(2 / min(trade.per_day, 1.0)), 1)))
    return found[: trade.orders]


def sell(rng: Random, trade: Trade, people: tuple[Person, ...], things: tuple[Product, ...]) -> list[Order]:
    """The orders of a shop, oldest first: some customers come often, some products sell often."""
    love = [1 / (n + 1) ** 0.7 for n in range(len(people))]
    taste = [1 / (n + 2) ** 0.5 for n in range(len(things))]
    style = rng.choice(("{}", "#{}", "SO-{}", "2024{}", "B{}"))
    step = rng.choice((1, 1, 1, 3))
    orders = []
    for n, moment in enumerate(_moments(rng, trade)):
        person = None if rng.random() < trade.guests else rng.choices(people, love)[0]
        lines: dict[str, Line] = {}
        for _ in range(rng.randint(1, trade.max_lines)):
            thing = rng.choices(things, taste)[0]
            quantity = rng.choices((1, 2, 3, 5), (6, 3, 1, 0.5))[0]
            lines.setdefault(thing.name, Line(product=thing, quantity=quantity, price=thing.price))
        number = style.format(10001 + n * step)
        orders.append(Order(number=number, moment=moment, person=person, lines=list(lines.values())))
    return orders
