"""A tax that no name tells, or whose name may be that of a fee: the sums tell it, and it is no revenue."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from segmentation.errors import AmbiguousReading
from tests.segmentation.intake_files import csv, load, money

CENT = Decimal("0.01")
NAMES = ["Taxa pe valoarea adaugata", "Mokestis", "Zzkv"]
SHAPES = {
    "net, tax, total": ("line", "tax", "gross"),
    "tax first": ("tax", "line", "gross"),
    "total first": ("gross", "line", "tax"),
    "pieces": ("quantity", "price", "line", "tax", "gross"),
}
HEADERS = {"line": "Valoare", "gross": "Total", "quantity": "Cantitate", "price": "Pret"}


def sales(shares: Sequence[str], seed: int, *, of_total: bool = False, lines: int = 3) -> list[dict[str, str]]:
    """Rows of orders, with an amount beside the goods that is such a share of them, or of both together."""
    made, rows = random.Random(seed), []
    for order in range(50):
        for _ in range(1 + order % lines):
            quantity, price = made.randint(1, 4), Decimal(made.randint(300, 9000)) / 100
            line, share = quantity * price, Decimal(shares[order % len(shares)])
            both = line / (1 - share) if of_total else line * (1 + share)
            tax = (both - line).quantize(CENT, ROUND_HALF_UP)
            start = {"order": str(7000 + order), "who": f"kl{order % 17}@x.example"}
            start |= {"day": f"2026-{1 + order // 28:02}-{1 + order % 28:02}", "what": f"Prod {made.randint(1, 12)}"}
            sums = {"quantity": quantity, "price": price, "line": line, "tax": tax, "gross": line + tax}
            rows.append(start | {name: str(value) for name, value in sums.items()})
    return rows


def text(rows: list[dict[str, str]], columns: Sequence[str], tax: str) -> str:
    start = ("order", "who", "day", "what")
    header = ",".join(["Nr comanda", "Client", "Data", "Produs", *(HEADERS.get(name, tax) for name in columns)])
    return csv(*(",".join(row[name] for name in (*start, *columns)) for row in rows), header=header)


def total(rows: list[dict[str, str]], name: str) -> Decimal:
    return sum((Decimal(row[name]) for row in rows), Decimal(0))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("shares", "lines"), [(["0.19"], 3), (["0.19", "0.09"], 1), (["0.21"], 1)])
def test_a_tax_is_no_revenue_whatever_it_is_called(
    tmp_path: Path, shape: str, name: str, shares: list[str], lines: int
) -> None:
    rows = sales(shares, 5, lines=lines)
    result = load(tmp_path, text(rows, SHAPES[shape], name))
    assert result.ledger.revenue_kept == money(str(total(rows, "line")))
    assert result.mapping.tax == name


@pytest.mark.parametrize("name", ["Comision", "Zzkv"])
@pytest.mark.parametrize("share", ["0.15", "0.1", "0.03"])
def test_a_commission_of_the_total_is_no_tax(tmp_path: Path, name: str, share: str) -> None:
    rows = sales([share], 7, of_total=True)
    try:
        result = load(tmp_path, text(rows, SHAPES["net, tax, total"], name))
    except AmbiguousReading:
        return
    assert result.ledger.revenue_kept == money(str(total(rows, "gross")))
    assert result.mapping.tax is None
