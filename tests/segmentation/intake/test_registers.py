"""Order numbers that begin anew in each store, till or series: the number beside that column is one order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.segmentation.intake_files import lines, load

GOODS = (("Tea", 1050), ("Mug", 1590), ("Pot", 4025), ("Tray", 2210))


@dataclass(frozen=True)
class Bought:
    """One purchase: where, its number there, day, time, member (“” is a guest), and its lines."""

    place: int
    number: int
    day: int
    time: str
    member: str
    lines: tuple[tuple[str, int], ...]

    def on(self, notation: str = "{y}-{m:02}-{d:02}") -> str:
        return notation.format(y=2026, m=1 + self.day // 28, d=1 + self.day % 28)


def bought(places: int = 2, each: int = 24, *, known: int = 3) -> list[Bought]:
    """Purchases of some places in the order of their days: numbers begin anew in each place; of four
    purchases `known` are members'. Every third pair of neighbours stands on one day under one number."""
    found = []
    for place in range(places):
        for n in range(each):
            day = 2 * n + (n + place) % 3
            member = f"M{(n * 5 + place * 3) % 11:03}" if (n + place) % 4 < known else ""
            wares = tuple(GOODS[(n + place + at) % 4] for at in range(1 + (n + place) % 3))
            found.append(Bought(place, 1 + n, day, f"{9 + n % 8:02}:{(7 * n + 23 * place) % 60:02}", member, wares))
    return sorted(found, key=lambda one: (one.day, one.place))


def point(amount: int) -> str:
    return f"{amount / 100:.2f}"


def sheet(header: str, rows: Iterator[tuple[object, ...]], sep: str = ",") -> str:
    return "\n".join([sep.join(header.split("|")), *(sep.join(map(str, row)) for row in rows)]) + "\n"


def store_before_the_number() -> tuple[str, int]:
    all_ = bought(3)
    rows = ((f"Shop {one.place}", one.number, one.on(), one.member, what, point(price))
            for one in all_ for what, price in one.lines)  # fmt: skip
    return sheet("Store|Receipt|Date|Customer ID|Item|Amount", rows), len(all_)


def german_till_with_a_clock_and_no_members() -> tuple[str, int]:
    """Only the time and the till tell receipts apart; few rows say who bought."""
    all_ = bought(2, known=1)
    rows = ((one.on("{d:02}.{m:02}.{y}"), one.time, what, point(price).replace(".", ","), 500 + one.number, one.member,
             1 + one.place) for one in all_ for what, price in one.lines)  # fmt: skip
    return sheet("Datum|Uhrzeit|Artikel|Betrag|Bonnummer|Kundennummer|Kasse", rows, ";"), len(all_)


def series_of_invoices() -> tuple[str, int]:
    """One row for each invoice, and a header for the series that nobody knows."""
    all_ = bought(2, 30, known=4)
    rows = ((("BG", "AX")[one.place], f"{one.number:05}", one.on(), f"Buyer {one.member}",
             point(sum(price for _, price in one.lines))) for one in all_)  # fmt: skip
    return sheet("Seeria|Arve|Kuupäev|Klient|Summa", rows), len(all_)


def numbers_of_each_day() -> tuple[str, int]:
    """Every store begins at 1 each day, twice a day at most."""
    all_ = [Bought(place, number, day, "", f"M{(7 * day + 5 * place + number) % 23:03}", GOODS[: 1 + number])
            for day in range(20) for place in range(2) for number in (1, 2)]  # fmt: skip
    rows = ((one.on(), one.number, ("East", "West")[one.place], what, one.member, point(price))
            for one in all_ for what, price in one.lines)  # fmt: skip
    return sheet("Date|Ticket|Location|Product|Customer|Total", rows), len(all_)


def store_and_till() -> tuple[str, int]:
    """Two columns: each of two stores has two tills that count for themselves."""
    all_ = bought(4)
    rows = ((one.number, f"T{one.place % 2}", f"S{one.place // 2}", one.on(), one.member, what, point(price))
            for one in all_ for what, price in one.lines)  # fmt: skip
    return sheet("Receipt|Register|Branch|Date|Member|Item|Amount", rows), len(all_)


@pytest.mark.parametrize(
    "written",
    [
        store_before_the_number,
        german_till_with_a_clock_and_no_members,
        series_of_invoices,
        numbers_of_each_day,
        store_and_till,
    ],
)
def test_a_number_and_its_register_are_one_order(tmp_path: Path, written: Callable[[], tuple[str, int]]) -> None:
    text, orders = written()
    result = load(tmp_path, text)
    assert result.ledger.orders == orders
    assert any("told apart by" in warning for warning in result.warnings)


def own_numbers(header: str, beside: Callable[[int, int], str], *, order_by: int | None = None) -> str:
    """Orders with numbers of their own, several lines each, and a column beside these."""
    rows = [(n, f"2026-{1 + n // 9:02}-{1 + n % 27:02}", f"c{n % 8}", what, beside(n, at), point(price))
            for n in range(45) for at, (what, price) in enumerate(GOODS[: 1 + n % 4])]  # fmt: skip
    if order_by is not None:
        rows.sort(key=lambda row: str(row[order_by]))
    return sheet(f"Order|Date|Customer|Product|{header}|Amount", iter(rows))


@pytest.mark.parametrize(
    ("header", "beside", "order_by"),
    [
        ("Category", lambda n, at: ("Drinks", "Kitchen")[(n + at) % 2], None),
        ("Warehouse", lambda n, at: f"W{(n * 3 + at) % 3}", 4),
        ("Shipping method", lambda n, at: ("Parcel", "Letter")[at % 2], None),
        ("Store", lambda n, at: ("North", "South")[n % 2], None),
        ("Series", lambda n, at: ("A", "B")[at % 2], 4),
    ],
)
def test_a_column_that_differs_inside_orders_divides_none(
    tmp_path: Path, header: str, beside: Callable[[int, int], str], order_by: int | None
) -> None:
    result = load(tmp_path, own_numbers(header, beside, order_by=order_by))
    assert result.ledger.orders == 45
    assert not any("told apart" in warning for warning in result.warnings)


def test_categories_divide_no_orders_whose_numbers_begin_anew_every_year(tmp_path: Path) -> None:
    rows = [(n % 30, f"{2024 + n // 30}-{1 + n % 9:02}-{1 + n % 28:02}", f"c{n % 7}", what, at % 2, point(price))
            for n in range(60) for at, (what, price) in enumerate(GOODS[: 1 + n % 3])]  # fmt: skip
    result = load(tmp_path, sheet("Order|Date|Customer|Product|Group|Amount", iter(rows)))
    assert result.ledger.orders == 60


def test_a_repayment_stays_with_the_order_of_its_number(tmp_path: Path) -> None:
    """A column of kinds of rows is no till, though what it splits lies weeks apart."""
    rows: list[tuple[object, ...]] = []
    for n in range(40):
        rows.append((n, f"2026-0{1 + n // 9}-10", f"c{n % 8}", "Sale", "Mug", "15.90"))
        if n % 3 == 0:
            rows.append((n, f"2026-0{2 + n // 9}-17", f"c{n % 8}", "Return", "Mug", "-15.90"))
    result = load(tmp_path, sheet("Order|Date|Customer|Kind|Product|Amount", iter(rows)))
    assert result.ledger.orders == 40
    assert {line["order_id"] for line in lines(result.version) if line["kind"] == "refund"} <= {
        str(n) for n in range(40)
    }


def test_the_same_stores_again_add_nothing_and_one_store_alone_neither(tmp_path: Path) -> None:
    text, orders = store_before_the_number()
    load(tmp_path, text)
    again = load(tmp_path, text)
    head, *rows = text.splitlines()
    one = load(tmp_path, "\n".join([head, *(row for row in rows if row.startswith("Shop 1,"))]) + "\n")
    assert (again.ledger.loaded, one.ledger.loaded) == (0, 0)
    assert one.ledger.orders == orders
