"""Several tables of one shop: joined by keys that their values prove, counted once, shown, asked about, or refused."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from segmentation.cli import main
from segmentation.errors import AmbiguousReading, MeaningMissing, NeedsJoin, NotOrders, OrdersChanged
from segmentation.intake import ImportResult, import_files, inspect_all, read_set_aside
from segmentation.intake.inspection_json import from_json, to_json
from segmentation.meaning import Choices
from segmentation.workspace import Workspace
from tests.segmentation import platform_files as pf
from tests.segmentation.intake import shop_tables as shops
from tests.segmentation.intake.shop_tables import CATEGORIES, Shop, Tables, each_line
from tests.segmentation.intake_files import TODAY, contacts, csv, lines, load, write


def take(folder: Path, files: Sequence[Path], dataset: str = "Shop", **more: Any) -> ImportResult:
    return import_files(Workspace.open(folder / "workspace"), files, dataset=dataset, today=TODAY, **more)


def figures(result: ImportResult) -> tuple[Decimal, int, int]:
    held = result.version.manifest
    return held.revenue, held.customers, held.orders


def taken(result: ImportResult) -> dict[str, str]:
    return {one.table: one.taken_for for one in result.joins}


def categories(result: ImportResult) -> dict[str | None, int]:
    return dict(Counter(row["category"] for row in lines(result.version)))


def wanted_categories(of: Shop) -> dict[str, int]:
    return dict(Counter(CATEGORIES[line.product % 4] for order in of.orders for line in order.lines))


ORDERS = ("order_id", "customer_id", "order_date", "status")


def dated(of: Shop) -> list[list[object]]:
    return [[f"A{o.number:04d}", f"C{o.customer:03d}", o.day, "complete"] for o in of.orders]


LINES = ("order_id", "sku", "quantity", "price")


def lines_of(of: Shop) -> list[Sequence[object]]:
    return each_line(of, lambda o, _, line: [f"A{o.number:04d}", f"sku-{line.product}", line.quantity, line.price])


@pytest.mark.parametrize("made", [shops.olist, shops.northwind, shops.german, shops.numbered, shops.till])
def test_shops_of_several_tables_have_their_revenue_customers_orders_and_categories(
    tmp_path: Path, made: Callable[[Path, Shop], Tables]
) -> None:
    of = shops.shop(discount=made is shops.northwind)
    result = take(tmp_path, made(tmp_path / "files", of).files)
    paid_back = 3 * sum(o.number % 12 == 0 for o in of.orders) if made is shops.german else 0
    assert figures(result) == (of.revenue - paid_back, of.buyers, len(of.orders))
    found = categories(result)
    assert {name: n for name, n in found.items() if name} == wanted_categories(of)
    assert not result.ledger.set_aside
    assert not result.warnings


def test_a_price_that_only_products_have_stands_for_what_was_paid_and_that_is_said(tmp_path: Path) -> None:
    of = shops.shop()
    result = take(tmp_path, shops.baskets(tmp_path / "files", of).files)
    listed = sum((line.product + 1 + Decimal("0.49") for o in of.orders for line in o.lines), Decimal(0))
    assert figures(result) == (listed, of.buyers, len(of.orders))
    assert categories(result) == wanted_categories(of)
    assert any("products.csv" in said and "price" in said for said in result.warnings)


@pytest.mark.parametrize("made", [shops.olist, shops.northwind, shops.till])
def test_tables_in_any_order_give_the_same_dataset(tmp_path: Path, made: Callable[[Path, Shop], Tables]) -> None:
    of = shops.shop(2)
    files = made(tmp_path / "files", of).files
    first = take(tmp_path, files)
    for seed in range(3):
        mixed = Random(seed).sample(files, len(files))
        again = take(tmp_path, mixed, dataset=f"Shop {seed}")
        assert again.version.fingerprint == first.version.fingerprint
        assert [one.sentence for one in again.joins] == [one.sentence for one in first.joins]


def test_the_same_tables_again_add_nothing_and_a_later_export_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    of = shops.shop(3)
    files = shops.northwind(tmp_path / "files", of).files
    first = take(tmp_path, files)
    again = take(tmp_path, files)
    assert again.version.number == first.version.number
    assert again.ledger.already_present == again.ledger.read == len(lines(first.version))
    more = shops.shop(3, orders=150)
    newer = shops.northwind(tmp_path / "later", more).files
    with pytest.raises(OrdersChanged):
        take(tmp_path, newer)
    later = take(tmp_path, newer, replace=True)
    expected = shops.shop(3, orders=150).revenue
    assert later.version.manifest.orders == 150
    assert later.version.manifest.revenue == pytest.approx(expected)


def test_each_table_is_shown_with_its_key_and_how_many_of_its_values_were_found(tmp_path: Path) -> None:
    result = take(tmp_path, shops.olist(tmp_path / "files", shops.shop()).files)
    assert taken(result) == {
        "olist_order_items_dataset.csv": "lines",
        "olist_orders_dataset.csv": "orders",
        "olist_customers_dataset.csv": "customers",
        "olist_products_dataset.csv": "products",
        "product_category_name_translation.csv": "categories",
        "olist_order_payments_dataset.csv": "payments",
        "olist_sellers_dataset.csv": "not used",
        "olist_order_reviews_dataset.csv": "not used",
        "olist_geolocation_dataset.csv": "not used",
    }
    said = {one.table: one.sentence for one in result.joins}
    assert said["olist_customers_dataset.csv"] == (
        "olist_customers_dataset.csv: customers, joined by customer_id, 120 of 120 keys found."
    )
    assert "the same money" in said["olist_order_payments_dataset.csv"]
    assert {"olist_customers_dataset.csv", "olist_orders_dataset.csv"} <= set(result.version.manifest.files)


# Money that two tables hold ---------------------------------------------------------------------------------------


def test_money_that_orders_and_lines_both_hold_counts_once_and_the_lines_keep_their_products(tmp_path: Path) -> None:
    of = shops.shop(4)
    out = Tables(tmp_path / "files")
    out.add("orders.csv", ["order_id", "order_date", "customer_id", "order_total"],
            [[f"A{o.number}", o.day, f"c{o.customer}", o.amount] for o in of.orders])  # fmt: skip
    out.add("order_lines.csv", ["order_id", "order_date", "customer_id", "product", "category", "line_total"],
            each_line(of, lambda o, _, line: [f"A{o.number}", o.day, f"c{o.customer}", f"product {line.product}",
                                              CATEGORIES[line.product % 4], line.amount]))  # fmt: skip
    result = take(tmp_path, out.files)
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))
    assert categories(result) == wanted_categories(of)
    assert "the same money" in next(one.sentence for one in result.joins if one.table == "orders.csv")


def test_orders_without_lines_keep_their_own_amounts(tmp_path: Path) -> None:
    of = shops.shop(5)
    out = Tables(tmp_path / "files")
    out.add("orders.csv", ["order_id", "order_date", "customer_id", "order_total"],
            [[f"A{o.number}", o.day, f"c{o.customer}", o.amount] for o in of.orders])  # fmt: skip
    later = Shop(of.orders[70:], of.customers, of.products)
    out.add("order_lines.csv", ["order_id", "product", "qty", "unit_price"],
            each_line(later, lambda o, _, line: [f"A{o.number}", f"product {line.product}", line.quantity,
                                                 line.price]))  # fmt: skip
    result = take(tmp_path, out.files)
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))
    assert "70 of its orders have no lines" in next(one.sentence for one in result.joins if one.table == "orders.csv")
    again = take(tmp_path, out.files)
    assert again.version.number == result.version.number


def test_sums_that_differ_are_told_and_only_the_lines_count(tmp_path: Path) -> None:
    of = shops.shop(6)
    out = Tables(tmp_path / "files")
    rng = Random(1)
    out.add("orders.csv", ["order_id", "order_date", "customer_id", "order_total"],
            [[f"A{o.number}", o.day, f"c{o.customer}", f"{o.amount * rng.randint(105, 140) / 100:.2f}"]
             for o in of.orders])  # fmt: skip
    out.add("order_lines.csv", ["order_id", "product", "qty", "unit_price"],
            each_line(of, lambda o, _, line: [f"A{o.number}", f"product {line.product}", line.quantity,
                                              line.price]))  # fmt: skip
    try:
        result = take(tmp_path, out.files)
    except AmbiguousReading:
        result = take(tmp_path, out.files, choices=Choices(amount_holds="goods"))
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))
    assert any("orders.csv" in said and "differ" in said for said in result.warnings)


def test_shipping_tax_and_a_discount_of_the_order_are_those_of_the_table_of_orders(tmp_path: Path) -> None:
    of = shops.shop(7)
    out, off = Tables(tmp_path / "files"), Decimal(0)
    rows = []
    for o in of.orders:
        less = (o.amount / 10).quantize(Decimal("0.01")) if o.number % 3 == 0 else Decimal(0)
        tax = ((o.amount - less) / 5).quantize(Decimal("0.01"))
        off += less
        total = o.amount - less + tax + Decimal("4.90")
        rows.append([o.number, o.day, f"u{o.customer}", "paid", less, "4.90", tax, total])
    out.add("orders.csv", ["id", "created_at", "customer_id", "status", "discount", "shipping", "tax", "total"], rows)
    out.add("items.csv", ["id", "order_id", "name", "quantity", "price"],
            each_line(of, lambda o, at, line: [10 * o.number + at, o.number, f"Tea {line.product}", line.quantity,
                                               line.price]))  # fmt: skip
    result = take(tmp_path, out.files)
    assert figures(result) == (of.revenue - off, of.buyers, len(of.orders))
    assert not result.warnings


def test_payments_are_the_lines_where_nothing_else_has_amounts(tmp_path: Path) -> None:
    of = shops.shop(8)
    out = Tables(tmp_path / "files")
    out.add("orders.csv", ORDERS, dated(of))
    paid = [[f"P{n}{o.number}", f"A{o.number:04d}", "card", o.amount / 2] for o in of.orders for n in range(2)]
    out.add("payments.csv", ["payment_id", "order_id", "method", "amount"], paid)
    out.add(
        "customers.csv", ["customer_id", "email"], [[f"C{n:03d}", f"c{n}@shop.example"] for n in range(of.customers)]
    )
    result = take(tmp_path, out.files)
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))
    assert taken(result) == {"payments.csv": "lines", "orders.csv": "orders", "customers.csv": "customers"}


def test_payments_of_orders_that_have_amounts_add_nothing(tmp_path: Path) -> None:
    of = shops.shop(8)
    out = Tables(tmp_path / "files")
    out.add("orders.csv", ["order_id", "customer_id", "order_date", "total"],
            [[f"A{o.number}", f"C{o.customer}", o.day, o.amount] for o in of.orders])  # fmt: skip
    paid = [[f"P{n}{o.number}", f"A{o.number}", "card", o.amount / 2] for o in of.orders for n in range(2)]
    out.add("payments.csv", ["payment_id", "order_id", "method", "amount"], paid)
    result = take(tmp_path, out.files)
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))
    assert taken(result)["payments.csv"] == "payments"


def test_refunds_of_a_table_of_their_own_are_taken_off(tmp_path: Path) -> None:
    of = shops.shop(9)
    out = Tables(tmp_path / "files")
    out.add("orders.csv", ORDERS, dated(of))
    out.add("order_items.csv", LINES, lines_of(of))
    back = [o for o in of.orders if o.number % 10 == 0]
    out.add("refunds.csv", ["refund_id", "order_id", "refunded_at", "amount"],
            [[f"R{o.number}{n}", f"A{o.number:04d}", o.day, "1.25"] for o in back for n in range(2)])  # fmt: skip
    result = take(tmp_path, out.files)
    assert figures(result) == (of.revenue - Decimal("2.50") * len(back), of.buyers, len(of.orders))
    assert taken(result)["refunds.csv"] == "refunds"


def test_items_and_transactions_of_a_known_export_are_one_sale_and_the_items_count(tmp_path: Path) -> None:
    of = shops.shop(23)
    items = [
        {"Date": o.day.strftime("%m/%d/%Y"), "Time": "10:00:00", "Category": CATEGORIES[line.product % 4],
         "Item": f"Tea {line.product}", "Qty": str(line.quantity), "Gross Sales": f"${line.amount:.2f}",
         "Net Sales": f"${line.amount:.2f}", "Transaction ID": f"T{o.number}", "Payment ID": f"P{o.number}",
         "Event Type": "Payment", "Customer ID": f"C{o.customer}"}
        for o in of.orders[20:] for line in o.lines
    ]  # fmt: skip
    paid = [
        {"Date": o.day.strftime("%m/%d/%Y"), "Time": "10:00:00", "Gross Sales": f"${o.amount:.2f}",
         "Net Sales": f"${o.amount:.2f}", "Total Collected": f"${o.amount:.2f}", "Transaction ID": f"T{o.number}",
         "Payment ID": f"P{o.number}", "Event Type": "Payment", "Customer ID": f"C{o.customer}"}
        for o in of.orders
    ]  # fmt: skip
    files = [
        write(tmp_path, pf.export(pf.SQUARE_ITEMS, *items), "items.csv"),
        write(tmp_path, pf.export(pf.SQUARE_TRANSACTIONS, *paid), "transactions.csv"),
    ]
    result = take(tmp_path, files)
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))
    assert taken(result) == {"items.csv": "lines", "transactions.csv": "orders"}
    assert categories(result)["Tea"] == sum(line.product % 4 == 0 for o in of.orders[20:] for line in o.lines)


def test_two_shops_that_number_their_orders_alike_are_not_joined(tmp_path: Path) -> None:
    one, other = shops.shop(21), shops.shop(22, orders=80)
    out = Tables(tmp_path / "files")
    out.add("web.csv", ["order_id", "order_date", "customer_id", "order_total"],
            [[o.number, o.day, f"w{o.customer}", o.amount] for o in one.orders])  # fmt: skip
    out.add("till.csv", ["order_id", "line", "order_date", "customer_id", "product", "line_total"],
            each_line(other, lambda o, at, line: [o.number, at, o.day, f"t{o.customer}", f"product {line.product}",
                                                  line.amount]))  # fmt: skip
    result = take(tmp_path, out.files)
    assert not result.joins
    assert result.ledger.revenue_file == one.revenue + other.revenue


# Keys -------------------------------------------------------------------------------------------------------------


def people(folder: Path, of: Shop) -> Tables:
    """Orders that name two people each, by columns that say nothing of which is the customer."""
    out = Tables(folder)
    out.add("orders.csv", ["order_id", "order_date", "from_person", "to_person", "total"],
            [[f"A{o.number}", o.day, f"X{o.customer:03d}", f"X{(o.customer * 7 + o.number) % of.customers:03d}",
              o.amount] for o in of.orders])  # fmt: skip
    out.add("people.csv", ["person", "full_name", "email"],
            [[f"X{n:03d}", f"Ann Bee{n}", f"x{n}@shop.example"] for n in range(of.customers)])  # fmt: skip
    return out


def test_two_keys_that_fit_equally_are_asked_about_and_the_answer_decides(tmp_path: Path) -> None:
    of = shops.shop(10)
    files = people(tmp_path / "files", of).files
    with pytest.raises(AmbiguousReading) as asked:
        take(tmp_path, files)
    assert sorted(asked.value.answers) == [
        "--join orders.csv:from_person=people.csv:person",
        "--join orders.csv:to_person=people.csv:person",
    ]
    result = take(tmp_path, files, choices=Choices(joins=("orders.csv:from_person=people.csv:person",)))
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))
    assert {row["customer_id"] for row in lines(result.version)} == {f"X{o.customer:03d}" for o in of.orders}
    other = take(tmp_path, files, "Other", choices=Choices(joins=("orders.csv:to_person=people.csv:person",)))
    assert {row["customer_id"] for row in lines(other.version)} == {
        f"X{(o.customer * 7 + o.number) % of.customers:03d}" for o in of.orders
    }


def customers(result: ImportResult) -> list[tuple[str, str]]:
    """Whose each order is."""
    return sorted((row["order_id"], row["customer_id"]) for row in lines(result.version))


def test_an_answer_about_a_key_is_remembered_for_the_next_import_and_can_be_changed(tmp_path: Path) -> None:
    of = shops.shop(10)
    files = people(tmp_path / "files", of).files
    first, second = ("orders.csv:from_person=people.csv:person", "orders.csv:to_person=people.csv:person")
    with pytest.raises(AmbiguousReading):
        take(tmp_path, files)
    take(tmp_path, files, "Dry", choices=Choices(joins=(first,)), dry_run=True)
    with pytest.raises(AmbiguousReading):  # nothing is remembered of what was not done
        take(tmp_path, files)
    from_ = customers(take(tmp_path, files, choices=Choices(joins=(first,))))
    assert customers(take(tmp_path, files, "Again")) == from_
    seen = inspect_all([(path, path.name) for path in files], Workspace.open(tmp_path / "workspace"), today=TODAY)
    assert not [one for one in seen[0].questions if one.setting == "joins"]
    to = customers(take(tmp_path, files, "To", choices=Choices(joins=(second,))))
    assert customers(take(tmp_path, files, "To again")) == to != from_


def test_a_name_decides_between_keys_that_fit_equally(tmp_path: Path) -> None:
    of = shops.shop(10)
    out = Tables(tmp_path / "files")
    out.add("orders.csv", ["order_id", "order_date", "customer_id", "referrer_id", "total"],
            [[f"A{o.number}", o.day, 1 + o.customer, 1 + (o.customer * 7 + o.number) % of.customers, o.amount]
             for o in of.orders])  # fmt: skip
    out.add("customers.csv", ["customer_id", "email"], [[1 + n, f"x{n}@shop.example"] for n in range(of.customers)])
    result = take(tmp_path, out.files)
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))
    assert next(one.key for one in result.joins if one.table == "customers.csv") == "customer_id"


def test_ids_are_one_whatever_zeros_blanks_or_point_a_spreadsheet_left(tmp_path: Path) -> None:
    of = shops.shop(11)
    out = Tables(tmp_path / "files")
    out.add("orders.csv", ["order_id", "customer_id", "order_date"],
            [[f"{o.number:06d}", f" {o.customer + 100}.0", o.day] for o in of.orders])  # fmt: skip
    out.add("items.csv", LINES, [[o.number, f"s{line.product}", line.quantity, line.price]
                                 for o in of.orders for line in o.lines])  # fmt: skip
    out.add("customers.csv", ["customer_id", "email"],
            [[f"{100 + n:08d}", f"x{n}@shop.example"] for n in range(of.customers)])  # fmt: skip
    result = take(tmp_path, out.files)
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))
    assert all(one.found == one.keys for one in result.joins)
    assert len(contacts(result.version)) == of.buyers


def test_ids_that_differ_only_by_zeros_stay_apart(tmp_path: Path) -> None:
    of = shops.shop(11, customers=20)
    out = Tables(tmp_path / "files")
    ids = [f"{n}" if n < 10 else f"0{n - 10}" for n in range(20)]
    out.add("orders.csv", ["order_id", "customer_id", "order_date", "total"],
            [[f"A{o.number}", ids[o.customer], o.day, o.amount] for o in of.orders])  # fmt: skip
    out.add("customers.csv", ["customer_id", "email"], [[one, f"x{n}@shop.example"] for n, one in enumerate(ids)])
    result = take(tmp_path, out.files, choices=Choices(ids="apart"))
    assert next(one for one in result.joins if one.table == "customers.csv").found == of.buyers
    mails = {row["customer_id"]: row["email"] for row in contacts(result.version)}
    assert (mails["3"], mails["03"]) == ("x3@shop.example", "x13@shop.example")


def test_hostile_headers_are_only_names(tmp_path: Path) -> None:
    of = shops.shop(12)
    out = Tables(tmp_path / "files")
    out.add("a'; DROP TABLE x; --.csv", ['order"; DROP TABLE t1; --', "'customer' OR 1=1", "date);--"],
            [[f"A{o.number}", f"C{o.customer}", o.day] for o in of.orders])  # fmt: skip
    out.add("b.csv", ["order'); --", "<script>product</script>", "c0", "=price"],
            each_line(of, lambda o, _, line: [f"A{o.number}", f"tea {line.product}", line.quantity,
                                              line.price]))  # fmt: skip
    out.add("c.csv", ["c0", "t1.k", "file_row_number"], [[f"C{n}", f"x{n}@a.example", n] for n in range(of.customers)])
    columns = {"unit_price": "=price", "quantity": "c0", "product": "<script>product</script>"}
    result = take(tmp_path, out.files, columns=columns)
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))
    assert len(contacts(result.version)) == of.buyers


def test_lines_of_orders_that_are_not_there_are_set_aside_with_their_file_and_line(tmp_path: Path) -> None:
    of = shops.shop(13)
    out = Tables(tmp_path / "files")
    out.add("orders.csv", ORDERS, dated(Shop(of.orders[6:], of.customers, of.products)))
    out.add("order_items.csv", LINES, lines_of(of))
    out.add(
        "customers.csv", ["customer_id", "email"], [[f"C{n:03d}", f"c{n}@shop.example"] for n in range(of.customers)]
    )
    result = take(tmp_path, out.files)
    missing = sum(len(o.lines) for o in of.orders[:6])
    assert result.ledger.set_aside == {"missing_date": missing}
    assert result.version.manifest.revenue == of.revenue - sum(o.amount for o in of.orders[:6])
    aside = read_set_aside(result.version).to_pylist()
    assert {row["file"] for row in aside} == {"order_items.csv"}
    assert sorted(row["line_number"] for row in aside) == list(range(2, 2 + missing))
    assert any("6 of its orders are not in orders.csv" in said for said in result.warnings)


def test_a_customer_that_stands_twice_counts_by_the_last_row_and_multiplies_nothing(tmp_path: Path) -> None:
    of = shops.shop(14)
    out = Tables(tmp_path / "files")
    out.add("orders.csv", ["order_id", "customer_id", "order_date", "total"],
            [[f"A{o.number}", f"C{o.customer:03d}", o.day, o.amount] for o in of.orders])  # fmt: skip
    rows = [[f"C{n:03d}", f"old{n}@shop.example"] for n in range(of.customers)]
    out.add("customers.csv", ["customer_id", "email"], [*rows, rows[0], [rows[5][0], "new5@shop.example"]])
    result = take(tmp_path, out.files)
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))
    mails = {row["customer_id"]: row["email"] for row in contacts(result.version)}
    assert mails["C005"] == "new5@shop.example"
    assert any("repeat a key" in said for said in result.warnings)


def test_a_table_in_which_keys_come_back_is_never_joined(tmp_path: Path) -> None:
    of = shops.shop(15)
    out = Tables(tmp_path / "files")
    out.add("orders.csv", ["order_id", "customer_id", "order_date", "total"],
            [[f"A{o.number}", f"C{o.customer:03d}", o.day, o.amount] for o in of.orders])  # fmt: skip
    out.add("visits.csv", ["customer_id", "page"], [[f"C{n % of.customers:03d}", f"page {n % 7}"] for n in range(200)])
    out.add(
        "customers.csv", ["customer_id", "email"], [[f"C{n:03d}", f"c{n}@shop.example"] for n in range(of.customers)]
    )
    result = take(tmp_path, out.files)
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))
    assert taken(result)["visits.csv"] == "not used"


def test_orders_that_name_customers_by_their_address_are_joined_by_it(tmp_path: Path) -> None:
    of = shops.shop(16)
    out = Tables(tmp_path / "files")
    out.add("orders.csv", ["order_id", "email", "order_date"],
            [[f"A{o.number:04d}", f"C{o.customer}@Shop.example", o.day] for o in of.orders])  # fmt: skip
    out.add("items.csv", LINES, lines_of(of))
    out.add("customers.csv", ["email", "first_name", "last_name", "accepts_marketing"],
            [[f"c{n}@shop.example", f"Ann{chr(97 + n % 26)}", f"Lee{chr(97 + n // 26)}", "yes" if n % 2 else "no"]
             for n in range(of.customers)])  # fmt: skip
    result = take(tmp_path, out.files)
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))
    said = {row["email"]: row["consent"] for row in contacts(result.version)}
    assert said["c3@shop.example"] is True
    assert said["c4@shop.example"] is False


def test_several_files_of_lines_share_the_other_tables(tmp_path: Path) -> None:
    of = shops.shop(17)
    out = Tables(tmp_path / "files")
    out.add("orders.csv", ORDERS, dated(of))
    for month, part in enumerate((of.orders[:50], of.orders[50:90], of.orders[90:]), 1):
        out.add(f"items-{month}.csv", LINES, lines_of(Shop(part, of.customers, of.products)))
    result = take(tmp_path, out.files)
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))
    orders = [table for table in result.tables if table.holds == "orders"]
    assert [table.name for table in orders] == ["items-1.csv", "items-2.csv", "items-3.csv"]


def test_two_shops_of_one_folder_are_two_joins(tmp_path: Path) -> None:
    one, other = shops.shop(18), shops.shop(19, orders=60, customers=20)
    first, second = shops.german(tmp_path / "a", one), shops.olist(tmp_path / "b", other)
    result = take(tmp_path, [*first.files, *second.files])
    back = 3 * sum(o.number % 12 == 0 for o in one.orders)
    assert result.version.manifest.revenue == one.revenue - back + other.revenue
    assert result.version.manifest.orders == 180


def test_a_summary_of_customers_beside_orders_brings_contacts_and_no_money(tmp_path: Path) -> None:
    of = shops.shop(24)
    out = Tables(tmp_path / "files")
    out.add("orders.csv", ["order_id", "customer_id", "order_date", "total"],
            [[f"A{o.number}", f"C{o.customer:03d}", o.day, o.amount] for o in of.orders])  # fmt: skip
    out.add("customers.csv", ["customer_id", "email", "orders_count", "total_spent", "last_order_date"],
            [[f"C{n:03d}", f"c{n}@shop.example", n % 9, f"{n * 11}.50", "2026-01-05"]
             for n in range(of.customers)])  # fmt: skip
    result = take(tmp_path, out.files)
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))
    assert taken(result) == {"orders.csv": "lines", "customers.csv": "customers"}
    assert len(contacts(result.version)) == of.buyers
    with pytest.raises(NotOrders):
        take(tmp_path, out.files[1:], "Other")


def test_a_list_that_no_key_joins_is_added_to_the_contacts(tmp_path: Path) -> None:
    of = shops.shop(25)
    out = Tables(tmp_path / "files")
    out.add("orders.csv", ["order_id", "customer_email", "order_date", "total"],
            [[f"A{o.number}", f"c{o.customer}@shop.example", o.day, o.amount] for o in of.orders])  # fmt: skip
    out.add("newsletter.csv", ["member", "mail", "subscribed"],
            [[f"M{n}", f"someone{n}@else.example", "yes" if n % 2 else "no"] for n in range(30)])  # fmt: skip
    result = take(tmp_path, out.files)
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))
    assert [(table.name, table.holds) for table in result.tables] == [
        ("orders.csv", "orders"), ("newsletter.csv", "contacts"),
    ]  # fmt: skip
    assert sum(row["consent"] is True for row in contacts(result.version)) == 15
    seen = inspect_all([(path, path.name) for path in out.files], Workspace.open(tmp_path / "workspace"), today=TODAY)
    assert {one.file: one.holds for one in from_json(to_json(seen), None)} == {
        "orders.csv": "orders", "newsletter.csv": "contacts",
    }  # fmt: skip


def test_what_the_lines_say_of_their_amounts_holds_beside_the_totals_of_the_orders(tmp_path: Path) -> None:
    of = shops.shop(41)
    out = Tables(tmp_path / "files")
    out.add("order.csv", ["OrderKey", "CustKey", "TotalPrice", "OrderDate"],
            [[o.number + 1, o.customer + 1, f"{o.amount * Decimal('1.2'):.2f}", o.day] for o in of.orders])  # fmt: skip
    out.add("lineitem.csv", ["OrderKey", "PartKey", "SuppKey", "Quantity", "ExtendedPrice", "Discount", "ShipDate"],
            each_line(of, lambda o, _, line: [o.number + 1, line.product + 1, 1 + line.product % 5, line.quantity,
                                              f"{line.amount:.2f}", "0.00", o.day]))  # fmt: skip
    out.add("customer.csv", ["CustKey", "Name", "Phone"],
            [[n + 1, f"Customer#{n:09d}", f"25-989-741-29{n:02d}"] for n in range(of.customers)])  # fmt: skip
    out.add("part.csv", ["PartKey", "Name", "RetailPrice"],
            [[n + 1, f"goldenrod {n}", f"{900 + n}.00"] for n in range(of.products)])  # fmt: skip
    result = take(tmp_path, out.files)
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))


def test_a_column_that_is_named_completes_the_tables(tmp_path: Path) -> None:
    of = shops.shop(42)
    out = Tables(tmp_path / "files")
    out.add("facturas.csv", ["factura", "nif", "fecha"],
            [[f"F{o.number}", f"B{o.customer:08d}", o.day] for o in of.orders])  # fmt: skip
    out.add("lineas.csv", ["factura", "articulo", "unidades", "precio_unitario"],
            each_line(of, lambda o, _, line: [f"F{o.number}", f"art {line.product}", line.quantity,
                                              line.price]))  # fmt: skip
    with pytest.raises(NeedsJoin, match=r"who ordered.*--column customer=HEADER"):
        take(tmp_path, out.files)
    result = take(tmp_path, out.files, columns={"customer": "nif"})
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))


def test_without_any_name_the_keys_are_found_and_the_grain_of_the_amount_is_asked(tmp_path: Path) -> None:
    of = shops.shop(43)
    out = Tables(tmp_path / "files")
    out.add("t1.csv", ["x1", "x2", "x3"], [[o.number + 1, o.customer + 1, o.day] for o in of.orders])
    out.add("t2.csv", ["y1", "y2", "y3", "y4"],
            each_line(of, lambda o, _, line: [o.number + 1, line.product + 1, line.quantity, line.price]))  # fmt: skip
    out.add("t3.csv", ["z1", "z2"], [[n + 1, f"u{n}@shop.example"] for n in range(of.customers)])
    with pytest.raises(AmbiguousReading) as asked:
        take(tmp_path, out.files)
    assert set(asked.value.answers) == {"--column amount=y4", "--column unit_price=y4"}
    result = take(tmp_path, out.files, columns={"unit_price": "y4", "amount": None})
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))


# Doors ------------------------------------------------------------------------------------------------------------


def test_an_archive_of_the_tables_and_the_look_at_them_do_the_same(tmp_path: Path) -> None:
    of = shops.shop(20, discount=True)
    files = shops.northwind(tmp_path / "files", of).files
    packed = tmp_path / "northwind.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in files:
            archive.write(path, path.name)
    result = take(tmp_path, [packed])
    assert figures(result) == (of.revenue, of.buyers, len(of.orders))
    workspace = Workspace.open(tmp_path / "workspace")
    seen = from_json(to_json(inspect_all([(packed, packed.name)], workspace, today=TODAY)), None)
    assert [one.file for one in seen] == ["northwind.zip › Order Details.csv"]
    assert [join.sentence for join in seen[0].joins] == [join.sentence for join in result.joins]
    assert not seen[0].questions
    mapped = take(tmp_path, [packed], "Mapped", mappings=[seen[0].mapping])
    assert mapped.version.fingerprint == result.version.fingerprint


def test_the_look_asks_which_key_is_meant_and_the_import_takes_the_answer(tmp_path: Path) -> None:
    of = shops.shop(10)
    files = people(tmp_path / "files", of).files
    workspace = Workspace.open(tmp_path / "workspace")
    seen = inspect_all([(path, path.name) for path in files], workspace, today=TODAY)[0]
    question = next(one for one in seen.questions if one.setting == "joins")
    chosen = next(value for value, _ in question.choices if "to_person" in value)
    mapping = seen.mapping.answered(question.answer(chosen))
    result = take(tmp_path, files, mappings=[mapping])
    assert {row["customer_id"] for row in lines(result.version)} == {
        f"X{(o.customer * 7 + o.number) % of.customers:03d}" for o in of.orders
    }


# Refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("olist_order_items_dataset.csv", ("order_id", "date")),
        ("olist_orders_dataset.csv", ("order_id", "paid", "customer_id")),
        ("olist_order_payments_dataset.csv", ("order_id", "date")),
    ],
)
def test_a_part_of_a_shops_tables_alone_is_refused_with_what_it_needs(
    tmp_path: Path, table: str, names: tuple[str, ...]
) -> None:
    files = shops.olist(tmp_path / "files", shops.shop()).files
    with pytest.raises(NeedsJoin) as problem:
        take(tmp_path, [path for path in files if path.name == table])
    assert problem.value.code == "needs_join"
    assert all(name in str(problem.value) for name in names)


def test_tables_that_belong_together_but_have_no_amounts_are_refused(tmp_path: Path) -> None:
    files = shops.olist(tmp_path / "files", shops.shop()).files
    wanted = {"olist_orders_dataset.csv", "olist_customers_dataset.csv"}
    with pytest.raises(NeedsJoin) as problem:
        take(tmp_path, [path for path in files if path.name in wanted])
    assert "customer_id" in str(problem.value)
    assert "paid" in str(problem.value)


@pytest.mark.parametrize("made", [shops.german, shops.numbered, shops.northwind])
def test_a_list_of_customers_alone_is_no_orders(tmp_path: Path, made: Callable[[Path, Shop], Tables]) -> None:
    files = made(tmp_path / "files", shops.shop()).files
    listed = next(path for path in files if path.name.lower() in {"kunden.csv", "clients.csv", "customers.csv"})
    with pytest.raises(NotOrders):
        take(tmp_path, [listed])


def test_a_list_whose_key_comes_back_is_refused_beside_orders_instead_of_multiplying_them(tmp_path: Path) -> None:
    of = shops.shop(34)
    out = Tables(tmp_path / "files")
    out.add("sales.csv", ["sale_id", "client", "sold_on", "amount"],
            [[f"S{o.number}", f"K{o.customer}", o.day, o.amount] for o in of.orders])  # fmt: skip
    out.add("clients.csv", ["client", "email", "segment", "valid_from"],
            [[f"K{n}", f"k{n}@shop.example", "a", f"202{year}-01-01"]
             for n in range(of.customers) for year in range(3)])  # fmt: skip
    with pytest.raises(NeedsJoin, match="“client”, which stands on several"):
        take(tmp_path, out.files)


def test_the_command_line_prints_the_join_in_text_and_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TESSERA_HOME", str(tmp_path / "home"))
    files = shops.numbered(tmp_path / "files", shops.shop()).files
    assert main(["import", *map(str, files), "--dataset", "Shop"]) == 0
    line = "clients.csv: customers, joined by client_id = id, 39 of 39 keys found."
    assert line in capsys.readouterr().out.splitlines()
    assert main(["import", *map(str, reversed(files)), "--dataset", "Shop", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    clients = next(one for one in said["joins"] if one["table"] == "clients.csv")
    assert clients == {
        "table": "clients.csv", "rows": 40, "taken_for": "customers", "to": "commandes.csv", "key": "client_id",
        "their_key": "id", "keys": 39, "found": 39, "said": [], "warned": [],
    }  # fmt: skip
    assert said["rows"]["loaded"] == 0
    assert main(["import", str(files[2]), "--dataset", "Lines", "--json"]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "needs_join"
    assert "commande_id" in error["next_step"]


@pytest.mark.parametrize("header", ["goods", "Merchandise", "Waren", "X9"])
def test_orders_whose_amounts_nothing_tells_name_the_column_that_may_hold_them(tmp_path: Path, header: str) -> None:
    """Whole amounts that rise by one from row to row look like numbers of rows; a person knows better."""
    rows = [f"{at},2026-0{1 + at % 6}-{10 + at},{'abcdefgh'[at % 8]}@x.example,paid,{30 + at}" for at in range(1, 19)]
    text = csv(*rows, header=f"order_id,ordered_on,email,status,{header}")
    with pytest.raises((NeedsJoin, MeaningMissing)) as problem:
        load(tmp_path, text)
    assert f"--column amount={header}" in problem.value.answers
    assert load(tmp_path, text, columns={"amount": header}).ledger.revenue_kept == sum(30 + at for at in range(1, 19))
