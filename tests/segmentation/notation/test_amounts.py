"""Amounts as shops write them, through the real import: the right cents or set aside, and never another number."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.notation.numbers import Mark, currencies_beside, currency_beside, decimal_mark
from tests.segmentation.intake_files import lines, load

POINT, COMMA = "1,{:03}.50", "1.{:03},50"
"""Amounts that prove their decimal mark."""


def stored(folder: Path, *amounts: str) -> list[Decimal]:
    """What is stored of these amounts, in their order."""
    rows = [f"K{at % 3};B{at:03d};2026-03-{at % 27 + 1:02d};Tee;{amount}" for at, amount in enumerate(amounts)]
    result = load(folder, "\n".join(["Kunde;Bestellung;Datum;Artikel;Betrag", *rows, ""]))
    assert result.ledger.loaded + sum(result.ledger.set_aside.values()) == len(amounts)
    return [row["amount"] for row in lines(result.version)]


@pytest.mark.parametrize(
    ("proof", "written", "amount"),
    [
        (POINT, "$45.00", "45"),
        (POINT, "-$3.00", "-3"),
        (POINT, "$-3.00", "-3"),
        (POINT, "(3.00)", "-3"),
        (POINT, "($1,003.25)", "-1003.25"),
        (POINT, "3.00-", "-3"),
        (POINT, "−3.00", "-3"),
        (POINT, "+3.00", "3"),
        (POINT, ".50", "0.5"),
        (POINT, "1'234.56", "1234.56"),
        (POINT, "1 234.56", "1234.56"),
        (POINT, "1,23,456.70", "123456.7"),
        (POINT, "USD 12.30", "12.3"),
        (COMMA, "1.234,56 €", "1234.56"),
        (COMMA, "€ 7,10", "7.1"),
        (COMMA, "1 234,56", "1234.56"),
        (COMMA, "1\u00a0234,56", "1234.56"),
        (COMMA, "1\u202f234,56\u00a0€", "1234.56"),
        (COMMA, "12,5-", "-12.5"),
        (COMMA, "7", "7"),
        (COMMA, "1.234.567,00", "1234567"),
    ],
)
def test_an_amount_is_read_as_it_is_written(tmp_path: Path, proof: str, written: str, amount: str) -> None:
    assert stored(tmp_path, *map(proof.format, range(3)), written)[3:] == [Decimal(amount)]


@pytest.mark.parametrize(
    ("proof", "written"),
    [(POINT, each) for each in ("abc", "1,50", "1,2,3.00", "--3.00", "3.00.00", "#REF!", "12 apples", "1,234,5.00")]
    + [(COMMA, each) for each in ("1.50", "1,2,3", "n/a", "7;8,00", "--7,00")],
)
def test_what_is_no_amount_is_set_aside(tmp_path: Path, proof: str, written: str) -> None:
    assert stored(tmp_path, *map(proof.format, range(60)), f'"{written}"') == [n + Decimal("1000.5") for n in range(60)]


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        (["1.234", "5.678"], Mark.EITHER),
        (["1,234"], Mark.EITHER),
        (["1.234", "5.67"], Mark.POINT),
        (["1,234", "5,6"], Mark.COMMA),
        (["1.234", "1.234.567"], Mark.COMMA),
        (["1,234", "0,123"], Mark.COMMA),
        (["0.123"], Mark.POINT),
        (["12345.678"], Mark.POINT),
        (["1 234,567"], Mark.COMMA),
        (["1.5E3"], Mark.POINT),
        (["12", "7"], Mark.NONE),
        (["1.50", "1,50"], Mark.EITHER),
        ([*(f"{n}.50" for n in range(30)), "1,50"], Mark.POINT),
        ([], Mark.NONE),
    ],
)
def test_a_column_proves_its_decimal_mark_or_leaves_it_open(values: list[str], mark: Mark) -> None:
    assert decimal_mark(values) is mark


def test_currencies_are_known_by_sign_code_and_place() -> None:
    written = ["€ 5", "5,00 EUR", "$5", "US$ 5", "5 kr", "CHF 5.00", "Fr. 5", "5 zł", "R$ 5", "12.00"]
    found = [currency_beside(value) for value in written]
    assert found == ["EUR", "EUR", "$", "USD", "kr", "CHF", "CHF", "PLN", "BRL", None]
    assert currencies_beside(written)["EUR"] == 2
