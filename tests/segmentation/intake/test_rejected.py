"""Rejected rows come out as a file that is mended and imported again: only the mended rows are added, and every cell
comes back as it was."""

from __future__ import annotations

import csv as csv_text
import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.exports import as_before, safe_text
from segmentation.files.mended import MARKS
from segmentation.intake import Rejected, inspect, rejected
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import TODAY, csv, lines, load, write

HEADER = "Bestellung;Kunde;Datum;Betrag;Menge;Artikel"
ROWS = [
    "1001;Ann;05.02.2025;10,50;1;Tee",
    '1001;Ann;05.02.2025;unbekannt;2;"=Kanne ""gross"""',
    "1002;Bob;13.03.2025;1.004,20;1;Tasse",
    "1003;Cy;irgendwann;7,00;1;Dose",
    "1004;Di;07.04.2025;8,25;3;Dose",
    "1004;Di;07.04.2025;8,25;3;Dose;zuviel",
]
SHOP = csv(*ROWS, header=HEADER)


def rows_of(one: Rejected) -> list[list[str]]:
    return list(csv_text.reader(io.StringIO(one.csv().decode("utf-8-sig"), newline="")))


def mended(one: Rejected, changes: dict[str, str]) -> str:
    """The downloaded file with some cells written anew."""
    out = io.StringIO()
    csv_text.writer(out).writerows([[changes.get(cell, cell) for cell in row] for row in rows_of(one)])
    return out.getvalue()


def test_rejected_rows_keep_their_columns_and_say_where_they_stood_and_why(tmp_path: Path) -> None:
    load(tmp_path, SHOP)
    (one,) = rejected(Workspace.open(tmp_path / "workspace").latest("Shop"))
    header, *rows = rows_of(one)
    assert header == [*HEADER.split(";"), *MARKS]
    assert [row[6:9] for row in rows] == [
        ["orders.csv", "3", "missing_amount"],
        ["orders.csv", "5", "unreadable_date"],
        ["orders.csv", "7", "too_many_fields"],
    ]
    assert rows[0][:6] == ["1001", "Ann", "05.02.2025", "unbekannt", "2", '\'=Kanne "gross"']
    assert rows[2][:6] == [""] * 6
    assert rows[2][-1] == "1004 | Di | 07.04.2025 | 8,25 | 3 | Dose | zuviel"
    assert all(row[9].endswith(".") for row in rows)


def test_mended_rows_join_their_orders_and_nothing_else_changes(tmp_path: Path) -> None:
    before = load(tmp_path, SHOP)
    (one,) = rejected(before.version)
    done = load(tmp_path, mended(one, {"unbekannt": "3,00", "irgendwann": "06.03.2025"}), name="mended.csv")
    assert (done.ledger.loaded, done.ledger.revenue_kept) == (2, Decimal(10))
    assert done.ledger.replaced.rows == 0
    assert done.mapping.columns() == before.mapping.columns()
    stored = lines(done.version)
    assert [row["amount"] for row in stored if row["order_id"] == "1001"] == [3, Decimal("10.5")]
    assert {row["product"] for row in stored} == {"Tee", '=Kanne "gross"', "Tasse", "Dose"}
    assert next(row["ordered_at"] for row in stored if row["order_id"] == "1003").date().isoformat() == "2025-03-06"
    (left,) = rejected(done.version)
    assert left.reasons == {"too_many_fields": 1}
    assert rows_of(left)[1][-1] == "1004 | Di | 07.04.2025 | 8,25 | 3 | Dose | zuviel"


def test_a_mended_file_again_and_the_whole_file_again_add_nothing(tmp_path: Path) -> None:
    (one,) = rejected(load(tmp_path, SHOP).version)
    file = mended(one, {"unbekannt": "3,00", "irgendwann": "06.03.2025"})
    once = load(tmp_path, file, name="mended.csv").version
    assert load(tmp_path, file, name="mended.csv").version.fingerprint == once.fingerprint
    assert load(tmp_path, SHOP).version.fingerprint == once.fingerprint


def test_a_few_mended_rows_are_read_as_all_rows_were(tmp_path: Path) -> None:
    """One row alone would leave open whether the day or the month is first, and what 1.004 is."""
    (one,) = rejected(load(tmp_path, SHOP).version)
    kept = replace(one, rows=tuple(row for row in one.rows if row[2] == "unreadable_date"))
    file = mended(kept, {"irgendwann": "06.03.2025", "7,00": "1.004"})
    done = load(tmp_path, file, name="mended.csv")
    assert done.ledger.revenue_kept == 1004
    row = next(row for row in lines(done.version) if row["order_id"] == "1003")
    assert row["ordered_at"].date().isoformat() == "2025-03-06"


def test_rows_that_a_spreadsheet_saved_in_its_own_way_come_back_too(tmp_path: Path) -> None:
    (one,) = rejected(load(tmp_path, SHOP.replace("Ann", "Änne").encode("cp1252")).version)
    out = io.StringIO()
    rows = csv_text.reader(io.StringIO(mended(one, {"unbekannt": "3,00", "irgendwann": "06.03.2025"})))
    csv_text.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    done = load(tmp_path, out.getvalue().encode("cp1252"), name="mended.csv")
    assert done.ledger.loaded == 2
    assert done.ledger.customers == 4


def test_the_screen_sees_the_layout_of_the_file(tmp_path: Path) -> None:
    (one,) = rejected(load(tmp_path, SHOP).version)
    seen = inspect(write(tmp_path, one.csv(), "rejected.csv"), Workspace.open(tmp_path / "workspace"), today=TODAY)
    assert seen.headers == tuple(HEADER.split(";"))
    assert seen.mended
    assert not seen.questions


def test_a_file_without_its_marks_is_a_file_like_any_other(tmp_path: Path) -> None:
    file = csv(
        "1001;Ann;05.02.2025;10,50;x", "1002;Bob;13.03.2025;4,20;y", header="Order;Customer;Date;Amount;Tessera: file"
    )
    seen = inspect(write(tmp_path, file), Workspace.open(tmp_path / "workspace"), today=TODAY)
    assert "Tessera: file" in seen.headers
    assert not seen.mended


@pytest.mark.parametrize(
    "text",
    ["=1+1", "'=1+1", "''=1", "-5", "-Tee", "+49 30 1234", "@home", "\t=x", "Tee;=1", "Tee;'=1", "Tee", "'Tee'", " =1",
     "\u200b=1", "＝1", "a\n=b", "", "'", "';=", "'-12.50", "x; '' =1"],
)  # fmt: skip
def test_what_a_spreadsheet_is_kept_from_is_given_back(text: str) -> None:
    assert as_before(safe_text(text)) == text


def test_rows_of_two_files_of_one_name_are_mended_one_by_one(tmp_path: Path) -> None:
    load(tmp_path, SHOP)
    later = SHOP.replace("100", "200")
    version = load(tmp_path, later).version
    first, second = rejected(version)[0].rows[0], rejected(version)[0].rows[3]
    assert first[:3] == second[:3]
    (both,) = rejected(version)
    done = load(tmp_path, mended(replace(both, rows=(first,)), {"unbekannt": "3,00"}), name="mended.csv")
    (left,) = rejected(done.version)
    assert [row for row in left.rows if row[2] == "missing_amount"] == [second]
    assert left.reasons == {"missing_amount": 1, "unreadable_date": 2, "too_many_fields": 2}


def test_a_download_that_does_not_say_its_import_mends_one_row(tmp_path: Path) -> None:
    load(tmp_path, SHOP)
    version = load(tmp_path, SHOP.replace("100", "200")).version
    (both,) = rejected(version)
    rows = [[cell for at, cell in enumerate(row) if at != 10] for row in rows_of(replace(both, rows=both.rows[3:4]))]
    assert "Tessera: import" not in rows[0]
    text = "\n".join(",".join(cell.replace("unbekannt", "4.00") for cell in row) for row in rows)
    done = load(tmp_path, text, name="mended.csv")
    assert done.ledger.loaded == 1
    assert [row[4] for row in rejected(done.version)[0].rows if row[2] == "missing_amount"] == ["version 1 table 1"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("more", [["x"], ["x", "y", "z"], ["x", "", "", "z"]], ids=len)
def test_all_fields_of_a_row_that_is_too_long_are_kept(tmp_path: Path, separator: str, more: list[str]) -> None:
    rows = [[f"C{n % 5}", str(n), f"2026-01-{n + 1:02d}", "Tea", f"{n + 10}.50"] for n in range(20)]
    rows[7] += more
    text = "\n".join(separator.join(row) for row in [["Customer", "Order", "Date", "Product", "Amount"], *rows])
    version = load(tmp_path, text).version
    (one,) = rejected(version)
    assert rows_of(one)[1][-1] == " | ".join(rows[7])
    filled = [cell for cell in mended(one, {}).splitlines() if cell]
    filled.append("C1,99,2026-02-01,Tea,5.00,orders.csv,99,unreadable_date,,,,")
    again = load(tmp_path, "\n".join(filled), name="mended.csv")
    (left,) = rejected(again.version)
    assert (again.ledger.loaded, [row[-1] for row in rows_of(left)[1:]]) == (1, [" | ".join(rows[7])])
