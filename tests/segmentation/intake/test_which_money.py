"""Files with several amounts or days: which of them is the shop's money is proven, or asked, and never a day."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.errors import AmbiguousReading, DataError
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


CODES = ("EUR", "CHF", "SEK")
RATES = (1.0, 1.0642, 0.0891)


def foreign(n: int) -> tuple[str, float, int, str]:
    """The currency of a row, its rate, what it comes to there, and in euros."""
    amount = 100 + 7 * n
    return CODES[n % 3], RATES[n % 3], amount, f"{amount * RATES[n % 3]:.2f}"


def in_euros(rows: int) -> Decimal:
    """What so many rows come to in euros."""
    return sum((Decimal(foreign(n)[3]) for n in range(rows)), Decimal())


CONVERTED: dict[str, Sibling] = {
    "an English file that begins with the converted amount": Sibling(
        sheet("Amount (EUR)|FX rate|Currency|Invoice amount|Invoice date|Customer|Invoice", lambda n: (
            foreign(n)[3], foreign(n)[1], foreign(n)[0], f"{foreign(n)[2]}.00", day(n), f"C{n % 5}", f"I{n}")),
        {"revenue": in_euros(24), "orders": 24, "currency": "EUR"},
    ),
    "a Polish file that names the shop's currency nowhere": Sibling(
        sheet("Faktura|Data|Klient|Waluta|Kwota|Kurs|Równowartość", lambda n: (
            f"F{n}", day(n), f"K{n % 5}", foreign(n)[0], comma(foreign(n)[2]), str(foreign(n)[1]).replace(".", ","),
            foreign(n)[3].replace(".", ",")), sep=";"),
        {"revenue": in_euros(24), "currency": "EUR"},
    ),
    "a rate that divides": Sibling(
        sheet("Facture|Date|Client|Devise|Montant|Taux de change|Contre-valeur", lambda n: (
            f"F{n}", day(n), f"C{n % 5}", foreign(n)[0], f"{foreign(n)[2]}.00", f"{1 / foreign(n)[1]:.5f}",
            foreign(n)[3])),
        {"revenue": in_euros(24), "currency": "EUR"},
    ),
    "lines with pieces and prices, and one in sixty-six that does not add up": Sibling(
        sheet("Order|Date|Customer|Item|Qty|Unit price|Amount|Currency|Rate|Base amount", lambda n: (
            f"O{n}", day(n), f"C{n % 5}", f"Item {n % 4}", 1 + n // 3 % 3, f"{foreign(n)[2]}.00",
            f"{(1 + n // 3 % 3) * foreign(n)[2]}.00", foreign(n)[0], foreign(n)[1],
            f"{(1 + n // 3 % 3) * foreign(n)[2] * foreign(n)[1] + (5 if n == 31 else 0):.2f}"), 90),
        {"currency": "EUR",
         "revenue": 5 + sum(Decimal(f"{(1 + n // 3 % 3) * foreign(n)[2] * foreign(n)[1]:.2f}") for n in range(90))},
    ),
    "no rates, and a header that names the currency": Sibling(
        sheet("Beleg|Datum|Kunde|Währung|Betrag|Betrag EUR", lambda n: (
            f"B{n}", day(n), f"K{n % 5}", foreign(n)[0], comma(foreign(n)[2]), foreign(n)[3].replace(".", ",")),
            sep=";"),
        {"revenue": in_euros(24), "currency": "EUR"},
    ),
    "a Swedish shop that keeps its own amounts before those of its customers": Sibling(
        sheet("Order|Datum|Kundnr|Belopp|Kurs|Valuta|Kundens belopp", lambda n: (
            f"O{n}", day(n), f"C{n % 5}", f"{1000 + 110 * n}.00", ["1", "0.0891"][n % 2], ["SEK", "EUR"][n % 2],
            f"{(1000 + 110 * n) * [1, 0.0891][n % 2]:.2f}")),
        {"revenue": 24 * 1000 + 110 * 276, "currency": "SEK"},
    ),
    "rates so near to 1 that they may be either way": Sibling(
        sheet("Invoice|Date|Customer|Currency|Amount|Rate|Other amount", lambda n: (
            f"I{n}", day(n), f"C{n % 5}", CODES[n % 2], f"{foreign(3 * n + n % 2)[2]}.00", RATES[n % 2],
            foreign(3 * n + n % 2)[3])),
        asks="--column",
    ),
    "a factor of tax that is 1 abroad": Sibling(
        sheet("Beleg|Datum|Kunde|Währung|Netto|Steuerfaktor|Brutto", lambda n: (
            f"B{n}", day(n), f"K{n % 5}", CODES[n % 2], comma(100 + n), ["1,19", "1,00"][n % 2],
            comma((100 + n) * [1.19, 1][n % 2])), sep=";"),
        asks="--currency",
    ),
    "two currencies and nothing else": Sibling(
        sheet("Invoice|Date|Customer|Currency|Amount|Shelf", lambda n: (
            f"I{n}", day(n), f"C{n % 5}", CODES[n % 2], f"{100 + n}.00", f"{n % 7}.50")),
        asks="--currency",
    ),
    "pieces and prices in two currencies": Sibling(
        sheet("Invoice|Date|Customer|Item|Qty|Price|Currency|Amount", lambda n: (
            f"I{n}", day(n), f"C{n % 5}", "Tea", 1 + n % 3, f"{100 + n}.00", CODES[n % 2],
            f"{(1 + n % 3) * (100 + n)}.00")),
        asks="--currency",
    ),
}  # fmt: skip


def sold(n: int) -> tuple[int, int, int, int]:
    """Goods, postage, fees and what was paid back of a sale: every sixth is paid back whole."""
    goods, postage, fee = 30 + n, 3 + n % 3, 4 + n % 2
    return goods, postage, fee, (goods + postage if n % 6 == 4 else 0)


SOLD = sum(30 + n for n in range(24) if n % 6 != 4)

STATEMENTS: dict[str, Sibling] = {
    "a statement in Hungarian": Sibling(
        sheet("Eladás|Dátum|Vevő|Termékbevétel|Szállítási bevétel|Jutalék|Visszatérítés|Összesen", lambda n: (
            f"E{n}", day(n), f"V{n % 5}", f"{sold(n)[0]}.00", f"{sold(n)[1]}.00", f"-{sold(n)[2]}.00",
            f"-{sold(n)[3]}.00" if sold(n)[3] else "", f"{sold(n)[0] + sold(n)[1] - sold(n)[2] - sold(n)[3]}.00")),
        {"revenue": SOLD, "customers": 5},
    ),
    "what is paid out before all else, and words that nobody knows": Sibling(
        sheet("Xal|Ref|When|Buyer|Yrra|Zorp|Qwee", lambda n: (
            comma(sold(n)[0] - sold(n)[2] - (sold(n)[0] if sold(n)[3] else 0)), f"R{n}", day(n), f"B{n % 5}",
            comma(-sold(n)[0]) if sold(n)[3] else "", comma(-sold(n)[2]), comma(sold(n)[0])), sep=";"),
        {"revenue": SOLD, "customers": 5},
    ),
    "two fees, advertising and postage that the shop pays": Sibling(
        sheet("Order|Date|Buyer|Item total|Postage|Commission|Payment fee|Promoted|Label|Refund|Net", lambda n: (
            f"O{n}", day(n), f"B{n % 5}", f"{sold(n)[0]}.00", f"{sold(n)[1]}.00", f"-{sold(n)[2]}.00", "-0.35",
            f"-{1 + n % 4}.10", f"-{sold(n)[1]}.00", f"-{sold(n)[3]}.00" if sold(n)[3] else "0.00",
            f"{sold(n)[0] - sold(n)[2] - sold(n)[3] - 1 - n % 4 - 0.45:.2f}")),
        {"revenue": SOLD},
    ),
    "fees without a sign": Sibling(
        sheet("Order|Date|Buyer|Item total|Shipping|Commission fee|Payout", lambda n: (
            f"O{n}", day(n), f"B{n % 5}", f"{sold(n)[0]}.00", f"{sold(n)[1]}.00", f"{sold(n)[2]}.00",
            f"{sold(n)[0] + sold(n)[1] - sold(n)[2]}.00")),
        {"revenue": sum(30 + n for n in range(24))},
    ),
    "a sum that sixty rows but one come to": Sibling(
        sheet("Sale|Date|Buyer|Products|Selling fee|Refunds|Total", lambda n: (
            f"S{n}", day(n), f"B{n % 5}", f"{sold(n)[0]}.00", f"-{sold(n)[2]}.00",
            f"-{sold(n)[0]}.00" if sold(n)[3] else "",
            f"{(0 if sold(n)[3] else sold(n)[0]) - sold(n)[2] + (7 if n == 31 else 0)}.00"), 60),
        {"revenue": sum(30 + n for n in range(60) if n % 6 != 4)},
    ),
    "something that lowers some sales": Sibling(
        sheet("Eladás|Dátum|Vevő|Termék ára|Xyz|Jutalék|Összesen", lambda n: (
            f"E{n}", day(n), f"V{n % 5}", f"{sold(n)[0]}.00", "-5.00" if n % 3 == 0 else "", f"-{sold(n)[2]}.00",
            f"{sold(n)[0] - sold(n)[2] - (5 if n % 3 == 0 else 0)}.00")),
        asks="--column",
    ),
    "a discount written as less, and no fees": Sibling(
        sheet("Order|Date|Customer|Subtotal|Discount|Shipping|Total", lambda n: (
            f"O{n}", day(n), f"C{n % 5}", f"{sold(n)[0]}.00", f"-{n % 3}.00", f"{sold(n)[1]}.00",
            f"{sold(n)[0] - n % 3 + sold(n)[1]}.00")),
        {"revenue": sum(30 + n - n % 3 for n in range(24)), "shipping": 24 * 3 + 24},
    ),
    "a discount of the seller among the fees": Sibling(
        sheet("Order|Date|Buyer|Product revenue|Discount|Selling fee|Total", lambda n: (
            f"O{n}", day(n), f"C{n % 5}", f"{sold(n)[0]}.00", f"-{n % 3}.00", f"-{sold(n)[2]}.00",
            f"{sold(n)[0] - n % 3 - sold(n)[2]}.00")),
        {"revenue": sum(30 + n - n % 3 for n in range(24))},
    ),
    "fees that no sum proves": Sibling(
        sheet("Order|Date|Buyer|Amount|Fee|Score", lambda n: (
            f"O{n}", day(n), f"C{n % 5}", f"{sold(n)[0]}.00", f"-{sold(n)[2]}.00", f"{n * 7 % 11}.50")),
        {"revenue": sum(30 + n for n in range(24))},
    ),
    "a tip beside tax is no delivery": Sibling(
        sheet("Check|Business date|Customer|Net sales|Tax|Gratuity|Amount collected", lambda n: (
            f"C{n}", day(n), f"G{n % 5}", f"{sold(n)[0]}.00", f"{sold(n)[1]}.00", f"{n % 4}.00",
            f"{sold(n)[0] + sold(n)[1] + n % 4}.00")),
        {"revenue": sum(30 + n for n in range(24)), "shipping": 0, "tax": 24 * 3 + 24},
    ),
    "a tip in German beside its tax": Sibling(
        sheet("Trinkgeld|Beleg|Datum|Kunde|Netto|MwSt|Kassiert", lambda n: (
            comma(n % 4), f"B{n}", day(n), f"G{n % 5}", comma(sold(n)[0]), comma(sold(n)[1]),
            comma(sold(n)[0] + sold(n)[1] + n % 4)), sep=";"),
        {"revenue": sum(30 + n for n in range(24)), "shipping": 0, "tax": 24 * 3 + 24},
    ),
}  # fmt: skip


PEOPLE = ("Lily Walker", "Jack Roberts", "Noah Hall", "John Smith", "Emma Taylor")

GUESTS: dict[str, Sibling] = {
    "guests of a till by their names": Sibling(
        sheet("Check|Business date|Guest|Net sales", lambda n: (
            f"C{n}", day(n), PEOPLE[n % 5], f"{30 + n}.00")),
        {"revenue": 24 * 30 + 276, "customers": 5, "orders": 24},
    ),
    "guests in German, last": Sibling(
        sheet("Beleg|Datum|Netto|Gast", lambda n: (f"B{n}", day(n), comma(30 + n), PEOPLE[n % 5]), sep=";"),
        {"revenue": 24 * 30 + 276, "customers": 5},
    ),
    "guests beside addresses": Sibling(
        sheet("Order|Date|Guest|Email|Amount", lambda n: (
            f"C{n}", day(n), PEOPLE[n % 5], f"a{n % 4}@example.com", f"{30 + n}.00")),
        {"customers": 4},
    ),
    "whether it was a guest": Sibling(
        sheet("Order|Date|Guest|Amount", lambda n: (f"C{n}", day(n), ["yes", "no"][n % 2], f"{30 + n}.00")),
        refuses="no_buyers",
    ),
    "how many guests there were": Sibling(
        sheet("Order|Date|Guest|Amount", lambda n: (f"C{n}", day(n), 1 + n % 6, f"{30 + n}.00")),
        refuses="no_buyers",
    ),
    "who served the guests": Sibling(
        sheet("Order|Date|Server|Amount", lambda n: (f"C{n}", day(n), PEOPLE[n % 5], f"{30 + n}.00")),
        refuses="no_buyers",
    ),
}  # fmt: skip


WAS_AND_NOW = (("Tea", 10, 7), ("Mug", 15, 15), ("Pot", 40, 32), ("Pan", 60, 60))


def piece(n: int) -> tuple[str, int, int, int]:
    """A product, what it cost before and now, and how many were bought."""
    return (*WAS_AND_NOW[n % 4], 1 + n // 4 % 2)


NOW = sum(now * pieces for _, _, now, pieces in map(piece, range(24)))

PRICES: dict[str, Sibling] = {
    "before and after in Polish": Sibling(
        sheet("Zamówienie|Data|Klient|Produkt|Cena przed|Cena po|Ilość", lambda n: (
            f"Z{n}", day(n), f"K{n % 5}", piece(n)[0], comma(piece(n)[1]), comma(piece(n)[2]), piece(n)[3]), sep=";"),
        asks="--column",
    ),
    "old and new in German, the new one first": Sibling(
        sheet("Menge|Preis neu|Preis alt|Artikel|Kunde|Datum|Bestellung", lambda n: (
            piece(n)[3], comma(piece(n)[2]), comma(piece(n)[1]), piece(n)[0], f"K{n % 5}", day(n), f"B{n}"), sep=";"),
        asks="--column",
    ),
    "a piece on each row": Sibling(
        sheet("Order|Date|Customer|Item|Price was|Price now", lambda n: (
            f"O{n}", day(n), f"C{n % 5}", piece(n)[0], f"{piece(n)[1]}.00", f"{piece(n)[2]}.00")),
        asks="--column",
    ),
    "a line total that proves the lower one": Sibling(
        sheet("Order|Date|Customer|Item|price_before|price_now|qty|line_total", lambda n: (
            f"O{n}", day(n), f"C{n % 5}", piece(n)[0], f"{piece(n)[1]}.00", f"{piece(n)[2]}.00", piece(n)[3],
            f"{piece(n)[2] * piece(n)[3]}.00")),
        {"revenue": NOW},
    ),
    "an order total that proves the lower one": Sibling(
        sheet("Order|Date|Customer|Item|price_before|price_now|qty|Order total", lambda n: [
            (f"O{n}", day(n), f"C{n % 5}", piece(at)[0], f"{piece(at)[1]}.00", f"{piece(at)[2]}.00", piece(at)[3],
             f"{sum(piece(k)[2] * piece(k)[3] for k in (n, n + 1, n + 2))}.00") for at in (n, n + 1, n + 2)]),
        {"revenue": 3 * NOW},
    ),
    "a price to compare with, and a sale price": Sibling(
        sheet("sale_price|compare_at_price|order|date|customer_id|item|qty", lambda n: (
            f"{piece(n)[2]}.00", f"{piece(n)[1]}.00", f"O{n}", day(n), f"C{n % 5}", piece(n)[0], piece(n)[3])),
        {"revenue": NOW},
    ),
    "a price and what the goods cost the shop": Sibling(
        sheet("Order|Date|Customer|Item|Unit price|Inkaufspreis|Qty", lambda n: (
            f"O{n}", day(n), f"C{n % 5}", piece(n)[0], f"{piece(n)[2]}.00", f"{piece(n)[2] * 0.6:.2f}", piece(n)[3])),
        {"revenue": NOW},
    ),
    "a price without and with tax": Sibling(
        sheet("Order|Date|Customer|Item|Unit price|Price incl. VAT|Qty", lambda n: (
            f"O{n}", day(n), f"C{n % 5}", piece(n)[0], f"{piece(n)[2]}.00", f"{piece(n)[2] * 1.2:.2f}", piece(n)[3])),
        {"revenue": NOW},
    ),
    "a price and a number that has nothing to do with it": Sibling(
        sheet("Order|Date|Customer|Item|Unit price|Score|Qty", lambda n: (
            f"O{n}", day(n), f"C{n % 5}", piece(n)[0], f"{piece(n)[2]}.00", f"{n * 7 % 11}.50", piece(n)[3])),
        {"revenue": NOW},
    ),
}  # fmt: skip


def parcel(n: int) -> list[tuple[str, str, str, int]]:
    """The rows of an order: line, the line it belongs to, product and price. Every third has a set of two parts."""
    found = [("1", "", "Pot", 40 + n), ("2", "", "Tea", 10)]
    return found + ([("3", "", "Set", 99), ("4", "3", "Bowl", 42), ("5", "3", "Board", 76)] if n % 3 == 0 else [])


def kind(row: tuple[str, str, str, int], set_: str, part: str, other: str) -> str:
    """What a row of a parcel is called."""
    return part if row[1] else set_ if row[2] == "Set" else other


def comes_to(n: int, but: str) -> int:
    """What an order comes to without its sets or without their parts."""
    return sum(row[3] for row in parcel(n) if not (row[1] if but == "parts" else row[2] == "Set" and but == "sets"))


BUNDLES: dict[str, Sibling] = {
    "parts that point to their line, in Italian": Sibling(
        sheet("Ordine|Data|Cliente|Riga|Riga padre|Articolo|Importo|Totale ordine", lambda n: [
            (f"O{n}", day(n), f"C{n % 5}", row[0], row[1], row[2], f"{row[3]},00", f"{comes_to(n, 'parts')},00")
            for row in parcel(n)], sep=";"),
        {"revenue": sum(comes_to(n, "parts") for n in range(24)), "orders": 24},
    ),
    "parts that a word tells, in German, the total first": Sibling(
        sheet("Auftragssumme|Auftrag|Datum|Kunde|Artikel|Betrag|Positionsart", lambda n: [
            (comma(comes_to(n, "parts")), f"A{n}", day(n), f"K{n % 5}", row[2], comma(row[3]),
             kind(row, "Set", "Teil", "Artikel")) for row in parcel(n)], sep=";"),
        {"revenue": sum(comes_to(n, "parts") for n in range(24))},
    ),
    "sets whose parts have the price": Sibling(
        sheet("Order|Date|Customer|Item|Kind of row|Amount|Order total", lambda n: [
            (f"O{n}", day(n), f"C{n % 5}", row[2], kind(row, "kit", "kit part", "single"), f"{row[3]}.00",
             f"{comes_to(n, 'sets')}.00") for row in parcel(n)]),
        {"revenue": sum(comes_to(n, "sets") for n in range(24))},
    ),
    "postage in the total, and one order in sixty that does not add up": Sibling(
        sheet("Order|Date|Customer|Item|Part of|Amount|Shipping|Order total", lambda n: [
            (f"O{n}", day(n), f"C{n % 5}", row[2], row[1] and "Set", f"{row[3]}.00", f"{3 + n % 2}.00",
             f"{comes_to(n, 'parts') + 3 + n % 2 + (5 if n == 31 else 0)}.00") for row in parcel(n)], 60),
        {"revenue": sum(comes_to(n, "parts") for n in range(60))},
    ),
    "parts that point to their line, and no total": Sibling(
        sheet("Order|Date|Customer|Line|Parent line|Item|Row is|Amount", lambda n: [
            (f"O{n}", day(n), f"C{n % 5}", row[0], row[1], row[2], kind(row, "kit", "kit part", "single"),
             f"{row[3]}.00") for row in parcel(n)]),
        asks="--status 'kit part=",
    ),
    "a total that holds sets and their parts": Sibling(
        sheet("Order|Date|Customer|Line|Parent line|Item|Amount|Order total", lambda n: [
            (f"O{n}", day(n), f"C{n % 5}", row[0], row[1], row[2], f"{row[3]}.00", f"{comes_to(n, '')}.00")
            for row in parcel(n)]),
        {"revenue": sum(comes_to(n, "") for n in range(24))},
    ),
    "words that no total is about": Sibling(
        sheet("Order|Date|Customer|Item|Shelf|Amount", lambda n: [
            (f"O{n}", day(n), f"C{n % 5}", row[2], kind(row, "left", "right", "above"), f"{row[3]}.00")
            for row in parcel(n)]),
        {"revenue": sum(comes_to(n, "") for n in range(24))},
    ),
}  # fmt: skip


def documents(header: str, off: tuple[float, ...], sep: str = ";") -> str:
    """Lines with prices and a discount that all rows of a document repeat."""
    return sheet(f"{header}|Nr|Data|Klient|Towar|Ilość|Cena|Wartość", lambda n: [
        (comma(off[n % 4]), f"D{n}", day(n), f"K{n % 5}", what, 1, comma(price), comma(price))
        for what, price in basket(n)], sep=sep)  # fmt: skip


DOCUMENTS: dict[str, Sibling] = {
    "sums that are no percentage, in Polish": Sibling(
        documents("Rabat dokumentu", (0, 5.5, 0, 7.25)), {"revenue": spent(24) - 6 * Decimal("12.75")}),
    "sums that are no percentage, under a form of the word that no list holds": Sibling(
        documents("Rabattierung", (0, 5.5, 0, 7.25)), {"revenue": spent(24) - 6 * Decimal("12.75")}),
    "fives and tens that may be percent": Sibling(documents("Korting op order", (0, 5, 0, 10)), asks="--column"),
    "fives and tens under a header that names the order": Sibling(
        documents("Sconto documento", (0, 5, 0, 10)), {"revenue": spent(24) - 90}),
    "fives and tens under a header that says percent": Sibling(
        documents("Rabatt %", (0, 5, 0, 10)), asks="--discount-taken"),
}  # fmt: skip


def judged(folder: Path, one: Sibling) -> None:
    """The file comes to its figures, or is asked about with an answer for each of them."""
    if one.asks:
        with pytest.raises(AmbiguousReading) as asked:
            load(folder, one.text)
        assert all(answer.startswith(one.asks) for answer in asked.value.answers)
        return
    if one.refuses:
        with pytest.raises(DataError) as refused:
            load(folder, one.text)
        assert refused.value.code == one.refuses
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


@pytest.mark.parametrize("name", CONVERTED)
def test_an_amount_times_its_rate_is_the_shops_money(tmp_path: Path, name: str) -> None:
    judged(tmp_path, CONVERTED[name])


@pytest.mark.parametrize("name", STATEMENTS)
def test_what_a_shop_is_paid_out_is_no_revenue(tmp_path: Path, name: str) -> None:
    judged(tmp_path, STATEMENTS[name])


@pytest.mark.parametrize("name", GUESTS)
def test_a_guest_is_who_ordered_where_the_column_names_people(tmp_path: Path, name: str) -> None:
    judged(tmp_path, GUESTS[name])


@pytest.mark.parametrize("name", PRICES)
def test_which_of_two_prices_was_paid_is_proven_or_asked(tmp_path: Path, name: str) -> None:
    judged(tmp_path, PRICES[name])


def test_two_prices_that_may_be_of_pieces_or_of_lines_are_asked_in_every_way(tmp_path: Path) -> None:
    with pytest.raises(AmbiguousReading) as asked:
        load(tmp_path, PRICES["before and after in Polish"].text)
    assert asked.value.answers == tuple(
        f"--column '{meaning}={header}'" for meaning in ("unit_price", "amount") for header in ("Cena przed", "Cena po")
    )
    result = load(tmp_path, PRICES["before and after in Polish"].text, columns={"unit_price": "Cena po"})
    assert result.ledger.revenue_kept == NOW


@pytest.mark.parametrize("name", BUNDLES)
def test_rows_that_a_total_does_not_hold_are_set_aside(tmp_path: Path, name: str) -> None:
    judged(tmp_path, BUNDLES[name])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_discount_of_documents_is_taken_off_once_or_asked_about(tmp_path: Path, name: str) -> None:
    judged(tmp_path, DOCUMENTS[name])
