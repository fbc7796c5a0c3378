"""Refunds that stand among the payments of a shop's tables, and refunds that name lines: taken off, and once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.intake import ImportResult, import_files
from segmentation.workspace import Workspace
from tests.segmentation.intake import shop_tables as shops
from tests.segmentation.intake.shop_tables import Shop, Tables
from tests.segmentation.intake_files import TODAY

Cells = list[object]
BACK = Decimal("2.50")
OF = shops.shop(31)
REPAID = [order for order in OF.orders if order.number % 10 == 3]
LESS = OF.revenue - BACK * len(REPAID)


def take(folder: Path, tables: Tables) -> ImportResult:
    return import_files(Workspace.open(folder / "workspace"), tables.files, dataset="Shop", today=TODAY)


def kept(folder: Path, tables: Tables) -> Decimal:
    return take(folder, tables).ledger.revenue_kept


def sold(folder: Path, orders: Sequence[str], lines: Sequence[str], of: Shop = OF) -> Tables:
    """Orders and their numbered lines, under these headers."""
    out = Tables(folder / "files")
    out.add("orders.csv", orders, [[f"A{o.number:04d}", f"C{o.customer}", o.day] for o in of.orders])
    rows: list[Cells] = []
    for order in of.orders:
        for line in order.lines:
            number = 7000 + len(rows)
            rows.append([number, f"A{order.number:04d}", f"Tea {line.product}", line.quantity, line.price])
    out.add("order_items.csv", lines, rows)
    return out


ENGLISH = ["order_id", "customer_id", "order_date"], ["item_id", "order_id", "product", "quantity", "price"]
GERMAN = ["Bestellnr", "Kundennr", "Bestelldatum"], ["PosNr", "Bestellnr", "Artikel", "Menge", "Einzelpreis"]


@pytest.mark.parametrize(
    ("headers", "payments", "words", "sign"),
    [
        (ENGLISH, ["payment_id", "order_id", "kind", "amount"], ("payment", "refund"), -1),
        (GERMAN, ["Zahlungsnr", "Bestellnr", "Vorgang", "Betrag"], ("Zahlung", "Rückzahlung"), 1),
        (ENGLISH, ["transaction_id", "order_id", "type", "amount"], ("capture", "refund"), 1),
        (ENGLISH, ["pid", "order_id", "method", "amount"], ("card", "card"), -1),
        (GERMAN, ["Nr", "Bestellnr", "Art", "Betrag"], ("sale", "chargeback"), 1),
    ],
)
def test_refunds_among_payments_are_taken_off(
    tmp_path: Path, headers: tuple[list[str], list[str]], payments: list[str], words: tuple[str, str], sign: int
) -> None:
    out = sold(tmp_path, *headers)
    rows: list[Cells] = [[f"P{o.number}", f"A{o.number:04d}", words[0], o.amount] for o in OF.orders]
    rows += [[f"R{o.number}", f"A{o.number:04d}", words[1], sign * BACK] for o in REPAID]
    out.add("transactions.csv", payments, rows)
    assert kept(tmp_path, out) == LESS


def test_refunds_that_failed_and_fees_take_nothing_off(tmp_path: Path) -> None:
    out = sold(tmp_path, *ENGLISH)
    rows: list[Cells] = [[f"P{o.number}", f"A{o.number:04d}", "payment", "success", o.amount] for o in OF.orders]
    rows += [[f"R{o.number}", f"A{o.number:04d}", "refund", "success", BACK] for o in REPAID]
    rows += [[f"X{o.number}", f"A{o.number:04d}", "refund", "failed", BACK] for o in OF.orders[:9]]
    rows += [[f"F{o.number}", f"A{o.number:04d}", "fee", "success", "-0.30"] for o in OF.orders]
    out.add("transactions.csv", ["payment_id", "order_id", "kind", "status", "amount"], rows)
    assert kept(tmp_path, out) == LESS


def test_orders_without_lines_lose_what_their_payments_say_was_paid_back(tmp_path: Path) -> None:
    out = Tables(tmp_path / "files")
    out.add("orders.csv", ["order_id", "customer_id", "order_date", "total"],
            [[f"A{o.number}", f"C{o.customer}", o.day, o.amount] for o in OF.orders])  # fmt: skip
    rows: list[Cells] = [[f"P{o.number}", f"A{o.number}", "payment", o.amount] for o in OF.orders]
    rows += [[f"R{o.number}", f"A{o.number}", "refund", -BACK] for o in REPAID]
    out.add("payments.csv", ["payment_id", "order_id", "kind", "amount"], rows)
    assert kept(tmp_path, out) == LESS


def test_refunds_that_orders_have_too_count_once(tmp_path: Path) -> None:
    out = Tables(tmp_path / "files")
    out.add("orders.csv", ["order_id", "customer_id", "order_date", "total", "amount_refunded"],
            [[f"A{o.number}", f"C{o.customer}", o.day, o.amount, BACK if o in REPAID else 0]
             for o in OF.orders])  # fmt: skip
    rows: list[Cells] = [[f"P{o.number}", f"A{o.number}", "payment", o.amount] for o in OF.orders]
    rows += [[f"R{o.number}", f"A{o.number}", "refund", BACK] for o in REPAID]
    out.add("payments.csv", ["payment_id", "order_id", "kind", "amount"], rows)
    assert kept(tmp_path, out) == LESS


def test_refunds_that_lines_have_too_count_once(tmp_path: Path) -> None:
    out = Tables(tmp_path / "files")
    out.add("orders.csv", ENGLISH[0], [[f"A{o.number}", f"C{o.customer}", o.day] for o in OF.orders])
    rows: list[Cells] = [
        [f"A{o.number}", f"Tea {line.product}", line.quantity, line.price] for o in OF.orders for line in o.lines
    ]
    rows += [[f"A{o.number}", f"Tea {o.lines[0].product}", -1, o.lines[0].price] for o in REPAID]
    out.add("order_items.csv", ["order_id", "product", "quantity", "price"], rows)
    paid: list[Cells] = [[f"P{o.number}", f"A{o.number}", "payment", o.amount] for o in OF.orders]
    paid += [[f"R{o.number}", f"A{o.number}", "refund", -o.lines[0].price] for o in REPAID]
    out.add("payments.csv", ["payment_id", "order_id", "kind", "amount"], paid)
    assert kept(tmp_path, out) == OF.revenue - sum(o.lines[0].price for o in REPAID)


def first_lines() -> list[tuple[int, int, Decimal]]:
    """For each order that was repaid, the number, pieces and price of each of its lines."""
    found, number = [], 7000
    for order in OF.orders:
        for line in order.lines:
            if order in REPAID:
                found.append((number, line.quantity, line.price))
            number += 1
    return found


@pytest.mark.parametrize(
    ("headers", "name", "refunds"),
    [
        (ENGLISH, "refunds.csv", ["refund_id", "item_id", "refunded_at", "amount"]),
        (GERMAN, "retouren.csv", ["Retourennr", "PosNr", "Datum", "Betrag"]),
        ((["id", "kund_id", "skapad"], ["rad_id", "order_id", "produkt", "antal", "pris"]), "returer.csv",
         ["retur_id", "rad_id", "datum", "belopp"]),
        (ENGLISH, "devoluciones.csv", ["devolucion_id", "item_id", "fecha", "importe"]),
    ],
)  # fmt: skip
def test_refunds_that_name_lines_are_taken_off_their_orders(
    tmp_path: Path, headers: tuple[list[str], list[str]], name: str, refunds: list[str]
) -> None:
    """Every line of these orders, also two lines of one order with one amount."""
    out = sold(tmp_path, *headers)
    rows: list[Cells] = [[at, line, "2026-01-05", "1.20"] for at, (line, _, _) in enumerate(first_lines(), 1)]
    out.add(name, refunds, rows)
    assert kept(tmp_path, out) == OF.revenue - Decimal("1.20") * len(rows)


def test_returns_that_only_count_pieces_take_off_what_these_cost(tmp_path: Path) -> None:
    out = sold(tmp_path, *ENGLISH)
    lines = first_lines()
    out.add("returns.csv", ["return_id", "item_id", "returned_at", "quantity"],
            [[at, line, "2026-01-05", 1] for at, (line, _, _) in enumerate(lines, 1)])  # fmt: skip
    assert kept(tmp_path, out) == OF.revenue - sum(price for *_, price in lines)


def test_refunds_with_a_line_and_an_order_count_once(tmp_path: Path) -> None:
    out = sold(tmp_path, *ENGLISH)
    numbers = [f"A{order.number:04d}" for order in REPAID for _ in order.lines]
    out.add("refunds.csv", ["refund_id", "order_id", "item_id", "amount"],
            [[at, order, line, "1.20"] for at, ((line, _, _), order)
             in enumerate(zip(first_lines(), numbers, strict=True), 1)])  # fmt: skip
    assert kept(tmp_path, out) == OF.revenue - Decimal("1.20") * len(numbers)


def test_deliveries_that_name_lines_take_nothing_off(tmp_path: Path) -> None:
    """The twin: another table that points to lines."""
    out = sold(tmp_path, *ENGLISH)
    out.add("shipments.csv", ["shipment_id", "item_id", "shipped_at", "quantity"],
            [[at, line, "2026-01-05", 1] for at, (line, _, _) in enumerate(first_lines(), 1)])  # fmt: skip
    assert kept(tmp_path, out) == OF.revenue
