"""Files that overlap with what is there: nothing counts twice, the newest state of an order counts, all or none."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.cli import main
from segmentation.errors import DataError, DatasetNotFound, NeedsJoin, SettingOutOfRange, UnreadableFile, WrongCall
from segmentation.intake import ImportResult, Replaced, import_files, read_set_aside
from segmentation.meaning import Choices, Mapping
from segmentation.workspace import DatasetVersion, Workspace
from tests.segmentation import platform_files as pf
from tests.segmentation.intake_files import TODAY, csv, lines, load, money, write

HEADER = "Customer ID,Order ID,Date,Product,Amount,Status"


def line(n: int) -> str:
    """One of two lines of an order."""
    order, product = n // 2, "Tea" if n % 2 else "Mug"
    return f"C{order % 9},{order},2026-{n // 20 + 1:02d}-{order % 28 + 1:02d},{product},{n}.{n % 100:02d},paid"


YEAR = [line(n) for n in range(200)]


def year(*rows: str) -> str:
    """An export with these rows."""
    return csv(*rows, header=HEADER)


WHOLE = sum((Decimal(row.split(",")[4]) for row in YEAR), Decimal(0))


def workspace(folder: Path) -> Workspace:
    return Workspace.open(folder / "workspace")


def take(folder: Path, *paths: Path, dataset: str = "Shop") -> ImportResult:
    """Import several files at once."""
    return import_files(workspace(folder), paths, dataset=dataset, today=TODAY)


def revenue_of(version: DatasetVersion) -> dict[str, Decimal]:
    """What each order adds to revenue."""
    found: dict[str, Decimal] = {}
    for row in lines(version):
        found[row["order_id"]] = found.get(row["order_id"], Decimal(0)) + row["amount"]
    return found


# The same rows again ------------------------------------------------------------------------------------------

SHOPIFY = pf.shopify(
    pf.shopify_order(
        "#1", ("2", "Tea", "20.00"), ("1", "Pot", "100.00"), Email="a@example.com", Subtotal="126.00", Shipping="5.00",
        Taxes="10.00", Total="141.00", Discount_Amount="14.00", Refunded_Amount="14.10",
    ),
    pf.shopify_order("#2", ("1", "Tea", "20.00")),
)  # fmt: skip
PACKED = pf.export(
    pf.WOO_WEBTOFFEE,
    pf.webtoffee_order("1", ("1", "Pot", "15.00"), ("1", "Pot", "15.00"), shipping_total="5.00", tax_total="1.00"),
)
SQUARE = pf.export(pf.SQUARE_ITEMS, pf.square_item("Tea", "$8.00", Tax="$1.00"), pf.square_item("Pot", "$9.00"))


@pytest.mark.parametrize("text", [year(*YEAR), SHOPIFY, PACKED, SQUARE], ids=["table", "Shopify", "packed", "Square"])
def test_a_file_imported_three_times_counts_once(tmp_path: Path, text: str) -> None:
    first = load(tmp_path, text)
    stored = lines(first.version)
    for _ in range(2):
        again = load(tmp_path, text)
        assert again.version.number == 1
        assert (again.ledger.loaded, again.ledger.already_present) == (0, first.ledger.read)
        assert again.ledger.revenue_file == first.ledger.revenue_file
        assert (again.ledger.revenue_kept, again.ledger.replaced) == (money("0"), Replaced())
        assert lines(again.version) == stored
        assert again.version.manifest.revenue == first.version.manifest.revenue


def test_ten_orders_of_its_columns_and_rows_differ_by_nothing(tmp_path: Path) -> None:
    chance = random.Random(7)
    cells = [row.split(",") for row in (HEADER, *YEAR)]
    first = load(tmp_path, year(*YEAR))
    assert first.version.manifest.revenue == WHOLE
    for number in range(10):
        order = chance.sample(range(6), 6)
        head, *body = [",".join(row[at] for at in order) for row in cells]
        chance.shuffle(body)
        assert load(tmp_path, csv(*body, header=head)).ledger.already_present == len(YEAR)
        if number < 3:
            alone = load(tmp_path, csv(*body, header=head), f"Shop {number}")
            assert alone.version.fingerprint == first.version.fingerprint
            assert alone.version.manifest.revenue - WHOLE == 0
    assert workspace(tmp_path).latest("Shop").number == 1


def test_months_one_by_one_are_the_year(tmp_path: Path) -> None:
    for month in sorted({row.split(",")[2][:7] for row in YEAR}):
        result = load(tmp_path, year(*(row for row in YEAR if f",{month}-" in row)), name=f"{month}.csv")
        assert result.ledger.replaced == Replaced()
    whole = load(tmp_path, year(*YEAR), "Whole")
    assert result.version.number == 10
    assert result.version.fingerprint == whole.version.fingerprint
    assert lines(result.version) == lines(whole.version)
    for version in (result.version, whole.version):
        assert version.manifest.revenue - WHOLE == 0
        assert (version.manifest.orders, version.manifest.customers) == (100, 9)
    assert load(tmp_path, year(*YEAR)).ledger.already_present == len(YEAR)


@pytest.mark.parametrize("key", ["Order ID", ""], ids=["with order numbers", "without"])
def test_overlapping_extracts_count_what_they_share_once(tmp_path: Path, key: str) -> None:
    header = f"Customer ID,{key or 'Note'},Date,Product,Amount"
    rows = [row.rsplit(",", 1)[0] for row in YEAR]
    load(tmp_path, csv(*rows[:120], header=header), name="a.csv")
    second = load(tmp_path, csv(*rows[80:], header=header), name="b.csv")
    assert (second.ledger.already_present, second.ledger.loaded) == (40, 80)
    assert second.version.manifest.revenue - WHOLE == 0
    assert second.ledger.replaced == Replaced()


# A newer state ------------------------------------------------------------------------------------------------


def test_of_an_order_that_changed_the_newest_export_counts_and_it_is_said(tmp_path: Path) -> None:
    before = load(tmp_path, year("C1,1,2026-01-05,Tea,10.00,paid", "C2,2,2026-01-06,Tea,20.00,paid",
                                 "C2,2,2026-01-06,Mug,5.00,paid"))  # fmt: skip
    after = load(tmp_path, year("C2,2,2026-01-06,Tea,18.00,paid", "C2,2,2026-01-06,Mug,5.00,paid",
                                "C3,3,2026-02-01,Tea,7.00,paid"), name="february.csv", replace=True)  # fmt: skip
    assert after.ledger.replaced == Replaced(orders=1, rows=2, revenue=money("25"))
    assert any("1 orders were there already in another state" in warning for warning in after.warnings)
    assert revenue_of(after.version) == {"1": money("10"), "2": money("23"), "3": money("7")}
    assert (after.ledger.read, after.ledger.loaded, after.ledger.revenue_kept) == (3, 3, money("30"))
    assert after.version.manifest.revenue == money("40") == before.version.manifest.revenue - 25 + 30
    assert revenue_of(before.version) == {"1": money("10"), "2": money("25")}


@pytest.mark.parametrize(("status", "kept"), [("cancelled", "10"), ("refunded", "10"), ("shipped", "30")])
def test_a_status_that_changed_is_taken_over(tmp_path: Path, status: str, kept: str) -> None:
    load(tmp_path, year("C1,1,2026-01-05,Tea,10.00,paid", "C2,2,2026-01-06,Tea,20.00,paid"))
    result = load(tmp_path, year("C1,1,2026-01-05,Tea,10.00,paid", f"C2,2,2026-01-06,Tea,20.00,{status}"))
    assert (result.ledger.already_present, result.ledger.loaded) == (1, 1)
    assert result.ledger.replaced == Replaced(orders=1, rows=1, revenue=money("20"))
    assert result.version.manifest.revenue == money(kept)
    assert {row["status"] for row in lines(result.version)} == {"paid", status}


def test_money_paid_back_since_takes_the_place_of_the_whole_order(tmp_path: Path) -> None:
    def export(**cells: str) -> str:
        return pf.shopify(
            pf.shopify_order("#1", ("2", "Tea", "20.00"), ("1", "Pot", "100.00"), Email="a@example.com",
                             Subtotal="140.00", Shipping="5.00", Total="145.00", **cells),
            pf.shopify_order("#2", ("1", "Tea", "20.00"), Email="b@example.com"),
        )  # fmt: skip

    load(tmp_path, export())
    once = load(tmp_path, export(Financial_Status="partially_refunded", Refunded_Amount="40.00"))
    assert revenue_of(once.version) == {"#1": money("100"), "#2": money("20")}
    assert (once.ledger.replaced.orders, once.ledger.replaced.revenue) == (1, money("140"))
    twice = load(tmp_path, export(Financial_Status="refunded", Refunded_Amount="145.00"))
    assert revenue_of(twice.version) == {"#1": money("0"), "#2": money("20")}
    fresh = load(tmp_path, export(Financial_Status="refunded", Refunded_Amount="145.00"), "Fresh")
    assert lines(twice.version) == lines(fresh.version)


def test_with_line_numbers_only_the_line_that_changed_is_replaced(tmp_path: Path) -> None:
    header = "Customer,Order,Line ID,Date,Product,Amount"
    load(tmp_path, csv("C1,1,1,2026-01-05,Tea,10.00", "C1,1,2,2026-01-05,Mug,5.00", header=header))
    result = load(tmp_path, csv("C1,1,2,2026-01-05,Mug,4.00", header=header), replace=True)
    assert result.ledger.replaced == Replaced(orders=1, rows=1, revenue=money("5"))
    assert result.version.manifest.revenue == money("14")


def test_an_order_that_goes_on_in_another_file_is_one_order(tmp_path: Path) -> None:
    load(tmp_path, year("C1,1,2026-01-05,Tea,10.00,paid"))
    result = load(tmp_path, year("C1,1,2026-01-05,Mug,5.00,paid"))
    assert result.ledger.replaced == Replaced()
    assert (result.version.manifest.revenue, result.version.manifest.orders) == (money("15"), 1)


# Another meaning ----------------------------------------------------------------------------------------------


def test_the_same_file_with_another_column_is_read_anew_and_counts_once(tmp_path: Path) -> None:
    text = csv("C1,1,2026-01-05,2.50,1.00", "C2,2,2026-01-06,5.00,4.00", header="Customer,Order,Date,Gross,Net")
    columns = Mapping(customer="Customer", order="Order", date="Date")
    load(tmp_path, text, mapping=replace(columns, amount="Gross"))
    result = load(tmp_path, text, mapping=replace(columns, amount="Net"))
    assert result.version.manifest.revenue == money("5.00")
    assert result.ledger.replaced == Replaced(orders=2, rows=2, revenue=money("7.50"))
    alone = load(tmp_path, text, "Alone", mapping=replace(columns, amount="Net"))
    assert result.version.fingerprint == alone.version.fingerprint


def test_the_same_file_with_another_choice_is_read_anew_and_counts_once(tmp_path: Path) -> None:
    first = load(tmp_path, SHOPIFY)
    counted = load(tmp_path, SHOPIFY, choices=Choices(shipping="in", tax="in"))
    alone = load(tmp_path, SHOPIFY, "Alone", choices=Choices(shipping="in", tax="in"))
    # 126 + 5 + 10 − 14.10 and 20
    assert counted.version.manifest.revenue == alone.version.manifest.revenue == money("146.90")
    assert lines(counted.version) == lines(alone.version)
    back = load(tmp_path, SHOPIFY, choices=Choices(shipping="out", tax="out"))
    assert back.version.manifest.revenue == first.version.manifest.revenue


# Several at once ----------------------------------------------------------------------------------------------


def test_several_files_and_a_folder_are_one_version(tmp_path: Path) -> None:
    folder = tmp_path / "months"
    folder.mkdir()
    write(folder, year(*YEAR[:90]), "january.csv")
    write(folder, year(*YEAR[80:150]), "february.csv")
    write(folder, "this is no export", "notes.md")
    result = take(tmp_path, folder, write(tmp_path, year(*YEAR[140:]), "rest.csv"))
    assert result.version.number == 1
    assert [table.name for table in result.tables] == ["february.csv", "january.csv", "rest.csv"]
    assert (result.ledger.read, result.ledger.loaded, result.ledger.already_present) == (220, 200, 20)
    assert result.version.manifest.revenue - WHOLE == 0
    assert result.version.fingerprint == load(tmp_path, year(*YEAR), "Whole").version.fingerprint


BAD: dict[str, tuple[str, type[DataError]]] = {
    "prose": ("just a letter to a friend\nwith two lines\n", UnreadableFile),
    "no rows": (HEADER + "\n", UnreadableFile),
    "no dates": (year(*(f"C{n},{n},soon,Tea,1.00,paid" for n in range(9))), UnreadableFile),
    "no amount": (csv("C1,1,2026-01-05", "C2,2,2026-01-06", header="Customer,Order,Date"), NeedsJoin),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("place", ["first", "last"])
def test_one_bad_file_among_several_changes_nothing(tmp_path: Path, kind: str, place: str) -> None:
    text, error = BAD[kind]
    good = [write(tmp_path, year(*YEAR[:50]), "good.csv"), write(tmp_path, year(*YEAR[50:]), "good too.csv")]
    bad = write(tmp_path, text, "bad.csv")
    before = load(tmp_path, year(*YEAR[:9]))
    with pytest.raises(error, match=r"bad\.csv"):
        take(tmp_path, *([bad, *good] if place == "first" else [*good, bad]))
    now = workspace(tmp_path).latest("Shop")
    assert (now.number, lines(now)) == (1, lines(before.version))
    assert list(workspace(tmp_path).tmp.iterdir()) == []
    with pytest.raises(error):
        take(tmp_path, *good, bad, dataset="New")
    with pytest.raises(DatasetNotFound):
        workspace(tmp_path).latest("New")


def test_a_folder_without_an_export_and_a_file_that_is_not_there_are_wrong_calls(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty", tmp_path / "none.csv"):
        with pytest.raises(WrongCall):
            take(tmp_path, write(tmp_path, year(*YEAR)), path)
    assert workspace(tmp_path).datasets() == ()


# Going back ---------------------------------------------------------------------------------------------------


def test_going_back_and_forward_loses_nothing(tmp_path: Path) -> None:
    versions = [load(tmp_path, year(*YEAR[:n])).version for n in (50, 100, 150)]
    stored = [lines(version) for version in versions]
    home = workspace(tmp_path)
    for number in (1, 3, 2):
        assert home.use("Shop", number).number == home.latest("Shop").number == number
        assert lines(home.latest("Shop")) == stored[number - 1]
    with pytest.raises(SettingOutOfRange):
        home.use("Shop", 4)
    result = load(tmp_path, year(*YEAR[140:]))
    assert (result.version.number, home.latest("Shop").number) == (4, 4)
    assert lines(result.version) == lines(load(tmp_path, year(*YEAR[:100], *YEAR[140:]), "Same").version)
    assert [version.number for version in home.history("Shop")] == [1, 2, 3, 4]
    assert lines(home.use("Shop", 3)) == stored[2]


def test_the_command_line_goes_back_and_forward(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for n in (50, 100):
        load(tmp_path, year(*YEAR[:n]))

    def versions(*more: str) -> dict[str, object]:
        assert main(["versions", "Shop", "--json", *more]) == 0
        found: dict[str, object] = json.loads(capsys.readouterr().out)
        return found

    assert versions()["current"] == 2
    assert versions("--use", "1")["current"] == 1
    assert workspace(tmp_path).latest("Shop").manifest.lines == 50
    assert versions("--use", "2")["current"] == 2
    assert main(["versions", "Shop", "--use", "7"]) == 2
    assert workspace(tmp_path).latest("Shop").number == 2


# Set aside ----------------------------------------------------------------------------------------------------


def test_rows_set_aside_of_every_import_can_be_read_back(tmp_path: Path) -> None:
    first = load(tmp_path, year(YEAR[0], "C1,x,soon,Tea,1.00,paid", YEAR[1]), name="a.csv")
    second = load(tmp_path, year(YEAR[2], "C1,y,2026-01-05,Tea,lots,paid", "C1,z,,Tea,2.00,paid"), name="b.csv")
    found = [(row["file"], row["line_number"], row["reason"], row["row"][1]) for row in
             read_set_aside(second.version).to_pylist()]  # fmt: skip
    assert found == [
        ("a.csv", 3, "unreadable_date", "x"), ("b.csv", 3, "unreadable_amount", "y"), ("b.csv", 4, "missing_date", "z"),
    ]  # fmt: skip
    assert read_set_aside(first.version).num_rows == 1
    again = load(tmp_path, year(YEAR[2], "C1,y,2026-01-05,Tea,lots,paid", "C1,z,,Tea,2.00,paid"), name="b.csv")
    assert again.ledger.set_aside == {"unreadable_amount": 1, "missing_date": 1}
    assert read_set_aside(again.version).num_rows == 3
