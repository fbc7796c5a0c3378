"""A way of paying is no product: gift cards that paid an order are its money, and gift cards that were sold are not."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.intake import ImportResult, import_files
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import TODAY, csv, lines, load, write

ORDERS = csv(
    *(f"{n},{date(2026, 1, 1) + timedelta(days=n % 90)},{500 + n % 23},complete" for n in range(1000, 1080)),
    header="id,placed,cust,state",
)
PEOPLE = csv(*(f"{500 + n},Ann {n},ann{n}@mail.example" for n in range(23)), header="id,name,mail")


def payments(header: str, first: str, *others: str) -> str:
    """Each order is paid by one of the others; every fourth also with 5.00 by the first."""
    rows = []
    for n in range(1000, 1080):
        if n % 4 == 0:
            rows.append(f"{9000 + 2 * n},{n},{first},5.00")
        rows.append(f"{9001 + 2 * n},{n},{others[n % len(others)]},{20 + n % 17}.40")
    return csv(*rows, header=f"payment,order,{header},amount")


PAID = sum((Decimal(f"{20 + n % 17}.40") for n in range(1000, 1080)), Decimal(20 * 5))


def shop(folder: Path, paid: str) -> ImportResult:
    files = [write(folder, text, name) for name, text in (("o.csv", ORDERS), ("pay.csv", paid), ("people.csv", PEOPLE))]
    return import_files(Workspace.open(folder / "workspace"), files, dataset="Shop", today=TODAY)


@pytest.mark.parametrize("header", ["method", "payment_type", "type", "kind", "Zahlungsart", "tender", "name", "how"])
def test_gift_cards_that_paid_are_money_of_their_orders(tmp_path: Path, header: str) -> None:
    done = shop(tmp_path, payments(header, "gift card", "card"))
    assert done.version.manifest.revenue == PAID
    assert {line["product"] for line in lines(done.version)} == {None}


@pytest.mark.parametrize(
    "ways",
    [("Gutschein", "Kreditkarte", "PayPal", "Rechnung"), ("carte cadeau", "carte bancaire", "espèces"),
     ("voucher", "klarna", "bank_transfer"), ("tarjeta regalo", "efectivo"), ("ギフトカード", "現金", "カード")],
)  # fmt: skip
def test_the_words_of_other_languages_pay_too(tmp_path: Path, ways: tuple[str, ...]) -> None:
    assert shop(tmp_path, payments("via", *ways)).version.manifest.revenue == PAID


def test_gift_cards_that_are_sold_stay_out(tmp_path: Path) -> None:
    goods = ("Candle", "Gift card", "Soap", "Towel", "Birthday card")
    rows = [
        f"{n},{500 + n % 23},{date(2026, 1, 1) + timedelta(days=n % 90)},{goods[(n + at) % 5]},10.00"
        for n in range(80)
        for at in range(2)
    ]
    done = load(tmp_path, csv(*rows, header="order,customer,date,what,amount"))
    assert done.ledger.revenue_kept == 160 * 10 - 32 * 10
    assert done.ledger.excluded == {"gift_card": 32 * 10}
