"""Prices and amounts that hold the tax of a column beside them, which no column says without it."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from segmentation.errors import AmbiguousReading
from segmentation.meaning.mapping import Choices
from tests.segmentation.intake_files import csv, load, money

CENT = Decimal("0.01")
SHAPES = {
    "pieces": ["quantity", "price", "tax"],
    "pieces, total": ["quantity", "price", "tax", "total"],
    "lines": ["line", "tax"],
    "lines, total": ["line", "tax", "total"],
    "all": ["quantity", "price", "line", "tax", "shipping", "bill"],
    "of the order": ["quantity", "price", "order tax", "shipping", "bill"],
}
HEADERS = {"quantity": "Qty", "price": "Price", "line": "Amount", "total": "Order total", "shipping": "Shipping"}


def sales(seed: int, rates: list[str], *, inside: bool = True) -> list[dict[str, Decimal]]:
    """Rows of orders with their tax: a part of what they come to, or beside it."""
    made, rows = random.Random(seed), list[dict[str, Decimal]]()
    goods = [(Decimal(made.randint(300, 6000)) / 100, Decimal(rates[n % len(rates)])) for n in range(25)]
    for order in range(40):
        mine = []
        for price, rate in made.sample(goods, made.randint(2, 4)):
            quantity = Decimal(made.randint(1, 3))
            line = quantity * price
            tax = (line - line / (1 + rate) if inside else line * rate).quantize(CENT, ROUND_HALF_UP)
            mine.append({"order": Decimal(order), "quantity": quantity, "price": price, "line": line, "tax": tax})
        sums = {one: sum((row[one] for row in mine), Decimal(0)) for one in ("line", "tax")}
        whole = sums["line"] + (0 if inside else sums["tax"])
        beside = {"order tax": sums["tax"], "shipping": Decimal("4.90"), "total": whole}
        rows += [{**row, **beside, "bill": whole + Decimal("4.90")} for row in mine]
    return rows


def text(rows: list[dict[str, Decimal]], columns: list[str], tax: str) -> str:
    names = HEADERS | {"tax": tax, "order tax": tax, "bill": "Grand total"}
    lines = []
    for at, row in enumerate(rows):
        order = int(row["order"])
        who = f"A{order},c{order % 17}@y.example,2026-02-{1 + order % 28:02},Item {at % 9}"
        lines.append(",".join([who, *(str(row[one]) for one in columns)]))
    return csv(*lines, header=",".join(["Order", "Customer", "Date", "Item", *(names[one] for one in columns)]))


def without_tax(rows: list[dict[str, Decimal]]) -> Decimal:
    return money(str(sum((row["line"] - row["tax"] for row in rows), Decimal(0))))


def goods(rows: list[dict[str, Decimal]]) -> Decimal:
    return money(str(sum((row["line"] for row in rows), Decimal(0))))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["Tax", "Levy", "Zzkv"])
@pytest.mark.parametrize("rates", [["0.19"], ["0.21", "0.10"]])
def test_tax_that_amounts_hold_by_its_rates_is_no_revenue(
    tmp_path: Path, shape: str, name: str, rates: list[str]
) -> None:
    if shape == "of the order" and len(rates) > 1:
        return  # asked about, below
    rows = sales(3, rates)
    result = load(tmp_path, text(rows, SHAPES[shape], name))
    assert result.ledger.revenue_kept == without_tax(rows)
    assert result.mapping.tax == name


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["Tax", "Levy", "Zzkv"])
def test_tax_beside_the_amounts_is_not_taken_off(tmp_path: Path, shape: str, name: str) -> None:
    rows = sales(4, ["0.19", "0.07"], inside=False)
    try:
        result = load(tmp_path, text(rows, SHAPES[shape], name))
    except AmbiguousReading:
        assert name != "Tax"
        return
    assert result.ledger.revenue_kept == goods(rows)


def test_tax_of_orders_at_several_rates_is_asked_about_where_the_total_leaves_it_out(tmp_path: Path) -> None:
    rows = sales(5, ["0.19", "0.07"])
    file = text(rows, SHAPES["of the order"], "Tax")
    with pytest.raises(AmbiguousReading) as asked:
        load(tmp_path, file)
    assert set(asked.value.answers) == {"--amount-holds goods", "--amount-holds all"}
    assert load(tmp_path, file, "All", choices=Choices(amount_holds="all")).ledger.revenue_kept == without_tax(rows)
    assert load(tmp_path, file, "Goods", choices=Choices(amount_holds="goods")).ledger.revenue_kept == goods(rows)


@pytest.mark.parametrize("shape", ["pieces", "lines, total"])
def test_a_fifth_that_nobody_names_is_asked_about(tmp_path: Path, shape: str) -> None:
    """A tax of 25 % in the amounts, or a fifth of them that is something else."""
    rows = sales(6, ["0.25"])
    file = text(rows, SHAPES[shape], "Zzkv")
    with pytest.raises(AmbiguousReading) as asked:
        load(tmp_path, file)
    assert set(asked.value.answers) == {"--column tax=Zzkv", "--column tax="}
    kept = load(tmp_path, file, "Whole", columns={"tax": None}).ledger.revenue_kept
    assert kept == goods(rows)


@pytest.mark.parametrize("shape", ["lines", "lines, total", "pieces"])
def test_a_refund_in_part_gives_back_its_share_of_the_tax(tmp_path: Path, shape: str) -> None:
    rows = sales(8, ["0.19"])
    back = [Decimal("11.90") if row["order"] % 8 == 0 else Decimal(0) for row in rows]
    first = [at for at, row in enumerate(rows) if not at or rows[at - 1]["order"] != row["order"]]
    held = text(rows, SHAPES[shape], "Tax").splitlines()
    told = [f"{line},{back[at] if at in first else Decimal(0)}" for at, line in enumerate(held[1:])]
    kept = load(tmp_path, csv(*told, header=f"{held[0]},Refunded amount")).ledger.revenue_kept
    orders = sum(1 for at in first if back[at])
    assert abs(kept - (without_tax(rows) - 10 * orders)) <= CENT * orders


@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize("bill", ["Grand total", "Zahlbetrag", "c9"])
def test_a_bill_of_goods_and_tax_proves_that_goods_leave_it_out(tmp_path: Path, bill: str, sent: bool) -> None:
    """The tax is the same on every order: no rate tells what it is of."""
    rows, goods = [], Decimal(0)
    for at in range(24):
        lines_of = [("Tea", 20 + at), ("Pot", 30)]
        worth = sum(amount for _, amount in lines_of)
        goods += worth
        for what, amount in lines_of:
            shipping = [] if not sent else ["4.90"]
            whole = worth + Decimal("9.50") + (Decimal("4.90") if sent else 0)
            rows.append(
                ",".join(
                    [f"o{at}", f"2026-{1 + at // 8:02d}-{1 + at % 8:02d}", f"c{at % 5}", what, f"{amount}.00",
                     f"{worth}.00", *shipping, "9.50", f"{whole:.2f}"]
                )
            )  # fmt: skip
    header = ",".join(["Order,Date,Customer,Product,Amount,Subtotal", *(["Shipping"] if sent else []), "Tax", bill])
    assert load(tmp_path, csv(*rows, header=header)).ledger.revenue_kept == goods
