"""What Fern & Fable sells: products, prices over time, and which products are bought together.

Money is in whole cents throughout the generator, so that every amount in the export is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

START = date(2023, 11, 1)
END = date(2026, 10, 31)
DAYS = (END - START).days + 1

CATEGORIES = ("Coffee", "Tea", "Kitchen", "Table", "Linen", "Bath", "Candles", "Garden")


@dataclass(frozen=True, slots=True)
class Product:
    """One article: unit price and unit cost in cents; `popularity` is its weight within its category."""

    name: str
    category: str
    price: int
    cost: int
    popularity: float = 1.0


@dataclass(frozen=True, slots=True)
class PriceHistory:
    """Own-price elasticity of demand, and the prices (cents) that held from given days on."""

    product: str
    elasticity: float
    changes: tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Whoever buys `first` also puts `second` into the same basket with this extra chance."""

    first: str
    second: str
    chance: float


PRODUCTS: tuple[Product, ...] = (
    Product("House blend 250 g", "Coffee", 890, 410, 2.2),
    Product("House blend 1 kg", "Coffee", 2890, 1420, 0.8),
    Product("Decaf 250 g", "Coffee", 940, 440, 0.9),
    Product("Espresso 500 g", "Coffee", 1590, 760, 1.8),
    Product("Filter papers", "Coffee", 390, 110, 0.9),
    Product("Hand grinder", "Coffee", 4900, 2450, 0.15),
    Product("Earl Grey", "Tea", 790, 260, 1.4),
    Product("Mint tea", "Tea", 650, 210, 1.2),
    Product("Sencha", "Tea", 990, 380, 1.6),
    Product("Rooibos", "Tea", 690, 230, 1.0),
    Product("Tea strainer", "Tea", 650, 230, 0.4),
    Product("Teapot, glass", "Tea", 3400, 1580, 0.4),
    Product("Chef's apron", "Kitchen", 2900, 1310, 0.9),
    Product("Oak board", "Kitchen", 3600, 1690, 0.8),
    Product("Müsli jar", "Kitchen", 1450, 590, 1.2),
    Product("Whisk", "Kitchen", 950, 340, 1.2),
    Product("Salt mill", "Kitchen", 2700, 1180, 0.9),
    Product("Crêpe pan", "Kitchen", 3900, 1950, 0.6),
    Product("Tin mug", "Table", 850, 310, 1.3),
    Product("Stone bowl", "Table", 1390, 570, 1.5),
    Product('Vase "Ilse"', "Table", 2490, 980, 0.8),
    Product("Dinner plate", "Table", 1550, 640, 1.1),
    Product("Carafe", "Table", 2200, 920, 0.8),
    Product("Espresso cup", "Table", 790, 280, 1.2),
    Product("Napkin, linen", "Linen", 690, 270, 1.4),
    Product("Tea towel", "Linen", 990, 390, 1.7),
    Product("Table runner", "Linen", 3200, 1440, 0.7),
    Product("Cushion cover", "Linen", 2100, 880, 1.0),
    Product("Throw", "Linen", 5900, 2980, 0.4),
    Product("Oven glove", "Linen", 1250, 480, 0.9),
    Product("Olive soap", "Bath", 550, 170, 1.6),
    Product("Soap dish", "Bath", 890, 330, 0.5),
    Product("Hand cream", "Bath", 1190, 410, 1.3),
    Product("Bath salt", "Bath", 950, 320, 1.5),
    Product("Hand towel", "Bath", 1490, 650, 1.0),
    Product("Nail brush", "Bath", 750, 260, 0.6),
    Product("Beeswax candle", "Candles", 790, 330, 1.7),
    Product("Tea lights", "Candles", 450, 150, 1.2),
    Product("Fig candle", "Candles", 1990, 710, 1.0),
    Product("Cedar candle", "Candles", 1990, 720, 0.9),
    Product("Candle holder", "Candles", 1650, 680, 0.8),
    Product("Matches", "Candles", 350, 90, 0.5),
    Product("Herb seeds", "Garden", 390, 120, 0.8),
    Product("Plant pot", "Garden", 1290, 520, 1.4),
    Product("Watering can", "Garden", 2750, 1290, 0.8),
    Product("Garden twine", "Garden", 590, 190, 0.9),
    Product("Secateurs", "Garden", 2490, 1150, 0.7),
    Product("Bird feeder", "Garden", 2250, 990, 0.9),
)

PRICE_HISTORIES: tuple[PriceHistory, ...] = (
    PriceHistory(
        "Espresso 500 g", -1.8, ((date(2024, 6, 3), 1890), (date(2025, 4, 7), 1490), (date(2026, 2, 2), 1790))
    ),
    PriceHistory("Sencha", -2.6, ((date(2024, 9, 2), 1150), (date(2025, 6, 2), 890), (date(2026, 3, 2), 1090))),
    PriceHistory("Stone bowl", -3.2, ((date(2024, 8, 5), 1590), (date(2025, 5, 5), 1290), (date(2026, 1, 12), 1490))),
    PriceHistory("Tea towel", -1.2, ((date(2024, 5, 6), 1290), (date(2025, 3, 3), 890), (date(2026, 2, 9), 1190))),
    PriceHistory("Bath salt", -2.1, ((date(2024, 7, 1), 1150), (date(2025, 7, 7), 850), (date(2026, 4, 6), 1090))),
    PriceHistory("Beeswax candle", -0.6, ((date(2024, 8, 12), 1090), (date(2025, 8, 4), 690), (date(2026, 5, 4), 990))),
)

PAIRS: tuple[Pair, ...] = (
    Pair("House blend 250 g", "Filter papers", 0.22),
    Pair("Teapot, glass", "Tea strainer", 0.40),
    Pair("Fig candle", "Matches", 0.35),
    Pair("Plant pot", "Herb seeds", 0.35),
    Pair("Olive soap", "Soap dish", 0.25),
)

NAMES: tuple[str, ...] = tuple(product.name for product in PRODUCTS)
CATEGORY_OF: npt.NDArray[np.intp] = np.array([CATEGORIES.index(product.category) for product in PRODUCTS])
COSTS: npt.NDArray[np.int64] = np.array([product.cost for product in PRODUCTS])


def prices() -> npt.NDArray[np.int64]:
    """Unit price of every product on every day, in cents; shape (DAYS, products)."""
    table = np.tile(np.array([product.price for product in PRODUCTS]), (DAYS, 1))
    for history in PRICE_HISTORIES:
        column = NAMES.index(history.product)
        for day, cents in history.changes:
            table[(day - START).days :, column] = cents
    return table


def shares() -> npt.NDArray[np.float64]:
    """Chance that a line of a category is for each of its products, per day; shape (DAYS, products).

    A product with a price history has exactly its first share times (price / first price) ** elasticity; the
    others of the category divide the rest, so the planted elasticity is that of demand per line of the category.
    """
    weight = np.array([product.popularity for product in PRODUCTS])
    base = weight / np.bincount(CATEGORY_OF, weights=weight)[CATEGORY_OF]
    table = np.tile(base, (DAYS, 1))
    price = prices()
    for history in PRICE_HISTORIES:
        own = NAMES.index(history.product)
        moved = base[own] * (price[:, own] / price[0, own]) ** history.elasticity
        others = np.flatnonzero((CATEGORY_OF[own] == CATEGORY_OF) & (np.arange(len(NAMES)) != own))
        table[:, others] *= ((1 - moved) / (1 - base[own]))[:, None]
        table[:, own] = moved
    return table
