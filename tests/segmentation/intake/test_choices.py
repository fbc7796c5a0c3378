"""What a person decides: what counts as revenue, in which currency, and who is nobody; all of it in the ledger."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from segmentation.cli import main
from segmentation.errors import AmbiguousReading, DataError, SettingOutOfRange
from segmentation.intake import ImportResult, import_file
from segmentation.meaning import Choices, Mapping
from segmentation.workspace import Workspace
from tests.segmentation import platform_files as pf
from tests.segmentation.intake_files import TODAY, contacts, csv, lines, load, money, write

# What counts as revenue ---------------------------------------------------------------------------------------

# goods 100, shipping 10 and tax 11 on top = 121; a gift card of 25; a test of 9: 155 in all
ALL = pf.shopify(
    pf.shopify_order(
        "#1", ("1", "Pot", "100.00"), Email="a@example.com", Subtotal="100.00", Shipping="10.00", Taxes="11.00",
        Total="121.00",
    ),
    pf.shopify_order("#2", ("1", "Gift card", "25.00"), Email="b@example.com", Subtotal="25.00", Total="25.00"),
    pf.shopify_order("#3", ("1", "Pan", "9.00"), Email="c@example.com", Total="9.00", Payment_Method="bogus"),
)  # fmt: skip
LEFT_OUT = {"shipping": "10.00", "tax": "11.00", "gift_card": "25.00", "test_order": "9.00"}
REASONS = {"shipping": "shipping", "tax": "tax", "gift_cards": "gift_card", "test_orders": "test_order"}


def chosen(answer: str, *parts: str) -> Choices:
    """This answer for these parts."""
    answers: dict[str, Any] = dict.fromkeys(parts, answer)
    return Choices(**answers)


def excluded(result: ImportResult) -> dict[str, str]:
    """What the ledger leaves out, by reason, to the cent."""
    return {reason: f"{amount:.2f}" for reason, amount in result.ledger.excluded.items()}


@pytest.mark.parametrize("answer", ["out", None])
def test_shipping_tax_gift_cards_and_tests_are_no_revenue_unless_chosen(tmp_path: Path, answer: str | None) -> None:
    result = load(tmp_path, ALL, choices=Choices(shipping=answer, tax=answer, gift_cards=answer, test_orders=answer))
    assert result.ledger.revenue_file == money("155")
    assert result.ledger.revenue_kept == money("100")
    assert excluded(result) == LEFT_OUT


@pytest.mark.parametrize("part", REASONS)
def test_what_is_chosen_counts_and_nothing_else(tmp_path: Path, part: str) -> None:
    result = load(tmp_path, ALL, choices=chosen("in", part))
    rest = {reason: amount for reason, amount in LEFT_OUT.items() if reason != REASONS[part]}
    assert result.ledger.revenue_file == money("155")
    assert result.ledger.revenue_kept == 100 + Decimal(LEFT_OUT[REASONS[part]])
    assert excluded(result) == rest


def test_with_everything_chosen_the_file_is_kept_whole(tmp_path: Path) -> None:
    result = load(tmp_path, ALL, choices=chosen("in", *REASONS))
    assert result.ledger.revenue_kept == result.ledger.revenue_file == money("155")
    assert result.ledger.excluded == {}
    assert result.ledger.orders == 3


@pytest.mark.parametrize(
    ("choices", "kept"),
    [
        # 12.10 of 121 are a tenth: 10 of goods, 1 of shipping, 1.10 of tax; where shipping is out, what was paid back
        # is taken off the goods in full but for the tax
        (Choices(), "89.00"),
        (Choices(shipping="in"), "99.00"),  # 110 − 11
        (Choices(tax="in"), "98.90"),  # 111 − 12.10
        (Choices(shipping="in", tax="in"), "108.90"),  # 121 − 12.10
    ],
)
def test_a_refund_is_measured_by_what_counts(tmp_path: Path, choices: Choices, kept: str) -> None:
    order = pf.shopify_order(
        "#1", ("1", "Pot", "100.00"), Email="a@example.com", Subtotal="100.00", Shipping="10.00", Taxes="11.00",
        Total="121.00", Financial_Status="partially_refunded", Refunded_Amount="12.10",
    )  # fmt: skip
    result = load(tmp_path, pf.shopify(order), choices=choices)
    assert (result.ledger.revenue_file, result.ledger.revenue_kept) == (money("108.90"), money(kept))


@pytest.mark.parametrize(("shipping", "tax"), [("in", "in"), ("out", "in"), ("out", "out")])
def test_an_order_paid_back_in_full_is_nothing_whatever_counts(tmp_path: Path, shipping: str, tax: str) -> None:
    choices = Choices(shipping=shipping, tax=tax)
    order = pf.shopify_order(
        "#1", ("1", "Pot", "100.00"), Email="a@example.com", Subtotal="100.00", Shipping="10.00", Taxes="11.00",
        Total="121.00", Financial_Status="refunded", Refunded_Amount="121.00",
    )  # fmt: skip
    assert load(tmp_path, pf.shopify(order), choices=choices).ledger.revenue_kept == 0
    grid = pf.magento_order(
        "1", "€65.00", "5.00", Status="Closed", Total_Refunded="€65.00", Customer_Email="a@example.com"
    )
    assert load(tmp_path, pf.export(pf.MAGENTO_ORDERS, grid), "Magento", choices=choices).ledger.revenue_kept == 0


@pytest.mark.parametrize(("tax", "kept"), [("in", "140.00"), ("out", "117.65")])
def test_tax_inside_the_prices_is_never_added_twice(tmp_path: Path, tax: str, kept: str) -> None:
    order = pf.shopify_order(
        "#1", ("1", "Pot", "140.00"), Email="a@example.com", Subtotal="140.00", Taxes="22.35", Total="140.00"
    )
    result = load(tmp_path, pf.shopify(order), choices=Choices(tax=tax))
    assert (result.ledger.revenue_file, result.ledger.revenue_kept) == (money("140"), money(kept))


@pytest.mark.parametrize(("shipping", "kept"), [("in", "65.00"), ("out", "60.00")])
def test_shipping_inside_a_total_is_never_added_twice(tmp_path: Path, shipping: str, kept: str) -> None:
    text = pf.export(pf.MAGENTO_ORDERS, pf.magento_order("1", "€65.00", "5.00", Customer_Email="a@example.com"))
    result = load(tmp_path, text, choices=Choices(shipping=shipping))
    assert (result.ledger.revenue_file, result.ledger.revenue_kept) == (money("65"), money(kept))


@pytest.mark.parametrize(("shipping", "kept"), [("in", "38.50"), ("out", "30.00"), (None, "30.00")])
def test_shipping_of_a_table_of_ones_own_counts_once_for_an_order(
    tmp_path: Path, shipping: str | None, kept: str
) -> None:
    text = csv(
        "C1,1,2026-01-05,10.00,5.00", "C1,1,2026-01-05,15.00,5.00", "C2,2,2026-01-06,5.00,3.50",
        header="Customer,Order,Date,Amount,Shipping",
    )  # fmt: skip
    assert load(tmp_path, text, choices=Choices(shipping=shipping)).ledger.revenue_kept == money(kept)


def test_the_command_line_takes_the_same_choices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, ALL)
    assert main(["import", str(path), "--shipping", "in", "--gift-cards", "in", "--json"]) == 0
    revenue = json.loads(capsys.readouterr().out)["revenue"]
    assert revenue == {"file": 155.0, "kept": 135.0, "excluded": {"tax": 11.0, "test_order": 9.0}}


@pytest.mark.parametrize("part", ["shipping", "tax", "gift_cards", "test_orders"])
def test_an_answer_that_does_not_exist_is_refused(part: str) -> None:
    with pytest.raises(SettingOutOfRange):
        chosen("maybe", part)


# Currencies ---------------------------------------------------------------------------------------------------

MONEY = "Customer,Order,Date,Amount,Currency"
MIXED = csv(
    "C1,1,2026-01-05,10.00,EUR", "C2,2,2026-01-05,10.00,USD", "C3,3,2026-01-05,1000,jpy", "C1,4,2026-01-06,2.00,EUR",
    "C2,2,2026-01-07,-1.00,USD", header=MONEY,
)  # fmt: skip
EURO = Choices(currency="EUR")


def rated(**rates: str) -> Choices:
    """Everything in euros, at these rates."""
    return Choices(currency="EUR", rates=tuple((code, Decimal(rate)) for code, rate in rates.items()))


def test_several_currencies_are_refused_and_change_nothing(tmp_path: Path) -> None:
    load(tmp_path, csv("C1,1,2026-01-05,10.00,EUR", header=MONEY))
    with pytest.raises(AmbiguousReading) as caught:
        load(tmp_path, MIXED)
    assert set(caught.value.readings) == {"EUR", "USD", "JPY"}
    assert Workspace.open(tmp_path / "workspace").latest("Shop").number == 1


def test_one_chosen_currency_sets_the_others_aside(tmp_path: Path) -> None:
    result = load(tmp_path, MIXED, choices=EURO)
    assert result.ledger.set_aside == {"other_currency": 3}
    assert result.ledger.revenue_file == result.ledger.revenue_kept == money("12")  # 10 + 2
    assert result.version.manifest.currency == "EUR"


def test_rates_convert_to_the_cent(tmp_path: Path) -> None:
    ledger = load(tmp_path, MIXED, choices=rated(USD="0.9137", JPY="0.0061")).ledger
    # 10 + 10 × 0.9137 + 1000 × 0.0061 + 2 − 1 × 0.9137 = 10 + 9.137 + 6.1 + 2 − 0.9137
    assert ledger.revenue_kept == ledger.revenue_file == money("26.3233")
    assert ledger.set_aside == {}


def test_a_currency_without_a_rate_is_asked_for_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no rate for JPY.*--rate JPY="):
        load(tmp_path, MIXED, choices=rated(USD="0.9"))


def test_quantities_and_prices_are_converted_once(tmp_path: Path) -> None:
    text = csv("C1,1,2026-01-05,3,10.00,1.00,USD", "C2,2,2026-01-05,1,10.00,0.00,EUR",
               header="Customer,Order,Date,Quantity,Unit price,Discount,Currency")  # fmt: skip
    # (3 × 10 − 1) × 0.9 + 10
    assert load(tmp_path, text, choices=rated(USD="0.9")).ledger.revenue_kept == money("36.10")


def test_every_line_of_a_converted_order_is_converted(tmp_path: Path) -> None:
    dollars = pf.shopify_order(
        "#1", ("2", "Tea", "20.00"), ("1", "Pot", "100.00"), Email="a@example.com", Currency="USD",
        Shipping="10.00", Discount_Amount="14.00",
    )  # fmt: skip
    euros = pf.shopify_order("#2", ("1", "Tea", "20.00"), ("1", "Pot", "100.00"), Email="b@example.com")
    result = load(tmp_path, pf.shopify(dollars, euros), choices=rated(USD="0.5"))
    # (40 + 100 − 14) / 2 + 120; shipping 10 / 2
    assert result.ledger.revenue_kept == money("183.00")
    assert excluded(result) == {"shipping": "5.00"}
    listed = {
        row["product"] or row["part"]: row["listed_amount"] for row in lines(result.version) if row["order_id"] == "#1"
    }
    assert listed == {"Tea": money("20"), "Pot": money("50"), "discount": money("-7"), "shipping": money("5")}


def test_every_line_of_an_order_in_another_currency_is_set_aside(tmp_path: Path) -> None:
    dollars = pf.shopify_order("#1", ("2", "Tea", "20.00"), ("1", "Pot", "100.00"), Email="a@x.com", Currency="USD")
    euros = pf.shopify_order("#2", ("1", "Tea", "20.00"), Email="b@example.com")
    result = load(tmp_path, pf.shopify(dollars, euros), choices=EURO)
    assert result.ledger.set_aside == {"other_currency": 2}
    assert result.ledger.revenue_kept == money("20")


# Who is nobody ------------------------------------------------------------------------------------------------


def test_guests_are_joined_by_their_email_and_else_count_as_revenue_only(tmp_path: Path) -> None:
    text = csv(
        "C1,1,2026-01-05,ann@example.com,1.00", ",2,2026-01-06,Ann@Example.com,2.00", ",3,2026-01-06,,4.00",
        "guest,4,2026-01-07,bob@example.com,8.00", "guest,5,2026-01-08,BOB@example.com,16.00", "guest,6,2026-01-09,,32",
        header="Customer,Order,Date,Email,Amount",
    )  # fmt: skip
    result = load(tmp_path, text)
    ledger = result.ledger
    assert (ledger.customers, ledger.guests, ledger.orders) == (2, 2, 6)
    assert ledger.revenue_kept == money("63")
    customers = {row["order_id"]: row["customer_id"] for row in lines(result.version)}
    assert customers["1"] == customers["2"] == "C1"
    assert customers["4"] == customers["5"]
    assert customers["3"] is customers["6"] is None
    assert {row["email"] for row in contacts(result.version)} == {"ann@example.com", "bob@example.com"}


def test_a_guest_of_a_later_file_is_the_customer_known_by_the_address(tmp_path: Path) -> None:
    header = "Customer,Order,Date,Email,Amount"
    load(tmp_path, csv("C1,1,2026-01-05,ann@example.com,1.00", header=header))
    result = load(tmp_path, csv(",2,2026-02-05,ann@example.com,2.00", ",3,2026-02-06,,2.00", header=header))
    assert (result.ledger.customers, result.ledger.guests) == (1, 1)


def test_people_of_one_name_are_told_apart_by_their_addresses_where_there_are_any(tmp_path: Path) -> None:
    text = csv(
        "Ann Lee,1,2026-01-05,ann@a.com,1.00", "Ann Lee,2,2026-01-06,ann@b.com,2.00", "A Lee,3,2026-01-07,Ann@a.com,4",
        "Bob Ray,4,2026-01-08,,8.00", "Bob Ray,5,2026-01-09,,16.00", "Guest,6,2026-01-09,,32.00",
        header="Customer,Order,Date,Email,Amount",
    )  # fmt: skip
    result = load(tmp_path, text)
    assert (result.ledger.customers, result.ledger.guests, result.ledger.revenue_kept) == (3, 1, money("63"))
    customers = {row["order_id"]: row["customer_id"] for row in lines(result.version)}
    assert customers["1"] == customers["3"] != customers["2"]
    assert customers["4"] == customers["5"]
    assert not any("by their names only" in warning for warning in result.warnings)


def crowded(giant: str) -> str:
    """Forty customers with two orders each, and one with forty."""
    many = [f"C{i % 40},{i},2026-01-{i % 28 + 1:02d},Tea,1.00" for i in range(80)]
    return csv(*many, *(f"{giant},{i},2026-02-{i % 28 + 1:02d},Tea,1.00" for i in range(80, 120)))


@pytest.mark.parametrize("nobody", ["Guest", "0", "N/A"])
def test_a_customer_called_nobody_is_nobody(tmp_path: Path, nobody: str) -> None:
    result = load(tmp_path, crowded(nobody))
    assert (result.ledger.customers, result.ledger.guests, result.ledger.orders) == (40, 40, 120)
    assert result.ledger.revenue_kept == money("120")
    assert not any("stands for guests" in warning for warning in result.warnings)


def test_an_id_that_may_stand_for_nobody_does_where_it_has_more_orders_than_anybody(tmp_path: Path) -> None:
    found = load(tmp_path, crowded("99999"), "A")
    assert (found.ledger.customers, found.ledger.guests, found.ledger.orders) == (40, 40, 120)
    kept = load(tmp_path, crowded("99999"), "B", choices=Choices(not_guests=("99999",)))
    assert (kept.ledger.customers, kept.ledger.guests) == (41, 0)
    assert kept.ledger.revenue_kept == found.ledger.revenue_kept == money("120")


def test_a_customer_with_more_orders_than_anybody_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(AmbiguousReading, match="“ACME” in “Customer ID”") as caught:
        load(tmp_path, crowded("ACME"), "A")
    assert caught.value.answers == ("--guest ACME", "--not-guest ACME")
    nobody = load(tmp_path, crowded("ACME"), "A", choices=Choices(guests=("ACME",)))
    assert (nobody.ledger.customers, nobody.ledger.guests, nobody.ledger.orders) == (40, 40, 120)
    someone = load(tmp_path, crowded("ACME"), "B", choices=Choices(not_guests=("ACME",)))
    assert (someone.ledger.customers, someone.ledger.guests) == (41, 0)


def test_no_one_is_pointed_out_where_customers_are_few_or_alike(tmp_path: Path) -> None:
    few = csv(*(f"C{i % 3},{i},2026-01-05,Tea,1.00" for i in range(90)), *("C1,x,2026-01-05,Tea,1.00",) * 60)
    even = csv(*(f"C{i % 40},{i},2026-01-05,Tea,1.00" for i in range(400)))
    for dataset, text in (("few", few), ("even", even)):
        assert not any("One customer" in warning for warning in load(tmp_path, text, dataset).warnings)


# Signs --------------------------------------------------------------------------------------------------------


def test_lines_of_nothing_and_below_nothing_are_kept_for_what_they_are(tmp_path: Path) -> None:
    result = load(tmp_path, csv(
        "C1,1,2026-01-05,2,10.00", "C1,1,2026-01-05,1,0.00", "C2,2,2026-01-06,1,0", "C1,1,2026-01-09,1,-4.00",
        "C1,1,2026-01-10,-1,3.00", "C2,2,2026-01-11,-1,-2.00", "C2,2,2026-01-11,0,1.00",
        header="Customer,Order,Date,Quantity,Amount",
    ))  # fmt: skip
    # a negative quantity makes the amount one as well: 10 + 0 + 0 − 4 − 3 − 2 + 1
    assert result.ledger.revenue_kept == result.ledger.revenue_file == money("2")
    assert result.ledger.orders == 2
    kinds = sorted((row["amount"], row["kind"]) for row in lines(result.version))
    assert [(f"{amount:.0f}", kind) for amount, kind in kinds] == [
        ("-4", "refund"), ("-3", "refund"), ("-2", "refund"), ("0", "sale"), ("0", "sale"), ("1", "sale"),
        ("10", "sale"),
    ]  # fmt: skip


@pytest.mark.parametrize("reference", ["1", "R-77", ""], ids=["of the order", "of its own", "none"])
def test_a_refund_lowers_revenue_and_is_no_order_whatever_it_refers_to(tmp_path: Path, reference: str) -> None:
    result = load(tmp_path, csv("C1,1,2026-01-05,Tea,10.00", f"C1,{reference},2026-01-09,Tea,-4.00"))
    assert (result.ledger.revenue_kept, result.ledger.orders, result.ledger.customers) == (money("6"), 1, 1)
    (refund,) = [row for row in lines(result.version) if row["kind"] == "refund"]
    assert refund["order_id"] == (reference or None)


def test_refunds_without_an_order_or_a_customer_are_revenue_only(tmp_path: Path) -> None:
    ledger = load(tmp_path, csv("C1,1,2026-01-05,Tea,10.00", ",,2026-01-09,Tea,-4.00")).ledger
    assert (ledger.revenue_kept, ledger.orders, ledger.customers, ledger.guests) == (money("6"), 1, 1, 0)


def test_choices_are_remembered_with_a_corrected_mapping(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    path = write(tmp_path, MIXED)
    mapping = Mapping(customer="Customer", order="Order", date="Date", amount="Amount", currency="Currency")
    import_file(workspace, path, dataset="A", today=TODAY, mapping=mapping, choices=EURO)
    assert import_file(workspace, path, dataset="B", today=TODAY).ledger.revenue_kept == money("12")
