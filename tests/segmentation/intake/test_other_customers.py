"""A later export that knows customers by another column: no sale counts twice, no two people become one unsaid."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.cli import main
from segmentation.errors import CustomersChanged
from segmentation.intake import ImportResult
from tests.segmentation.intake_files import csv, load, write

NAMES = ("Ann Able", "Ben Bold", "Cid Cole", "Dan Dole", "Eve Early", "Fay Fox", "Gus Good", "Hal Hill")
BY: dict[str, tuple[str, Callable[[int], str]]] = {
    "id": ("Customer ID", lambda who: f"C{who + 100}"),
    "email": ("Email", lambda who: f"{NAMES[who].split()[0].lower()}@example.com"),
    "phone": ("Phone", lambda who: f"+44 20 7946 0{who}17"),
    "name": ("Customer Name", lambda who: NAMES[who]),
    "both": ("Customer ID,Email", lambda who: f"C{who + 100},{NAMES[who].split()[0].lower()}@example.com"),
}
Orders = list[tuple[int, str, int, Decimal]]


def orders(seed: int = 1, count: int = 90) -> Orders:
    """Orders of one shop: number, day, customer and amount."""
    chance = random.Random(seed)
    days = [f"2026-{n // 20 + 1:02d}-{n % 20 + 1:02d}" for n in range(count)]
    return [
        (1000 + n, day, chance.randrange(8), Decimal(chance.randrange(500, 9000)) / 100) for n, day in enumerate(days)
    ]


SHOP = orders()


def export(rows: Orders, by: str, who: Callable[[int], str] | None = None, *, numbers: bool = True) -> str:
    """An export of these orders that gives customers by this column."""
    header, spelled = BY[by]
    cells = [f"{number},{day},{(who or spelled)(one)},Tea,{amount}" for number, day, one, amount in rows]
    lines = [f"Order,Date,{header},Product,Amount", *cells]
    return "\n".join(lines if numbers else [line.split(",", 1)[1] for line in lines]) + "\n"


def both(folder: Path, first: str, second: str, same_orders: bool | None = None) -> ImportResult:
    """The first export, then the second."""
    load(folder, first, name="first.csv")
    return load(folder, second, name="second.csv", same_orders=same_orders)


def shown(result: ImportResult) -> tuple[int, int, Decimal]:
    """Customers, orders and revenue of the dataset."""
    manifest = result.version.manifest
    return manifest.customers, manifest.orders, manifest.revenue


WHOLE = (8, 90, sum((one[3] for one in SHOP), Decimal(0)))


@pytest.mark.parametrize("numbers", [True, False], ids=["numbered", "by day"])
@pytest.mark.parametrize(
    ("first", "second"),
    [("email", "id"), ("id", "phone"), ("name", "id"), ("both", "phone")],
)
@pytest.mark.parametrize("start", [0, 40], ids=["whole", "half"])
def test_one_to_one_customers_are_the_same_people(
    tmp_path: Path, first: str, second: str, start: int, numbers: bool
) -> None:
    result = both(tmp_path, export(SHOP[:70], first, numbers=numbers), export(SHOP[start:], second, numbers=numbers))
    assert shown(result) == WHOLE
    assert (result.ledger.already_present, result.ledger.loaded) == (70 - start, 20)
    assert any("8 customers of the file are 8 of the shop" in said for said in result.warnings)
    again = load(tmp_path, export(SHOP[start:], second, numbers=numbers), name="second.csv")
    assert (shown(again), again.ledger.loaded) == (WHOLE, 0)


@pytest.mark.parametrize("start", [0, 40, 70], ids=["whole", "half", "none in common"])
@pytest.mark.parametrize(("first", "second"), [("email", "both"), ("both", "email"), ("both", "id")])
def test_an_id_beside_an_address_that_is_known_is_its_customer(
    tmp_path: Path, first: str, second: str, start: int
) -> None:
    assert shown(both(tmp_path, export(SHOP[:70], first), export(SHOP[start:], second))) == WHOLE


@pytest.mark.parametrize("seed", range(4))
def test_two_shops_whose_numbers_collide_stay_two(tmp_path: Path, seed: int) -> None:
    other = orders(seed + 2)
    result = both(tmp_path, export(SHOP, "email"), export(other, "id"))
    assert shown(result) == (16, 180, WHOLE[2] + sum((one[3] for one in other), Decimal(0)))
    assert result.ledger.already_present == 0
    assert any("None of the file's 8 customers" in said for said in result.warnings)


@pytest.mark.parametrize(
    ("first", "second", "customers"),
    [(BY["id"][1], lambda who: f"two{who // 2}@example.com", 8),
     (lambda who: f"two{who // 2}@example.com", BY["id"][1], 4)],
    ids=["several to one", "one to several"],
)  # fmt: skip
def test_customers_that_do_not_pair_are_asked_about(
    tmp_path: Path, first: Callable[[int], str], second: Callable[[int], str], customers: int
) -> None:
    by = ("id", "email") if customers == 8 else ("email", "id")
    load(tmp_path, export(SHOP[:70], by[0], first), name="first.csv")
    later = export(SHOP, by[1], second)
    with pytest.raises(CustomersChanged) as asked:
        load(tmp_path, later, name="second.csv")
    assert asked.value.answers == ("--same-orders", "--other-orders")
    result = load(tmp_path, later, name="second.csv", same_orders=True)
    assert shown(result) == (customers, *WHOLE[1:])
    assert (result.ledger.already_present, result.ledger.loaded) == (70, 20)


def test_customers_that_no_common_order_makes_known_are_asked_about(tmp_path: Path) -> None:
    rows = [(n, day, n % 30, amount) for n, day, _, amount in SHOP]

    def address(who: int) -> str:
        return f"person{who}@example.com"

    load(tmp_path, export(rows[:70], "email", address), name="first.csv")
    later = write(tmp_path, export(rows[60:], "id", lambda who: f"C{who}"), "later.csv")
    call = ["import", str(later), "--dataset", "Shop", "--workspace", str(tmp_path / "workspace"), "--json"]
    assert main(call) == 1
    assert main([*call, "--same-orders"]) == 0
    result = load(tmp_path, export(rows[60:], "id", lambda who: f"C{who}"), name="later.csv")
    assert shown(result) == (50, *WHOLE[1:])
    assert result.ledger.loaded == 0


def test_the_answer_that_they_are_other_orders_adds_them(tmp_path: Path) -> None:
    result = both(tmp_path, export(SHOP, "email"), export(SHOP, "id"), same_orders=False)
    assert shown(result) == (16, 180, 2 * WHOLE[2])
    again = load(tmp_path, export(SHOP, "id"), name="second.csv")
    assert (shown(again), again.ledger.loaded) == (shown(result), 0)


def test_guests_of_a_file_keep_the_customers_that_the_dataset_has(tmp_path: Path) -> None:
    result = both(
        tmp_path, export(SHOP[:70], "email"), export(SHOP, "id", lambda who: "" if who < 2 else BY["id"][1](who))
    )
    assert shown(result) == WHOLE
    assert result.ledger.already_present == 70


def test_a_single_order_under_another_customer_is_asked_about(tmp_path: Path) -> None:
    header = "Order,Date,Customer,Product,Amount"
    load(tmp_path, csv("7,2026-01-05,Ann,Tea,10.00", "8,2026-01-06,Ben,Tea,12.00", header=header))
    moved = csv("7,2026-01-05,Ann,Tea,10.00", "8,2026-01-06,Ann,Tea,12.00", header=header)
    with pytest.raises(CustomersChanged, match=r"1 order that the shop .* 1 customer of the file is 1 of"):
        load(tmp_path, moved, name="b.csv")
    assert shown(load(tmp_path, moved, name="b.csv", same_orders=True)) == (2, 2, Decimal(22))


def test_a_changed_order_of_known_people_is_replaced_and_not_added(tmp_path: Path) -> None:
    changed = [(n, day, who, amount * 2 if n == 1003 else amount) for n, day, who, amount in SHOP]
    load(tmp_path, export(SHOP, "email"), name="first.csv")
    result = load(tmp_path, export(changed, "id"), name="second.csv", replace=True)
    assert shown(result) == (8, 90, WHOLE[2] + SHOP[3][3])
    assert result.ledger.replaced.orders == 1


BREAD, SOAP, OIL = ("Bread", Decimal("12.00")), ("Soap", Decimal("6.50")), ("Oil", Decimal("12.00"))
Alike = list[tuple[str, int, tuple[str, Decimal]]]


def alike_export(rows: Alike, by: str) -> str:
    """An export without numbers, of small orders that are like others of their day."""
    header, spelled = BY[by]
    return csv(
        *(f"{day},{spelled(who)},{product},{amount}" for day, who, (product, amount) in rows),
        header=f"Date,{header},Product,Amount",
    )


def alike_orders(*last: tuple[int, tuple[str, Decimal]]) -> Alike:
    """Orders by which customers 0 to 5 are known, each alone on its days, and the `last` of one day."""
    alone = [
        (f"2026-02-{n + 1:02d}", n % 6, ("Tea", Decimal(n + 20)))
        for n in range(24)
    ]  # fmt: skip
    return [*alone, *(("2026-03-05", who, what) for who, what in last)]


@pytest.mark.parametrize(
    "last",
    [((0, BREAD), (1, BREAD)), ((0, BREAD), (6, BREAD)), ((6, BREAD), (7, BREAD)), ((6, BREAD), (7, OIL)),
     ((0, BREAD), (1, OIL), (6, BREAD), (7, OIL)), ((0, BREAD), (0, BREAD), (1, BREAD), (1, BREAD)),
     ((6, SOAP), (7, BREAD), (0, SOAP))],
    ids=["both known", "one known", "none known", "other goods", "known and not", "two each", "three"],
)  # fmt: skip
@pytest.mark.parametrize(("first", "second"), [("id", "email")])
def test_equal_purchases_of_one_day_are_as_many_as_they_are(
    tmp_path: Path, first: str, second: str, last: tuple[tuple[int, tuple[str, Decimal]], ...]
) -> None:
    rows = alike_orders(*last)
    load(tmp_path, alike_export(rows, first), name="first.csv")
    result = load(tmp_path, alike_export(rows, second), name="second.csv", same_orders=True)
    assert result.ledger.loaded == 0
    assert shown(result) == (len({who for _, who, _ in rows}), *_alike_sums(rows))


def test_a_further_equal_purchase_of_a_day_comes_in(tmp_path: Path) -> None:
    before, after = alike_orders((0, BREAD), (6, BREAD)), alike_orders((0, BREAD), (6, BREAD), (7, BREAD))
    load(tmp_path, alike_export(before, "id"), name="first.csv")
    result = load(tmp_path, alike_export(after, "email"), name="second.csv", same_orders=True)
    assert (result.ledger.loaded, result.version.manifest.revenue) == (1, _alike_sums(after)[1])


def test_who_is_left_for_the_last_of_equal_purchases_is_that_customer(tmp_path: Path) -> None:
    rows = alike_orders((0, BREAD), (6, BREAD))
    load(tmp_path, alike_export(rows, "id"), name="first.csv")
    later = alike_export([*rows, ("2026-04-01", 6, ("Tea", Decimal(99)))], "email")
    result = load(tmp_path, later, name="second.csv", same_orders=True)
    assert (result.ledger.loaded, result.version.manifest.customers) == (1, 7)


def _alike_sums(rows: Alike) -> tuple[int, Decimal]:
    """Orders, as a customer's on a day, and revenue."""
    return len({(day, who) for day, who, _ in rows}), sum((amount for _, _, (_, amount) in rows), Decimal(0))


def test_the_question_names_what_the_orders_have_in_common(tmp_path: Path) -> None:
    rows = [(n, day, n % 30, amount) for n, day, _, amount in SHOP]
    for numbers, alike in ((True, "with the same number, day and amount"), (False, "with the same day and amount")):
        shop = tmp_path / str(numbers)
        shop.mkdir()
        load(shop, export(rows[:70], "email", lambda who: f"p{who}@example.com", numbers=numbers), name="first.csv")
        with pytest.raises(CustomersChanged, match=alike):
            load(shop, export(rows[60:], "id", lambda who: f"C{who}", numbers=numbers), name="later.csv")


def test_an_answer_that_applies_to_nothing_is_said_to(tmp_path: Path) -> None:
    result = both(tmp_path, export(SHOP[:50], "email"), export(SHOP[50:], "email"), same_orders=True)
    assert [said for said in result.warnings if "changed nothing" in said]
    assert shown(result) == WHOLE
    again = both(tmp_path / "b", export(SHOP[:50], "email"), export(SHOP[20:], "id"), same_orders=True)
    assert not [said for said in again.warnings if "changed nothing" in said]


def test_few_orders_in_common_are_the_same_where_somebody_says_so(tmp_path: Path) -> None:
    other = [(n, day, who, amount + 1) for n, day, who, amount in SHOP[10:70]]
    first, second = export(SHOP[:70], "email", numbers=False), export(SHOP[:10] + other, "id", numbers=False)
    result = both(tmp_path, first, second, same_orders=True)
    assert result.ledger.already_present == 10
