"""Rows that do not fit their columns, or name them once more, say nothing of what the file means; others do."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentation.errors import AmbiguousReading
from segmentation.intake import inspect_all
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import TODAY, csv, load, write

NAMES = ("Customer ID", "Order ID", "Date", "Product", "Currency", "Amount")
HEADER = ",".join(NAMES)


def rows(*more: str, count: int = 40) -> list[str]:
    """Sales in euros, and further rows in the middle."""
    sales = [f"C{n % 9},{n},2026-01-{n % 28 + 1:02d},Tea,EUR,{n}.50" for n in range(count)]
    return [*sales[:20], *more, *sales[20:]]


def questions(folder: Path, text: str) -> list[str]:
    """What is asked about a file."""
    path = write(folder, text)
    seen = inspect_all([(path, path.name)], Workspace.open(folder / "workspace"), today=TODAY)
    return [question.setting for one in seen for question in one.questions]


SHIFTED = "C1,90,2026-01-05,Tea,green,EUR,9.50"


@pytest.mark.parametrize("times", [1, 2, 5])
def test_a_product_with_a_bare_separator_puts_no_word_among_the_currencies(tmp_path: Path, times: int) -> None:
    text = csv(*rows(*[SHIFTED] * times), header=HEADER)
    assert questions(tmp_path, text) == []
    ledger = load(tmp_path, text).ledger
    assert (ledger.read, ledger.loaded, ledger.set_aside) == (40 + times, 40, {"too_many_fields": times})


@pytest.mark.parametrize("cell", ["2026-01-05", "#1031", "a@example.com", "12", "ULM", "9.50", "USD"])
def test_nothing_that_is_moved_there_is_a_currency(tmp_path: Path, cell: str) -> None:
    text = csv(*rows(f"C1,90,2026-01-05,Tea,{cell},EUR,9.50"), header=HEADER)
    assert questions(tmp_path, text) == []
    assert load(tmp_path, text).ledger.set_aside == {"too_many_fields": 1}


@pytest.mark.parametrize("again", [HEADER, HEADER.upper(), ",".join(f'"{name}"' for name in NAMES)])
@pytest.mark.parametrize("times", [1, 2, 5])
def test_the_header_once_more_is_no_currency(tmp_path: Path, again: str, times: int) -> None:
    text = csv(*rows(*[again] * times), header=HEADER)
    assert questions(tmp_path, text) == []
    ledger = load(tmp_path, text).ledger
    assert (ledger.loaded, ledger.set_aside) == (40, {"repeated_header": times})


@pytest.mark.parametrize("other", ["USD", "$", "CHF", "kr", "zł"])
@pytest.mark.parametrize("beside", [(), (SHIFTED,), (HEADER,)], ids=["alone", "beside shifted", "beside header"])
def test_another_currency_is_asked_about_be_it_on_one_row(tmp_path: Path, other: str, beside: tuple[str, ...]) -> None:
    text = csv(*rows(f"C1,90,2026-01-05,Tea,{other},9.50", *beside, count=400), header=HEADER)
    assert questions(tmp_path, text) == ["currency"]
    with pytest.raises(AmbiguousReading) as asked:
        load(tmp_path, text)
    assert len(asked.value.readings) == 2


@pytest.mark.parametrize("times", [1, 3])
def test_cells_that_moved_into_a_blank_last_one_are_no_currency(tmp_path: Path, times: int) -> None:
    header = "Product,Currency,Order ID,Amount,Date,Customer ID"
    sales = [f"Tea,EUR,{n},{n}.50,2026-01-{n % 28 + 1:02d},C{n % 9}" for n in range(40)]
    text = csv(*sales, *["Tea,green,EUR,90,9.50,2026-01-05"] * times, header=header)
    assert questions(tmp_path, text) == []
    ledger = load(tmp_path, text).ledger
    assert (ledger.loaded, ledger.set_aside) == (40, {"unreadable_date": times})


@pytest.mark.parametrize("text", ["points", "XBT", "Ulm"])
def test_an_unknown_currency_on_a_row_that_reads_well_is_asked_about(tmp_path: Path, text: str) -> None:
    file = csv(*rows(f"C1,90,2026-01-05,Tea,{text},9.50", count=400), header=HEADER)
    assert questions(tmp_path, file) == ["currency"]


def test_an_unknown_currency_far_down_a_long_file_is_asked_about_at_its_import(tmp_path: Path) -> None:
    sales = rows(count=60_000)
    sales[31_700] = "C1,90,2026-01-05,Tea,XBT,9.50"
    with pytest.raises(AmbiguousReading, match="XBT"):
        load(tmp_path, csv(*sales, header=HEADER))
    sales[31_700] = "C1,90,soon,Tea,XBT,9.50"
    assert load(tmp_path, csv(*sales, header=HEADER), dataset="Other").ledger.set_aside == {"unreadable_date": 1}


def test_moved_cells_ask_of_nobody_whether_they_are_a_customer(tmp_path: Path) -> None:
    header = "Product,Customer ID,Order ID,Date,Amount"
    sales = [f"Tea,C{n},{n},2026-01-{n % 28 + 1:02d},{n}.50" for n in range(40)]
    moved = [f"Tea,green,C{n},{n},2026-01-05,1.50" for n in range(6)]
    text = csv(*sales, *moved, *[header] * 3, header=header)
    assert questions(tmp_path, text) == []
    assert load(tmp_path, text).ledger.set_aside == {"too_many_fields": 6, "repeated_header": 3}


def test_many_rows_with_too_many_fields_are_rejected_one_by_one(tmp_path: Path) -> None:
    text = csv(*rows(*[SHIFTED] * 30, count=42), header=HEADER)
    ledger = load(tmp_path, text).ledger
    assert (ledger.loaded, ledger.set_aside) == (42, {"too_many_fields": 30})
