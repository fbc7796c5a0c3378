"""Order numbers and statuses that another program writes otherwise are the same ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.segmentation.intake_files import csv, load, money

ORDERS = range(30)


def shop(number: str = "{}", status: str = "paid") -> str:
    rows = [
        f"{number.format(1001 + n)},k{n % 9}@x.example,2026-03-{1 + n % 28:02},Item {n % 4},{10 + n}.50,{status}"
        for n in ORDERS
    ]
    return csv(*rows, header="Order,Email,Date,Product,Amount,Status")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{}", "#{}"),
        ("#{}", "{}"),
        ("#{}", "000{}"),
        ("#00{}", "# {}"),
        ("#SO-{}", "SO-{}"),
    ],
)
def test_a_mark_in_front_of_a_number_makes_no_other_order(tmp_path: Path, first: str, second: str) -> None:
    load(tmp_path, shop(first))
    again = load(tmp_path, shop(second), name="again.csv")
    assert (again.ledger.loaded, again.ledger.already_present, again.ledger.replaced.orders) == (0, 30, 0)
    assert again.version.manifest.revenue == money(str(sum(10 + n + 0.5 for n in ORDERS)))


@pytest.mark.parametrize("status", ["PAID", "Paid", " paid"])
def test_a_status_in_other_letters_is_no_other_state(tmp_path: Path, status: str) -> None:
    load(tmp_path, shop())
    again = load(tmp_path, shop(status=status), name="again.csv")
    assert (again.ledger.loaded, again.ledger.already_present, again.ledger.replaced.orders) == (0, 30, 0)
    assert again.warnings == ()
