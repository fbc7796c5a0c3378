"""From customers to order lines: orders day by day, baskets, prices and discounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sample_data import chance
from sample_data.behaviours import BEHAVIOURS, CATEGORY_MONTHS, calendar_days, pace, sale_days
from sample_data.catalogue import CATEGORIES, CATEGORY_OF, COSTS, DAYS, NAMES, PAIRS, prices, shares
from sample_data.people import People

GUEST = -1
GUESTS_PER_DAY = 0.8
GUEST_LINES = (0.60, 0.28, 0.12)
GUEST_PIECES = (0.85, 0.15)
GUEST_DISCOUNTED = 0.05
RATES = (10, 15, 20, 25, 30)
HUNTER_RATES = (0.10, 0.20, 0.35, 0.20, 0.15)
USUAL_RATES = (0.65, 0.20, 0.15, 0.0, 0.0)
MONTH = np.array([day.month - 1 for day in calendar_days()])
SUNDAY = np.array([day.weekday() == 6 for day in calendar_days()])


@dataclass(frozen=True, slots=True)
class Orders:
    """One entry per order, in order of time: customer index or GUEST, day, behaviour, web or store, discount in %."""

    customer: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]
    web: npt.NDArray[np.bool_]
    discount: npt.NDArray[np.int64]


def place_orders(people: People, chances: npt.NDArray[np.float64], seed: int) -> Orders:
    """Every order of the three years: each customer's first one, those that follow, and the guests'."""
    rng = chance.source(seed, 3)
    repeat_customer, repeat_day = np.nonzero(rng.random(chances.shape) < chances)
    guest_day = np.flatnonzero(rng.random((DAYS, 3)) < (pace("year") * GUESTS_PER_DAY / 3)[:, None]) // 3
    customer = np.concatenate([np.arange(len(people.ids)), repeat_customer, np.full(len(guest_day), GUEST)])
    day = np.concatenate([people.joined, repeat_day, guest_day])
    order = np.lexsort((rng.random(len(day)), day))
    customer, day = customer[order], day[order]
    guest = customer == GUEST
    kind = np.where(guest, GUEST, people.behaviour[customer])
    web = (rng.random(len(day)) < np.where(guest, 0.6, people.web[customer])) | SUNDAY[day]
    return Orders(customer, day, kind, web, _discounts(kind, day, rng))


def _discounts(
    kind: npt.NDArray[np.int64], day: npt.NDArray[np.int64], rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    usual = np.array([b.discounted for b in BEHAVIOURS] + [GUEST_DISCOUNTED])[kind]
    in_sale = np.array([b.discounted_in_sale for b in BEHAVIOURS] + [2 * GUEST_DISCOUNTED])[kind]
    given = rng.random(len(kind)) < np.where(sale_days()[day], in_sale, usual)
    hunter = np.array([b.calendar == "sales" for b in BEHAVIOURS] + [False])[kind]
    generous, careful = (chance.pick(weights, len(kind), rng) for weights in (HUNTER_RATES, USUAL_RATES))
    return np.where(given, np.array(RATES)[np.where(hunter, generous, careful)], 0)


def _tables(attribute: str, guests: tuple[float, ...]) -> npt.NDArray[np.float64]:
    """Chances of 1, 2, … by behaviour, with the guests' in the last row; shape (behaviours + 1, most)."""
    rows: list[tuple[float, ...]] = [getattr(kind, attribute) for kind in BEHAVIOURS] + [guests]
    table = np.zeros((len(rows), max(len(row) for row in rows)))
    for place, row in enumerate(rows):
        table[place, : len(row)] = row
    return table


def _categories(people: People, orders: Orders, count: npt.NDArray[np.int64], rng: np.random.Generator) -> pd.DataFrame:
    """The category of every line; those who `spread` never take a category twice in one order."""
    likes = np.vstack([people.likes, np.ones(len(CATEGORIES))])[orders.customer]
    likes = likes * CATEGORY_MONTHS[MONTH[orders.day]]
    spread = np.array([b.spread for b in BEHAVIOURS] + [False])[orders.kind]
    rank = np.argsort(np.argsort(-np.log1p(-rng.random(likes.shape)) / likes, axis=1, kind="stable"), axis=1)
    far, category = np.nonzero(spread[:, None] & (rank < count[:, None]))
    near = np.repeat(np.flatnonzero(~spread), count[~spread])
    return pd.DataFrame({
        "order": np.concatenate([far, near]),
        "category": np.concatenate([category, chance.pick_rows(likes[near], rng)]),
    })  # fmt: skip


def fill_baskets(people: People, orders: Orders, seed: int) -> pd.DataFrame:
    """The lines of all orders: order, product, pieces. A product stands only once in an order."""
    rng = chance.source(seed, 4)
    count = 1 + chance.pick_rows(_tables("lines", GUEST_LINES)[orders.kind], rng)
    lines = _categories(people, orders, count, rng)
    category, day = lines["category"].to_numpy(), orders.day[lines["order"].to_numpy()]
    offered = shares()[day] * (category[:, None] == CATEGORY_OF)
    lines["product"] = chance.pick_rows(offered, rng)
    lines["pieces"] = 1 + chance.pick_rows(_tables("pieces", GUEST_PIECES)[orders.kind[lines["order"]]], rng)
    extra = [_companions(lines, NAMES.index(p.first), NAMES.index(p.second), p.chance, rng) for p in PAIRS]
    lines = pd.concat([lines, *extra], ignore_index=True)
    merged = lines.groupby(["order", "product"], as_index=False)["pieces"].sum()
    return merged.iloc[np.lexsort((rng.random(len(merged)), merged["order"]))].reset_index(drop=True)


def _companions(lines: pd.DataFrame, first: int, second: int, odds: float, rng: np.random.Generator) -> pd.DataFrame:
    """One piece of `second` for a chance share of the orders that have `first`."""
    having = np.unique(lines.loc[lines["product"] == first, "order"].to_numpy())
    chosen = having[rng.random(len(having)) < odds]
    return pd.DataFrame({"order": chosen, "category": CATEGORY_OF[second], "product": second, "pieces": 1})


def price_lines(orders: Orders, lines: pd.DataFrame) -> pd.DataFrame:
    """Adds day, unit price, discount, total and unit cost (cents) to the lines; total = pieces x price - discount."""
    at, product = lines["order"].to_numpy(), lines["product"].to_numpy()
    price = prices()[orders.day[at], product]
    gross = lines["pieces"].to_numpy() * price
    discount = (gross * orders.discount[at] + 50) // 100
    return lines.assign(day=orders.day[at], price=price, discount=discount, total=gross - discount, cost=COSTS[product])
