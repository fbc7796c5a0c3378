"""Where the table of a text file is: its header, its rows, what stands above and below, and how lines end."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from segmentation.errors import UnreadableFile
from segmentation.files.opened import Opened, checked, detect
from segmentation.files.read import Understood, read_file
from segmentation.files.table import unique_names
from tests.segmentation.intake_files import load, money

HEADER = "Customer,Order,Date,Product,Amount"
NAMES = tuple(HEADER.split(","))
ROWS = ["C1,1,2026-01-05,Tea,1.50", "C2,2,2026-01-06,Mug,2.50", "C3,3,2026-01-07,Cup,3.50"]
CELLS = [row.split(",") for row in ROWS]
TABLE = [HEADER, *ROWS]


def understood(folder: Path, text: str | bytes, name: str = "orders.csv") -> tuple[Understood, list[list[str]]]:
    """The only table of a file with this content, and the rows that were written for it."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    temp = folder / "temp"
    temp.mkdir(exist_ok=True)
    (table,) = read_file(path, folder / "read", temp, replace=True)
    assert list(temp.iterdir()) == []
    with table.file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert len(rows) == table.rows
    return table, rows


def prepared(folder: Path, text: str | bytes) -> Opened:
    """The only table of a file with this content, made sure of."""
    path = folder / "orders.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (table,) = detect(path, None, folder)
    return checked(table, folder)


def text_of(lines: list[str], end: str = "\n") -> str:
    return end.join(lines) + end


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n", "\n\r\n"])
@pytest.mark.parametrize("last", [True, False], ids=["ended", "open"])
def test_lines_may_end_in_any_way(tmp_path: Path, end: str, last: bool) -> None:
    text = text_of(TABLE, end)
    table, rows = understood(tmp_path, text if last else text[: -len(end)])
    assert table.table.layout.headers == NAMES
    assert rows == CELLS


def test_lines_may_end_in_several_ways_in_one_file(tmp_path: Path) -> None:
    text = f"{HEADER}\r\n{ROWS[0]}\n{ROWS[1]}\r{ROWS[2]}"
    assert understood(tmp_path, text)[1] == CELLS
    assert prepared(tmp_path, text).records == 3


def test_a_large_file_of_lone_carriage_returns_is_no_endless_line(tmp_path: Path) -> None:
    table = prepared(tmp_path, text_of([HEADER, *ROWS * 20_000], "\r"))
    assert table.path.stat().st_size > 1_000_000
    assert table.records == 60_000


def test_a_late_odd_byte_among_lone_carriage_returns_costs_the_lines_before_it_nothing(tmp_path: Path) -> None:
    early = text_of([HEADER, "C0,0,2026-01-04,Käse,0.50", *ROWS * 12_000], "\r").encode()
    rows = understood(tmp_path, early + "C9,9,2026-01-09,Öl,9.50\r".encode("cp1252"))[1]
    assert rows[0][3] == "Käse"
    assert rows[-1][3] == "Öl"
    assert len(rows) == 36_002


@pytest.mark.parametrize(
    "above",
    [
        [],
        ["Orders of the shop"],
        ["Orders of the shop", "Exported by Ann", ""],
        ["Orders of the shop", "Exported by Ann, Berlin", "", ""],
        ["", "", " ,,,, "],
        ["Orders,,,,", "Exported by Ann,,,,", ",,,,"],
        ["Period,01.01.2026,31.01.2026", ""],
        ["Period,2026-01-01,2026-01-31,all"],
        ["Period,2026-01-01,2026-01-31,,", "Created,2026-02-01,,,", ",,,,"],
        ["sep=,"],
        ["Report, January, all shops,,", "Created,2026-02-01,,,"],
    ],
)
def test_what_stands_above_the_header_is_no_row(tmp_path: Path, above: list[str]) -> None:
    table, rows = understood(tmp_path, text_of([*above, *TABLE]))
    layout = table.table.layout
    assert layout.named == NAMES
    assert (layout.dialect.skip, layout.dialect.header) == (len(above) + 1, 1)
    assert rows == CELLS


def test_a_first_row_with_gaps_is_a_row(tmp_path: Path) -> None:
    _, rows = understood(tmp_path, text_of([HEADER, "C0,0,,,0.50", *ROWS]))
    assert rows == [["C0", "0", "", "", "0.50"], *CELLS]


def test_without_a_header_the_first_row_is_a_row_and_columns_are_numbered(tmp_path: Path) -> None:
    table, rows = understood(tmp_path, text_of(ROWS))
    assert table.table.layout.named == ()
    assert table.table.layout.headers == tuple(f"column {number}" for number in range(1, 6))
    assert rows == CELLS
    assert table.file.read_text(encoding="utf-8").splitlines()[0] == "col_0,col_1,col_2,col_3,col_4"


@pytest.mark.parametrize(
    ("header", "names"),
    [
        (
            ["Who,,What,,", HEADER],
            ("Who Customer", "Who Order", "What Date", "What Product", "What Amount"),
        ),
        (["Customer,Order,Date,Product,Amount", ",,,,EUR"], ("Customer", "Order", "Date", "Product", "Amount EUR")),
        (
            ['"Customer\nID",Order,Date,Product,"Amount\n(EUR)"'],
            ("Customer ID", "Order", "Date", "Product", "Amount (EUR)"),
        ),
        (["Customer;Order;Date;Product;Amount"], NAMES),
        (["Customer,Order,Date,Product"], (*NAMES[:4], "column 5")),
        (["Customer,Order,Date,Product,Amount,Note"], (*NAMES, "Note")),
    ],
    ids=["groups", "units", "newlines", "another separator", "one short", "one more"],
)
def test_headers_of_several_rows_and_odd_widths_name_every_column(
    tmp_path: Path, header: list[str], names: tuple[str, ...]
) -> None:
    table, rows = understood(tmp_path, text_of([*header, *ROWS]))
    assert table.table.layout.headers == names
    assert rows == CELLS


def test_years_as_column_names_are_names(tmp_path: Path) -> None:
    table, rows = understood(tmp_path, "Customer,2024,2025,2026\nC1,10,12,13\nC2,1,2,3\nC3,10,12,13\n")
    assert table.table.layout.named == ("Customer", "2024", "2025", "2026")
    assert len(rows) == 3


def test_blank_and_repeated_names_become_names_of_their_own(tmp_path: Path) -> None:
    table, _ = understood(tmp_path, "Amount,Amount (2),Amount,amount, Amount ,\n1,2,3,4,5,6\n1,2,3,4,6,7\n")
    headers = table.table.layout.headers
    assert headers == ("Amount", "Amount (2)", "Amount (3)", "amount", "Amount (4)", "column 6")
    assert table.table.layout.named[2] == "Amount"


@pytest.mark.parametrize("trailing", ["both", "rows"])
def test_separators_at_the_end_of_lines_make_one_blank_column(tmp_path: Path, trailing: str) -> None:
    lines = [f"{HEADER}," if trailing == "both" else HEADER, *(f"{row}," for row in ROWS)]
    table, rows = understood(tmp_path, text_of(lines))
    assert table.table.layout.headers == (*NAMES, "column 6")
    assert rows == [[*row, ""] for row in CELLS]


def test_blank_lines_and_rows_of_blanks_are_no_rows(tmp_path: Path) -> None:
    lines = ["", HEADER, "", ROWS[0], ",,,,", ROWS[1], " , ,,\t,", "  ", "\t", ROWS[2], "", ""]
    assert understood(tmp_path, text_of(lines))[1] == CELLS


def test_short_rows_stay_short_and_long_rows_keep_what_is_too_much(tmp_path: Path) -> None:
    lines = [*TABLE, "C4,4,2026-01-08", "C5,5,2026-01-09,Pot,5.50,x", "C6,6,2026-01-10,Pan,6.50,x,y,z"]
    table, rows = understood(tmp_path, text_of(lines))
    assert table.table.layout.headers == NAMES
    assert rows[3:] == [line.split(",") for line in lines[4:]]


def test_a_header_that_is_repeated_on_every_page_is_left_out(tmp_path: Path) -> None:
    table, rows = understood(tmp_path, text_of([HEADER, ROWS[0], HEADER, ROWS[1], HEADER.upper(), ROWS[2]]))
    assert rows == CELLS
    assert table.left_out == 2


def test_another_table_below_the_first_is_left_out_whole(tmp_path: Path) -> None:
    table, rows = understood(tmp_path, text_of([*TABLE, "", "Customer,Date,Amount", "C9,2026-01-01,100.00"]))
    assert rows == CELLS
    assert table.left_out == 2


def test_a_total_below_the_rows_is_no_customer(tmp_path: Path) -> None:
    header = "Customer ID,Order ID,Date,Product,Amount"
    result = load(tmp_path, text_of([header, *ROWS, "Total,,,,7.50"]))
    assert result.ledger.loaded == 3
    assert result.ledger.revenue_kept == money("7.50")
    assert sum(result.ledger.set_aside.values()) == 1


@pytest.mark.parametrize(
    ("written", "product"),
    [
        ('"Tea, ""big"""', 'Tea, "big"'),
        ('"Tea\nbig"', "Tea\nbig"),
        ('Tea 5" big', 'Tea 5" big'),
        ('"Tea "big" pot"', 'Tea "big" pot'),
        ('"Tea, "big", pot"', 'Tea, "big", pot'),
        ('"Tea', '"Tea'),
        ('Tea"', 'Tea"'),
        ("'Tea'", "'Tea'"),
        ('""', ""),
    ],
)
def test_marks_in_odd_places_cost_no_neighbour(tmp_path: Path, written: str, product: str) -> None:
    table, rows = understood(tmp_path, text_of([HEADER, ROWS[0], f"C9,9,2026-01-09,{written},9.50", *ROWS[1:]]))
    assert rows == [CELLS[0], ["C9", "9", "2026-01-09", product, "9.50"], *CELLS[1:]]
    assert table.left_out == 0


def test_a_backslash_before_a_mark_keeps_it(tmp_path: Path) -> None:
    lines = [HEADER, *(f'C{n},{n},2026-01-05,"Tea \\"big\\", pot {n}",1.50' for n in range(5))]
    table, rows = understood(tmp_path, text_of(lines))
    assert table.table.layout.dialect.escape == "\\"
    assert [row[3] for row in rows] == [f'Tea "big", pot {n}' for n in range(5)]


def test_blanks_behind_separators_hide_no_marks(tmp_path: Path) -> None:
    lines = [HEADER.replace(",", ", "), *(f'C{n}, {n}, 2026-01-05, "Tea, big", 1.50' for n in range(5))]
    table, rows = understood(tmp_path, text_of(lines))
    assert table.table.layout.headers == NAMES
    assert rows[4] == ["C4", "4", "2026-01-05", "Tea, big", "1.50"]


def test_single_marks_quote_where_all_cells_have_them(tmp_path: Path) -> None:
    lines = ["'Customer','Product','Amount'", *(f"'C{n}','Tea, big','1.50'" for n in range(4))]
    table, rows = understood(tmp_path, text_of(lines))
    assert table.table.layout.dialect.quote == "'"
    assert rows[3] == ["C3", "Tea, big", "1.50"]


def test_a_file_of_a_header_only_has_its_columns_and_no_rows(tmp_path: Path) -> None:
    table, rows = understood(tmp_path, HEADER + "\n")
    assert table.table.layout.headers == NAMES
    assert rows == []
    assert prepared(tmp_path, HEADER + "\n").records == 0


@pytest.mark.parametrize("text", ["mail\na@example.com\nb@example.com\n", "mail\r\na@example.com\r\nb@example.com"])
def test_a_single_column_needs_no_separator(tmp_path: Path, text: str) -> None:
    table, rows = understood(tmp_path, text)
    assert table.table.layout.headers == ("mail",)
    assert rows == [["a@example.com"], ["b@example.com"]]


def test_rows_know_the_line_of_the_file_they_start_on(tmp_path: Path) -> None:
    lines = ["Orders of the shop", "", *TABLE, 'C4,4,2026-01-08,"Tea\nbig",4.50', "", 'C5,5,2026-01-09,"Pot,5.50']
    table = prepared(tmp_path, text_of(lines))
    assert table.numbered
    with table.path.open(encoding="utf-8", newline="") as file:
        numbers = [row[0] for row in csv.reader(file)]
    assert numbers == ["4", "5", "6", "7", "10"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_line_without_end_is_refused_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    text = text_of([HEADER, "C0,0,2026-01-04,Käse,0.50", *ROWS * 9_000, f"C9,9,2026-01-09,{'x' * 2_100_000},9.50"])
    with pytest.raises(UnreadableFile, match="longer than 1,000,000 bytes") as caught:
        prepared(tmp_path, text.encode(encoding))
    assert "27,002" in caught.value.evidence


@pytest.mark.parametrize("length", [30, 400, 20_000])
def test_lines_full_of_marks_cost_only_themselves(tmp_path: Path, length: int) -> None:
    table = prepared(tmp_path, text_of([*TABLE, *ROWS * 10, *['"a,' * length] * 2, ROWS[0]]))
    assert table.records == 34
    assert [aside.line for aside in table.aside] == [35, 36]


def test_thousands_of_columns_of_one_name_are_told_apart() -> None:
    names = unique_names(["Amount"] * 30_000, 30_000)
    assert (names[0], names[-1]) == ("Amount", "Amount (30000)")
    assert len(set(names)) == 30_000
