"""A cancelled sale and the row that takes it off: together nothing, however the file says which row takes off which."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.errors import AmbiguousReading
from segmentation.meaning.mapping import Choices
from tests.segmentation.intake_files import load

PRICES = {"Tee": 10, "Becher": 15, "Kanne": 40, "Sieb": 7}
GOODS = tuple(PRICES)


def sale(at: int) -> tuple[str, int]:
    """What the sale of this number is of, and its price."""
    return GOODS[at % 4], PRICES[GOODS[at % 4]]


def kept(folder: Path, rows: list[tuple[object, ...]], header: str, **more: object) -> Decimal:
    """The revenue of a file of these rows."""
    text = "\n".join((header, *(";".join(map(str, row)) for row in rows))) + "\n"
    return load(folder, text, **more).ledger.revenue_kept


def sales(*but: int) -> int:
    """What forty sales come to without some of them."""
    return sum(sale(at)[1] for at in range(40) if at not in but)


def day(at: int) -> str:
    return f"2025-{at // 28 + 3:02d}-{at % 28 + 1:02d}"


LOST = (3, 9, 18, 26, 33)


def test_a_row_that_names_the_cancelled_receipt_counts_nothing_beside_it(tmp_path: Path) -> None:
    header = "Datum;Storno zu Beleg;Artikel;Gesamt;Beleg;Kundennr;Storniert"
    rows: list[tuple[object, ...]] = []
    for at in range(40):
        product, price = sale(at)
        rows.append((day(at), "", product, f"{price},00", 100 + at, at % 7, "Ja" if at in LOST else "Nein"))
        if at in LOST:
            rows.append((day(at), 100 + at, product, f"-{price},00", 200 + at, at % 7, "Nein"))
    assert kept(tmp_path, rows, header) == sales(*LOST)


def test_the_cancelled_invoice_may_name_its_counter_invoice_instead(tmp_path: Path) -> None:
    header = "Invoice;Date;Customer no;Item;Total;Status;Replaced by"
    rows: list[tuple[object, ...]] = []
    for at in range(40):
        product, price = sale(at)
        gone = at in LOST
        rows.append(
            (f"I{at:03}", day(at), f"c{at % 7}", product, price, "void" if gone else "paid", f"I9{at}" if gone else "")
        )
        if gone:
            rows.append((f"I9{at}", day(at + 1), f"c{at % 7}", product, -price, "paid", ""))
    assert kept(tmp_path, rows, header) == sales(*LOST)


def test_without_a_reference_the_same_goods_of_the_same_customer_tell(tmp_path: Path) -> None:
    header = "Data;Klient;Produkt;Wartość;Stan;Numer paragonu"
    rows: list[tuple[object, ...]] = []
    for at in range(40):
        product, price = sale(at)
        rows.append(
            (day(at), f"k{at % 7}", product, f"{price},50", "anulowane" if at in LOST else "opłacone", f"P{at}")
        )
        if at in LOST:
            rows.append((day(at), f"k{at % 7}", product, f"-{price},50", "opłacone", f"P{at}K"))
    assert kept(tmp_path, rows, header) == sales(*LOST) + Decimal("0.5") * (40 - len(LOST))


def test_both_may_bear_the_word_and_the_number(tmp_path: Path) -> None:
    header = "Order;Day;Buyer;Article;Amount;Voided"
    rows: list[tuple[object, ...]] = []
    for at in range(40):
        product, price = sale(at)
        rows.append((f"{at + 1:05}", day(at), f"b{at % 7}", product, price, "yes" if at in LOST else "no"))
        if at in LOST:
            rows.append((f"{at + 1:05}", day(at), f"b{at % 7}", product, -price, "yes"))
    assert kept(tmp_path, rows, header) == sales(*LOST)


def test_one_half_of_a_pair_alone_counts_as_ever(tmp_path: Path) -> None:
    """A cancelled sale whose counter-booking is in no file counts nothing; a counter-booking without its sale in this
    file takes off what an earlier file counted."""
    header = "Bonnr;Datum;Kundennr;Artikel;Gesamt;Storniert;Storno zu Bon"
    rows: list[tuple[object, ...]] = [(900, day(0), 4, "Sieb", "-7,00", "Nein", 77)]
    for at in range(40):
        product, price = sale(at)
        rows.append((100 + at, day(at), at % 7, product, f"{price},00", "Ja" if at in LOST else "Nein", ""))
        if at in LOST[:-1]:
            rows.append((200 + at, day(at), at % 7, product, f"-{price},00", "Nein", 100 + at))
    assert kept(tmp_path, rows, header) == sales(*LOST) - 7


def test_a_credit_for_a_part_of_a_cancelled_sale_takes_nothing_off(tmp_path: Path) -> None:
    header = "Number;Date;Customer;Item;Amount;Cancelled;Credit for"
    rows: list[tuple[object, ...]] = []
    for at in range(40):
        product, price = sale(at)
        rows.append((100 + at, day(at), f"c{at % 7}", product, price, "yes" if at in LOST else "no", ""))
        if at in LOST:
            rows.append((200 + at, day(at), f"c{at % 7}", product, -price + 2, "no", 100 + at))
        if at == 20:
            rows.append((220, day(at), f"c{at % 7}", product, -3, "no", 120))
    assert kept(tmp_path, rows, header) == sales(*LOST) - 3


def test_returns_of_other_sales_take_off_what_they_say(tmp_path: Path) -> None:
    """The twin: cancelled sales without counter-bookings beside returns of goods that were sold."""
    header = "Bonnr;Datum;Kundennr;Artikel;Gesamt;Storniert"
    rows: list[tuple[object, ...]] = []
    for at in range(40):
        product, price = sale(at)
        rows.append((100 + at, day(at), at % 7, product, f"{price},00", "Ja" if at in LOST else "Nein"))
        if at in (4, 14, 24):
            rows.append((200 + at, day(at + 1), at % 7, product, f"-{price},00", "Nein"))
    assert kept(tmp_path, rows, header) == sales(*LOST) - sum(sale(at)[1] for at in (4, 14, 24))


def test_where_only_some_may_be_pairs_it_is_asked(tmp_path: Path) -> None:
    header = "Bonnr;Datum;Kundennr;Artikel;Gesamt;Storniert"
    rows: list[tuple[object, ...]] = []
    for at in range(40):
        product, price = sale(at)
        rows.append((100 + at, day(at), at % 7, product, f"{price},00", "Ja" if at in LOST else "Nein"))
        if at in LOST[:3]:
            rows.append((200 + at, day(at), at % 7, product, f"-{price},00", "Nein"))
    with pytest.raises(AmbiguousReading) as asked:
        kept(tmp_path, rows, header)
    assert {"--status Ja=sale", "--status Ja=cancelled"} == {*asked.value.options}
    other = tmp_path / "other"
    other.mkdir()
    less = sum(sale(at)[1] for at in LOST[:3])
    assert kept(other, rows, header, choices=Choices(statuses=(("Ja", "cancelled"),))) == sales(*LOST) - less
