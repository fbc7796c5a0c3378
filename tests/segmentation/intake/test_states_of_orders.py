"""What became of an order stays true across imports: whichever file comes first, and however much detail it has."""

from __future__ import annotations

import os
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segmentation.errors import AmbiguousReading
from tests.segmentation import platform_files as pf
from tests.segmentation.intake.test_same_sale import revenue
from tests.segmentation.intake_files import csv, lines, load, money

ORDERS = 20
UNDONE = (5, 9)


def total(number: int) -> int:
    """What an order comes to."""
    return 30 + number


def by_order(state: str = "paid", *, undone: tuple[int, ...] = UNDONE, paid: str = "paid") -> str:
    """Orders with their states, as one export of a shop has them."""
    rows = [
        f"{n},2026-02-{n:02d},{'abcd'[n % 4]}@example.com,{state if n in undone else paid},{total(n)}.00"
        for n in range(1, ORDERS + 1)
    ]
    return csv(*rows, header="order_id,ordered_on,email,status,amount")


def by_line() -> str:
    """The lines of the same orders, in an export that says nothing of states."""
    rows = [
        f"{n},2026-02-{n:02d},{'abcd'[n % 4]}@example.com,{what},1,{price}.00"
        for n in range(1, ORDERS + 1)
        for what, price in (("Soap", 10), ("Oil", total(n) - 10))
    ]
    return csv(*rows, header="order_id,ordered_on,email,product,qty,price")


WHOLE = sum(map(total, range(1, ORDERS + 1)))
LEFT = money(str(WHOLE - sum(map(total, UNDONE))))
STATES = ["cancelled", "refunded", "test"]
ANY_ORDER = list(permutations(range(3)))[:: 1 if os.environ.get("TESSERA_TRUTH") == "full" else 2]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("place", ANY_ORDER, ids=str)
def test_orders_that_were_undone_stay_so_in_any_order(tmp_path: Path, place: tuple[int, ...], state: str) -> None:
    files = [("old.csv", by_order()), ("new.csv", by_order(state)), ("lines.csv", by_line())]
    for at in place:
        result = load(tmp_path, files[at][1], name=files[at][0])
    stored = lines(result.version)
    assert revenue(result) == LEFT == sum(line["amount"] for line in stored)
    assert sum(line["product"] is not None for line in stored) == 2 * ORDERS
    for at in (0, 2, 1):
        again = load(tmp_path, files[at][1], name=files[at][0])
        assert revenue(again) == LEFT
    assert len(lines(again.version)) == len(stored)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("first", ["orders", "lines"])
def test_lines_of_orders_that_were_undone_count_nothing(tmp_path: Path, first: str, state: str) -> None:
    files = {"orders": by_order(state), "lines": by_line()}
    load(tmp_path, files.pop(first), name="a.csv")
    ((_, text),) = files.items()
    result = load(tmp_path, text, name="b.csv")
    assert revenue(result) == LEFT
    of_order = [line for line in lines(result.version) if line["order_id"] == "5"]
    assert {line["product"] for line in of_order} - {None} == {"Soap", "Oil"}
    assert sum(line["amount"] for line in of_order) == 0
    ledger = result.ledger
    assert ledger.revenue_kept + sum(ledger.excluded.values()) == ledger.revenue_file


@pytest.mark.parametrize("words", ["completed", "shipped", "fulfilled", "paid"])
def test_an_older_export_does_not_bring_cancelled_orders_back(tmp_path: Path, words: str) -> None:
    load(tmp_path, by_order("cancelled", paid=words), name="new.csv")
    old = load(tmp_path, by_order(paid=words, undone=()), name="old.csv")
    assert (revenue(old), old.ledger.loaded) == (LEFT, 0)
    assert [text for text in old.warnings if text.startswith("2 orders were cancelled or paid back in the shop")]


def test_an_order_that_counts_again_does_so_where_that_is_said(tmp_path: Path) -> None:
    load(tmp_path, by_order("cancelled"), name="new.csv")
    back = load(tmp_path, by_order(undone=()), name="old.csv", replace=True)
    assert revenue(back) == money(str(WHOLE))


def test_a_file_that_tells_no_states_brings_nothing_back_even_where_it_replaces(tmp_path: Path) -> None:
    load(tmp_path, by_order("cancelled"), name="orders.csv")
    result = load(tmp_path, by_line(), name="lines.csv", replace=True)
    assert revenue(result) == LEFT


def test_a_cancelled_order_that_comes_with_other_sales_is_asked_about(tmp_path: Path) -> None:
    load(tmp_path, by_order("cancelled"), name="new.csv")
    other = by_order(undone=()).replace("paid,35.00", "paid,35.10")
    with pytest.raises(AmbiguousReading) as asked:
        load(tmp_path, other, name="other.csv")
    assert asked.value.answers == ("--replace", "--keep")
    assert revenue(load(tmp_path, other, name="other.csv", replace=False)) == LEFT


def test_the_state_stays_with_the_shop_where_that_was_said(tmp_path: Path) -> None:
    load(tmp_path, by_line(), name="lines.csv")
    kept = load(tmp_path, by_order("cancelled"), name="orders.csv", replace=False)
    assert revenue(kept) == money(str(WHOLE))


# Lines of orders that count --------------------------------------------------------------------------------------

HEADS = {
    "lines": "order_id,line,ordered_on,email,product,qty,amount,status",
    "no line numbers": "order_id,ordered_on,email,product,qty,amount,status",
    "German": "Bestellnummer,Datum,Kundennummer,Artikel,Menge,Betrag,Status",
    "no states": "order_id,ordered_on,email,product,qty,amount",
}


def lined(head: str, *, cancelled: int = 0, same: bool = False, dear: int = 0) -> str:
    """Forty orders of two lines each, the second one of one order cancelled; `same`: both lines of an order are alike,
    `dear`: of that order the first line costs one more."""
    rows = []
    for n in range(1, 41):
        for at in (1, 2):
            word = ("storniert" if head == "German" else "cancelled") if n == cancelled and at == 2 else "paid"
            price = 30 + n if same else (30 + n) * at
            day = f"{n % 28 + 1:02d}.02.2026" if head == "German" else f"2026-02-{n % 28 + 1:02d}"
            who = f"K{n % 4}" if head == "German" else f"{'abcd'[n % 4]}@example.com"
            amount = f"{price + (n == dear and at == 1)}.00"
            row = [str(n), *([str(at)] if head == "lines" else []), day, who, "Soap" if same or at == 1 else "Oil", "1"]
            rows.append(",".join([*row, amount, *([word] if head != "no states" else [])]))
    return csv(*rows, header=HEADS[head])


@pytest.mark.parametrize("same", [False, True])
@pytest.mark.parametrize("head", ["lines", "no line numbers", "German"])
@pytest.mark.parametrize("first", ["old", "new"])
def test_a_line_that_was_cancelled_stays_so_in_any_order(tmp_path: Path, first: str, head: str, same: bool) -> None:
    files = {"old": lined(head, same=same), "new": lined(head, cancelled=3, same=same)}
    whole = sum((30 + n) * (2 if same else 3) for n in range(1, 41))
    gone = 33 if same else 66
    order = (first, "old" if first == "new" else "new")
    for name in (*order, *order):
        result = load(tmp_path, files[name], name=f"{name}.csv")
        assert len(lines(result.version)) == 80
    assert revenue(result) == money(str(whole - gone))
    if first == "new":
        assert [text for text in load(tmp_path, files["old"], name="old.csv").warnings if "1 lines of orders" in text]
    back = load(tmp_path, files["old"], name="old.csv", replace=True)
    assert revenue(back) == money(str(whole))


def test_a_cancelled_line_stays_so_where_a_file_tells_no_states_or_another_line_changed(tmp_path: Path) -> None:
    whole = sum((30 + n) * 3 for n in range(1, 41))
    load(tmp_path, lined("no line numbers", cancelled=3), name="new.csv")
    bare = load(tmp_path, lined("no states"), name="bare.csv")
    assert (revenue(bare), len(lines(bare.version))) == (money(str(whole - 66)), 80)
    with pytest.raises(AmbiguousReading):
        load(tmp_path, lined("no line numbers", dear=3), name="old.csv")
    kept = load(tmp_path, lined("no line numbers", dear=3), name="old.csv", replace=False)
    assert revenue(kept) == money(str(whole - 66))


# What was not paid ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["failed", "unpaid"])
def test_lines_of_orders_that_were_not_paid_stay_out_until_they_are(tmp_path: Path, word: str) -> None:
    load(tmp_path, by_order(word), name="orders.csv")
    result = load(tmp_path, by_line(), name="lines.csv")
    assert (revenue(result), result.ledger.kept_as_stored) == (LEFT, 4)
    assert result.ledger.excluded["kept_as_stored"] == money(str(WHOLE)) - LEFT
    assert revenue(load(tmp_path, by_line(), name="lines.csv")) == LEFT
    assert revenue(load(tmp_path, by_order(), name="paid.csv")) == money(str(WHOLE))
    last = load(tmp_path, by_line(), name="lines.csv")
    assert revenue(last) == money(str(WHOLE))
    assert sum(line["product"] is not None for line in lines(last.version)) == 2 * ORDERS


def test_lines_that_turn_out_not_paid_are_asked_about(tmp_path: Path) -> None:
    load(tmp_path, by_line(), name="lines.csv")
    with pytest.raises(AmbiguousReading) as asked:
        load(tmp_path, by_order("unpaid"), name="orders.csv")
    assert asked.value.answers == ("--replace", "--keep")
    assert revenue(load(tmp_path, by_order("unpaid"), name="orders.csv", replace=False)) == money(str(WHOLE))
    gone = load(tmp_path, by_order("unpaid"), name="orders.csv", replace=True)
    assert (revenue(gone), gone.ledger.replaced.orders) == (LEFT, 2)
    assert revenue(load(tmp_path, by_line(), name="lines.csv")) == LEFT


def test_an_order_that_was_paid_does_not_become_unpaid_by_an_older_export(tmp_path: Path) -> None:
    load(tmp_path, by_order(), name="new.csv")
    assert revenue(load(tmp_path, by_order("unpaid"), name="old.csv")) == money(str(WHOLE))


# What was paid back ---------------------------------------------------------------------------------------------

REFUND_ROW = "5,2026-02-08,b@example.com,refund,-20.00\n"


@pytest.mark.parametrize("place", ANY_ORDER, ids=str)
def test_a_row_that_pays_back_stays_with_lines_in_any_order(tmp_path: Path, place: tuple[int, ...]) -> None:
    files = [("old.csv", by_order()), ("new.csv", by_order() + REFUND_ROW), ("lines.csv", by_line())]
    for at in (*place, 2, 1, 0):
        result = load(tmp_path, files[at][1], name=files[at][0])
    assert revenue(result) == money(str(WHOLE - 20))
    assert sum(line["kind"] == "refund" for line in lines(result.version)) == 1
    assert sum(line["product"] is not None for line in lines(result.version)) == 2 * ORDERS


def shopify(refund: str) -> str:
    """Two orders, of the first of which this was paid back."""
    state = {"0.00": "paid", "145.00": "refunded"}.get(refund, "partially_refunded")
    return pf.shopify(
        pf.shopify_order("#1", ("2", "Tea", "20.00"), ("1", "Pot", "100.00"), Email="a@example.com", Subtotal="140.00",
                         Shipping="5.00", Total="145.00", Financial_Status=state, Refunded_Amount=refund),
        pf.shopify_order("#2", ("1", "Tea", "20.00"), Email="b@example.com"),
    )  # fmt: skip


@pytest.mark.parametrize("place", ANY_ORDER, ids=str)
@pytest.mark.parametrize(("most", "left"), [("145.00", "20"), ("60.00", "100")])
def test_the_greatest_refund_of_an_order_counts_in_any_order(
    tmp_path: Path, place: tuple[int, ...], most: str, left: str
) -> None:
    amounts = ("0.00", "40.00", most)
    for at in place:
        result = load(tmp_path, shopify(amounts[at]), name=f"{at}.csv")
    assert revenue(result) == money(left)


ETSY_ITEMS = (
    "Sale Date,Item Name,Buyer,Quantity,Price,Discount Amount,Order Shipping,Order Sales Tax,Item Total,"
    "Currency,Transaction ID,Listing ID,Order ID"
)
ETSY_ORDERS = (
    "Sale Date,Order ID,Buyer User ID,Full Name,Number of Items,Currency,Order Value,Discount Amount,"
    "Shipping,Sales Tax,Order Total,Status,Adjusted Order Total,Buyer"
)


@pytest.mark.parametrize("first", ["orders", "items"])
def test_refunds_that_the_orders_know_stay_with_their_items(tmp_path: Path, first: str) -> None:
    back = {3: "0.00", 7: f"{total(7) - 5}.00"}
    orders = [f"02/{n:02d}/26,{9000 + n},u{n % 4},Ann {n % 4},2,EUR,{total(n)}.00,0.00,0.00,0.00,{total(n)}.00,,"
              f"{back.get(n, '')},Ann {n % 4} (u{n % 4})" for n in range(1, 21)]  # fmt: skip
    items = [f"02/{n:02d}/26,{what},Ann {n % 4} (u{n % 4}),1,{price}.00,0.00,0.00,0.00,{price}.00,EUR,{n}{at},{at},"
             f"{9000 + n}" for n in range(1, 21) for at, what, price in
             ((1, "Soap", 10), (2, "Oil", total(n) - 10))]  # fmt: skip
    files = {"orders": csv(*orders, header=ETSY_ORDERS), "items": csv(*items, header=ETSY_ITEMS)}
    load(tmp_path, files.pop(first), name="a.csv")
    ((_, text),) = files.items()
    result = load(tmp_path, text, name="b.csv")
    assert revenue(result) == money(str(WHOLE - total(3) - 5))
    assert sum(line["product"] is not None for line in lines(result.version)) == 2 * ORDERS


# Any order, any overlap -----------------------------------------------------------------------------------------


@settings(
    max_examples=6,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_three_exports_of_orders_that_go_on_come_to_the_same_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    number = st.integers(1, ORDERS)
    undone_at = data.draw(st.dictionaries(number, st.tuples(st.integers(0, 2), st.sampled_from(STATES)), max_size=6))
    windows = [tuple(sorted((data.draw(number), data.draw(number)))) for _ in range(2)]
    texts = [by_line(), *(export(low, high, undone_at, time) for time, (low, high) in enumerate(windows, 1))]
    folder = tmp_path_factory.mktemp("any")
    for at in data.draw(st.permutations(range(3))):
        result = load(folder, texts[at], name=f"{at}.csv")
    known = {n for time, (low, high) in enumerate(windows, 1) for n in range(low, high + 1)
             if n in undone_at and undone_at[n][0] <= time}  # fmt: skip
    assert revenue(result) == money(str(WHOLE - sum(map(total, known))))


def export(low: int, high: int, undone_at: dict[int, tuple[int, str]], time: int) -> str:
    """Some of the orders, as they stand at a time."""
    rows = by_order().splitlines()[low : high + 1]
    for at, number in enumerate(range(low, high + 1)):
        since, state = undone_at.get(number, (time + 1, ""))
        if since <= time:
            rows[at] = rows[at].replace("paid", state)
    return csv(*rows, header=by_order().splitlines()[0])
