"""Marks that quote nothing: no row is lost to them, wherever they stand; texts of several lines stay whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentation.files.opened import checked, detect
from segmentation.intake import read_set_aside
from tests.segmentation.intake_files import csv, lines, load

ROWS = 12


def plain(number: int, product: str = "Tea") -> str:
    return f"C{number % 5},{number},2026-01-{number + 1:02d},{product},{number}.50"


def rows_with(strays: dict[int, str]) -> list[str]:
    """Rows of which these have a product that is one mark, or begins or ends with one."""
    return [plain(number, strays.get(number, "Tea")) for number in range(ROWS)]


def loaded_and_rejected(folder: Path, text: str) -> tuple[list[str], dict[str, int], int]:
    """The orders that were loaded, the reasons of rejected rows, and how many rows were read."""
    result = load(folder, text)
    orders = sorted((row["order_id"] for row in lines(result.version)), key=int)
    return orders, result.ledger.set_aside, result.ledger.read


def prepared(folder: Path, text: str) -> int:
    """How many rows a file with this content has."""
    path = folder / "orders.csv"
    path.write_text(text)
    (table,) = detect(path, None, folder)
    return checked(table, folder).records


EVERY = [str(number) for number in range(ROWS)]


@pytest.mark.parametrize("pair", [(0, 1), (0, 11), (5, 7), (10, 11)])
@pytest.mark.parametrize("between", [None, "", "   ", ",,,,"], ids=["none", "empty", "blanks", "separators"])
@pytest.mark.parametrize("last", [True, False], ids=["ended", "open"])
def test_two_lone_marks_swallow_no_row_between_them(
    tmp_path: Path, pair: tuple[int, int], between: str | None, last: bool
) -> None:
    rows = rows_with(dict.fromkeys(pair, '"'))
    if between is not None:
        rows.insert(pair[1], between)
    text = csv(*rows)
    found, aside, read = loaded_and_rejected(tmp_path, text if last else text.removesuffix("\n"))
    assert (found, aside) == (EVERY, {"empty_row": 1} if between and read > ROWS else {})


@pytest.mark.parametrize("marks", [('"', '"'), ('"Tea', '"'), ('"', 'Tea"'), ('"Tea', 'Mug"'), ('"Tea', '12"')])
def test_marks_that_open_and_close_nothing_swallow_no_row(tmp_path: Path, marks: tuple[str, str]) -> None:
    rows = rows_with({2: marks[0], 7: marks[1]})
    rows.insert(5, "")
    assert loaded_and_rejected(tmp_path, csv(*rows)) == (EVERY, {}, ROWS)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_any_number_of_lone_marks_swallows_no_row(tmp_path: Path, count: int) -> None:
    rows = rows_with(dict.fromkeys(range(1, 1 + 2 * count, 2), '"'))
    assert loaded_and_rejected(tmp_path, csv(*rows, "")) == (EVERY, {}, ROWS)


@pytest.mark.parametrize(
    "spoiled", ["C1,3", "C1,3,2026-01-04,Tea,3.50,x,y", "C1,3,soon,Tea,3.50", "C1,3,2026-01-04,Tea,?"]
)
def test_a_spoiled_row_between_two_lone_marks_is_rejected_by_itself(tmp_path: Path, spoiled: str) -> None:
    rows = rows_with({2: '"', 4: '"'})
    rows[3] = spoiled
    result = load(tmp_path, csv(*rows))
    assert result.ledger.loaded == ROWS - 1
    assert [row["line_number"] for row in read_set_aside(result.version).to_pylist()] == [5]


@pytest.mark.parametrize("closing", ['C4,4,2026-01-05,"', 'C4,4,2026-01-05,",4.50,x', 'C4,4,2026-01-05,12",4.50,x,y'])
def test_a_row_too_short_or_too_long_whose_mark_would_close_takes_no_other_along(tmp_path: Path, closing: str) -> None:
    rows = rows_with({2: '"'})
    rows[4] = closing
    found, aside, read = loaded_and_rejected(tmp_path, csv(*rows))
    assert read == ROWS == len(found) + sum(aside.values())
    assert set(EVERY) - set(found) == {"4"}


@pytest.mark.parametrize("above", ["", 'Report of "\n', 'Shop," \n', '"\n\n'])
@pytest.mark.parametrize("header", ["Customer ID,Order ID,Date,Product,Amount", 'Customer ID,Order ID,Date,",Amount'])
@pytest.mark.parametrize("at", [0, 6, 11])
def test_a_mark_above_or_in_the_header_pairs_up_with_none_below(
    tmp_path: Path, above: str, header: str, at: int
) -> None:
    text = above + csv(*rows_with({at: '"'}), header=header)
    assert loaded_and_rejected(tmp_path, text) == (EVERY, {}, ROWS)


@pytest.mark.parametrize("pair", [(0, 1), (0, 11), (4, 6)])
def test_rows_of_three_fields_are_not_swallowed_either(tmp_path: Path, pair: tuple[int, int]) -> None:
    rows = [f"{chr(34) if n in pair else n % 5},2026-01-{n + 1:02d},{n}.50" for n in range(ROWS)]
    rows.insert(pair[1], "")
    assert prepared(tmp_path, csv(*rows, header="Customer ID,Date,Amount")) == ROWS


@pytest.mark.parametrize(("separator", "quote"), [(";", '"'), ("\t", '"'), ("|", '"'), (",", "'"), (";", "'")])
def test_it_holds_for_each_separator_and_mark(tmp_path: Path, separator: str, quote: str) -> None:
    quoted = [f"{quote}C{n}{quote},{quote}{n}{quote},2026-01-{n + 1:02d},{quote}Tea{quote},{n}.50" for n in range(ROWS)]
    for at in (2, 8):
        quoted[at] = quoted[at].replace(f"{quote}Tea{quote}", quote)
    text = csv(*quoted[:5], "", *quoted[5:]).replace(",", separator)
    assert loaded_and_rejected(tmp_path, text) == (EVERY, {}, ROWS)


TEXTS = [
    "two\nlines", "a\n\nb", "\nbegins below", "ends above\n", "Dear Sir,\nthanks, Anna", "Main St 1\nUlm\nDE",
    "one, two, three\nfour", "a\nb, c\nd", ",\n", "\n,",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_text_of_several_lines_stays_one_field(tmp_path: Path, text: str, place: str) -> None:
    def cells(number: int) -> list[str]:
        note = f'"{text}"' if number % 3 == 0 else "none"
        rest = [f"C{number % 5}", str(number), f"2026-01-{number + 1:02d}", f"{number}.50"]
        at = {"first": 0, "middle": 2, "last": 4}[place]
        return [*rest[:at], note, *rest[at:]]

    names = ["Customer ID", "Order ID", "Date", "Amount"]
    names.insert({"first": 0, "middle": 2, "last": 4}[place], "Note")
    file = csv(*(",".join(cells(n)) for n in range(ROWS)), header=",".join(names))
    assert prepared(tmp_path, file) == ROWS
    assert loaded_and_rejected(tmp_path, file) == (EVERY, {}, ROWS)
