"""The six planted behaviours: how often such customers order, until when, what, and at which discount."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from sample_data.catalogue import CATEGORIES, DAYS, START

Floats = npt.NDArray[np.float64]

MONTHS = (0.85, 0.85, 0.95, 1.00, 1.00, 0.92, 0.82, 0.82, 1.00, 1.10, 1.50, 1.65)
WEEKDAYS = (1.05, 0.97, 0.95, 1.00, 1.08, 1.28, 0.67)
SALES = (((1, 2), (1, 14)), ((7, 1), (7, 14)), ((11, 22), (11, 30)))
GIFTS = (((11, 12), (12, 21)),)

# Weight of each category by month; rows January to December, columns as in CATEGORIES.
CANDLE_MONTHS = (1.2, 1.0, 0.8, 0.7, 0.6, 0.5, 0.5, 0.6, 0.9, 1.3, 1.8, 1.9)
GARDEN_MONTHS = (0.4, 0.7, 1.6, 2.0, 1.9, 1.4, 1.1, 0.9, 0.9, 0.7, 0.5, 0.5)
CATEGORY_MONTHS: Floats = np.array(
    [[1.0] * 6 + [candles, garden] for candles, garden in zip(CANDLE_MONTHS, GARDEN_MONTHS, strict=True)]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """One kind of customer. Times in days, rates in orders per year, shares as fractions.

    `steadiness` is the shape of the gamma distribution of personal rates around `orders_per_year`; `life` the
    mean time to dropping out; `joins` the first and last day of the period on which such customers appear;
    `gone_by` the day by which all have dropped out; `lines` the chances of 1, 2, … lines in an order;
    `favourites` how many categories a customer likes, and `loyalty` the share of lines from those.
    """

    name: str
    customers: int
    orders_per_year: float
    steadiness: int
    life: float
    joins: tuple[int, int]
    lines: tuple[float, ...]
    pieces: tuple[float, ...]
    liked: tuple[str, ...]
    favourites: int
    loyalty: float
    discounted: float
    discounted_in_sale: float
    consent: float
    web: float
    spread: bool = False
    gone_by: int | None = None
    calendar: str = "year"


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        name="regular", customers=680, orders_per_year=8.4, steadiness=10, life=2200, joins=(0, 760),
        lines=(0.62, 0.30, 0.08), pieces=(0.75, 0.25), liked=("Coffee", "Tea"), favourites=2, loyalty=0.96,
        discounted=0.03, discounted_in_sale=0.08, consent=0.78, web=0.55,
    ),
    Behaviour(
        name="bargain hunter", customers=1080, orders_per_year=3.4, steadiness=8, life=1100, joins=(0, 850),
        lines=(0.45, 0.37, 0.18), pieces=(0.80, 0.20), liked=("Kitchen", "Table", "Linen", "Bath", "Candles"),
        favourites=3, loyalty=0.93, discounted=0.86, discounted_in_sale=0.97, consent=0.82, web=0.85, calendar="sales",
    ),
    Behaviour(
        name="lapsed big basket", customers=560, orders_per_year=6.8, steadiness=8, life=190, joins=(0, 520),
        lines=(0.0, 0.05, 0.20, 0.35, 0.25, 0.15), pieces=(0.35, 0.35, 0.20, 0.10),
        liked=("Kitchen", "Table", "Linen"), favourites=3, loyalty=0.85, discounted=0.06, discounted_in_sale=0.15,
        consent=0.62, web=0.45, gone_by=850,
    ),
    Behaviour(
        name="newcomer", customers=1730, orders_per_year=0.35, steadiness=4, life=300, joins=(850, DAYS - 1),
        lines=(0.78, 0.22), pieces=(0.95, 0.05), liked=("Coffee", "Kitchen", "Bath", "Garden"), favourites=1,
        loyalty=0.95, discounted=0.05, discounted_in_sale=0.12, consent=0.55, web=0.72,
    ),
    Behaviour(
        name="gift buyer", customers=1300, orders_per_year=1.15, steadiness=10, life=1500, joins=(0, 790),
        lines=(0.0, 0.45, 0.40, 0.15), pieces=(0.50, 0.35, 0.15), liked=("Candles", "Table", "Tea"), favourites=3,
        loyalty=0.92, discounted=0.05, discounted_in_sale=0.10, consent=0.50, web=0.62, calendar="gifts",
    ),
    Behaviour(
        name="explorer", customers=650, orders_per_year=3.3, steadiness=8, life=2000, joins=(0, 760),
        lines=(0.0, 0.40, 0.45, 0.15), pieces=(0.92, 0.08), liked=CATEGORIES, favourites=8, loyalty=1.0,
        discounted=0.08, discounted_in_sale=0.18, consent=0.70, web=0.60, spread=True,
    ),
)  # fmt: skip


def calendar_days() -> tuple[date, ...]:
    """Every day of the period, in order."""
    return tuple(START + timedelta(days=i) for i in range(DAYS))


def _within(windows: tuple[tuple[tuple[int, int], tuple[int, int]], ...]) -> npt.NDArray[np.bool_]:
    return np.array([any(a <= (d.month, d.day) <= b for a, b in windows) for d in calendar_days()])


def sale_days() -> npt.NDArray[np.bool_]:
    """True on days of the January, July and November sales; shape (DAYS,)."""
    return _within(SALES)


def pace(calendar: str) -> Floats:
    """How busy each day is for a kind of customer, averaging 1 over the period; shape (DAYS,)."""
    days = calendar_days()
    week = np.array([WEEKDAYS[d.weekday()] for d in days])
    if calendar == "gifts":
        busy = week * np.where(_within(GIFTS), 1.0, 0.004)
    else:
        busy = week * np.array([MONTHS[d.month - 1] for d in days])
        busy[[d.month == 12 and d.day > 22 for d in days]] *= 0.35
        if calendar == "sales":
            busy *= np.where(sale_days(), 4.0, 0.7)
    return np.asarray(busy / busy.mean())
