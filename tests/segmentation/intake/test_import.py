"""Importing: versions, repeats, guests, contacts, and files that cannot be read."""

from __future__ import annotations

import random
import stat
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.errors import (
    AmbiguousReading,
    Cancelled,
    DataError,
    MeaningMissing,
    NeedsJoin,
    UnreadableFile,
    WrongCall,
)
from segmentation.intake import import_file, inspect, read_set_aside
from segmentation.meaning import Choices, Mapping, header_key
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import HEADER, TODAY, contacts, csv, lines, load, money, write

MAIL = "Order ID,Date,Email,Accepts marketing,Amount"
ROWS = [f"C{i % 7},{i},2026-01-{i % 28 + 1:02d},Tea,{i}.50" for i in range(40)]


def shuffled(text: str, seed: int) -> str:
    """The same file with its rows, and its columns, in another order."""
    rows = [line.split(",") for line in text.splitlines()]
    chance = random.Random(seed)
    order = list(range(len(rows[0])))
    chance.shuffle(order)
    body = rows[1:]
    chance.shuffle(body)
    return "\n".join(",".join(row[i] for i in order) for row in [rows[0], *body]) + "\n"


def test_importing_the_same_file_again_adds_nothing(tmp_path: Path) -> None:
    first = load(tmp_path, csv(*ROWS))
    again = load(tmp_path, csv(*ROWS))
    assert again.version.number == first.version.number == 1
    assert (again.ledger.loaded, again.ledger.already_present) == (0, 40)
    assert again.ledger.excluded == {"already_present": first.ledger.revenue_kept}
    assert again.ledger.customers == 7


@pytest.mark.parametrize("seed", range(3))
def test_row_and_column_order_change_nothing(tmp_path: Path, seed: int) -> None:
    first = load(tmp_path, csv(*ROWS), "A")
    other = load(tmp_path, shuffled(csv(*ROWS), seed), "B")
    assert other.version.fingerprint == first.version.fingerprint
    assert load(tmp_path, shuffled(csv(*ROWS), seed), "A").ledger.already_present == 40


def test_months_imported_one_by_one_are_the_same_dataset_as_one_file(tmp_path: Path) -> None:
    whole = load(tmp_path, csv(*ROWS), "A")
    load(tmp_path, csv(*ROWS[:15]), "B", name="january.csv")
    appended = load(tmp_path, csv(*ROWS[10:]), "B", name="february.csv")
    assert (appended.ledger.already_present, appended.ledger.loaded) == (5, 25)
    assert appended.version.number == 2
    assert appended.version.fingerprint == whole.version.fingerprint
    assert appended.version.manifest.files == ("january.csv", "february.csv")
    assert appended.version.manifest.revenue == whole.ledger.revenue_kept
    assert appended.ledger.orders == whole.ledger.orders == 40
    assert lines(appended.version) == lines(whole.version)


def test_another_meaning_is_another_fingerprint(tmp_path: Path) -> None:
    text = csv("C1,1,2026-01-05,2.50,1.00", header="Customer,Order,Date,Gross,Net")
    net = load(tmp_path, text, "A", mapping=Mapping(customer="Customer", date="Date", amount="Net"))
    gross = load(tmp_path, text, "B", mapping=Mapping(customer="Customer", date="Date", amount="Gross"))
    assert net.version.fingerprint != gross.version.fingerprint


def test_the_older_version_stays_as_it_was(tmp_path: Path) -> None:
    first = load(tmp_path, csv(*ROWS[:5]))
    before = lines(first.version)
    load(tmp_path, csv(*ROWS))
    assert lines(first.version) == before


def test_repeats_inside_a_file_are_kept_and_counted(tmp_path: Path) -> None:
    result = load(tmp_path, csv(ROWS[0], ROWS[1], ROWS[1], ROWS[1]))
    assert (result.ledger.loaded, result.ledger.repeated_rows, result.ledger.dropped_repeats) == (4, 2, 0)
    assert any("2 rows repeat" in warning for warning in result.warnings)
    assert load(tmp_path, csv(ROWS[0], ROWS[1], ROWS[1], ROWS[1])).ledger.already_present == 4


def test_repeats_are_dropped_on_request(tmp_path: Path) -> None:
    ledger = load(tmp_path, csv(ROWS[0], ROWS[1], ROWS[1], ROWS[1]), drop_repeats=True).ledger
    assert (ledger.loaded, ledger.repeated_rows, ledger.dropped_repeats) == (2, 2, 2)
    assert ledger.excluded == {"repeated_row": money("3.00")}
    assert ledger.revenue_kept == money("2.00")


def test_a_line_id_proves_a_repeat(tmp_path: Path) -> None:
    header = "Customer,Order,Line ID,Date,Amount"
    result = load(
        tmp_path, csv("C1,1,1,2026-01-05,1.50", "C1,1,1,2026-01-05,1.50", "C1,1,2,2026-01-05,2.50", header=header)
    )
    assert (result.ledger.loaded, result.ledger.dropped_repeats) == (2, 1)


def test_without_an_order_id_an_order_is_a_customers_day(tmp_path: Path) -> None:
    result = load(
        tmp_path,
        csv(
            "C1,2026-01-05 10:00,1.00",
            "C1,2026-01-05 18:00,1.00",
            "C1,2026-01-06,1.00",
            ",2026-01-06,1.00",
            ",2026-01-06,2.50",
            header="Customer,Date,Amount",
        ),
    )
    assert result.ledger.orders == 4
    assert result.ledger.guests == 2


def test_guests_are_outside_customers_and_inside_revenue(tmp_path: Path) -> None:
    result = load(tmp_path, csv("C1,1,2026-01-05,Tea,1.00", ",2,2026-01-05,Tea,2.50", "guest,3,2026-01-06,Tea,4.00"))
    assert (result.ledger.customers, result.ledger.guests, result.ledger.orders) == (1, 2, 3)
    assert result.ledger.revenue_kept == money("7.50")


def test_addresses_never_stand_in_the_lines_and_customers_are_pseudonyms(tmp_path: Path) -> None:
    text = csv(
        "1,2026-01-05,ann@example.com,yes,1.50",
        "2,2026-01-06,Ann@Example.com ,no,2.50",
        "3,2026-01-06,bob@example.com,yes,3.50",
        "4,2026-01-07,,no,4.50",
        header=MAIL,
    )
    result = load(tmp_path, text)
    assert (result.ledger.customers, result.ledger.guests) == (2, 1)
    assert b"example.com" not in b"".join(path.read_bytes() for path in result.version.lines)
    known = contacts(result.version)
    assert {(row["email"], row["consent"]) for row in known} == {("ann@example.com", False), ("bob@example.com", True)}
    assert {row["customer_id"] for row in known} == {r["customer_id"] for r in lines(result.version)} - {None}
    assert all(row["customer_id"].startswith("p-") for row in known)
    assert {"email", "consent"} <= result.version.manifest.has
    assert stat.S_IMODE(result.version.contacts[0].stat().st_mode) == 0o600


@pytest.mark.parametrize("key", ["Email", "Customer ID"])
def test_line_numbers_are_right_far_down_a_file(tmp_path: Path, key: str) -> None:
    bad = {7, 123_456, 299_999}
    rows = [f"u{i % 900}@example.com,{i},{'soon' if i in bad else '2026-01-05'},1.5" for i in range(300_000)]
    result = load(tmp_path, csv(*rows, header=f"{key},Order,Date,Amount"))
    found = [(row["line_number"], row["row"][1]) for row in read_set_aside(result.version).to_pylist()]
    assert found == [(i + 2, str(i)) for i in sorted(bad)]


def test_the_latest_consent_wins_across_imports_whichever_came_first(tmp_path: Path) -> None:
    header = "Customer,Order,Date,Email,Consent,Amount"
    march = csv("C1,2,2026-03-05,new@example.com,no,1.50", header=header)
    january = csv("C1,1,2026-01-05,old@example.com,yes,1.50", "C2,3,2026-01-05,bob@example.com,yes,1.50", header=header)
    load(tmp_path, march)
    result = load(tmp_path, january)
    assert [(r["customer_id"], r["email"], r["consent"]) for r in contacts(result.version)] == [
        ("C1", "new@example.com", False),
        ("C2", "bob@example.com", True),
    ]


MIXED = csv(
    *(f"C{i},{i},2026-01-05,1.50,EUR" for i in range(9)),
    "C9,9,2026-01-05,100.00,JPY",
    header="Customer,Order,Date,Amount,Currency",
)


def test_mixed_currencies_are_asked_about_and_never_added(tmp_path: Path) -> None:
    with pytest.raises(AmbiguousReading) as caught:
        load(tmp_path, MIXED)
    assert caught.value.readings == ("EUR", "JPY")
    assert "--currency EUR" in caught.value.option
    assert "--rate JPY=" in caught.value.option
    assert Workspace.open(tmp_path / "workspace").datasets() == ()


def test_a_chosen_currency_sets_the_other_rows_aside(tmp_path: Path) -> None:
    result = load(tmp_path, MIXED, choices=Choices(currency="EUR"))
    assert result.ledger.set_aside == {"other_currency": 1}
    assert result.ledger.revenue_file == result.ledger.revenue_kept == money("13.50")
    assert result.version.manifest.currency == "EUR"


def test_a_rate_converts_the_other_rows(tmp_path: Path) -> None:
    result = load(tmp_path, MIXED, choices=Choices(currency="EUR", rates=(("JPY", Decimal("0.006")),)))
    assert result.ledger.set_aside == {}
    assert result.ledger.revenue_kept == money("14.10")


def test_a_currency_far_down_the_file_is_asked_about_too(tmp_path: Path) -> None:
    rows = [f"C{i},{i},2026-01-05,1.50,EUR,{'x' * 60}" for i in range(30_000)]
    rows[20_001] = "C1,x,2026-01-05,1.50,USD,x"
    with pytest.raises(AmbiguousReading, match="USD"):
        load(tmp_path, csv(*rows, header="Customer,Order,Date,Amount,Currency,Note"))


def test_a_file_in_another_currency_than_the_shop_is_asked_about(tmp_path: Path) -> None:
    header = "Customer,Order,Date,Amount,Currency"
    load(tmp_path, csv("C1,1,2026-01-05,1.50,EUR", header=header))
    with pytest.raises(DataError, match=r"1 rows of orders\.csv are in USD, and “Shop” is in EUR"):
        load(tmp_path, csv("C1,2,2026-01-06,1.50,USD", header=header))
    some = csv("C1,2,2026-01-06,1.50,USD", "C1,3,2026-01-06,2.50,EUR", header=header)
    with pytest.raises(AmbiguousReading, match="USD"):
        load(tmp_path, some)
    assert load(tmp_path, some, choices=Choices(currency="EUR")).version.manifest.revenue == 4


def write_amounts(currency: str, place: str, start: int = 0) -> str:
    """Thirty orders whose currency stands in a column, beside the amounts or in their header."""
    cell = {"column": "{:.2f},{}", "beside": "{1} {0:.2f}", "header": "{:.2f}"}[place]
    rows = [f"C{n % 7},{n + start},2026-01-{n % 28 + 1:02d},{cell.format(n + 10.5, currency)}" for n in range(30)]
    named = f"Amount ({currency})" if place == "header" else "Amount"
    return csv(*rows, header=f"Customer,Order,Date,{named}{',Currency' if place == 'column' else ''}")


def currencies_of(folder: Path, dataset: str = "Shop") -> set[str | None]:
    return {row["currency"] for row in lines(Workspace.open(folder / "workspace").latest(dataset))}


@pytest.mark.parametrize("places", [("column", "column"), ("beside", "column"), ("column", "beside")], ids="-".join)
@pytest.mark.parametrize(
    ("first", "second", "code"),
    [("kr", "SEK", "SEK"), ("SEK", "kr", "SEK"), ("$", "USD", "USD"), ("USD", "$", "USD"), ("zł", "PLN", "PLN"),
     ("CAD", "$", "CAD"), ("kr", "NOK", "NOK"), ("CFA", "XOF", "XOF"), ("Rs", "INR", "INR")],
)  # fmt: skip
def test_one_currency_has_one_name_across_imports(
    tmp_path: Path, first: str, second: str, code: str, places: tuple[str, str]
) -> None:
    before = load(tmp_path, write_amounts(first, places[0]), name="a.csv").version.manifest.revenue
    result = load(tmp_path, write_amounts(second, places[1], 100), name="b.csv")
    assert (currencies_of(tmp_path), result.version.manifest.currency) == ({code}, code)
    assert result.version.manifest.revenue == 2 * before
    again = load(tmp_path, write_amounts(first, places[0]), name="a.csv")
    assert (again.version.manifest.revenue, currencies_of(tmp_path)) == (2 * before, {code})


@pytest.mark.parametrize("place", ["column", "beside", "header"])
@pytest.mark.parametrize(("first", "second"), [("EUR", "USD"), ("kr", "USD"), ("SEK", "NOK"), ("¥", "CNY")])
def test_a_currency_that_the_shops_cannot_be_is_never_added(
    tmp_path: Path, first: str, second: str, place: str
) -> None:
    version = load(tmp_path, write_amounts(first, "column"), name="a.csv").version
    for choices in (Choices(), Choices(currency=second)):
        with pytest.raises(DataError, match=second):
            load(tmp_path, write_amounts(second, place, 100), name="b.csv", choices=choices)
    assert Workspace.open(tmp_path / "workspace").latest("Shop") == version


def test_which_dollars_a_shop_takes_is_asked(tmp_path: Path) -> None:
    load(tmp_path, write_amounts("$", "column"), name="a.csv")
    later = write_amounts("CAD", "column", 100)
    with pytest.raises(AmbiguousReading) as asked:
        load(tmp_path, later, name="b.csv")
    assert "--currency CAD" in asked.value.answers
    result = load(tmp_path, later, name="b.csv", choices=Choices(currency="CAD"))
    assert (len(lines(result.version)), currencies_of(tmp_path)) == (60, {"CAD"})


def test_a_sign_is_the_code_that_was_chosen(tmp_path: Path) -> None:
    result = load(tmp_path, write_amounts("kr", "column"), choices=Choices(currency="SEK"))
    assert (result.ledger.loaded, currencies_of(tmp_path)) == (30, {"SEK"})


def test_signs_beside_amounts_tell_the_currency(tmp_path: Path) -> None:
    header = "Customer,Order,Date,Amount"
    assert load(tmp_path, csv("C1,1,2026-01-05,€ 1.50", header=header)).version.manifest.currency == "EUR"
    with pytest.raises(AmbiguousReading, match="EUR"):
        load(tmp_path, csv("C1,1,2026-01-05,€ 1.50", "C2,2,2026-01-05,£1.50", header=header), "B")


def test_an_absurd_amount_is_loaded_with_a_warning(tmp_path: Path) -> None:
    result = load(tmp_path, csv(*ROWS, "C1,x,2026-01-05,Tea,1000000000000"))
    assert result.ledger.revenue_kept > 10**12
    assert any("1,000,000,000,000.00" in warning for warning in result.warnings)


def test_an_amount_too_large_to_keep_is_set_aside(tmp_path: Path) -> None:
    result = load(tmp_path, csv(*ROWS, "C1,x,2026-01-05,Tea,1000000000000000000"))
    assert result.ledger.set_aside == {"amount_out_of_range": 1}


def test_future_dates_are_set_aside_from_the_second_day_after_today(tmp_path: Path) -> None:
    text = csv("C1,1,2026-11-22,Tea,1.50", "C1,2,2026-11-23,Tea,1.50", "C1,3,2026-11-24,Tea,1.50")
    assert load(tmp_path, text, today=date(2026, 11, 22)).ledger.set_aside == {"future_date": 1}


def test_one_customer_is_imported(tmp_path: Path) -> None:
    assert load(tmp_path, csv("C1,1,2026-01-05,Tea,1.50")).ledger.customers == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"  \n \n", "nothing but blanks"),
        (f"{HEADER}\n".encode(), "no rows"),
        (bytes(range(256)) * 400, "does not look like a text file"),
        (b"PK\x03\x04" + b"\0" * 200, "archive is damaged"),
        (b"\x1f\x8b\x08" + b"a" * 200, "archive is damaged"),
        (b"just a letter to a friend\nwith two lines\n", "cannot be told apart"),
        (csv(*(f"C{i},{i},soon,Tea,1.50" for i in range(9))).encode(), "No row can be loaded"),
        (csv(*(f"C{i},{i},2026-01-05,Tea,lots" for i in range(9))).encode(), "No row can be loaded"),
        (csv(*ROWS).encode() + b"x" * 2_300_000, "A line is longer"),
    ],
    ids=["empty", "blank", "header only", "junk", "zip", "gzip", "prose", "no dates", "no amounts", "endless line"],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence_and_changes_nothing(
    tmp_path: Path, content: bytes, said: str
) -> None:
    load(tmp_path, csv(*ROWS))
    with pytest.raises(UnreadableFile, match=said) as caught:
        load(tmp_path, content, name="bad.csv")
    assert "bad.csv" in str(caught.value)
    workspace = Workspace.open(tmp_path / "workspace")
    assert workspace.latest("Shop").number == 1
    assert list(workspace.tmp.iterdir()) == []


@pytest.mark.parametrize(
    ("header", "row", "missing"),
    [
        ("Customer,Amount", "C1,2.50", "order date"),
        ("Customer,Date", "C1,2026-01-05", "line total"),
        ("Order,Date,Amount", "1,2026-01-05,2.50", "customer"),
    ],
)
def test_a_missing_column_is_named_with_what_is_there(tmp_path: Path, header: str, row: str, missing: str) -> None:
    with pytest.raises(MeaningMissing, match=missing) as caught:
        load(tmp_path, csv(row, row, header=header))
    assert caught.value.headers == tuple(header.split(","))


@pytest.mark.parametrize(
    ("header", "row", "missing"),
    [
        ("Customer,Order,Amount", "C1,1,2.50", "do not say the date of an order"),
        ("Customer,Order,Date", "C1,1,2026-01-05", "do not say what was paid"),
    ],
)
def test_orders_without_a_day_or_an_amount_need_another_table(
    tmp_path: Path, header: str, row: str, missing: str
) -> None:
    with pytest.raises(NeedsJoin, match=missing) as caught:
        load(tmp_path, csv(row, row, header=header))
    assert "“Order”" in caught.value.next_step


def test_a_missing_file_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(WrongCall):
        import_file(Workspace.open(tmp_path / "w"), tmp_path / "none.csv", dataset="Shop", today=TODAY)


def test_a_cancelled_import_leaves_nothing_behind(tmp_path: Path) -> None:
    rows = [f"C{i},{i},2026-01-05,Tea {'x' * 90},1.50" for i in range(200_000)]
    with pytest.raises(Cancelled):
        load(tmp_path, csv(*rows), cancelled=lambda: True)
    workspace = Workspace.open(tmp_path / "workspace")
    assert workspace.datasets() == ()
    assert list(workspace.tmp.iterdir()) == []


def test_progress_rises_to_one(tmp_path: Path) -> None:
    heard: list[tuple[float, str]] = []
    load(tmp_path, csv(*ROWS), progress=lambda share, what: heard.append((share, what)))
    shares = [share for share, _ in heard]
    assert shares == sorted(shares)
    assert heard[-1] == (1.0, "Done")


def test_a_corrected_mapping_is_remembered_for_the_same_headers(tmp_path: Path) -> None:
    header = "Buyer,When,Gross,Net"
    workspace = Workspace.open(tmp_path / "workspace")
    path = write(tmp_path, csv("C1,2026-01-05,2.50,1.50", "C2,2026-01-06,2.50,1.50", header=header))
    mapping = Mapping(customer="Buyer", date="When", amount="Net")
    import_file(workspace, path, dataset="A", today=TODAY, mapping=mapping)
    seen = inspect(path, workspace, today=TODAY)
    assert seen.remembered
    assert seen.mapping == mapping
    assert import_file(workspace, path, dataset="B", today=TODAY).ledger.revenue_kept == money("3.00")
    assert header_key(["a", "b"]) == header_key(["b", "a"])


def test_inspecting_shows_headers_rows_guess_and_questions(tmp_path: Path) -> None:
    path = write(tmp_path, csv("C1,1,01/02/2026,Tea,1.50", "C2,2,03/04/2026,Mug,2.50"))
    workspace = Workspace.open(tmp_path / "workspace")
    seen = inspect(path, workspace, today=TODAY)
    assert seen.headers == tuple(HEADER.split(","))
    assert seen.first_rows[0] == ("C1", "1", "01/02/2026", "Tea", "1.50")
    assert (seen.mapping.customer, seen.mapping.date, seen.mapping.amount) == ("Customer ID", "Date", "Amount")
    (question,) = seen.questions
    assert (question.header, question.setting, question.example) == ("Date", "date_order", "01/02/2026")
    assert question.choices == (("dmy", "1 February"), ("mdy", "2 January"))
    assert inspect(path, workspace, today=TODAY, choices=Choices(date_order="dmy")).questions == ()


def test_a_file_is_called_by_the_name_it_was_uploaded_under(tmp_path: Path) -> None:
    path = write(tmp_path, csv(*ROWS), "3f2a[1]*.part")
    workspace = Workspace.open(tmp_path / "workspace")
    result = import_file(workspace, path, dataset="Shop", today=TODAY, name="März.csv")
    assert result.version.manifest.files == ("März.csv",)


def test_an_order_with_two_lines_alike_is_replaced_where_only_one_of_them_changed(tmp_path: Path) -> None:
    load(tmp_path, csv("C1,1,2026-01-05,Tea,1.00", "C1,1,2026-01-05,Tea,1.00", "C2,2,2026-01-06,Tea,5.00"))
    again = load(tmp_path, csv("C1,1,2026-01-05,Tea,2.00", "C1,1,2026-01-05,Tea,1.00"), replace=True)
    assert [row["amount"] for row in lines(again.version)] == [money("1.00"), money("2.00"), money("5.00")]
    assert (again.ledger.replaced.orders, again.ledger.replaced.rows) == (1, 2)


@pytest.mark.parametrize(
    ("more", "customers"),
    [
        ((), 1),
        (("R1,7,2026-01-09,Tea,-4.00",), 1),  # sends back what no file tells of
        (("R1,7,2026-01-09,Tea,-4.00", "R1,8,2026-01-10,Tea,4.00"), 2),
        (("C1,7,2026-01-09,Tea,-4.00",), 1),
    ],
)
def test_a_customer_is_who_has_bought(tmp_path: Path, more: tuple[str, ...], customers: int) -> None:
    result = load(tmp_path, csv("C1,1,2026-01-05,Tea,1.50", ",2,2026-01-05,Tea,2.50", *more))
    assert result.ledger.customers == customers
    assert result.version.manifest.customers == customers
