"""Shops whose exports are several tables, with what is true of them: made up, the same ones every time."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

Row = Sequence[object]


@dataclass(frozen=True)
class Line:
    """One line of an order: what was paid for it after its discount."""

    product: int
    quantity: int
    price: Decimal
    share: Decimal = Decimal(0)

    @property
    def amount(self) -> Decimal:
        return (self.quantity * self.price * (1 - self.share)).quantize(Decimal("0.0001"))


@dataclass(frozen=True)
class Order:
    number: int
    customer: int
    day: date
    lines: tuple[Line, ...]

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class Shop:
    """Orders of so many customers: 0, 1, 2, … are their numbers, and those of products."""

    orders: tuple[Order, ...]
    customers: int
    products: int

    @property
    def revenue(self) -> Decimal:
        return sum((order.amount for order in self.orders), Decimal(0))

    @property
    def buyers(self) -> int:
        return len({order.customer for order in self.orders})


def shop(seed: int = 1, *, orders: int = 120, customers: int = 40, products: int = 15, discount: bool = False) -> Shop:
    """A shop of some hundred lines; prices differ by product, and a product's price rises once."""
    rng = Random(seed)
    made = []
    for number in range(orders):
        picked = rng.sample(range(products), rng.randint(1, 4))
        lines = tuple(
            Line(
                product,
                rng.randint(1, 5),
                Decimal(499 + 137 * product + (50 if number > orders // 2 else 0)) / 100,
                Decimal(rng.choice([0, 0, 5, 15, 25])) / 100 if discount else Decimal(0),
            )
            for product in picked
        )
        day = date(2025, 1, 15) + timedelta(days=3 * number + rng.randint(0, 2))
        made.append(Order(number, rng.randrange(customers), day, lines))
    return Shop(tuple(made), customers, products)


@dataclass
class Tables:
    """Files of one folder, each written with its header."""

    folder: Path
    separator: str = ","
    files: list[Path] = field(default_factory=list)

    def add(self, name: str, header: Sequence[str], rows: Sequence[Row]) -> Path:
        path = self.folder / name
        self.folder.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, delimiter=self.separator, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
        self.files.append(path)
        return path


def each_line(of: Shop, row: Callable[[Order, int, Line], Row]) -> list[Row]:
    """A row for each line of each order, given the order, the line's number from 1, and the line."""
    return [row(order, at, line) for order in of.orders for at, line in enumerate(order.lines, 1)]


CATEGORIES = ("Tea", "Mugs", "Honey", "Books")


def olist(folder: Path, of: Shop) -> Tables:
    """As Olist's: a customer id for each order, the person's beside it; payments in parts; tables nobody needs."""
    out, rng = Tables(folder), Random(5)
    out.add(
        "olist_customers_dataset.csv",
        ["customer_id", "customer_unique_id", "customer_zip_code_prefix", "customer_city", "customer_state"],
        [[f"c{o.number:05d}aa", f"u{o.customer:05d}bb", 14000 + o.customer, "franca", "SP"] for o in of.orders],
    )
    out.add(
        "olist_orders_dataset.csv",
        ["order_id", "customer_id", "order_status", "order_purchase_timestamp", "order_approved_at",
         "order_delivered_customer_date"],
        [[f"o{o.number:05d}x", f"c{o.number:05d}aa", "delivered", f"{o.day} 10:56:33", f"{o.day} 11:07:15",
          f"{o.day + timedelta(days=9)} 10:00:00"] for o in of.orders],
    )  # fmt: skip
    out.add(
        "olist_order_items_dataset.csv",
        ["order_id", "order_item_id", "product_id", "seller_id", "shipping_limit_date", "price", "freight_value"],
        each_line(of, lambda o, at, line: [f"o{o.number:05d}x", at, f"p{line.product:03d}", f"s{line.product % 5}",
                                           f"{o.day + timedelta(days=5)} 11:00:00", f"{line.amount:.2f}", "8.72"]),
    )  # fmt: skip
    payments: list[Row] = []
    for order in of.orders:
        total = order.amount + Decimal("8.72") * len(order.lines)
        parts = [total] if rng.random() < 0.7 else [total - 5, Decimal(5)]
        payments += [[f"o{order.number:05d}x", n, "credit_card", 1, f"{part:.2f}"] for n, part in enumerate(parts, 1)]
    out.add(
        "olist_order_payments_dataset.csv",
        ["order_id", "payment_sequential", "payment_type", "payment_installments", "payment_value"],
        payments,
    )
    out.add(
        "olist_products_dataset.csv",
        ["product_id", "product_category_name", "product_name_lenght", "product_weight_g"],
        [[f"p{n:03d}", f"categoria_{n % 4}", 40 + n, 200 * n] for n in range(of.products)],
    )
    out.add(
        "product_category_name_translation.csv",
        ["product_category_name", "product_category_name_english"],
        [[f"categoria_{n}", name] for n, name in enumerate(CATEGORIES)],
    )
    out.add("olist_sellers_dataset.csv", ["seller_id", "seller_zip_code_prefix", "seller_city", "seller_state"],
            [[f"s{n}", 13000 + n, "campinas", "SP"] for n in range(5)])  # fmt: skip
    out.add(
        "olist_order_reviews_dataset.csv",
        ["review_id", "order_id", "review_score", "review_comment_title", "review_creation_date"],
        [[f"r{o.number}", f"o{o.number:05d}x", 1 + o.number % 5, "", f"{o.day} 00:00:00"] for o in of.orders],
    )
    out.add(
        "olist_geolocation_dataset.csv",
        ["geolocation_zip_code_prefix", "geolocation_lat", "geolocation_lng", "geolocation_city"],
        [[14000 + n % of.customers, f"-20.5{n:03d}", f"-47.4{n:03d}", "franca"] for n in range(3 * of.customers)],
    )
    return out


def northwind(folder: Path, of: Shop) -> Tables:
    """As Northwind's: a share is taken off each line; employees, shippers and suppliers have names and phones too."""
    out = Tables(folder)
    codes = [f"{chr(65 + n % 26)}{chr(65 + n // 26)}CO{n % 10}" for n in range(of.customers)]
    out.add(
        "Customers.csv",
        ["CustomerID", "CompanyName", "ContactName", "ContactTitle", "City", "Country", "Phone"],
        [[codes[n], f"Company {n}", f"Maria Anders{n}", "Owner", "Berlin", "Germany", f"030-00743{n:02d}"]
         for n in range(of.customers)],
    )  # fmt: skip
    out.add("Employees.csv", ["EmployeeID", "LastName", "FirstName", "Title", "BirthDate", "HireDate", "HomePhone"],
            [[n, f"Davolio{n}", f"Nancy{n}", "Sales Representative", f"19{50 + n}-12-08", "1992-05-01",
              f"(206) 555-98{n:02d}"] for n in range(1, 10)])  # fmt: skip
    out.add(
        "Orders.csv",
        ["OrderID", "CustomerID", "EmployeeID", "OrderDate", "RequiredDate", "ShippedDate", "ShipVia", "Freight",
         "ShipName", "ShipCity", "ShipCountry"],
        [[10248 + o.number, codes[o.customer], 1 + o.number % 9, o.day, o.day + timedelta(days=28),
          o.day + timedelta(days=5), 1 + o.number % 3, f"{3 + o.number % 40}.38", "Vins et alcools", "Reims", "France"]
         for o in of.orders],
    )  # fmt: skip
    out.add(
        "Order Details.csv",
        ["OrderID", "ProductID", "UnitPrice", "Quantity", "Discount"],
        each_line(of, lambda o, _, line: [10248 + o.number, 1 + line.product, line.price, line.quantity, line.share]),
    )
    out.add(
        "Products.csv",
        ["ProductID", "ProductName", "SupplierID", "CategoryID", "QuantityPerUnit", "UnitPrice", "UnitsInStock",
         "Discontinued"],
        [[1 + n, f"Chai {n}", 1 + n % 6, 1 + n % 4, "10 boxes x 20 bags", f"{n + 7}.99", 17 * n, 0]
         for n in range(of.products)],
    )  # fmt: skip
    out.add("Categories.csv", ["CategoryID", "CategoryName", "Description"],
            [[1 + n, name, f"All kinds of {name}"] for n, name in enumerate(CATEGORIES)])  # fmt: skip
    out.add("Shippers.csv", ["ShipperID", "CompanyName", "Phone"],
            [[n, f"Speedy {n}", f"(503) 555-983{n}"] for n in range(1, 4)])  # fmt: skip
    out.add("Suppliers.csv", ["SupplierID", "CompanyName", "ContactName", "Phone"],
            [[n, f"Exotic {n}", f"Charlotte C{n}", f"(171) 555-222{n}"] for n in range(1, 7)])  # fmt: skip
    return out


def german(folder: Path, of: Shop) -> Tables:
    """A shop in German: semicolons, decimal commas, consent in the table of customers, what was paid back in one of
    its own (ten euros of every twelfth order)."""
    out = Tables(folder, ";")

    def euro(amount: Decimal) -> str:
        return f"{amount:.2f}".replace(".", ",")

    out.add("kunden.csv", ["Kundennr", "Vorname", "Nachname", "E-Mail", "Newsletter"],
            [[f"K{n:04d}", f"Anna{n}", f"Muster{n}", f"anna{n}@beispiel.de", "ja" if n % 3 else "nein"]
             for n in range(of.customers)])  # fmt: skip
    out.add("bestellungen.csv", ["Bestellnr", "Kundennr", "Bestelldatum", "Status"],
            [[f"B-{o.number}", f"K{o.customer:04d}", o.day.strftime("%d.%m.%Y"), "versendet"]
             for o in of.orders])  # fmt: skip
    out.add("positionen.csv", ["Bestellnr", "Pos", "Artikelnr", "Menge", "Einzelpreis"],
            each_line(of, lambda o, at, line: [f"B-{o.number}", at, f"{line.product:05d}", line.quantity,
                                               euro(line.price)]))  # fmt: skip
    out.add("artikel.csv", ["Artikelnr", "Bezeichnung", "Warengruppe", "Einkaufspreis"],
            [[f"{n:05d}", f"Artikel {chr(65 + n)}", CATEGORIES[n % 4], euro(Decimal(n + 2))]
             for n in range(of.products)])  # fmt: skip
    out.add("erstattungen.csv", ["Erstattungsnr", "Bestellnr", "Datum", "Erstattungsbetrag"],
            [[f"E{o.number}", f"B-{o.number}", (o.day + timedelta(days=9)).strftime("%d.%m.%Y"), "3,00"]
             for o in of.orders if o.number % 12 == 0])  # fmt: skip
    return out


def numbered(folder: Path, of: Shop) -> Tables:
    """Every table calls its key “id” and counts from 1, as a database does."""
    out = Tables(folder)
    out.add("clients.csv", ["id", "nom", "courriel", "ville", "cree_le"],
            [[1 + n, f"Jean Dupont{chr(97 + n % 26)}", f"jean{n}@exemple.fr", "Lyon", "2024-01-05"]
             for n in range(of.customers)])  # fmt: skip
    out.add("commandes.csv", ["id", "client_id", "date_commande", "statut"],
            [[1 + o.number, 1 + o.customer, o.day, "payée"] for o in of.orders])  # fmt: skip
    number = iter(range(1, 10_000))
    out.add("lignes.csv", ["id", "commande_id", "produit_id", "quantite", "prix_unitaire"],
            each_line(of, lambda o, _, line: [next(number), 1 + o.number, 1 + line.product, line.quantity,
                                              line.price]))  # fmt: skip
    out.add("produits.csv", ["id", "nom", "categorie", "prix"],
            [[1 + n, f"Produit {chr(65 + n)}", CATEGORIES[n % 4], n + 9] for n in range(of.products)])  # fmt: skip
    return out


def till(folder: Path, of: Shop) -> Tables:
    """Receipts of two tills which both count from 1; both tables have the money."""
    out = Tables(folder)
    numbers = {o.number: (f"S{o.number % 2}", 1 + o.number // 2) for o in of.orders}
    out.add("receipts.csv", ["receipt_no", "store", "sold_at", "loyalty_card", "receipt_total"],
            [[numbers[o.number][1], numbers[o.number][0], f"{o.day} 12:30:00", f"L{o.customer:06d}", f"{o.amount:.2f}"]
             for o in of.orders])  # fmt: skip
    out.add("receipt_lines.csv", ["receipt_no", "store", "line", "sku", "department", "qty", "line_amount"],
            each_line(of, lambda o, at, line: [numbers[o.number][1], numbers[o.number][0], at, f"SKU{line.product}",
                                               CATEGORIES[line.product % 4], line.quantity,
                                               f"{line.amount:.2f}"]))  # fmt: skip
    return out


def baskets(folder: Path, of: Shop) -> Tables:
    """As Instacart's, with days and prices: what a product costs stands in its own table only."""
    out = Tables(folder)
    out.add("orders.csv", ["order_id", "user_id", "eval_set", "order_number", "order_date", "order_hour_of_day"],
            [[7000 + o.number, 1 + o.customer, "prior", 1, o.day, f"{8 + o.number % 12:02d}"]
             for o in of.orders])  # fmt: skip
    out.add("order_products__prior.csv", ["order_id", "product_id", "add_to_cart_order", "reordered"],
            each_line(of, lambda o, at, line: [7000 + o.number, 1 + line.product, at, at % 2]))  # fmt: skip
    out.add("products.csv", ["product_id", "product_name", "aisle_id", "department_id", "price"],
            [[1 + n, f"Bananas {n}", 1 + n % 7, 1 + n % 4, f"{n + 1}.49"] for n in range(of.products)])  # fmt: skip
    out.add("departments.csv", ["department_id", "department"], [[1 + n, c] for n, c in enumerate(CATEGORIES)])
    out.add("aisles.csv", ["aisle_id", "aisle"], [[1 + n, f"aisle {chr(97 + n)}"] for n in range(7)])
    return out
