"""Files with several amounts or days: which of them is the shop's money is proven, or asked, and never a day."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.errors import AmbiguousReading
from tests.segmentation.intake.test_siblings import Sibling, comma, day, sheet
from tests.segmentation.intake_files import load

GOODS = (("Tea", 10), ("Mug", 15), ("Pot", 40))

DAYS: dict[str, Sibling] = {
    "a day of delivery in Finnish, which begins as freight does": Sibling(
        sheet("Toimituspvm|Tilausnumero|Tilauspvm|Asiakasnumero|Tuote|Summa", lambda n: (
            day(n + 1, "%-d.%-m.%Y"), f"T{n}", day(n, "%-d.%-m.%Y"), f"A{n % 5}", "Muki", comma(20 + n)), sep=";"),
        {"revenue": 24 * 20 + 276, "shipping": 0, "first": "2026-01-13"},
    ),
    "a day of shipping in Czech": Sibling(
        sheet("Objednávka|Datum|Zákazník|Částka|Doprava dne", lambda n: (
            f"O{n}", day(n, "%d.%m.%Y"), f"Z{n % 5}", comma(20 + n), day(n + 1, "%d.%m.%Y")), sep=";"),
        {"revenue": 24 * 20 + 276, "shipping": 0, "first": "2026-01-13"},
    ),
    "a day of shipping under the word for its cost": Sibling(
        sheet("Bestellung|Datum|Kunde|Betrag|Fracht", lambda n: (
            f"O{n}", day(n, "%d.%m.%Y"), f"K{n % 5}", comma(20 + n), day(n + 1, "%d.%m.%Y")), sep=";"),
        {"revenue": 24 * 20 + 276, "shipping": 0},
    ),
    "a day of refund without a word for days": Sibling(
        sheet("Auftrag|Datum|Kundennummer|Betrag|Erstattet", lambda n: (
            f"O{n}", day(n, "%d.%m.%Y"), f"K{n % 5}", comma(20 + n), day(n + 1, "%d.%m.%Y") if n == 3 else ""),
            sep=";"),
        asks="--column",
    ),
    "days under the word for orders": Sibling(
        sheet("Bestellung|Kundennummer|Betrag", lambda n: (
            day(n, "%d.%m.%Y"), f"K{n % 5}", comma(20 + n)), sep=";"),
        {"revenue": 24 * 20 + 276, "first": "2026-01-13"},
    ),
    "freight that is money, with points as days have": Sibling(
        sheet("Bestellung|Datum|Kunde|Betrag|Fracht", lambda n: (
            f"O{n}", day(n, "%d.%m.%Y"), f"K{n % 5}", comma(1020 + n), "4,90"), sep=";"),
        asks="--amount-holds",
    ),
}  # fmt: skip


def basket(n: int) -> list[tuple[str, int]]:
    """One to three products; 24 orders come to 16 × 25 … in all."""
    return list(GOODS[: 1 + n % 3])


def spent(orders: int) -> int:
    """What the goods of so many orders cost."""
    return sum(price for n in range(orders) for _, price in basket(n))


def off(n: int) -> int:
    """3 off every second order."""
    return 3 * (n % 2)


def whole(n: int) -> int:
    """What the goods of an order cost."""
    return sum(price for _, price in basket(n))


TAKEN_OFF: dict[str, Sibling] = {
    "a coupon in Polish before all else": Sibling(
        sheet("Kupon|Zamówienie|Data|Klient|Produkt|Wartość|Wysyłka|Do zapłaty", lambda n: [
            (comma(off(n)), f"Z{n}", day(n), f"K{n % 5}", what, comma(price), "9,99", comma(whole(n) + 9.99 - off(n)))
            for what, price in basket(n)], sep=";"),
        {"revenue": spent(24) - 36, "orders": 24, "shipping": Decimal("9.99") * 24},
    ),
    "points on the first row of each order, written as less": Sibling(
        sheet("Pedido|Fecha|Cliente|Artículo|Importe|Puntos canjeados|A pagar", lambda n: [
            (f"P{n}", day(n), f"C{n % 5}", what, f"{price}.00", (-off(n) if off(n) else "") if at == 0 else "",
             f"{whole(n) - off(n)}.00") for at, (what, price) in enumerate(basket(n))]),
        {"revenue": spent(24) - 36, "orders": 24},
    ),
    "a voucher beside postage and tax, and an order in sixty that does not add up": Sibling(
        sheet("Order|Date|Customer|Item|Net|Postage|VAT|Voucher redeemed|Billed", lambda n: [
            (f"O{n}", day(n), f"C{n % 5}", what, f"{price}.00", f"{2 + n % 2}.50", f"{n % 7}.10", f"{off(n)}.00",
             f"{whole(n) + 2 + n % 2 + n % 7 + (5 if n == 28 else 0) - off(n)}.60") for what, price in basket(n)], 60),
        {"revenue": spent(60) - 90, "orders": 60},
    ),
    "a voucher on files of one row per order": Sibling(
        sheet("Order|Date|Customer|Goods|Shipping|Voucher|To pay", lambda n: (
            f"O{n}", day(n), f"C{n % 5}", f"{whole(n)}.00", "4.00", f"{off(n)}.00", f"{whole(n) + 4 - off(n)}.00")),
        {"revenue": spent(24) - 36, "orders": 24},
    ),
    "a word that nobody knows": Sibling(
        sheet("Rendelés|Dátum|Vevő|Termék|Érték|Levonás|Fizetendő", lambda n: [
            (f"R{n}", day(n), f"V{n % 5}", what, f"{price}.00", f"{off(n)}.00", f"{whole(n) - off(n)}.00")
            for what, price in basket(n)]),
        asks="--column",
    ),
    "a coupon that no total proves": Sibling(
        sheet("Order|Date|Customer|Item|Line amount|Voucher|Basket", lambda n: [
            (f"O{n}", day(n), f"C{n % 5}", what, f"{price}.00", f"{off(n)}.00", f"{40 + n * 7 % 11}.00")
            for what, price in basket(n)]),
        {"revenue": spent(24)},
    ),
    "a deposit, and what is left to pay": Sibling(
        sheet("Auftrag|Datum|Kunde|Artikel|Betrag|Anzahlung|Offen", lambda n: [
            (f"O{n}", day(n), f"C{n % 5}", what, f"{price},00", f"{off(n)},00", f"{whole(n) - off(n)},00")
            for what, price in basket(n)], sep=";"),
        {"revenue": spent(24)},
    ),
    "a gift card that pays": Sibling(
        sheet("Order|Date|Customer|Item|Line amount|Gift card used|To pay", lambda n: [
            (f"O{n}", day(n), f"C{n % 5}", what, f"{price}.00", f"{off(n)}.00", f"{whole(n) - off(n)}.00")
            for what, price in basket(n)]),
        {"revenue": spent(24)},
    ),
    "a payment in a language that nobody knows, which leaves nothing": Sibling(
        sheet("Order|Date|Customer|Item|Line amount|Maksettu|Left", lambda n: [
            (f"O{n}", day(n), f"C{n % 5}", what, f"{price}.00", f"{whole(n) if n % 2 else 0}.00",
             f"{0 if n % 2 else whole(n)}.00") for what, price in basket(n)]),
        {"revenue": spent(24)},
    ),
}  # fmt: skip


def judged(folder: Path, one: Sibling) -> None:
    """The file comes to its figures, or is asked about with an answer for each of them."""
    if one.asks:
        with pytest.raises(AmbiguousReading) as asked:
            load(folder, one.text)
        assert all(answer.startswith(one.asks) for answer in asked.value.answers)
        return
    result = load(folder, one.text)
    ledger = result.ledger
    parts = {part: ledger.excluded.get(part, 0) for part in ("shipping", "tax", "refunded")}
    got: dict[str, object] = {
        "revenue": ledger.revenue_kept,
        "customers": ledger.customers,
        "orders": ledger.orders,
        "first": result.version.manifest.first.isoformat(),
        "currency": result.version.manifest.currency,
        **parts,
    }
    assert {figure: got[figure] for figure in one.figures} == one.figures


@pytest.mark.parametrize("name", DAYS)
def test_days_are_never_money(tmp_path: Path, name: str) -> None:
    judged(tmp_path, DAYS[name])


@pytest.mark.parametrize("name", TAKEN_OFF)
def test_what_totals_leave_out_of_goods_is_a_discount_where_it_is_no_payment(tmp_path: Path, name: str) -> None:
    judged(tmp_path, TAKEN_OFF[name])
