"""Set number `seed` of tables of one shop: orders, their lines, customers, products, categories and payments, as a
database or a shop program exports them; and what they come to together."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from .notation import Notation, any_notation
from .people import Person, crowd
from .tongues import CODES, tongue

SETS = 100
KEYS = ("plain", "tagged", "padded", "zeros lost", "composite")
AMOUNTS = ("price", "total", "both", "in products")
_LAST = date(2026, 10, 30)
_DATABASE = {
    "order": "order_id", "date": "order_date", "customer_id": "customer_id", "customer": "customer_name",
    "email": "email", "phone": "phone", "zip": "postal_code", "sku": "product_id", "product": "product_name",
    "quantity": "quantity", "unit_price": "unit_price", "line_total": "line_total", "total": "order_total",
    "store": "store", "status": "status", "weight": "weight", "row_id": "id", "category": "category_id",
    "category_name": "category_name", "ship_date": "shipped_at", "rep": "sales_rep", "code": "coupon",
}  # fmt: skip
_CATEGORIES = {
    "en-US": ("Category ID", "Category"),
    "en-GB": ("Category ID", "Category"),
    "de": ("Kategorie-Nr.", "Kategorie"),
    "fr": ("ID catégorie", "Catégorie"),
    "es": ("ID categoría", "Categoría"),
    "it": ("ID categoria", "Categoria"),
    "nl": ("Categorienummer", "Categorie"),
    "pt-BR": ("ID da categoria", "Categoria"),
    "pl": ("ID kategorii", "Kategoria"),
    "sv": ("Kategori-ID", "Kategori"),
    "da": ("Kategori-ID", "Kategori"),
    "cs": ("ID kategorie", "Kategorie"),
    "tr": ("Kategori No", "Kategori"),
    "ja": ("カテゴリID", "カテゴリ"),
}
_FILES = {
    "orders": ("orders", "sales_order", "t_orders", "export_orders"),
    "lines": ("order_items", "lines", "t_items", "positions"),
    "customers": ("customers", "people", "t_customers"),
    "products": ("products", "items_master", "t_products"),
    "categories": ("categories", "t_categories"),
    "payments": ("payments", "transactions", "t_payments"),
}
Row = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One product of an order: its price is that of a piece, in cents."""

    product: int
    pieces: int
    price: int

    @property
    def cents(self) -> int:
        return self.pieces * self.price


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order; `number` is unique within its `store` only where keys are composite."""

    number: int
    store: str
    who: Person
    moment: datetime
    lines: tuple[Line, ...]

    @property
    def cents(self) -> int:
        return sum(line.cents for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSet:
    """The files of one import, and what they come to: cents, orders, customers, pieces."""

    seed: int
    keys: str
    amounts: str
    files: tuple[tuple[str, bytes], ...]
    cents: int
    orders: int
    customers: int
    units: int
    traits: frozenset[str] = field(default_factory=frozenset)


def table_set(seed: int) -> TableSet:
    """The set that this seed makes."""
    rng = Random(f"tables {seed}")
    keys, amounts = KEYS[seed % len(KEYS)], AMOUNTS[seed // len(KEYS) % len(AMOUNTS)]
    speech = tongue(rng.choice(CODES))
    people = crowd(rng, speech, rng.randint(20, 40))
    level = speech.price_level * (1 if speech.decimals else 100)
    prices = [level * rng.randint(40, 900) for _ in speech.products]
    prices = [price if speech.decimals else price // 100 * 100 for price in prices]
    orders = _sold(rng, people, speech.shops, prices, keys)
    return _Program(rng, any_notation(rng, speech), keys, amounts, prices).export(seed, orders, people)


def _sold(rng: Random, people: tuple[Person, ...], shops: tuple[str, ...], prices: list[int], keys: str) -> list[Order]:
    """Orders in order of time; composite keys count anew in each of the shop's stores."""
    stores = list(shops) if len(shops) > 1 else [*shops, f"{shops[0]} 2"]
    start = rng.choice((1, 95, 4711))
    found, count = [], dict.fromkeys(stores, start)
    days = sorted(rng.choices(range(500), k=rng.randint(60, 110)))
    for back in reversed(days):
        store = rng.choice(stores)
        number = count[store] if keys == "composite" else start + len(found)
        count[store] += 1
        picked = rng.sample(range(len(prices)), rng.choice((1, 1, 2, 3)))
        lines = tuple(Line(product=one, pieces=rng.choice((1, 1, 1, 2, 3)), price=prices[one]) for one in picked)
        day = _LAST - timedelta(back)
        moment = datetime(day.year, day.month, day.day, rng.randint(8, 20), rng.randint(0, 59))  # noqa: DTZ001
        found.append(Order(number=number, store=store, who=rng.choice(people), moment=moment, lines=lines))
    return found


class _Program:
    """Writes a shop's tables in one notation, with what databases leave behind."""

    def __init__(self, rng: Random, notation: Notation, keys: str, amounts: str, prices: list[int]) -> None:
        self.rng, self.notation, self.keys, self.amounts, self.prices = rng, notation, keys, amounts, prices
        self.speech = notation.tongue
        self.database = rng.random() < 0.4
        self.traits: set[str] = {"database names"} if self.database else set()
        self.sku = rng.choice(("P{:03d}", "{:05d}", "{}"))
        self.group = rng.choice(("{}", "K{}"))

    def often(self, share: float, trait: str) -> bool:
        """Whether the set has this trait."""
        if self.rng.random() >= share:
            return False
        self.traits.add(trait)
        return True

    def export(self, seed: int, orders: list[Order], people: tuple[Person, ...]) -> TableSet:
        """The files, and the truth: lines without their order count nowhere."""
        rng = self.rng
        totals = self.amounts != "in products" and self.often(0.5, "order totals")
        tables = {"orders": self._orders(orders, totals=totals), "lines": self._lines(orders)}
        if self.often(0.8, "customers"):
            tables["customers"] = self._twice(self._customers(people), "customers twice")
        grouped = self.often(0.4, "categories")
        if self.amounts == "in products" or grouped or self.often(0.6, "products"):
            tables["products"] = self._twice(self._products(grouped=grouped), "products twice")
        if grouped:
            tables["categories"] = self._categories()
        if self.often(0.4, "payments"):
            tables["payments"] = self._payments(orders)
        files = [(f"{rng.choice(_FILES[name])}.csv", self._written(rows)) for name, rows in tables.items()]
        rng.shuffle(files)
        return TableSet(
            seed=seed,
            keys=self.keys,
            amounts=self.amounts,
            files=tuple(files),
            cents=sum(order.cents for order in orders),
            orders=len(orders),
            customers=len({order.who.number for order in orders}),
            units=sum(line.pieces for order in orders for line in order.lines),
            traits=frozenset(self.traits),
        )

    def _order(self, number: int, *, child: bool = False) -> str:
        """An order's number; in tables below the orders a spreadsheet may have taken its zeros."""
        match self.keys:
            case "padded":
                return f"{number:08d}"
            case "zeros lost":
                return str(number) if child else f"{number:08d}"
            case "tagged":
                return f"SO-{number:05d}"
        return str(number)

    def _key(self, order: Order, *, child: bool = False) -> Row:
        found = {"order": self._order(order.number, child=child)}
        return {**found, "store": order.store} if self.keys == "composite" else found

    def _orders(self, orders: list[Order], *, totals: bool) -> list[Row]:
        further = [name for name in ("ship_date", "rep", "code", "status") if self.rng.random() < 0.3]
        done = self.rng.choice(self.speech.status["completed"])
        rows = []
        for order in orders:
            cells = {
                **self._key(order),
                "date": self.notation.moment(order.moment),
                "customer_id": order.who.number,
                "ship_date": self.notation.day(order.moment + timedelta(2)),
                "rep": f"R{self.rng.randrange(11, 16)}",
                "code": self.rng.choice(("", "", "", "SUN10", "VIP")),
                "status": done,
            }
            cells = {name: cell for name, cell in cells.items() if name not in _EXTRA or name in further}
            rows.append({**cells, "total": self.notation.amount(order.cents)} if totals else cells)
        return rows

    def _lines(self, orders: list[Order]) -> list[Row]:
        number, rows = self.rng.randrange(1, 900), []
        own = self.rng.random() < 0.5
        weight = self.rng.random() < 0.3
        orphans = self.often(0.3, "orphan lines")
        taken = self.rng.sample(orders, 2 if orphans else 0)
        lost = [replace(one, number=900000 + at) for at, one in enumerate(taken)]
        for order in [*orders, *lost]:
            for line in order.lines:
                number += 1
                cells = {"row_id": str(number)} if own else {}
                cells |= {**self._key(order, child=True), "sku": self._sku(line.product), "quantity": str(line.pieces)}
                if self.amounts in {"price", "both"}:
                    cells["unit_price"] = self.notation.amount(line.price)
                if self.amounts in {"total", "both"}:
                    cells["line_total"] = self.notation.amount(line.cents)
                if weight:
                    cells["weight"] = self.notation.number(self.rng.randrange(20, 900))
                rows.append(cells)
        return rows

    def _customers(self, people: tuple[Person, ...]) -> list[Row]:
        columns = ["customer_id", "customer", "email", *(one for one in ("phone", "zip") if self.rng.random() < 0.5)]
        rows = []
        for person in people:
            cells = {
                "customer_id": person.number,
                "customer": person.name,
                "email": person.email,
                "phone": f"{self.speech.trunk}{person.digits}",
                "zip": person.zip_code,
            }
            rows.append({name: cells[name] for name in columns})
        return rows

    def _products(self, *, grouped: bool) -> list[Row]:
        rows = []
        priced = self.amounts == "in products"
        for at, name in enumerate(self.speech.products):
            cells = {"sku": self._sku(at), "product": name}
            if grouped:
                cells["category"] = self.group.format(3 + at % 4)
            if priced:
                cells["unit_price"] = self.notation.amount(self.prices[at])
            rows.append(cells)
        return rows

    def _categories(self) -> list[Row]:
        named = [f"{name} +" for name in self.speech.products[:4]]
        return [{"category": self.group.format(3 + at), "category_name": name} for at, name in enumerate(named)]

    def _payments(self, orders: list[Order]) -> list[Row]:
        rows = []
        for order in orders:
            first = order.cents if self.rng.random() < 0.8 else order.cents // 200 * 100
            for cents in (first, order.cents - first):
                if cents:
                    rows.append(
                        {
                            "row_id": str(50000 + len(rows)),
                            **self._key(order, child=True),
                            "date": self.notation.moment(order.moment),
                            "total": self.notation.amount(cents),
                        }
                    )
        return rows

    def _sku(self, product: int) -> str:
        return self.sku.format(product + 7)

    def _twice(self, rows: list[Row], trait: str) -> list[Row]:
        """The rows, of which two may stand twice, as where an export was appended to itself."""
        return [*rows, *self.rng.sample(rows, 2)] if self.often(0.25, trait) else rows

    def _written(self, rows: list[Row]) -> bytes:
        columns = list(dict.fromkeys(name for row in rows for name in row))
        if self.rng.random() < 0.3:
            self.rng.shuffle(columns)
        headers = self._headers(columns)
        out, notation = io.StringIO(), self.notation
        quoting = csv.QUOTE_ALL if notation.quote_all else csv.QUOTE_MINIMAL
        writer = csv.writer(out, delimiter=notation.separator, lineterminator=notation.line_end, quoting=quoting)
        writer.writerow([headers[name] for name in columns])
        writer.writerows([row.get(name, "") for name in columns] for row in rows)
        return out.getvalue().encode("utf-8")

    def _headers(self, columns: list[str]) -> dict[str, str]:
        """A heading for each column, no two alike."""
        if self.database:
            return {name: _DATABASE[name] for name in columns}
        category, name_of = _CATEGORIES[self.speech.code]
        own = {"category": (category,), "category_name": (name_of,)}
        while True:
            chosen = {name: self.rng.choice(own.get(name) or self.speech.headers[name]) for name in columns}
            if len({text.lower() for text in chosen.values()}) == len(chosen):
                return chosen


_EXTRA = ("ship_date", "rep", "code", "status")
