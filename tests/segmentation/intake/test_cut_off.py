"""Files that end in the middle of their last row: nothing of it is loaded, and nothing of it is evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentation.files.opened import checked, detect
from segmentation.intake import inspect_all, read_set_aside
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import TODAY, lines, load, money, write

HEADER = "Order ID,Date,Currency,Amount,Product,Customer ID"
LAST = "A0024,2026-01-24,CHF,12.50,Käsebrett,C9"


def row(number: int, product: str = "Käsebrett") -> str:
    return f"A{number:04},2026-01-{number + 1:02},CHF,{number}.50,{product},C{number % 5}"


def text(end: str, *more: str, header: str = HEADER) -> str:
    """Twenty rows, further ones, and the last one without a line end."""
    return "\n".join([header, *map(row, range(20)), *more, end])


def prepared(folder: Path, data: bytes) -> tuple[int, list[str]]:
    """How many rows a file with this content has, and the reasons of records that are none."""
    path = folder / "orders.csv"
    path.write_bytes(data)
    (table,) = detect(path, None, folder)
    found = checked(table, folder)
    return found.records, [one.reason for one in found.aside]


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8", ","), ("cp1252", ";"), ("utf-16-le", "\t"), ("utf-8", "|")]
)
def test_a_row_is_cut_off_wherever_the_file_ends_before_its_last_field(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    def size(part: str) -> int:
        return len(part.encode(encoding))

    data = text(LAST).replace(",", separator).encode(encoding)
    start, last_field = size(text("")), size(text(LAST.removesuffix("C9")))
    letter = size("a")
    assert prepared(tmp_path, data[:start]) == (20, [])
    for end in range(start + 1, last_field + 1):
        assert prepared(tmp_path, data[:end]) == (20, ["cut_off"]), data[start:end]
    for end in range(last_field + letter, len(data) + 1, letter):  # its last value may be shorter: nothing tells
        assert prepared(tmp_path, data[:end]) == (21, []), data[start:end]


@pytest.mark.parametrize(
    "end",
    [
        "A0019,2026-01-20,CHF,1",
        "A0019,2026-01-20,CHF,12.50,",
        "A0019,",
        "A00",
        'A0019,2026-01-20,CHF,"12',
        "A0019,2026-01-20,C",
        "A0019,2026-01-20,CHF,12.50,Total",
        "A0019,2026-01-20,,12.50,Mug",
    ],
)
def test_a_row_of_an_order_that_others_date_is_rejected_where_it_is_cut_off(tmp_path: Path, end: str) -> None:
    result = load(tmp_path, text(end))
    assert (result.ledger.loaded, result.ledger.set_aside) == (20, {"cut_off": 1})
    assert result.ledger.revenue_file == result.ledger.revenue_kept == money("200.00")
    (aside,) = read_set_aside(result.version).to_pylist()
    assert (aside["line_number"], aside["row"], aside["amount"]) == (22, [end], None)
    assert result.warnings[0].startswith("The file ends in the middle of its last row")


def test_a_currency_that_is_cut_off_is_not_asked_about(tmp_path: Path) -> None:
    path = write(tmp_path, text("A0024,2026-01-24,CH"))
    (seen,) = inspect_all([(path, path.name)], Workspace.open(tmp_path / "workspace"), today=TODAY)
    assert seen.questions == ()


@pytest.mark.parametrize("end", ["1.00", "1.00;"])
def test_a_number_that_is_cut_off_says_nothing_of_how_numbers_are_written(tmp_path: Path, end: str) -> None:
    """`1.00` would say that `1.000` is one."""
    header = "Aantal;Omschrijving;Bestelnummer;Besteldatum;Bedrag;Klantnummer"
    rows = [f"{'1.000' if n % 9 == 0 else n};Thee;{1000 + n};{n + 1:02}.01.2026;{n},50;K-{n % 5}" for n in range(20)]
    result = load(tmp_path, "\n".join([header, *rows, end]))
    assert result.ledger.set_aside == {"cut_off": 1}
    assert {line["quantity"] for line in lines(result.version)} == {*range(1, 9), *range(10, 18), 19, 1000}


@pytest.mark.parametrize("end", ['A0024,2026-01-24,CHF,12.50,"Käse', 'A0024,2026-01-24,CHF,12.50,Mug,"C', '"A00'])
def test_a_row_that_ends_inside_a_quotation_is_no_row(tmp_path: Path, end: str) -> None:
    records, reasons = prepared(tmp_path, text(end).encode())
    assert (records, len(reasons)) == (20, 1)
    assert reasons[0] in {"cut_off", "broken_quoting"}


def test_a_stray_mark_in_a_last_row_with_all_its_fields_is_no_cut(tmp_path: Path) -> None:
    result = load(tmp_path, text('A0024,2026-01-24,CHF,12.50,"Mug,C9'))
    assert (result.ledger.loaded, result.ledger.set_aside) == (21, {})


def test_a_row_is_cut_off_where_few_ids_have_letters(tmp_path: Path) -> None:
    """A column of numbers, one in ten of which is none, rejects no further text."""
    rows = [f"{'K-1' if n % 10 == 0 else 100 + n},A{n:04},{n}.50,2026-01-{n + 1:02}" for n in range(20)]
    result = load(tmp_path, "\n".join(["Customer ID,Order ID,Amount,Date", *rows, "K-7,A0019,12.5"]))
    assert (result.ledger.loaded, result.ledger.set_aside) == (20, {"cut_off": 1})


@pytest.mark.parametrize("header", [HEADER, HEADER.replace("Product,Customer ID", "Customer ID,Product")])
def test_a_row_that_ends_inside_a_character_is_cut_off(tmp_path: Path, header: str) -> None:
    cells = [f"A{n:04},2026-01-{n + 1:02},CHF,{n}.50" for n in range(20)]
    between = ",Käse,C1" if header == HEADER else ",C1,Käse"
    data = "\n".join([header, *(cell + between for cell in cells), "A0024,2026-01-24,CHF,12.50,"]).encode()
    data += b"K\xc3" if header == HEADER else b"C1,K\xc3"
    assert prepared(tmp_path, data) == (20, ["cut_off"])


def test_the_last_letter_of_a_file_that_is_not_utf_8_is_whole(tmp_path: Path) -> None:
    """Its last byte would begin a character of UTF-8."""
    rows = [f"A{n:04},2026-01-{n + 1:02},{n}.50,C{n % 5},café" for n in range(20)]
    data = "\n".join(["Order ID,Date,Amount,Customer ID,Product", *rows]).encode("cp1252")
    assert prepared(tmp_path, data) == (20, [])
    result = load(tmp_path, data)
    assert {line["product"] for line in lines(result.version)} == {"café"}


@pytest.mark.parametrize("end", ["Total,,,200.00", "Total,,CHF,200.00,", "Grand total:,,,200.00", ",,Summe,200.00"])
def test_a_total_without_a_line_end_is_a_total(tmp_path: Path, end: str) -> None:
    result = load(tmp_path, text(end))
    assert (result.ledger.loaded, result.ledger.set_aside) == (20, {"total_row": 1})
    assert result.ledger.revenue_kept == money("200.00")


@pytest.mark.parametrize("end", ["Exported by ShopSoft 4.2", "-- end of report --", "20 rows", "Page 1 of 1"])
def test_a_line_of_text_below_the_table_is_no_row_that_was_cut_off(tmp_path: Path, end: str) -> None:
    result = load(tmp_path, text("", end))
    assert (result.ledger.loaded, sum(result.ledger.set_aside.values())) == (20, 1)
    assert "cut_off" not in load(tmp_path, text(end), dataset="Other").ledger.set_aside


def test_the_last_row_of_a_file_that_leaves_off_empty_fields_is_whole(tmp_path: Path) -> None:
    header = f"{HEADER},Note"
    rows = [row(n) + (",gift" if n % 3 == 0 else "") for n in range(20)]
    result = load(tmp_path, "\n".join([header, *rows, row(20)]))
    assert (result.ledger.loaded, result.ledger.set_aside) == (21, {})


def test_the_same_row_is_cut_off_where_others_write_their_empty_fields(tmp_path: Path) -> None:
    header = f"{HEADER},Note"
    rows = [row(n) + (",gift" if n % 3 == 0 else ",") for n in range(20)]
    result = load(tmp_path, "\n".join([header, *rows, row(20)]))
    assert (result.ledger.loaded, result.ledger.set_aside) == (20, {"cut_off": 1})


def test_a_last_row_with_all_its_fields_needs_no_line_end(tmp_path: Path) -> None:
    result = load(tmp_path, text(row(20)))
    assert (result.ledger.loaded, result.ledger.set_aside) == (21, {})


def test_a_short_row_that_a_line_end_follows_is_not_cut_off(tmp_path: Path) -> None:
    result = load(tmp_path, text("A0019,2026-01-20,CHF,12.50") + "\n")
    assert (result.ledger.loaded, result.ledger.set_aside) == (21, {})
