"""What rows leave to a row above them: an order stated on its first line, a customer above a group of sales."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from tests.segmentation.intake_files import lines, load, money

Line = tuple[str, int, int]
GOODS: tuple[Line, ...] = (("Tea", 1, 1050), ("Mug", 2, 1590), ("Pot", 1, 4025))
PEOPLE = ("Ana Silva", "Bo Lund", "Cy Marsh", "Di Weber", "Ed Novak")


@dataclass(frozen=True)
class Sale:
    """An order: its number, its day, who placed it, and its lines (product, pieces, price in hundredths)."""

    number: int
    day: int
    who: str
    lines: tuple[Line, ...]

    @property
    def goods(self) -> int:
        return sum(pieces * price for _, pieces, price in self.lines)

    def on(self, notation: str) -> str:
        """Its day, written in this notation."""
        return notation.format(y=2026, m=1 + self.day // 28, d=1 + self.day % 28)


SALES = [Sale(n, 2 * n + n // 3, PEOPLE[n * 7 % 5], GOODS[: 1 + n % 3]) for n in range(30)]
REVENUE = Decimal(sum(sale.goods for sale in SALES)) / 100


def text(*rows: object, sep: str = ",") -> str:
    """Rows as a file; each is a sequence of cells or a line as it stands."""
    return "\n".join(row if isinstance(row, str) else sep.join(map(str, row)) for row in rows) + "\n"  # type: ignore[arg-type]


def point(amount: int) -> str:
    return f"{amount / 100:.2f}"


def comma(amount: int) -> str:
    return point(amount).replace(".", ",")


# An order stated on its first line --------------------------------------------------------------------------------


def plain() -> str:
    rows = []
    for sale in SALES:
        for at, (what, pieces, price) in enumerate(sale.lines):
            head = (f"Z{sale.number}", sale.on("{y}-{m:02}-{d:02}"), sale.who) if at == 0 else ("", "", "")
            rows.append((*head, what, pieces, point(price)))
    return text("Order,Date,Customer,Product,Qty,Price", *rows)


def order_amounts_and_a_footer() -> str:
    """German, the order behind its lines, a total with shipping on the first line, and the sum of all below."""
    rows, every = [], 0
    for sale in SALES:
        every += sale.goods + 495
        for at, (what, pieces, price) in enumerate(sale.lines):
            head = (sale.who, "4,95", comma(sale.goods + 495), sale.on("{d:02}.{m:02}.{y}"), 2000 + sale.number)
            rows.append((what, pieces, comma(price), *(head if at == 0 else [""] * 5)))
    rows.append(("Summe", "", "", "", "", comma(every), "", ""))
    return text("Artikel;Menge;Einzelpreis;Kunde;Versand;Gesamt;Datum;Rechnung", *rows, sep=";")


def blank_rows_between() -> str:
    """Portuguese, with a blank row below each order, and some orders without a note."""
    rows: list[object] = []
    for sale in SALES:
        for at, (what, pieces, price) in enumerate(sale.lines):
            head = (f"P-{sale.number}", sale.on("{d:02}/{m:02}/{y}"), sale.who, "urgente" if sale.number % 4 else "")
            rows.append((*(head if at == 0 else [""] * 4), what, pieces, comma(price)))
        rows.append(";" * 6)
    return text("Pedido;Data;Cliente;Nota;Produto;Quantidade;Preço unitário", *rows, sep=";")


def headers_that_nobody_knows() -> str:
    """Names of columns that say nothing but for who ordered, and lines with their own amounts."""
    rows = []
    for sale in SALES:
        for at, (what, pieces, price) in enumerate(sale.lines):
            head = (sale.on("{y}-{m:02}-{d:02}"), f"K{sale.number:04}", sale.who) if at == 0 else ("", "", "")
            rows.append((*head, what, point(pieces * price)))
    return text("am,beleg,kunde,was,betrag", *rows)


def what_is_sold_listed_below() -> str:
    """Twenty products with their sums, right below the last order: they are no lines of it."""
    rows = plain().splitlines()
    rows += [f",,,Product {n},{n + 1},{n + 1}.50" for n in range(20)]
    return text(*rows)


@pytest.mark.parametrize("written", [plain, order_amounts_and_a_footer, blank_rows_between, headers_that_nobody_knows])
def test_further_lines_are_of_the_order_above_them(tmp_path: Path, written: Callable[[], str]) -> None:
    result = load(tmp_path, written())
    assert result.ledger.revenue_kept == REVENUE
    assert (result.ledger.orders, result.ledger.customers, result.ledger.guests) == (30, 5, 0)
    kept = [line for line in lines(result.version) if line["product"]]
    assert len(kept) == sum(len(sale.lines) for sale in SALES)


@pytest.mark.parametrize("everywhere", [True, False], ids=["number on each line", "number on the first line"])
@pytest.mark.parametrize(("who", "number"), [("{}", "B{}"), ("{}.0", "B{}"), ("{}.0", "{}.0"), ("K-{}", "{}.0")])
def test_ids_are_left_to_the_row_above_however_they_are_written(
    tmp_path: Path, who: str, number: str, everywhere: bool
) -> None:
    rows = []
    for sale in SALES:
        order, customer = number.format(7000 + sale.number), who.format(100 + PEOPLE.index(sale.who))
        for at, (what, pieces, price) in enumerate(sale.lines):
            head = (sale.on("{y}-{m:02}-{d:02}"), customer) if at == 0 else ("", "")
            shown = order if at == 0 or everywhere else ""
            rows.append((shown, *head, what, pieces, point(price), point(pieces * price)))
    version = load(tmp_path, text("Order,Date,Customer ID,Product,Quantity,Unit price,Total", *rows)).version
    assert (version.manifest.guests, version.manifest.customers) == (0, len(PEOPLE))
    assert version.manifest.orders == len(SALES)
    assert version.manifest.revenue == REVENUE


@pytest.mark.parametrize("cut", [(9, 20, 31), (9, 10, 20, 31)], ids=["apart", "two together"])
def test_rows_that_were_cut_short_are_no_lines_of_the_order_above(tmp_path: Path, cut: tuple[int, ...]) -> None:
    rows = []
    for n in range(40):
        row = (f"Mug {n % 7}", f"A{3000 + n}", f"K-{n % 9}", f"{n + 5}.50", f"2026-03-{1 + n % 28:02}", "Ulm")
        rows.append(row[:4] if n in cut else row)
    result = load(tmp_path, text("Product,Order,Customer,Total,Date,City", *rows))
    assert result.ledger.set_aside == {"missing_date": len(cut)}
    assert result.version.manifest.orders == 40 - len(cut)


def test_what_stands_below_the_last_order_is_none_of_its_lines(tmp_path: Path) -> None:
    """Nothing tells the lines of the last order from the list below it, so no row is given to an order."""
    result = load(tmp_path, what_is_sold_listed_below())
    assert result.ledger.set_aside["missing_date"] == 20 + sum(len(sale.lines) - 1 for sale in SALES)
    assert any("were rejected" in warning for warning in result.warnings)


def test_rows_without_a_date_that_say_who_ordered_stay_set_aside(tmp_path: Path) -> None:
    """The day alone is missing: nothing says that it is that of the row above."""
    rows = plain().splitlines()
    filled = [line for line in rows if not line.startswith(",")]
    spoiled = [f"Y{n},,Ana Silva,Tea,1,10.50" for n in range(9)]
    result = load(tmp_path, text(*(one for pair in zip(filled, ["", *spoiled], strict=False) for one in pair if one)))
    assert result.ledger.set_aside.get("missing_date") == 9


def test_guests_without_a_day_of_birth_are_no_lines_of_the_customer_above(tmp_path: Path) -> None:
    rows = []
    for sale in SALES:
        known = sale.number % 3
        person = ("1980-05-17", f"c{sale.who[0]}", sale.who) if known else ("", "", "")
        rows.append((f"Z{sale.number}", sale.on("{y}-{m:02}-{d:02}"), *person, "Tea", point(sale.goods)))
    result = load(tmp_path, text("Order,Date,Birthday,Customer ID,Name,Product,Amount", *rows))
    assert result.ledger.guests == 10
    assert result.ledger.revenue_kept == REVENUE


# A customer above a group ------------------------------------------------------------------------------------------


def groups() -> list[tuple[str, list[Sale]]]:
    return [(who, [sale for sale in SALES if sale.who == who]) for who in PEOPLE]


def headings_with_a_word() -> str:
    """Greek: “customer: name” above each group, its sum below."""
    rows: list[object] = []
    for who, sales in groups():
        rows.append((f"Πελάτης: {who}", "", "", ""))
        rows += [("", f"ΤΠ{sale.number}", sale.on("{d:02}/{m:02}/{y}"), comma(sale.goods)) for sale in sales]
        rows.append(("Σύνολο πελάτη", "", "", comma(sum(sale.goods for sale in sales))))
    return text("Πελάτης;Παραστατικό;Ημερομηνία;Ποσό", *rows, sep=";")


def headings_alone() -> str:
    """Names above groups, nothing below them but a blank row, and the sum of all in the end."""
    rows: list[object] = []
    for who, sales in groups():
        rows.append(("", "", who, ""))
        rows += [(f"R{sale.number}", sale.on("{y}-{m:02}-{d:02}"), "", point(sale.goods)) for sale in sales]
        rows.append(",,,")
    rows.append(("", "", "Sum of it all", point(sum(sale.goods for sale in SALES))))
    return text("Invoice,Invoice date,Customer,Amount", *rows)


def first_row_and_total() -> str:
    """French: the name on the first row of a group, its sum below."""
    rows: list[object] = []
    for who, sales in groups():
        for at, sale in enumerate(sales):
            rows.append((who if at == 0 else "", f"F{sale.number}", sale.on("{d:02}/{m:02}/{y}"), comma(sale.goods)))
        rows.append((f"Sous-total {who}", "", "", comma(sum(sale.goods for sale in sales))))
    return text("Client;Facture;Date;Montant", *rows, sep=";")


def first_row_and_bare_total() -> str:
    """The sum of a group stands alone, and the customer is the last column."""
    rows: list[object] = []
    for who, sales in groups():
        for at, sale in enumerate(sales):
            rows.append((sale.number + 100, sale.on("{y}-{m:02}-{d:02}"), point(sale.goods), who if at == 0 else ""))
        rows.append(("", "", point(sum(sale.goods for sale in sales)), ""))
    return text("Order,Date,Total,Customer", *rows)


def months_above_orders() -> str:
    """The headings are months; who ordered stands on each row."""
    rows: list[object] = []
    for month in sorted({sale.on("{m}") for sale in SALES}):
        rows.append((f"Month {month}", "", "", "", ""))
        rows += [
            ("", sale.number, sale.on("{y}-{m:02}-{d:02}"), sale.who, point(sale.goods))
            for sale in SALES
            if sale.on("{m}") == month
        ]
    return text("Period,Order,Date,Customer,Total", *rows)


@pytest.mark.parametrize(
    "written",
    [headings_with_a_word, headings_alone, first_row_and_total, first_row_and_bare_total, months_above_orders],
)
def test_a_customer_above_a_group_is_that_of_its_rows(tmp_path: Path, written: Callable[[], str]) -> None:
    result = load(tmp_path, written())
    assert result.ledger.revenue_kept == REVENUE
    assert (result.ledger.orders, result.ledger.customers, result.ledger.guests) == (30, 5, 0)
    assert not set(result.ledger.set_aside) - {"empty_row", "total_row"}


def test_orders_without_a_customer_stay_guests_where_no_sums_show_groups(tmp_path: Path) -> None:
    rows = [
        (sale.who if sale.number % 3 else "", f"F{sale.number}", sale.on("{y}-{m:02}-{d:02}"), point(sale.goods))
        for sale in SALES
    ]
    result = load(tmp_path, text("Customer,Invoice,Date,Amount", *rows))
    assert result.ledger.guests == 10
    assert result.ledger.revenue_kept == REVENUE


def test_one_heading_over_the_whole_table_is_its_title_and_nobodys_name(tmp_path: Path) -> None:
    rows = [("", f"F{sale.number}", sale.on("{y}-{m:02}-{d:02}"), point(sale.goods)) for sale in SALES]
    result = load(tmp_path, text("Customer,Invoice,Date,Amount", ("Sales of spring", "", "", ""), *rows))
    assert (result.ledger.guests, result.ledger.customers) == (30, 0)


def test_what_is_filled_in_is_the_same_whatever_the_size_of_the_table(tmp_path: Path) -> None:
    """Rows that the sample leaves out are filled in like those it holds."""
    rows = []
    for n in range(14_000):
        rows += [(f"Z{n}", f"2026-0{1 + n % 9}-15", f"c{n % 900}", "Tea", "1.00"), ("", "", "", "Mug", "2.50")]
    result = load(tmp_path, text("Order,Date,Customer,Product,Amount", *rows))
    assert result.ledger.revenue_kept == money("49000")
    assert (result.ledger.orders, result.ledger.customers) == (14_000, 900)
