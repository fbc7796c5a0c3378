"""Amounts paid back beside the lines: each row's own where its rows show it, else the order's, once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.segmentation.intake_files import load

PRODUCTS = {"Tea": Decimal("9.00"), "Mug": Decimal("9.00"), "Pot": Decimal("42.00")}
SOLD = sum(sum(list(PRODUCTS.values())[: 1 + at % 3]) for at in range(60))


def kept(folder: Path, header: str, back: Callable[[int, int], str], *, comma: bool = False) -> Decimal:
    """The revenue of sixty orders of one to three lines, where `back` says what a line bears."""
    rows = []
    for order in range(60):
        for line, (product, price) in enumerate(list(PRODUCTS.items())[: 1 + order % 3]):
            day = f"2025-{order // 28 + 1:02d}-{order % 28 + 1:02d}"
            cells = [f"A{order}", day, f"C{order % 13}", product, str(price), back(order, line)]
            rows.append(";".join(cell.replace(".", ",") if comma else cell for cell in cells))
    return load(folder, "\n".join([header, *rows]) + "\n").ledger.revenue_kept


ENGLISH = "order_id;order_date;customer_id;item;line_total;amount_refunded"
GERMAN = "Bestellnr;Bestelldatum;Kundennr;Artikel;Gesamtpreis;Erstattet"


@pytest.mark.parametrize(
    ("header", "comma", "none"), [(ENGLISH, False, "0.00"), (GERMAN, True, "0.00"), (ENGLISH, False, "")]
)
def test_two_lines_of_an_order_may_be_paid_back_alike(tmp_path: Path, header: str, comma: bool, none: str) -> None:
    """Both cups of some orders came back; of others a single line did, be it the first or the last."""

    def back(order: int, line: int) -> str:
        if order % 12 == 2:
            return "9.00" if line < 2 else none
        return "7.00" if order % 12 == 5 and line == 2 else none

    less = 5 * 18 + 5 * 7
    assert kept(tmp_path, header, back, comma=comma) == SOLD - less


def test_what_an_order_repeats_on_all_rows_is_paid_back_once(tmp_path: Path) -> None:
    """The twin: the order's own amount."""
    assert kept(tmp_path, ENGLISH, lambda order, _: f"{order % 7 + 3}.50" if order % 6 == 2 else "0.00") == SOLD - sum(
        order % 7 + Decimal("3.5") for order in range(60) if order % 6 == 2
    )


def test_what_stands_on_the_first_row_of_an_order_is_paid_back_once(tmp_path: Path) -> None:
    assert kept(tmp_path, ENGLISH, lambda order, line: "5.00" if order % 6 == 2 and not line else "") == SOLD - 50
