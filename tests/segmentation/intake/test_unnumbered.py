"""Exports without order numbers of which the newer one no longer has some sales: asked where it weighs, else said."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from segmentation.intake.accounts.outcome import SalesDiffer
from segmentation.intake.accounts.unnumbered import ranges
from tests.segmentation.intake_files import csv, lines, load, money

SHAPES = ["plain", "german", "status", "discounts", "one a day"]


def sale(n: int, shape: str, *, cancelled: bool = False) -> str:
    """The nth sale, three a day."""
    day = date(2026, 3, 1) + timedelta(n if shape == "one a day" else n // 3)
    amount, product, who = 10 + n % 17, f"P{n % 3}", f"c{n % 11}"
    if shape == "german":
        return f"{day:%d.%m.%Y};K{n % 11:03};{product};{amount},50"
    if shape == "status":
        return f"{day},{who},{product},{amount}.50,{'cancelled' if cancelled else 'paid'}"
    if shape == "discounts":
        return f"{day},{who},{product},1,{amount}.50,{n % 2}.00"
    return f"{day},{who},{product},{amount}.50"


HEADERS = {
    "german": "Datum;Kundennummer;Artikel;Betrag",
    "status": "Date,Customer,Product,Amount,Status",
    "discounts": "Date,Customer,Product,Quantity,Price,Discount",
}
GONE = (5, 17, 30, 44)


def export(shape: str, last: int, *, without: tuple[int, ...] = (), first: int = 0) -> str:
    """These sales; cancelled ones are not there any more, or stand there as such where rows have a status."""
    rows = [sale(n, shape, cancelled=n in without) for n in range(first, last) if shape == "status" or n not in without]
    return csv(*rows, header=HEADERS.get(shape, "Date,Customer,Product,Amount"))


def worth(shape: str, last: int, *, without: tuple[int, ...] = ()) -> object:
    """What these sales come to."""
    cents = sum(1000 + 100 * (n % 17) + 50 - (100 * (n % 2) if shape == "discounts" else 0)
                for n in range(last) if n not in without)  # fmt: skip
    return money(f"{cents / 100:.2f}")


@pytest.mark.parametrize("shape", SHAPES)
def test_a_newer_export_that_lacks_sales_is_asked_about_and_each_answer_does_what_it_says(
    tmp_path: Path, shape: str
) -> None:
    old, new = export(shape, 60), export(shape, 72, without=GONE)
    for shop in ("Shop", "Kept"):
        load(tmp_path, old, shop, name="old.csv")
    with pytest.raises(SalesDiffer, match="the shop has 4 rows") as asked:
        load(tmp_path, new, name="new.csv")
    assert asked.value.answers == ("--replace", "--keep")
    taken = load(tmp_path, new, name="new.csv", replace=True)
    assert taken.version.manifest.revenue == worth(shape, 72, without=GONE)
    assert (taken.ledger.replaced.rows, taken.ledger.loaded) == (4, 12 + (4 if shape == "status" else 0))
    kept = load(tmp_path, new, "Kept", name="new.csv", replace=False)
    assert kept.version.manifest.revenue == worth(shape, 72)


@pytest.mark.parametrize("shape", SHAPES)
def test_an_older_export_that_has_more_sales_is_asked_about(tmp_path: Path, shape: str) -> None:
    old, new = export(shape, 60), export(shape, 72, without=GONE)
    for shop in ("Shop", "Other"):
        load(tmp_path, new, shop, name="new.csv")
    with pytest.raises(SalesDiffer, match="the file has 4 rows"):
        load(tmp_path, old, name="old.csv")
    kept = load(tmp_path, old, name="old.csv", replace=False)
    assert kept.version.manifest.revenue == worth(shape, 72, without=GONE)
    assert (kept.ledger.loaded, kept.ledger.kept_as_stored) == (0, 4)
    taken = load(tmp_path, old, "Other", name="old.csv", replace=True)
    assert taken.version.manifest.revenue == worth(shape, 72)


@pytest.mark.parametrize("first", ["old", "new"])
def test_a_sale_that_weighs_little_is_left_as_it_is_and_said(tmp_path: Path, first: str) -> None:
    files = {"old": export("plain", 300), "new": export("plain", 330, without=(100,))}
    load(tmp_path, files.pop(first), name="a.csv")
    result = load(tmp_path, *files.values(), name="b.csv")
    assert result.version.manifest.revenue == worth("plain", 330)
    assert [text for text in result.warnings if "1 row" in text and "cancelled since" in text]
    gone = load(tmp_path, export("plain", 330, without=(100,)), name="new.csv", replace=True)
    assert gone.version.manifest.revenue == worth("plain", 330, without=(100,))
    assert len(lines(gone.version)) == 329


def test_files_that_go_on_or_hold_a_part_of_the_shop_are_not_asked_about(tmp_path: Path) -> None:
    load(tmp_path, export("plain", 150), name="a.csv")
    later = load(tmp_path, export("plain", 240, first=90), name="b.csv")
    assert later.version.manifest.revenue == worth("plain", 240)
    part = csv(*(sale(n, "plain") for n in range(0, 240, 3)), header="Date,Customer,Product,Amount")
    assert load(tmp_path, part, name="c.csv").version.manifest.revenue == worth("plain", 240)
    edges = csv(*(sale(n, "plain") for n in range(31, 200)), header="Date,Customer,Product,Amount")
    again = load(tmp_path, edges, name="d.csv")  # begins in the middle of a day and ends in one
    assert (again.ledger.loaded, again.version.manifest.revenue) == (0, worth("plain", 240))


def test_a_file_with_a_hole_says_nothing_of_the_days_between(tmp_path: Path) -> None:
    rows = [sale(n, "plain") for n in range(270)]
    load(tmp_path, csv(*rows, header="Date,Customer,Product,Amount"), name="a.csv")
    hole = csv(*rows[:90], *rows[160:], header="Date,Customer,Product,Amount")
    assert load(tmp_path, hole, name="b.csv").version.manifest.revenue == worth("plain", 270)


def test_days_without_a_sale_are_covered_unless_there_are_many_of_them() -> None:
    day = date(2026, 3, 1)
    dense = [day + timedelta(n) for n in (0, 1, 2, 5, 6, 40, 41, 42)]
    assert ranges(dense) == [(dense[0], dense[4]), (dense[5], dense[7])]
    sparse = [day + timedelta(n) for n in (0, 20, 35, 60)]
    assert ranges(sparse) == [(sparse[0], sparse[3])]
    assert ranges([]) == []
    assert ranges([day]) == [(day, day)]
