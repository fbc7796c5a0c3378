"""The same rows come again with more detail: what was bought is kept, and nothing counts twice."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from segmentation.intake import ImportResult
from tests.segmentation.intake.test_siblings import day, sheet
from tests.segmentation.intake_files import lines, load

GOODS = (("Tea", 10), ("Mug", 15))
WHOLE = Decimal(12 * 25)
PLAIN = sheet("Order|Date|Customer ID|Line total", lambda n: [
    (n + 1, day(n), f"C{n % 4}", f"{price}.00") for _, price in GOODS], 12)  # fmt: skip
FULL = sheet("Order|Date|Customer ID|Product|Qty|Line total", lambda n: [
    (n + 1, day(n), f"C{n % 4}", what, 1, f"{price}.00") for what, price in GOODS], 12)  # fmt: skip


def products(result: ImportResult) -> int:
    """The stored lines that say what was bought."""
    return sum(line["product"] is not None for line in lines(result.version))


def test_lines_that_come_again_with_their_products_take_the_place_of_those_without(tmp_path: Path) -> None:
    load(tmp_path, PLAIN)
    second = load(tmp_path, FULL, name="full.csv")
    assert (products(second), len(lines(second.version)), second.version.manifest.revenue) == (24, 24, WHOLE)
    assert second.ledger.replaced.orders == 12


def test_lines_that_come_again_without_their_products_change_nothing(tmp_path: Path) -> None:
    load(tmp_path, FULL, name="full.csv")
    second = load(tmp_path, PLAIN)
    assert (products(second), second.version.manifest.revenue, second.ledger.replaced.orders) == (24, WHOLE, 0)


def test_products_come_in_another_language_spelling_and_order_of_columns(tmp_path: Path) -> None:
    load(tmp_path, PLAIN)
    other = sheet("Artikel;Betrag;Kundennummer;Datum;Bestellung".replace(";", "|"), lambda n: [
        (what, f"{price},00", f"C{n % 4}", day(n, "%d.%m.%Y"), f"{n + 1:04d}") for what, price in reversed(GOODS)],
        12, ";")  # fmt: skip
    second = load(tmp_path, other, name="posten.csv")
    assert second.version.manifest.revenue == WHOLE
    assert len(lines(second.version)) == 24


def test_orders_of_one_line_take_their_product_from_a_file_of_lines(tmp_path: Path) -> None:
    totals = sheet("Order|Date|Customer ID|Total", lambda n: (n + 1, day(n), f"C{n % 4}", f"{10 + n}.00"), 12)
    items = sheet("Order|Date|Customer ID|Product|Qty|Line total", lambda n: (
        n + 1, day(n), f"C{n % 4}", GOODS[n % 2][0], 1, f"{10 + n}.00"), 18)  # fmt: skip
    load(tmp_path, totals)
    second = load(tmp_path, items, name="lines.csv")
    assert (products(second), len(lines(second.version))) == (18, 18)
    assert second.version.manifest.revenue == sum(10 + n for n in range(18))


def test_what_only_the_stored_file_tells_is_not_given_away(tmp_path: Path) -> None:
    paid = sheet("Order|Date|Customer ID|Line total|Channel", lambda n: [
        (n + 1, day(n), f"C{n % 4}", f"{price}.00", ["web", "store"][n % 2]) for _, price in GOODS], 12)  # fmt: skip
    load(tmp_path, paid)
    second = load(tmp_path, FULL, name="full.csv")
    assert {line["channel"] for line in lines(second.version)} == {"web", "store"}
    assert second.version.manifest.revenue == WHOLE


def test_the_shops_state_stays_where_that_was_said(tmp_path: Path) -> None:
    load(tmp_path, PLAIN)
    second = load(tmp_path, FULL, name="full.csv", replace=False)
    assert (products(second), second.version.manifest.revenue) == (0, WHOLE)


def test_orders_that_are_not_in_the_finer_file_stay(tmp_path: Path) -> None:
    load(tmp_path, PLAIN)
    half = "\n".join(FULL.splitlines()[:13]) + "\n"
    second = load(tmp_path, half, name="half.csv")
    assert (products(second), len(lines(second.version)), second.version.manifest.revenue) == (12, 24, WHOLE)
