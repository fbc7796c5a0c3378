"""Payments of which each order has one are joined with the orders, and by a key that somebody states and the values
bear."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.errors import TesseraError, WrongCall
from segmentation.intake import ImportResult, import_files
from segmentation.meaning import Choices
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import TODAY, csv, lines, write

NUMBERS = range(1000, 1060)
DAYS = [date(2026, 1, 10) + timedelta(days=n % 50) for n in NUMBERS]
PAID = sum((Decimal(f"{20 + n % 60}.40") for n in NUMBERS), Decimal(0))


def orders(header: str = "id,placed,customer,state") -> str:
    return csv(*(f"{n},{day},K{n % 9},complete" for n, day in zip(NUMBERS, DAYS, strict=True)), header=header)


def payments(header: str = "payment,order,method,amount", of: Sequence[int] = NUMBERS) -> str:
    return csv(*(f"{8000 + n},{n},card,{20 + n % 60}.40" for n in of), header=header)


def take(folder: Path, files: dict[str, str], *joins: str) -> ImportResult:
    paths = [write(folder, text, name) for name, text in files.items()]
    workspace = Workspace.open(folder / "workspace")
    return import_files(workspace, paths, dataset="Shop", today=TODAY, choices=Choices(joins=joins))


@pytest.mark.parametrize("key", ["order", "order_id", "Bestellung", "commande", "order no", "Bestellnummer"])
@pytest.mark.parametrize("name", ["o.csv", "orders.csv", "export-1.csv"])
def test_orders_and_one_payment_of_each_are_joined(tmp_path: Path, key: str, name: str) -> None:
    done = take(tmp_path, {name: orders(), "p.csv": payments(f"payment,{key},method,amount")})
    assert done.version.manifest.revenue == PAID
    assert done.version.manifest.customers == 9
    assert {row["ordered_at"].date() for row in lines(done.version)} == {*DAYS}


def test_with_lines_the_payments_hold_the_same_money(tmp_path: Path) -> None:
    goods = csv(
        *(
            f"{at},{n},Tea,{Decimal(f'{20 + n % 60}.40') * part}"
            for at, (n, part) in enumerate((n, p) for n in NUMBERS for p in (1, 2))
        ),
        header="id,order,article,amount",
    )
    files = {"o.csv": orders(), "p.csv": payments(), "lines.csv": goods}
    done = take(tmp_path, files)
    assert done.version.manifest.revenue == 3 * PAID
    assert {one.table: one.taken_for for one in done.joins} == {
        "lines.csv": "lines",
        "o.csv": "orders",
        "p.csv": "payments",
    }


@pytest.mark.parametrize("key", ["ref", "vorgang", "x", "number"])
def test_a_stated_key_that_the_values_bear_is_followed(tmp_path: Path, key: str) -> None:
    files = {"o.csv": orders("nr,placed,customer,state"), "p.csv": payments(f"payment,{key},method,amount")}
    done = take(tmp_path, files, f"p.csv:{key}=o.csv:nr")
    assert done.version.manifest.revenue == PAID
    assert done.version.manifest.customers == 9


@pytest.mark.parametrize(
    "join",
    ["p.csv:order=o.csv:nope", "p.csv:nope=o.csv:id", "q.csv:order=o.csv:id", "p.csv:payment=o.csv:id",
     "p.csv:order=o.csv:state", "p.csv:order"],
)  # fmt: skip
def test_a_stated_key_that_they_do_not_bear_is_refused(tmp_path: Path, join: str) -> None:
    with pytest.raises(WrongCall) as refused:
        take(tmp_path, {"o.csv": orders(), "p.csv": payments()}, join)
    assert refused.value.fact == f"No tables can be joined by {join}."
    assert "p.csv has “payment”, “order”, “method”, “amount”" in refused.value.evidence


def test_payments_of_other_orders_are_not_joined(tmp_path: Path) -> None:
    with pytest.raises(TesseraError):
        take(tmp_path, {"o.csv": orders(), "p.csv": payments(of=range(5000, 5060))})
