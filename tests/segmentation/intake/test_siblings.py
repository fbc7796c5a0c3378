"""Kinds of exports in other words: each comes to what a careful reader makes of it, or is asked about, or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from segmentation.errors import AmbiguousReading, DataError
from tests.segmentation.intake_files import contacts, csv, lines, load

Cells = tuple[object, ...]


@dataclass(frozen=True)
class Sibling:
    """A file, and what it comes to: figures, the option of the question it raises, or the code of its refusal."""

    text: str
    figures: dict[str, object] = field(default_factory=dict)
    asks: str = ""
    refuses: str = ""


def day(n: int, notation: str = "%Y-%m-%d") -> str:
    """Days from 13 January 2026 on, after the twelfth of a month often enough to tell days from months."""
    return (date(2026, 1, 13) + timedelta(days=23 * n % 290)).strftime(notation)


def sheet(header: str, row: Callable[[int], Iterable[Cells] | Cells], rows: int = 24, sep: str = ",") -> str:
    """A file of this header (its columns divided by bars), with one row or several for each number."""
    written = []
    for n in range(rows):
        found = row(n)
        written += [found] if isinstance(found, tuple) else list(found)
    return "\n".join(sep.join(map(str, cells)) for cells in (header.split("|"), *written)) + "\n"


def comma(amount: float) -> str:
    """An amount with a decimal comma."""
    return f"{amount:.2f}".replace(".", ",")


def some(n: int, yes: str, no: str) -> str:
    """One text for each sixth row, another for the rest: 4 of 24."""
    return yes if n % 6 == 0 else no


SIBLINGS: dict[str, Sibling] = {
    # amounts: 8 × 100 and 8 × 160 whole, and the same number less a fifth
    "percent in words": Sibling(
        sheet("Auftrag|Datum|Kundennummer|Artikel|Menge|Einzelpreis|Nachlass in Prozent", lambda n: (
            f"A{n}", day(n, "%d.%m.%Y"), f"K{n % 5}", ["Topf", "Pfanne"][n // 2 % 2], 2, ["50,00", "80,00"][n // 2 % 2],
            20 * (n % 2)), 16, ";"),
        {"revenue": 4 * 100 + 4 * 160 + 4 * 80 + 4 * 128, "customers": 5, "orders": 16},
    ),
    "share with a comma": Sibling(
        sheet("Commande|Date|Client|Article|Quantité|Prix unitaire|Taux de remise", lambda n: (
            f"A{n}", day(n, "%d/%m/%Y"), f"C{n % 5}", "Pot", 1, "200,00", ["0", "0,15"][n % 2]), 16, ";"),
        {"revenue": 8 * 200 + 8 * 170},
    ),
    "two pieces each, and percent that only the total proves": Sibling(
        sheet("Auftrag|Datum|Kunde|Artikel|Menge|Preis|Rabatt|Gesamt", lambda n: (
            f"o{n}", day(n, "%d.%m.%Y"), f"c{n % 5}", "Tee", 2, comma(10 + n), [0, 10, 15][n % 3],
            comma(2 * (10 + n) * [1, 0.9, 0.85][n % 3])), sep=";"),
        {"revenue": sum(Decimal(2 * (10 + n)) * [100, 90, 85][n % 3] / 100 for n in range(24))},
    ),
    "percents that nothing explains": Sibling(
        sheet("Order|Date|Customer|Item|Qty|Unit price|Off", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", "Tea", 1 + n % 3, "10.00", some(n, "25%", "0%"))),
        asks="--column",
    ),
    "percents that are tax": Sibling(
        sheet("Order|Date|Customer|Item|Qty|Unit price|VAT %", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", "Tea", 1 + n % 3, "10.00", some(n, "25%", "0%"))),
        {"revenue": 480},
    ),
    "centimes": Sibling(
        sheet("commande|date_commande|client|montant_centimes", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", 1999 + 100 * n)),
        {"revenue": Decimal("19.99") * 24 + 276},
    ),
    "weight, points and a representative before the revenue": Sibling(
        sheet("Beleg|Datum|Kunde|Gewicht (kg)|Bonuspunkte|Vertreter-Nr|Umsatz", lambda n: (
            f"B{n}", day(n, "%d.%m.%Y"), f"K{n % 7}", comma(1.25 + n), 35 + n, 7 + n % 3, comma(19.9 + n)), sep=";"),
        {"revenue": Decimal("19.90") * 24 + 276, "customers": 7, "orders": 24},
    ),
    "a list price before what was paid": Sibling(
        sheet("Bestellung|Datum|Kunde|Katalogpreis|Bezahlt", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", f"{30.25 + n * 7 % 11}", f"{20 + n}.90")),
        {"revenue": Decimal("20.90") * 24 + 276},
    ),
    "a list price beside another price": Sibling(
        sheet("Commande|Date|Client|Prix catalogue|Prix réel", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", f"{30.25 + n * 7 % 11}", f"{20 + n}.90")),
        asks="--column",
    ),
    "goods, postage and tax repeated with the bill": Sibling(
        sheet("Rechnung|Rechnungsdatum|Kd-Nr|Bezeichnung|Anz.|Positionswert|Warenwert|Porto|USt|Rechnungsbetrag",
              lambda n: [(f"o{n}", day(n), f"c{n % 5}", what, pieces, comma(value), comma(50 + n), "4,90", "9,50",
                          comma(64.4 + n)) for what, pieces, value in (("Tee", 2, 20 + n), ("Topf", 1, 30))], 16, ";"),
        {"revenue": 16 * 50 + 120, "orders": 16, "customers": 5},
    ),
    "a total that is the order's, in French": Sibling(
        sheet("Commande|Date|Client|Article|Total commande", lambda n: [
            (f"o{n}", day(n), f"c{n % 5}", what, f"{50 + n}.00") for what in ("Thé", "Pot")], 16),
        {"revenue": 16 * 50 + 120, "orders": 16},
    ),
    "a total that may hold its postage": Sibling(
        sheet("Order|Date|Customer|Grand total|Postage", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", f"{40 + n}.00", "4.90")),
        asks="--amount-holds",
    ),
    "without and with tax": Sibling(
        sheet("Commande|Date|Client|Montant TTC|TVA|Montant HT", lambda n: (
            f"o{n}", day(n), f"c{n % 6}", f"{24 + 1.2 * n:.2f}", f"{4 + 0.2 * n:.2f}", f"{20 + n}.00")),
        {"revenue": 20 * 24 + 276},
    ),
    "cost of the line": Sibling(
        sheet("Auftrag|Datum|Kunde|Artikel|Menge|Umsatz|Wareneinsatz", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", ["Tee", "Topf"][n // 3 % 2], 1 + n % 3,
            comma((1 + n % 3) * [10, 30][n // 3 % 2]), comma((1 + n % 3) * [4, 12][n // 3 % 2])), sep=";"),
        {"revenue": 24 * 10 + 24 * 30, "cost": 24 * 4 + 24 * 12},
    ),
    # what became of orders: 4 of 24 at 20 do not count
    "cancelled on a day that stands for never": Sibling(
        sheet("Bestellung|Bestelldatum|Kunde|Summe|Storniert am", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", "20,00", some(n, day(n), "9999-12-31")), sep=";"),
        {"revenue": 400, "orders": 20},
    ),
    "paid back on a day": Sibling(
        sheet("Nr|Datum|Kunde|Summe|Erstattet am", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", "20.00", some(n, day(n), ""))),
        asks="--column",
    ),
    "paid back on a day, and how much": Sibling(
        sheet("id|created|customer_id|total|refunded_on|refund_sum", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", "20.00", some(n, day(n), ""), some(n, "5.00", ""))),
        {"revenue": 460, "orders": 24},
    ),
    "pieces that came back": Sibling(
        sheet("Auftrag|Datum|Kunde|Artikel|Menge|Retourmenge|Gesamt", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", "Tee", 1 + n % 3, some(n, "1", "0"), comma(10 * (1 + n % 3))), sep=";"),
        {"revenue": 480 - 4 * 10, "orders": 24},
    ),
    "pieces that the amount has lost already": Sibling(
        sheet("Order|Date|Customer|Item|Qty|Returned qty|Unit price|Amount", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", "Tea", 2, some(n, "1", "0"), f"{10 + n}.00",
            f"{(10 + n) * int(some(n, '1', '2'))}.00")),
        {"revenue": 2 * (240 + 276) - (10 + 16 + 22 + 28)},
    ),
    "letters for invoice and credit note": Sibling(
        sheet("Beleg|Datum|Kunde|Art|Betrag", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", some(n, "GS", "RE"), "20,00"), sep=";"),
        {"revenue": 400 - 80, "orders": 20},
    ),
    "a word for money sent back, amounts without a sign": Sibling(
        sheet("No|Date|Type|Client|Montant", lambda n: (
            f"n{n}", day(n), some(n, "Remboursement", "Vente"), f"c{n % 5}", "20.00")),
        {"revenue": 400 - 80, "orders": 20},
    ),
    "sides of an account": Sibling(
        sheet("Beleg|Datum|Kunde|Soll/Haben|Betrag", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", some(n, "H", "S"), "20,00"), sep=";"),
        asks="--status",
    ),
    "sizes are no sides": Sibling(
        sheet("Doc|Date|Customer|Size|Amount", lambda n: (f"o{n}", day(n), f"c{n % 5}", some(n, "H", "S"), "20.00")),
        {"revenue": 480},
    ),
    "a word that denies": Sibling(
        sheet("Bestellung|Datum|Kunde|Summe|Status", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", "20,00", some(n, "storniert", "nicht storniert")), sep=";"),
        {"revenue": 400, "orders": 20},
    ),
    "undone in part": Sibling(
        sheet("Bestellung|Datum|Kunde|Summe|Status", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", "20,00", some(n, "teilweise storniert", "abgeschlossen")), sep=";"),
        {"revenue": 480, "warns": "paid back in part"},
    ),
    "a stage that is no sale, in a column that no header names": Sibling(
        sheet("Order|Date|Customer|Total|Stage", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", "20.00", ["Draft", "Invoiced", "Lost"][n % 3])),
        asks="--status",
    ),
    "paid, and the delivery cancelled": Sibling(
        sheet("Order|Date|Customer|Total|Payment|Fulfilment", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", "20.00", "paid", some(n, "cancelled", "shipped"))),
        asks="--status",
    ),
    "cancelled, and its delivery too": Sibling(
        sheet("Order|Date|Customer|Total|Status|Fulfilment", lambda n: (
            f"o{n}", day(n), f"c{n % 5}", "20.00", some(n, "cancelled", "paid"), some(n, "cancelled", "shipped"))),
        {"revenue": 400, "orders": 20},
    ),
    # rows that are no goods
    "a voucher as a row": Sibling(
        sheet("Order|Date|Customer|Artikel|Menge|Betrag", lambda n: [
            (f"o{n}", day(n), f"c{n % 5}", "Tee", 2, "20.00"), (f"o{n}", day(n), f"c{n % 5}", "Topf", 1, "30.00"),
            *[(f"o{n}", day(n), f"c{n % 5}", "Gutschein SOMMER", 1, "-5.00")] * (n % 2)], 16),
        {"revenue": 16 * 50 - 8 * 5, "orders": 16, "refunds": 0},
    ),
    "tax as a row under “Position”": Sibling(
        sheet("Auftrag|Datum|Kunde|Position|Betrag", lambda n: [
            (f"o{n}", day(n), f"c{n % 5}", "Tee", "20,00"), (f"o{n}", day(n), f"c{n % 5}", "MwSt 19%", "3,80")],
            16, ";"),
        {"revenue": 320, "orders": 16},
    ),
    "a sum under each order": Sibling(
        sheet("Commande|Date|Client|Article|Montant", lambda n: [
            (f"o{n}", day(n), f"c{n % 5}", "Thé", "20.00"), (f"o{n}", day(n), f"c{n % 5}", "Pot", "30.00"),
            (f"o{n}", day(n), f"c{n % 5}", "Total", "50.00")], 16),
        {"revenue": 800, "orders": 16},
    ),
    # who ordered
    "a cashier and a buyer": Sibling(
        sheet("Bon|Datum|Kassierer|Käufer|Betrag", lambda n: (
            f"o{n}", day(n), f"Eva {n % 2}", f"Tom {n % 6}", "20.00")),
        {"revenue": 480, "customers": 6},
    ),
    "waiters only": Sibling(
        sheet("Bon|Datum|Bedienung|Tisch|Betrag", lambda n: (f"o{n}", day(n), f"Eva {n % 2}", n % 6, "20.00")),
        refuses="no_buyers",
    ),
    "number 1 is whoever walks in": Sibling(
        sheet("Order|Date|Kundennr|Kundenname|Summe", lambda n: (
            f"o{n}", day(n), *(("1", "Laufkunde") if n % 4 == 0 else (100 + n % 6, f"Ann Poe{n % 6}")), "20.00")),
        {"revenue": 480, "customers": 6, "guests": 6},
    ),
    "the customer on the first row of an order": Sibling(
        sheet("Auftrag|Datum|Kunde|Artikel|Menge|Summe", lambda n: [
            (f"o{n}", day(n, "%d.%m.%Y"), f"Firma {n % 5}", "Tee", 2, "20,00"), (f"o{n}", "", "", "Topf", 1, "30,00")],
            16, ";"),
        {"revenue": 800, "orders": 16, "customers": 5, "guests": 0},
    ),
    "numbers that a spreadsheet grouped": Sibling(
        sheet("Order|Date|Customer No|Total", lambda n: (
            f"o{n}", day(n), f'"{1001 + n % 5:,}"' if n % 2 else 1001 + n % 5, "20.00")),
        {"revenue": 480, "customers": 5},
    ),
    "numbers that a spreadsheet rounded, with a comma": Sibling(
        sheet("Bestellung|Datum|Kundennummer|Summe", lambda n: (f"o{n}", day(n), f"4,0{n % 3}E+12", "20,00"), sep=";"),
        refuses="damaged_ids",
    ),
    "who does not want to be written to": Sibling(
        sheet("Bestellung|Datum|E-Mail|Summe|Werbesperre", lambda n: (
            f"o{n}", day(n), f"p{n % 6}@example.org", "20.00", "ja" if n % 6 < 2 else "nein")),
        {"revenue": 480, "customers": 6, "refused": ["p0@example.org", "p1@example.org"]},
    ),
    # notations
    "months in Polish": Sibling(
        sheet("Zamówienie|Data|Klient|Kwota", lambda n: (
            f"o{n}", f"{1 + n} {['stycznia', 'lutego', 'marca', 'kwietnia'][n % 4]} 2026", f"c{n % 5}", "20,00"),
            sep=";"),
        {"revenue": 480, "first": "2026-01-01", "orders": 24},
    ),
    "a currency before the amount": Sibling(
        sheet("Order|Date|Customer|Amount", lambda n: (f"o{n}", day(n), f"c{n % 5}", f"CHF 1'2{n:02d}.50")),
        {"revenue": Decimal("1200.50") * 24 + 276, "currency": "CHF"},
    ),
    "two kinds of dollars": Sibling(
        sheet("Order|Date|Customer|Total", lambda n: (f"o{n}", day(n), f"c{n % 5}", some(n, "US$20.00", "A$20.00"))),
        asks="--currency",
    ),
    "days counted from nowhere": Sibling(
        sheet("Tag|Kundennummer|Umsatz", lambda n: (1 + 3 * n, f"h{n % 6}", "20.00")), refuses="no_calendar"
    ),
}  # fmt: skip


def figures(folder: Path, text: str) -> dict[str, Any]:
    """What the file comes to."""
    result = load(folder, text)
    kept = lines(result.version)
    people = contacts(result.version) if result.version.contacts else []
    ledger, held = result.ledger, result.version.manifest
    return {
        "revenue": ledger.revenue_kept,
        "customers": ledger.customers,
        "orders": ledger.orders,
        "guests": ledger.guests,
        "first": held.first.isoformat(),
        "currency": held.currency,
        "cost": sum(line["cost"] or 0 for line in kept),
        "refunds": sum(line["kind"] == "refund" for line in kept),
        "refused": sorted(one["email"] for one in people if one["consent"] is False),
        "warnings": result.warnings,
    }


@pytest.mark.parametrize("name", SIBLINGS)
def test_a_sibling_comes_to_what_a_careful_reader_makes_of_it(tmp_path: Path, name: str) -> None:
    one = SIBLINGS[name]
    if one.asks:
        with pytest.raises(AmbiguousReading) as asked:
            load(tmp_path, one.text)
        assert all(answer.startswith(one.asks) for answer in asked.value.answers)
        return
    if one.refuses:
        with pytest.raises(DataError) as refused:
            load(tmp_path, one.text)
        assert refused.value.code == one.refuses
        return
    got = figures(tmp_path, one.text)
    if (word := one.figures.get("warns")) is not None:
        assert any(str(word) in warning for warning in got["warnings"])
    wanted = {figure: value for figure, value in one.figures.items() if figure != "warns"}
    assert {figure: got[figure] for figure in wanted} == wanted


def shop_with_discounts(header: str, discounts: tuple[int, ...], *, percent: bool = False) -> tuple[str, Decimal]:
    """Orders of unlike lines, each of which repeats the order's discount; and what they come to."""
    rows, total = [], Decimal(0)
    for n in range(30):
        off = discounts[n % len(discounts)]
        lines = [("Tea", 1 + n % 3, 7 + n), ("Mug", 1 + n % 2, 11 + n % 5), ("Pot", 1, 23)][: 2 + n % 2]
        goods = sum(pieces * price for _, pieces, price in lines)
        total += Decimal(goods * (100 - off)) / 100 if percent else Decimal(goods - off)
        rows += [
            f"o{n},2026-{1 + n % 9:02d}-{13 + n % 9},c{n % 7},{what},{pieces},{price}.00,{off}.00"
            for what, pieces, price in lines
        ]
    return csv(*rows, header=f"Order,Date,Customer,Product,Quantity,Unit price,{header}"), total


@pytest.mark.parametrize("header", ["Discount", "Coupon value", "Rabatt"])
def test_a_discount_that_all_rows_of_an_order_repeat_is_taken_off_once(tmp_path: Path, header: str) -> None:
    text, total = shop_with_discounts(header, (0, 3, 8, 11, 0, 6))
    assert load(tmp_path, text).ledger.revenue_kept == total


def test_a_percentage_that_all_rows_of_an_order_repeat_is_each_rows(tmp_path: Path) -> None:
    text, total = shop_with_discounts("Discount %", (0, 5, 10, 20), percent=True)
    assert load(tmp_path, text).ledger.revenue_kept == total
