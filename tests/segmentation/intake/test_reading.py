"""Reading what shops write: encodings, separators, decimals, dates, quotes."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from segmentation.errors import AmbiguousReading
from segmentation.intake import inspect
from segmentation.meaning import Choices, Mapping
from segmentation.notation import DayOrder, Mark, date_order, date_style, decimal_mark
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import TODAY, csv, lines, load, money, write

GERMAN = "\r\n".join(
    (
        "Kundennummer;Bestellnummer;Bestelldatum;Artikel;Menge;Gesamtpreis;Währung",
        "K1;1001;05.01.2026;Grüner Tee;2;1.234,56;EUR",
        "K2;1002;31.01.2026;Kännchen;1;12,50 €;EUR",
        "K1;1003;02.02.2026;Müsli;1;-3,10;EUR",
        "",
    )
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_german_export_is_read_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    result = load(tmp_path, GERMAN.encode(encoding))
    assert result.ledger.revenue_kept == money("1243.96")
    rows = lines(result.version)
    assert [row["product"] for row in rows] == ["Grüner Tee", "Kännchen", "Müsli"]
    assert rows[1]["ordered_at"].date() == date(2026, 1, 31)
    assert [row["kind"] for row in rows] == ["sale", "sale", "refund"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    text = csv("C1,1,2026-01-05,Tea,1.50", "C2,2,2026-01-06,Mug,2.50").replace(",", separator)
    assert load(tmp_path, text).ledger.revenue_kept == money("4.00")


def test_columns_aligned_by_spaces_without_a_header_are_read_from_their_values(tmp_path: Path) -> None:
    text = (
        " 00001 19970101  1   11.77\r\n"
        " 00002 19970112  1   12.00\r\n"
        " 00002 19970112  5   77.00\r\n"
        " 00003 19970330  2   20.76\r\n"
    )
    result = load(tmp_path, text)
    rows = lines(result.version)
    assert result.ledger.read == 4
    assert result.ledger.revenue_kept == money("121.53")
    assert {row["customer_id"] for row in rows} == {"00001", "00002", "00003"}
    assert result.ledger.orders == 3  # an order is a customer's day
    assert result.ledger.first == date(1997, 1, 1)


def test_numbers_with_signs_and_thousands_are_read(tmp_path: Path) -> None:
    amounts = ["$1,234.50", "(3.00)", "-$3.00", "USD 5", "2.00-", "1'000.25", "7"]
    text = csv(*(f'C{i},{i},2026-01-05,Tea,"{amount}"' for i, amount in enumerate(amounts)))
    with pytest.raises(AmbiguousReading, match=r"3 rows.*4 without a sign"):
        load(tmp_path, text)
    result = load(tmp_path, text, choices=Choices(currency="USD"))
    assert sorted(row["amount"] for row in lines(result.version)) == sorted(
        map(money, ["1234.50", "-3", "-3", "5", "-2", "1000.25", "7"])
    )


def test_a_point_amount_among_comma_amounts_is_set_aside_and_never_multiplied(tmp_path: Path) -> None:
    rows = [f"C{i};{i};2026-01-05;Tee;{i},50" for i in range(30)]
    rows[7] = "C7;7;2026-01-05;Tee;7.50"
    result = load(tmp_path, csv(*rows, header="Kunde;Bestellung;Datum;Artikel;Betrag"))
    assert result.ledger.set_aside == {"unreadable_amount": 1}


def test_ids_stay_text(tmp_path: Path) -> None:
    result = load(tmp_path, csv("007,1E5,2026-01-05,00123,1.00", "7,100000,2026-01-05,123,1.00"))
    assert {row["customer_id"] for row in lines(result.version)} == {"007", "7"}
    assert {row["order_id"] for row in lines(result.version)} == {"1E5", "100000"}


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-01-31", "2026-01-31"),
        ("2026/01/31", "2026-01-31"),
        ("31.01.2026", "2026-01-31"),
        ("31/01/2026 8:26", "2026-01-31 08:26:00"),
        ("1/31/2026 8:26", "2026-01-31 08:26:00"),
        ("1/31/2026 8:26 PM", "2026-01-31 20:26:00"),
        ("31-Jan-26", "2026-01-31"),
        ("Jan 31, 2026", "2026-01-31"),
        ("31.01.26", "2026-01-31"),
        ("20260131", "2026-01-31"),
        ("2026-01-31T10:02:11Z", "2026-01-31 10:02:11"),
        ("2026-01-31 23:02:11 -0400", "2026-01-31 23:02:11"),
        ("2026-01-31 10:02:11.123", "2026-01-31 10:02:11.123000"),
        ("31/01/2026 10:02:11 UTC", "2026-01-31 10:02:11"),
    ],
)
def test_dates_are_read_as_shops_write_them(tmp_path: Path, written: str, day: str) -> None:
    result = load(tmp_path, csv(f'C1,1,"{written}",Tea,1.00', f'C2,2,"{written}",Tea,1.50'))
    assert {row["ordered_at"] for row in lines(result.version)} == {datetime.fromisoformat(day)}


def test_one_late_day_decides_the_order_of_all_dates(tmp_path: Path) -> None:
    assert date_order(["01/02/2026", "03/04/2026", "13/04/2026"]) is DayOrder.DMY
    assert date_order(["01/02/2026", "04/13/2026"]) is DayOrder.MDY
    assert date_order(["01/02/2026", "03/04/2026"]) is DayOrder.EITHER
    assert date_order(["01/01/2026", "02/02/2026"]) is DayOrder.DMY  # both readings are the same day


def test_dates_with_two_readings_are_asked_about_and_the_dataset_stays(tmp_path: Path) -> None:
    text = csv("C1,1,01/02/2026,Tea,1.00", "C2,2,03/04/2026,Tea,1.50")
    with pytest.raises(AmbiguousReading) as caught:
        load(tmp_path, text)
    assert "--date-order" in caught.value.option
    assert caught.value.readings == ("1 February (dmy)", "2 January (mdy)")
    assert Workspace.open(tmp_path / "workspace").datasets() == ()


@pytest.mark.parametrize(("order", "day"), [("dmy", date(2026, 4, 3)), ("mdy", date(2026, 3, 4))])
def test_an_answer_settles_the_dates(tmp_path: Path, order: str, day: date) -> None:
    text = csv("C1,1,01/02/2026,Tea,1.00", "C2,2,03/04/2026,Tea,1.50")
    assert load(tmp_path, text, choices=Choices(date_order=order)).ledger.last == day


def test_evidence_far_down_the_file_settles_the_dates(tmp_path: Path) -> None:
    rows = [f"C{i},{i},01/02/2026,Tea {'x' * 60},1.50" for i in range(30_000)]
    rows[20_001] = "C1,x,25/02/2026,Tea,1.50"
    assert load(tmp_path, csv(*rows)).ledger.last == date(2026, 2, 25)


def test_amounts_with_two_readings_are_asked_about(tmp_path: Path) -> None:
    text = csv("C1,1,2026-01-05,Tea,1.234", "C2,2,2026-01-06,Tea,5.678")
    with pytest.raises(AmbiguousReading) as caught:
        load(tmp_path, text)
    assert "--decimal" in caught.value.option
    assert load(tmp_path, text, choices=Choices(decimal="comma")).ledger.revenue_kept == money("6912")
    assert load(tmp_path, text, "B", choices=Choices(decimal="point")).ledger.revenue_kept == money("6.912")


def test_the_decimal_mark_is_proven_or_open() -> None:
    assert decimal_mark(["12.50", "1,234"]) is Mark.POINT
    assert decimal_mark(["12,50"]) is Mark.COMMA
    assert decimal_mark(["1.234.567"]) is Mark.COMMA
    assert decimal_mark(["1.234"]) is Mark.EITHER
    assert decimal_mark(["0.123"]) is Mark.POINT
    assert decimal_mark(["12", "7"]) is Mark.NONE
    assert decimal_mark(["12.50", "12,50"]) is Mark.EITHER


def test_a_column_written_in_two_ways_gets_both_formats() -> None:
    style = date_style(["31/01/2026", "01/02/2026 10:00"], "dmy")
    assert style.formats[:2] == ("%d/%m/%Y", "%d/%m/%Y %H:%M")


def test_lines_above_the_header_are_skipped(tmp_path: Path) -> None:
    result = load(tmp_path, "My shop\nExported 2026-02-01\n\n" + csv("C1,1,2026-01-05,Tea,1.00", "C2,2,x,Tea,1.50"))
    assert result.ledger.read == 2
    assert result.ledger.loaded == 1


def test_product_names_survive_as_they_are(tmp_path: Path) -> None:
    names = ['He said "hi"', "two\nlines", "<script>alert(1)</script>", "=1+1", "a,b;c\td", "O'Brien", "emoji 😀"]
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    result = load(tmp_path, csv(*(f"C{i},{i},2026-01-05,{name},1.50" for i, name in enumerate(quoted))))
    assert [row["product"] for row in lines(result.version)] == names


def test_hostile_headers_are_only_data(tmp_path: Path) -> None:
    hostile = ['x"; DROP TABLE t; --', "Robert'); DELETE FROM lines;--", "$file", "c0"]
    header = ",".join('"' + name.replace('"', '""') + '"' for name in (*hostile, "Date"))
    text = csv("1,C1,1.50,A,2026-01-05", "2,C2,2.50,B,2026-01-06", header=header)
    mapping = Mapping(order=hostile[0], customer=hostile[1], amount=hostile[2], product=hostile[3], date="Date")
    assert Mapping.from_toml(mapping.to_toml()) == mapping
    result = load(tmp_path, text, mapping=mapping)
    assert result.ledger.revenue_kept == money("4.00")


def test_repeated_and_blank_headers_get_names_of_their_own(tmp_path: Path) -> None:
    path = write(tmp_path, "Customer,Date,Amount,Amount,\nC1,2026-01-05,1.00,2.00,x\n")
    seen = inspect(path, Workspace.open(tmp_path / "workspace"), today=TODAY)
    assert seen.headers == ("Customer", "Date", "Amount", "Amount (2)", "column 5")


def test_a_zero_byte_inside_a_text_does_not_stop_the_import(tmp_path: Path) -> None:
    text = csv(*(f"C{i},{i},2026-01-05,Tea,1.00" for i in range(200)), "C1,x,2026-01-05,Te\0a,1.50")
    result = load(tmp_path, text)
    assert result.ledger.loaded == 201
    assert "Tea" in {row["product"] for row in lines(result.version)}


def test_a_late_byte_that_is_not_utf8_is_read_as_windows_text(tmp_path: Path) -> None:
    rows = [f"C{i},{i},2026-01-05,Tea {'x' * 60},1.50" for i in range(30_000)]
    data = csv(*rows).encode() + "C1,x,2026-01-05,Käse,2.50\n".encode("cp1252")
    result = load(tmp_path, data)
    assert result.ledger.loaded == 30_001
    assert "Käse" in {row["product"] for row in lines(result.version)}
