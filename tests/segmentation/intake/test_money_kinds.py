"""Settlements with a row for each kind of money: goods are revenue, and shipping, taxes and fees are told or asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.errors import AmbiguousReading
from segmentation.meaning import Choices
from tests.segmentation.intake_files import load

SALES = 24
GOODS = (("Tea", 1050), ("Mug", 1590), ("Pot", 4025), ("Tray", 2210))
Row = tuple[object, ...]


def goods(n: int) -> int:
    return GOODS[n % 4][1] * (1 + n % 3)


REVENUE = Decimal(sum(goods(n) for n in range(SALES))) / 100


def day(n: int) -> str:
    return f"2026-{1 + n // 4:02}-{13 + n % 15:02}"


def money(amount: int) -> str:
    return f"{amount / 100:.2f}"


def sheet(header: str, rows: Callable[[int], Sequence[Row]], sep: str = ",") -> str:
    written = [sep.join(map(str, row)) for n in range(SALES) for row in rows(n)]
    return "\n".join([header, *written]) + "\n"


def kinds(n: int, names: Sequence[str]) -> list[tuple[str, str]]:
    """Goods, tax, shipping and commission of a sale, each with its name."""
    amounts = (goods(n), round(goods(n) * 0.2), 399, -round(goods(n) * 0.15))
    return [(name, money(amount)) for name, amount in zip(names, amounts, strict=True)]


def english() -> str:
    return sheet("posted,order-id,buyer-id,sku,amount-description,amount", lambda n: [
        (day(n), f"O{n}", f"b{n % 5}", GOODS[n % 4][0], what, amount)
        for what, amount in kinds(n, ("Principal", "Tax", "Shipping", "Commission"))])  # fmt: skip


def german_in_another_order() -> str:
    return sheet("Betrag;Art;Bestellnummer;Kundennummer;Datum", lambda n: [
        (amount.replace(".", ","), what, f"B-{n}", f"K{n % 5}", day(n))
        for what, amount in reversed(kinds(n, ("Warenwert", "Mehrwertsteuer", "Versandkosten", "Provision")))
    ], ";")  # fmt: skip


def fixed_amounts_beside_goods() -> str:
    """Nothing is a share of the goods: shipping and fee are the same for each sale."""
    return sheet("Date,Order,Customer ID,Item,Type,Amount", lambda n: [
        (day(n), n, f"c{n % 5}", GOODS[n % 4][0], what, amount)
        for what, amount in (("Goods", money(goods(n))), ("Shipping", "3.99"), ("Fee", "-1.50"))])  # fmt: skip


def with_what_was_paid_back() -> str:
    """Each eighth sale is paid back whole eleven days later, the commission with it; then it is sold again."""

    def rows(n: int) -> list[Row]:
        names = ("Principal", "Tax", "Shipping", "Commission")
        found: list[Row] = [(day(n), "Order", f"O{n}", f"b{n % 5}", GOODS[n % 4][0], *one) for one in kinds(n, names)]
        if n % 8 == 5:
            back = (("Principal", -goods(n)), ("Commission", round(goods(n) * 0.12)))
            found += [(f"2026-{2 + n // 4:02}-25", "Refund", f"O{n}", f"b{n % 5}", GOODS[n % 4][0], what, money(amount))
                      for what, amount in back]  # fmt: skip
            found += [(f"2026-{2 + n // 4:02}-26", "Order", f"P{n}", f"b{n % 5}", GOODS[n % 4][0], *one)
                      for one in kinds(n, names)]  # fmt: skip
        return found

    return sheet("posted,transaction-type,order-id,buyer-id,sku,amount-description,amount", rows)


@pytest.mark.parametrize(
    "written", [english, german_in_another_order, fixed_amounts_beside_goods, with_what_was_paid_back]
)
def test_only_goods_are_revenue(tmp_path: Path, written: Callable[[], str]) -> None:
    result = load(tmp_path, written())
    assert result.ledger.revenue_kept == REVENUE
    assert {"shipping", "fee"} <= set(result.ledger.excluded)


def test_kinds_that_nobody_knows_are_asked_about_and_fees_are_never_added_unasked(tmp_path: Path) -> None:
    names = ("prekes", "moketis", "siuntimas", "komisas")
    text = sheet("data,order id,buyer id,sku,rusis,amount", lambda n: [
        (day(n), f"O{n}", f"b{n % 5}", GOODS[n % 4][0], *one) for one in kinds(n, names)])  # fmt: skip
    with pytest.raises(AmbiguousReading) as asked:
        load(tmp_path, text)
    word = asked.value.answers[0].removeprefix("--status ").partition("=")[0]
    assert word in names[1:]
    assert asked.value.answers == (f"--status {word}=sale", f"--status {word}=aside")
    choices = Choices(statuses=tuple((name, "aside") for name in names[1:]))
    assert load(tmp_path, text, choices=choices).ledger.revenue_kept == REVENUE


@pytest.mark.parametrize("header", ["Category", "Course", "Zone"])
def test_lines_of_a_few_groups_are_goods(tmp_path: Path, header: str) -> None:
    """One drink and one dish in each order: their amounts do not go with each other."""
    text = sheet(f"Date,Order,Customer ID,{header},Amount", lambda n: [
        (day(n), n, f"c{n % 5}", "Drink", money(250 + 35 * (n * 7 % 5))),
        (day(n), n, f"c{n % 5}", "Dish", money(1100 + 90 * (n * 5 % 7))),
        *([(day(n), n, f"c{n % 5}", "Dessert", "4.50")] if n % 2 else []),
    ])  # fmt: skip
    whole = sum(Decimal(row.rpartition(",")[2]) for row in text.splitlines()[1:])
    assert load(tmp_path, text).ledger.revenue_kept == whole
