"""Columns of tax by many names: what they hold is no revenue, or it is asked whether the total holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentation.errors import AmbiguousReading
from segmentation.meaning.mapping import Choices
from tests.segmentation.intake_files import csv, load, money

NAMES = [
    "IVA", "Impuesto sobre las ventas", "Impuesto general a las ventas", "Impuesto municipal", "Sales and use tax",
    "Value added tax", "Warenumsatzsteuer", "Taxe sur la valeur ajoutée", "Taxe de vente", "Imposta sulle vendite",
    "Imposto sobre vendas", "Omzetbelasting", "Mervärdesskatt", "Omsetningsavgift", "Liikevaihtovero",
    "Podatek od towarów i usług", "Daň z přidané hodnoty", "Általános forgalmi adó",
    "Katma Değer Vergisi", "Налог на добавленную стоимость", "Φόρος προστιθέμενης αξίας", "売上税", "销售税", "판매세",
]  # fmt: skip
GOODS = [1000 + 137 * n % 4000 for n in range(60)]
NET = money(f"{sum(GOODS) / 100:.2f}")


@pytest.mark.parametrize("name", NAMES)
def test_what_raises_a_subtotal_to_its_total_is_tax(tmp_path: Path, name: str) -> None:
    rows = [
        f"2026-03-{n % 28 + 1:02d},{n + 1},K{n % 9},{cents / 100:.2f},{round(cents * 0.19) / 100:.2f},"
        f"{(cents + round(cents * 0.19)) / 100:.2f}"
        for n, cents in enumerate(GOODS)
    ]
    result = load(tmp_path, csv(*rows, header=f"Fecha,Pedido,Cliente,Subtotal,{name},Total"))
    assert result.ledger.revenue_kept == NET
    assert result.ledger.excluded == {"tax": money(f"{sum(round(cents * 0.19) for cents in GOODS) / 100:.2f}")}


def beside(name: str, taxes: list[int]) -> str:
    """Totals that hold these taxes, in columns of such a name."""
    rows = [
        f"2026-03-{n % 28 + 1:02d},{n // 2 + 1},K{n // 2 % 9},P{n % 5},{(cents + tax) / 100:.2f},{tax / 100:.2f}"
        for n, (cents, tax) in enumerate(zip(GOODS, taxes, strict=True))
    ]
    return csv(*rows, header=f"Fecha,Pedido,Cliente,Producto,Total,{name}")


@pytest.mark.parametrize("name", NAMES)
def test_it_is_asked_whether_a_total_holds_the_tax_beside_it(tmp_path: Path, name: str) -> None:
    text = beside(name, [round(cents * (0.0531 + 0.0137 * (n % 11))) for n, cents in enumerate(GOODS)])
    with pytest.raises(AmbiguousReading) as asked:
        load(tmp_path, text)
    assert "--amount-holds all" in asked.value.answers
    assert load(tmp_path, text, choices=Choices(amount_holds="all")).ledger.revenue_kept == NET


@pytest.mark.parametrize("name", NAMES)
def test_it_is_not_asked_where_its_rate_tells(tmp_path: Path, name: str) -> None:
    text = beside(name, [round(cents * 0.19) for cents in GOODS])
    assert load(tmp_path, text).ledger.revenue_kept == NET
