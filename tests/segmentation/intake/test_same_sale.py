"""The same sale again, however a file spells it; sales that look alike and are not; numbers that begin anew."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segmentation.cli import main
from segmentation.commands.import_account import as_text
from segmentation.errors import AmbiguousReading, NoBuyers
from segmentation.intake import ImportResult, Ledger
from tests.segmentation.intake_files import csv, lines, load, money, write

DAY = date(2026, 1, 5)
SALES = [(f"c{n % 7}", 1001 + n, DAY + timedelta(n), ("Tea", "Mug", "Pot")[n % 3], 10 + n) for n in range(18)]
REVENUE = money(str(sum(sale[4] for sale in SALES)))


def plain(*, key: bool) -> str:
    rows = [f"{day},{who},{order},{what},{amount}.00" for who, order, day, what, amount in SALES]
    head = "Date,Customer ID,Order,Product,Total"
    if not key:
        rows, head = [",".join(row.split(",")[:2] + row.split(",")[3:]) for row in rows], head.replace("Order,", "")
    return csv(*rows, header=head)


def again(how: str, *, key: bool) -> str:
    """The same sales as another program, or a later version of the same one, writes them."""
    rows = []
    for who, order, day, what, amount in SALES:
        number = [str(order)] if key else []
        row = {
            "resaved": [f"{day:%d/%m/%Y}", who, *number, what, str(amount)],
            "german": [f"{day:%d.%m.%Y}", who, *number, what, f"{amount},00 €"],
            "renamed": [f"{day} 00:00:00", who, *number, what, f"{amount}.0"],
            "noted": [str(day), who, *number, what, f"{amount}.00", "from the shop"],
            "counted": [str(day), who, *number, what, f"{amount}.00", "1"],
            "shuffled": [what, f"{amount}.00", who, *number, str(day)],
        }[how]
        rows.append(row)
    number = ["Order"] if key else []
    head = {
        "resaved": ["Date", "Customer ID", *number, "Product", "Total"],
        "german": ["Datum", "Kundennummer", *(["Bestellnummer"] if key else []), "Artikel", "Betrag"],
        "renamed": ["Order date", "Customer", *(["Order number"] if key else []), "Item", "Amount"],
        "noted": ["Date", "Customer ID", *number, "Product", "Total", "Note"],
        "counted": ["Date", "Customer ID", *number, "Product", "Total", "Quantity"],
        "shuffled": ["Product", "Total", "Customer ID", *number, "Date"],
    }[how]
    separator = ";" if how in {"resaved", "german"} else ","
    if how == "shuffled":
        random.Random(3).shuffle(rows)
    return csv(*(separator.join(row) for row in rows), header=separator.join(head))


def revenue(result: ImportResult) -> object:
    return result.version.manifest.revenue


@pytest.mark.parametrize("key", [True, False], ids=["numbered", "without numbers"])
@pytest.mark.parametrize("how", ["resaved", "german", "renamed", "noted", "counted", "shuffled"])
def test_the_same_sales_written_otherwise_add_nothing(tmp_path: Path, how: str, key: bool) -> None:
    first = load(tmp_path, plain(key=key))
    second = load(tmp_path, again(how, key=key), name="again.csv")
    assert revenue(first) == revenue(second) == REVENUE
    assert (second.ledger.loaded, second.ledger.already_present) == (0, 18)
    assert second.ledger.replaced.orders == 0
    back = load(tmp_path, plain(key=key), name="back.csv")
    assert (revenue(back), back.version.manifest.orders) == (REVENUE, 18)


def test_a_column_that_one_file_lacks_is_not_compared(tmp_path: Path) -> None:
    bare = csv(*(f"{day},{who},{amount}.00" for who, _, day, _, amount in SALES), header="Date,Customer ID,Total")
    for number, text in enumerate((bare, plain(key=False), plain(key=True))):
        result = load(tmp_path, text, name=f"{number}.csv")
    assert (revenue(result), result.version.manifest.lines) == (REVENUE, 18)


def test_two_true_equal_sales_on_one_day_stay_two(tmp_path: Path) -> None:
    header = "Customer,Date,Product,Amount"
    tea = "c1,2026-01-25,Tea,2.00"
    load(tmp_path, csv(tea, "c2,2026-01-26,Mug,5.00", header=header))
    more = load(tmp_path, csv(tea, tea, "c2,2026-01-26,Mug,5.00", header=header), name="later.csv")
    assert (revenue(more), more.ledger.loaded, more.ledger.already_present) == (money("9.00"), 1, 2)
    resaved = load(tmp_path, csv("c1;25/01/2026;Tea;2", "c1;25/01/2026;Tea;2", "c2;26/01/2026;Mug;5",
                                 header=header.replace(",", ";")), name="resaved.csv")  # fmt: skip
    assert (revenue(resaved), resaved.ledger.loaded) == (money("9.00"), 0)


def test_the_clock_tells_sales_apart_where_both_files_have_one(tmp_path: Path) -> None:
    header = "Customer,Date,Product,Amount"
    morning = csv(*(f"c1,2026-01-{n:02d} 09:10:11,Tea,2.00" for n in range(1, 9)), header=header)
    evening = csv(*(f"c1,2026-01-{n:02d} 19:10:11,Tea,2.00" for n in range(1, 9)), header=header)
    load(tmp_path, morning)
    both = load(tmp_path, evening, name="evening.csv")
    assert (revenue(both), both.ledger.already_present) == (money("32.00"), 0)
    cut = load(tmp_path, evening.replace(":11,", ","), name="cut.csv")  # a spreadsheet leaves the seconds out
    assert (revenue(cut), cut.ledger.already_present) == (money("32.00"), 8)


def test_sales_of_another_till_that_look_alike_by_chance_are_kept_and_it_is_said(tmp_path: Path) -> None:
    chance = random.Random(5)
    goods = [("Tea", "2.00"), ("Mug", "5.00"), ("Pot", "15.00"), ("Tray", "21.50"), ("Cup", "4.20")]

    def till() -> str:
        rows = []
        for day in range(60):
            for _ in range(4):
                what, price = chance.choice(goods)
                rows.append(f"{DAY + timedelta(day)},c{chance.randrange(40)},{what},{price}")
        return csv(*rows, header="Date,Customer ID,Product,Total")

    one, other = load(tmp_path, till()), load(tmp_path, till(), name="other.csv")
    assert other.ledger.already_present == 0
    assert revenue(other) == one.ledger.revenue_kept + other.ledger.revenue_kept
    assert any("look like rows of earlier files" in said for said in other.warnings)


# Numbers that begin anew ---------------------------------------------------------------------------------------


def tickets(first: date, days: int, seed: int) -> tuple[list[str], int, int]:
    """A till whose numbers begin anew every day: its rows, its orders, and what they come to."""
    chance, rows, orders, total = random.Random(seed), [], 0, 0
    for day in range(days):
        for number in range(1, 9):
            who, orders = f"K{chance.randrange(10, 40)}", orders + 1
            for what in chance.sample(("Tea", "Cake", "Latte", "Bun"), chance.randint(1, 3)):
                amount = chance.randint(2, 9)
                rows.append(f"{first + timedelta(day)},{number},{who},{what},{amount}.00")
                total += amount
    return rows, orders, total


TILL = "Date,Ticket,Customer,Product,Amount"


def test_tickets_that_begin_anew_every_day_are_orders_of_their_own(tmp_path: Path) -> None:
    rows, orders, total = tickets(date(2026, 3, 1), 25, 1)
    once = load(tmp_path, csv(*rows, header=TILL))
    assert (once.version.manifest.orders, revenue(once)) == (orders, money(f"{total}.00"))
    assert any("stand for several orders" in said for said in once.warnings)
    more, later, sum_ = tickets(date(2026, 4, 1), 20, 2)
    both = load(tmp_path, csv(*more, header=TILL), name="april.csv")
    assert (both.version.manifest.orders, revenue(both)) == (orders + later, money(f"{total + sum_}.00"))
    assert both.ledger.replaced.orders == 0


@pytest.mark.parametrize("header", ["Card no", "Fidelity", "Kaart"])
def test_a_till_that_names_its_buyers_on_some_tickets_only_is_asked_who_they_are(tmp_path: Path, header: str) -> None:
    """Its numbers begin anew every day, and the card is the same on all rows of a day's ticket."""
    rows, _, total = tickets(date(2026, 3, 1), 25, 3)
    cells = [row.split(",") for row in rows]
    cards = [f"{one[0]},{one[1]},{one[2][1:] if int(one[2][1:]) % 5 > 1 else ''},{one[3]},{one[4]}" for one in cells]
    text = csv(*cards, header=f"Date,Ticket,{header},Product,Amount")
    with pytest.raises(NoBuyers) as refused:
        load(tmp_path, text)
    option = f"--column 'customer={header}'" if " " in header else f"--column customer={header}"
    assert refused.value.answers == (option, "--no-customers")
    told = load(tmp_path, text, columns={"customer": header})
    assert revenue(told) == money(f"{total}.00")


def test_one_day_after_the_other_is_all_days_at_once(tmp_path: Path) -> None:
    rows, orders, total = tickets(date(2026, 3, 1), 12, 7)
    days = sorted({row.split(",")[0] for row in rows})
    for day in days:
        result = load(tmp_path, csv(*(row for row in rows if row.startswith(day)), header=TILL), name=f"{day}.csv")
    assert (revenue(result), result.version.manifest.orders) == (money(f"{total}.00"), orders)
    whole = load(tmp_path, csv(*rows, header=TILL), name="march.csv")
    assert (revenue(whole), whole.ledger.loaded) == (money(f"{total}.00"), 0)


INVOICES = {
    year: [f"{number},{year}-{1 + number // 3:02d}-1{number % 3},c{(number * step) % 7},{amount + number}.00"
           for number in range(1, 31)]
    for year, step, amount in ((2024, 3, 5), (2025, 5, 10), (2026, 2, 20))
}  # fmt: skip


@pytest.mark.parametrize("order", list(permutations((2024, 2025, 2026))))
def test_invoices_that_begin_anew_every_year_are_kept_apart_whatever_comes_first(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    header = "Invoice No,Invoice Date,Customer ID,Total"
    for year in order:
        result = load(tmp_path, csv(*INVOICES[year], header=header), name=f"{year}.csv")
        assert result.ledger.replaced.orders == 0
    assert (result.version.manifest.orders, revenue(result)) == (90, money(f"{1050 + 3 * 465}.00"))
    together = load(tmp_path, csv(*(row for year in INVOICES.values() for row in year), header=header), name="all.csv")
    assert (revenue(together), together.ledger.loaded) == (revenue(result), 0)


def test_a_total_that_stands_on_every_row_counts_once_for_each_order_of_a_number(tmp_path: Path) -> None:
    rows = []
    for year in (2024, 2025):
        for number in range(1, 13):
            total = year % 100 + number
            rows += [f"{number},{year}-{number:02d}-11,c{(number * year) % 5},{what},{total}.00,{1 + len(what)}"
                     for what in ("Tea", "Teapot", "Tray")[: 1 + number % 3]]  # fmt: skip
    result = load(tmp_path, csv(*rows, header="Invoice,Date,Customer,Product,Order total,Quantity"))
    wanted = sum(year % 100 + number for year in (2024, 2025) for number in range(1, 13))
    assert (result.version.manifest.orders, revenue(result)) == (24, money(f"{wanted}.00"))


def test_a_refund_months_later_is_of_the_latest_order_of_its_number(tmp_path: Path) -> None:
    header = "Invoice No,Invoice Date,Customer ID,Total"
    load(tmp_path, csv(*INVOICES[2025], header=header), name="2025.csv")
    load(tmp_path, csv(*INVOICES[2026], header=header), name="2026.csv")
    who = INVOICES[2026][4].split(",")[2]
    result = load(tmp_path, csv(f"5,2026-10-20,{who},-4.00", header=header), name="refund.csv")
    (refund,) = [row for row in lines(result.version) if row["kind"] == "refund"]
    (sale,) = [row for row in lines(result.version) if row["amount"] == money("25.00") and row["customer_id"] == who]
    assert refund["order_id"] == sale["order_id"]
    assert result.version.manifest.orders == 60


def test_an_order_of_another_customer_or_time_is_never_replaced(tmp_path: Path) -> None:
    header = "Order,Date,Customer,Product,Amount"
    load(tmp_path, csv("7,2026-01-05,Ann,Tea,10.00", "8,2026-01-06,Ben,Tea,12.00", header=header))
    other = load(tmp_path, csv("7,2026-01-05,Cid,Tea,30.00", "9,2026-01-09,Dan,Tea,1.00", header=header), name="b.csv")
    assert (revenue(other), other.ledger.replaced.orders) == (money("53.00"), 0)
    later = load(tmp_path, csv("8,2026-09-06,Ben,Tea,40.00", header=header), name="c.csv")
    assert (revenue(later), later.ledger.replaced.orders) == (money("93.00"), 0)
    assert later.version.manifest.orders == 5


# Asked before anything goes ------------------------------------------------------------------------------------


def test_what_weighs_is_asked_before_it_goes_and_each_answer_does_what_it_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = "Order,Date,Customer,Product,Amount"
    load(tmp_path, csv("7,2026-01-05,Ann,Tea,10.00", "8,2026-01-06,Ben,Tea,12.00", header=header))
    newer = csv("7,2026-01-05,Ann,Tea,90.00", "9,2026-01-09,Dan,Tea,1.00", header=header)
    with pytest.raises(AmbiguousReading, match="1 orders in another state") as asked:
        load(tmp_path, newer, name="b.csv")
    assert asked.value.answers == ("--replace", "--keep")
    kept = load(tmp_path, newer, "Kept", name="b.csv")
    path = write(tmp_path, newer, "b.csv")
    home = str(tmp_path / "workspace")
    assert main(["import", str(path), "--dataset", "Shop", "--workspace", home, "--keep", "--json"]) == 0
    assert kept.ledger.revenue_kept == money("91.00")
    stayed = load(tmp_path, newer, name="b.csv", replace=False)
    assert (revenue(stayed), stayed.ledger.loaded) == (money("23.00"), 0)
    assert (stayed.ledger.already_present, stayed.ledger.kept_as_stored) == (1, 1)
    assert stayed.ledger.excluded == {"already_present": money("1.00"), "kept_as_stored": money("90.00")}
    gone = load(tmp_path, newer, name="b.csv", replace=True)
    assert (revenue(gone), gone.ledger.replaced.orders) == (money("103.00"), 1)
    capsys.readouterr()


def test_rows_of_orders_that_stay_are_named_apart_from_those_that_are_there(tmp_path: Path) -> None:
    header = "Order,Line,Date,Customer,Product,Amount"
    load(tmp_path, csv("7,1,2026-01-05,Ann,Tea,10.00", "7,2,2026-01-05,Ann,Mug,5.00", header=header))
    newer = csv("7,1,2026-01-05,Ann,Tea,10.00", "7,2,2026-01-05,Ann,Mug,50.00", "7,3,2026-01-05,Ann,Pot,9.00",
                "8,1,2026-01-06,Ben,Tea,12.00", header=header)  # fmt: skip
    result = load(tmp_path, newer, name="b.csv", replace=False)
    ledger = result.ledger
    assert ledger.loaded + ledger.already_present + ledger.kept_as_stored == ledger.read == 4
    assert ledger.kept_as_stored >= 1
    assert ledger.excluded["kept_as_stored"] == money("50.00") + (money("9.00") if ledger.kept_as_stored == 2 else 0)
    assert Ledger.from_json(ledger.to_json()) == ledger
    assert "another state, which was kept" in as_text(result)
    found = result.version
    reasons = {row["reason"] for path in found.passed for row in pq.ParquetFile(path).read().to_pylist()}
    assert reasons == {"already_present", "kept_as_stored"}


# Totals and lines of the same orders -------------------------------------------------------------------------------

ITEMS = (("Tea", 1, 10), ("Mug", 1, 15))


def totals(first: int, last: int, *, off: int = 0) -> str:
    """Orders by their totals, as one export of a shop has them; of the last one `off` is missing."""
    rows = [f"{n},2026-03-{n:02d},C{n % 5},{25 - (off if n == last else 0)}.00" for n in range(first, last + 1)]
    return csv(*rows, header="Order,Date,Customer ID,Total")


def by_lines(first: int, last: int) -> str:
    """The same orders by their lines, as another one has them."""
    rows = [
        f"{n},2026-03-{n:02d},C{n % 5},{what},{pieces},{amount}.00"
        for n in range(first, last + 1)
        for what, pieces, amount in ITEMS
    ]
    return csv(*rows, header="Order,Date,Customer ID,Product,Qty,Line total")


def held(result: ImportResult) -> tuple[int, str, int]:
    """Orders, revenue and lines with a product of the dataset."""
    found = result.version
    return found.manifest.orders, str(found.manifest.revenue), sum(row["product"] is not None for row in lines(found))


@pytest.mark.parametrize("first", ["totals", "lines"])
@pytest.mark.parametrize(("start", "end"), [(1, 12), (7, 18), (4, 9)], ids=["all", "later ones", "some"])
def test_an_order_by_its_total_and_by_its_lines_is_one_and_keeps_its_lines(
    tmp_path: Path, first: str, start: int, end: int
) -> None:
    make = (totals, by_lines) if first == "totals" else (by_lines, totals)
    load(tmp_path, make[0](1, 12), name="a.csv")
    result = load(tmp_path, make[1](start, end), name="b.csv")
    orders = len({*range(1, 13), *range(start, end + 1)})
    told = 12 if first == "lines" else end - start + 1
    assert held(result) == (orders, f"{25 * orders}.0000", 2 * told)
    again = load(tmp_path, make[0](1, 12), name="a.csv")
    assert held(again) == held(result) if first == "totals" else held(again)[:2] == held(result)[:2]


@pytest.mark.parametrize("first", ["totals", "lines"])
def test_a_total_that_is_not_that_of_its_lines_is_asked_about(tmp_path: Path, first: str) -> None:
    texts = (totals(1, 12, off=9), by_lines(1, 12))
    before, after = texts if first == "totals" else texts[::-1]
    load(tmp_path, before, name="a.csv")
    with pytest.raises(AmbiguousReading) as asked:
        load(tmp_path, after, name="b.csv")
    assert asked.value.answers == ("--replace", "--keep")
    kept = load(tmp_path, after, name="b.csv", replace=False)
    assert held(kept)[:2] == (12, "291.0000" if first == "totals" else "300.0000")


# Any order, any overlap ----------------------------------------------------------------------------------------


@settings(
    max_examples=8,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_three_imports_in_any_order_with_any_overlap_come_to_the_same(tmp_path_factory: pytest.TempPathFactory,
                                                                      data: st.DataObject) -> None:  # fmt: skip
    chance = random.Random(data.draw(st.integers(0, 999)))
    numbered, days = data.draw(st.booleans()), 40
    rows = []
    for number in range(60):
        who, day = f"c{chance.randrange(9)}", DAY + timedelta(chance.randrange(days))
        goods = [(chance.choice(("Tea", "Mug", "Pot")), chance.randint(1, 30)) for _ in range(chance.randint(1, 3))]
        rows += [(number, who, day, what, amount) for what, amount in goods]
    rows.sort(key=lambda row: (row[2], row[0]))
    cuts = sorted(data.draw(st.lists(st.integers(0, days), min_size=4, max_size=4)))
    windows = [(-1, cuts[2]), (cuts[0], cuts[3]), (cuts[1], days)]
    folder = tmp_path_factory.mktemp("any")
    for at, place in enumerate(data.draw(st.permutations(range(3)))):
        low, high = windows[place]
        mine = [row for row in rows if DAY + timedelta(low) <= row[2] <= DAY + timedelta(high)]
        key = "Order," if numbered else ""
        written = ["{}{},{},{},{}".format(f"{n}," if numbered else "", who, f"{day:%Y-%m-%d}", what, amount)
                   if place != 1 else
                   "{}{},{},{},{}".format(f"{n}," if numbered else "", who, f"{day:%Y/%m/%d}", what, f"{amount}.00")
                   for n, who, day, what, amount in mine]  # fmt: skip
        if written:
            result = load(folder, csv(*written, header=f"{key}Customer,Date,Product,Amount"), name=f"{at}.csv")
    assert revenue(result) == money(f"{sum(row[4] for row in rows)}.00")
