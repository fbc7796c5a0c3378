"""Words that nobody knows: asked about where their rows repeat sales, as returns do, and never for being rare."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from segmentation.errors import AmbiguousReading
from segmentation.meaning.mapping import Choices
from tests.segmentation.intake_files import load

PRODUCTS = {"Tea": "10.00", "Mug": "15.00", "Pot": "40.00", "Sieve": "7.50", "Tray": "22.00", "Spoon": "3.20"}


def lines(seed: int = 1) -> list[tuple[int, int, str, int, Decimal]]:
    """Order, customer, product, pieces and price of some hundred lines."""
    rng = Random(seed)
    made = []
    for order in range(60):
        customer = rng.randrange(14)
        bought = rng.sample(list(PRODUCTS), rng.randint(1, 3))
        made += [(order, customer, one, rng.randint(1, 3), Decimal(PRODUCTS[one])) for one in bought]
    return made


def day(at: int) -> str:
    return f"2025-{at // 28 + 1:02d}-{at % 28 + 1:02d}"


def asked(folder: Path, text: str) -> AmbiguousReading:
    with pytest.raises(AmbiguousReading) as found:
        load(folder, text)
    return found.value


RETURNED = (5, 17, 23, 31, 44, 52)
SOLD = sum(pieces * price for *_, pieces, price in lines())
BACK = sum(next(price for at, _, _, _, price in lines() if at == order) for order in RETURNED)


def rows_of(sold: str, back: str, number: Callable[[int], str], place: int) -> list[list[str]]:
    """Lines with a mark in this place; the first line of some orders comes back in part, with this number."""
    found = []
    for order, customer, product, pieces, price in lines():
        found.append([day(order), f"D{order}", f"C{customer}", product, str(pieces), str(price)])
        found[-1].insert(place, sold)
    for order in RETURNED:
        _, customer, product, _, price = next(one for one in lines() if one[0] == order)
        found.append([day(order + 3), number(order), f"C{customer}", product, "1", str(price)])
        found[-1].insert(place, back)
    return found


@pytest.mark.parametrize(
    ("header", "sold", "back", "place"),
    [
        ("Date,Docket,Tx,Customer,Item,Qty,Price", "S", "R", 2),
        ("Datum,Bonnr,Kundennr,Artikel,Menge,Einzelpreis,Vg", "V", "R", 6),
        ("Mov,Fecha,Ticket,Cliente,Producto,Cantidad,Precio", "VTA", "DVL", 0),
        ("Date,Receipt,Customer,Item,Dir,Qty,Price", "O", "I", 4),
        ("Päivä,Kuitti,Asiakas,L,Tuote,Määrä,Yksikköhinta", "M", "P", 3),
    ],
)
def test_a_mark_whose_rows_repeat_sales_is_asked_about(
    tmp_path: Path, header: str, sold: str, back: str, place: int
) -> None:
    text = "\n".join([header, *(",".join(row) for row in rows_of(sold, back, lambda order: f"D{order}", place))])
    assert asked(tmp_path, text).options[:2] == (f"--status {back}=refund", f"--status {back}=sale")
    for state, revenue in (("refund", SOLD - BACK), ("sale", SOLD + BACK)):
        folder = tmp_path / state
        folder.mkdir()
        ledger = load(folder, text, choices=Choices(statuses=((back, state),))).ledger
        assert ledger.revenue_kept == revenue


def test_returns_with_numbers_of_their_own_are_asked_about(tmp_path: Path) -> None:
    rng = Random(4)
    rows = [f"{day(at)},{at + 500},S,k{at % 23},{rng.randint(500, 90_000) / 100:.2f}" for at in range(80)]
    back = [f"{day(at + 2)},{at + 900},X,{row.split(',', 3)[3]}" for at, row in enumerate(rows) if at % 13 == 4]
    text = "\n".join(["Date,Invoice number,Cd,Customer,Amount", *rows, *back])
    assert asked(tmp_path, text).options[0] == "--status X=refund"


TWINS: dict[str, Callable[[Random, int, int, str], str]] = {
    "Gender": lambda rng, order, customer, product: "F" if customer % 4 == 0 else "M",
    "Size": lambda rng, order, customer, product: "L" if rng.random() < 0.2 else "S",
    "Class": lambda rng, order, customer, product: "R" if product == "Tea" else "S",
    "Src": lambda rng, order, customer, product: "R" if order % 5 == 0 else "S",
    "New": lambda rng, order, customer, product: "R" if order > 48 else "N",
}


@pytest.mark.parametrize("header", TWINS)
def test_two_letters_that_mark_no_returns_bring_no_question(tmp_path: Path, header: str) -> None:
    rng, rows = Random(7), []
    for order, customer, product, pieces, price in lines():
        mark = TWINS[header](rng, order, customer, product)
        rows.append(f"{day(order)},D{order},C{customer},{mark},{product},{pieces},{price}")
    text = "\n".join([f"Date,Docket,Customer,{header},Item,Qty,Price", *rows])
    assert load(tmp_path, text).ledger.revenue_kept == SOLD


def test_amounts_that_bear_their_sign_bring_no_question(tmp_path: Path) -> None:
    rows = rows_of("S", "R", lambda order: f"D{order}", 2)
    signed = [[*row[:5], f"-{row[5]}" if row[2] == "R" else row[5], row[6]] for row in rows]
    text = "\n".join(["Date,Docket,Tx,Customer,Item,Qty,Price", *(",".join(row) for row in signed)])
    assert load(tmp_path, text).ledger.revenue_kept == SOLD - BACK
