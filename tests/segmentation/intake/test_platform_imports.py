"""Each platform's export through the real import, to the cent: the expected revenue is worked out by hand beside it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.intake import ImportResult
from segmentation.workspace import DatasetVersion
from tests.segmentation import platform_files as pf
from tests.segmentation.intake_files import contacts, lines, load, money


def by_order(version: DatasetVersion) -> dict[str, Decimal]:
    """What each order adds to revenue."""
    found: dict[str, Decimal] = {}
    for row in lines(version):
        found[row["order_id"]] = found.get(row["order_id"], Decimal(0)) + row["amount"]
    return found


def cents(**amounts: str) -> dict[str, Decimal]:
    """Amounts by reason, as a ledger holds them."""
    return {reason: money(amount) for reason, amount in amounts.items()}


def check(result: ImportResult, *, platform: str, file: str, kept: str, excluded: dict[str, Decimal]) -> None:
    """The ledger says this, and what is stored comes to the same."""
    ledger = result.ledger
    assert result.tables[0].platform == platform
    assert (ledger.revenue_file, ledger.revenue_kept) == (money(file), money(kept))
    assert ledger.excluded == excluded
    assert sum((row["amount"] for row in lines(result.version)), Decimal(0)) == money(kept)
    assert result.version.manifest.revenue == money(kept)
    assert ledger.read == ledger.loaded + ledger.already_present + sum(ledger.set_aside.values())


# Shopify ------------------------------------------------------------------------------------------------------

TEA = ("2", "Tea", "20.00")
POT = ("1", "Pot", "100.00")


def test_an_order_of_several_lines_takes_what_its_first_row_says(tmp_path: Path) -> None:
    # 2 × 20 + 100 = 140, less 14 off the order = 126; shipping 5 and tax 10 on top make the total of 141
    order = pf.shopify_order(
        "#1001", TEA, POT, Email="Ann@Example.com", Subtotal="126.00", Shipping="5.00", Taxes="10.00", Total="141.00",
        Discount_Amount="14.00", Discount_Code="TEN", Accepts_Marketing="yes", Billing_Name="Ann Lee",
    )  # fmt: skip
    result = load(tmp_path, pf.shopify(order))
    check(result, platform="Shopify orders", file="141.00", kept="126.00", excluded=cents(shipping="5.00", tax="10.00"))
    assert (result.ledger.read, result.ledger.loaded, result.ledger.orders) == (2, 2, 1)
    stored = lines(result.version)
    assert {row["customer_id"] for row in stored} == {contacts(result.version)[0]["customer_id"]}
    assert {row["ordered_at"] for row in stored} == {datetime(2026, 9, 13, 10, 2, 11)}  # noqa: DTZ001 - the shop's own
    assert {row["currency"] for row in stored} == {"EUR"}
    assert {row["status"] for row in stored} == {"paid"}
    listed = {(row["part"], row["product"]): (row["listed_amount"], row["amount"]) for row in stored}
    assert listed == {
        (None, "Tea"): (money("40"), money("40")),
        (None, "Pot"): (money("100"), money("100")),
        ("discount", None): (money("-14"), money("-14")),
        ("shipping", None): (money("5"), money("0")),
        ("tax", None): (money("10"), money("0")),
    }
    assert contacts(result.version)[0] | {"customer_id": ""} == {
        "customer_id": "", "email": "ann@example.com", "name": "Ann Lee", "phone": None, "consent": True,
    }  # fmt: skip


def test_a_discount_on_a_line_is_taken_off_once(tmp_path: Path) -> None:
    # 40 less 4 on the line = 36 = the subtotal: nothing more comes off, although “Discount Amount” repeats the 4
    rows = pf.shopify_order("#1", TEA, Email="a@example.com", Subtotal="36.00", Total="36.00", Discount_Amount="4.00")
    rows[0] = {**rows[0], "Lineitem discount": "4.00"}
    check(load(tmp_path, pf.shopify(rows)), platform="Shopify orders", file="36.00", kept="36.00", excluded={})


def test_tax_inside_the_prices_is_no_revenue_either(tmp_path: Path) -> None:
    # prices with 19 % in them: 100 + 2 × 20 = 140 and free shipping make 140, of which 22.35 is tax → 117.65
    order = pf.shopify_order("#1", TEA, POT, Email="a@example.com", Subtotal="140.00", Taxes="22.35", Total="140.00")
    result = load(tmp_path, pf.shopify(order))
    check(result, platform="Shopify orders", file="140.00", kept="117.65", excluded=cents(tax="22.35"))


@pytest.mark.parametrize(
    ("paid_back", "kept", "beside"),
    [
        ("20.00", "31.82", "-1.82"),  # 20 × 50/55 = 18.18 was goods, the rest tax
        ("55.00", "0.00", "-5.00"),  # all of it: 50 of goods
        ("0.00", "50.00", "0.00"),
    ],
)
def test_money_paid_back_takes_off_what_it_had_added(tmp_path: Path, paid_back: str, kept: str, beside: str) -> None:
    order = pf.shopify_order(
        "#1", ("1", "Pot", "50.00"), Email="a@example.com", Financial_Status="partially_refunded", Subtotal="50.00",
        Taxes="5.00", Total="55.00", Refunded_Amount=paid_back,
    )  # fmt: skip
    result = load(tmp_path, pf.shopify(order))
    lost = {"tax": money("5.00")} | ({"refunded_beside": money(beside)} if money(beside) else {})
    file = str(Decimal("55.00") - Decimal(paid_back))
    check(result, platform="Shopify orders", file=file, kept=kept, excluded=lost)
    assert result.ledger.orders == 1


def test_an_order_paid_back_in_full_with_its_shipping_comes_to_nothing(tmp_path: Path) -> None:
    # goods 60 + shipping 5 + tax 6 = 71 = what was paid back; 60 of it had counted, 11 had not
    order = pf.shopify_order(
        "#1", ("1", "Pan", "60.00"), Email="a@example.com", Financial_Status="refunded", Subtotal="60.00",
        Shipping="5.00", Taxes="6.00", Total="71.00", Refunded_Amount="71.00",
    )  # fmt: skip
    check(
        load(tmp_path, pf.shopify(order)), platform="Shopify orders", file="0.00", kept="0.00",
        excluded=cents(shipping="5.00", tax="6.00", refunded_beside="-11.00"),
    )  # fmt: skip


def test_an_order_that_was_paid_back_without_saying_how_much_was_paid_back_in_full(tmp_path: Path) -> None:
    order = pf.shopify_order(
        "#1", ("1", "Pan", "60.00"), Email="a@example.com", Financial_Status="refunded", Subtotal="54.00",
        Discount_Amount="6.00", Total="54.00", Refunded_Amount="",
    )  # fmt: skip
    result = load(tmp_path, pf.shopify(order))
    check(result, platform="Shopify orders", file="54.00", kept="0.00", excluded=cents(refunded="54"))
    assert sorted((row["part"] or "", row["amount"]) for row in lines(result.version)) == [
        ("", money("60")), ("discount", money("-6")), ("refund", money("-54")),
    ]  # fmt: skip


def test_a_refund_of_prices_with_tax_in_them_takes_off_the_net(tmp_path: Path) -> None:
    # 119 with 19 tax; 59.50 paid back are 50 net: 100 − 50
    order = pf.shopify_order(
        "#1", ("1", "Pan", "119.00"), Email="a@example.com", Financial_Status="partially_refunded",
        Subtotal="119.00", Taxes="19.00", Total="119.00", Refunded_Amount="59.50",
    )  # fmt: skip
    check(
        load(tmp_path, pf.shopify(order)), platform="Shopify orders", file="59.50", kept="50.00",
        excluded=cents(tax="19.00", refunded_beside="-9.50"),
    )  # fmt: skip


def test_cancelled_and_voided_orders_gift_cards_and_tests_are_kept_apart(tmp_path: Path) -> None:
    cancelled = pf.shopify_order(
        "#1", ("1", "Pan", "30.00"), ("1", "Lid", "6.00"), Email="a@example.com", Subtotal="36.00", Shipping="4.00",
        Taxes="3.00", Total="43.00", Cancelled_at="2026-09-15 10:00:00 -0400",
    )  # fmt: skip
    voided = pf.shopify_order("#2", ("1", "Pan", "30.00"), Email="b@example.com", Financial_Status="voided")
    gift = pf.shopify_order("#3", ("1", "Gift Card €25", "25.00"), TEA, Email="c@example.com", Subtotal="65.00")
    test = pf.shopify_order("#4", ("1", "Pan", "9.00"), Email="dev@example.com", Payment_Method="bogus")
    sold = pf.shopify_order("#5", TEA, Email="d@example.com")
    result = load(tmp_path, pf.shopify(cancelled, voided, gift, test, sold))
    # 43 + 30 never were revenue, 25 is owed, 9 was a test; 40 + 40 of tea stay
    check(
        result, platform="Shopify orders", file="187.00", kept="80.00",
        excluded=cents(cancelled="73.00", gift_card="25.00", test_order="9.00"),
    )  # fmt: skip
    assert by_order(result.version) == {
        "#1": money("0"), "#2": money("0"), "#3": money("40"), "#4": money("0"), "#5": money("40"),
    }  # fmt: skip
    assert result.ledger.orders == 2


def test_an_order_without_an_email_is_a_guest(tmp_path: Path) -> None:
    orders = [pf.shopify_order("#1", TEA, POT), pf.shopify_order("#2", TEA, Email="a@example.com")]
    ledger = load(tmp_path, pf.shopify(*orders)).ledger
    assert (ledger.customers, ledger.guests, ledger.orders, ledger.revenue_kept) == (1, 1, 2, money("180"))


def test_rows_of_one_order_that_stand_apart_are_one_order(tmp_path: Path) -> None:
    first = pf.shopify_order("#1", TEA, POT, Email="a@example.com", Shipping="5.00", Total="145.00")
    other = pf.shopify_order("#2", TEA, Email="b@example.com", Shipping="3.00", Total="43.00")
    result = load(tmp_path, pf.export(pf.SHOPIFY_ORDERS, first[0], other[0], first[1]))
    # 140 + 5 and 40 + 3
    check(result, platform="Shopify orders", file="188.00", kept="180.00", excluded=cents(shipping="8.00"))
    assert result.ledger.customers == result.ledger.orders == 2


# WooCommerce --------------------------------------------------------------------------------------------------


def test_woocommerce_analytics_counts_paid_orders_by_their_raw_revenue(tmp_path: Path) -> None:
    result = load(
        tmp_path,
        pf.analytics(
            ("2026-09-13", "1001", "completed", "Ann Lee", "1", "40.00"),
            ("2026-09-14", "1002", "processing", "Bob Ray", "3", "1234.50"),
            ("2026-09-15", "1003", "failed", "Bob Ray", "1", "20.00"),
            ("2026-09-15", "1004", "pending", "Bob Ray", "1", "7.00"),
            ("2026-09-16", "1001", "refunded", "Ann Lee", "-1", "-10.00"),
            ("2026-09-17", "1005", "cancelled", "Ann Lee", "1", "3.00"),
        ),
    )
    # 40 + 1234.50 − 10; 20 + 7 + 3 were never paid
    check(
        result,
        platform="WooCommerce Analytics orders",
        file="1294.50",
        kept="1264.50",
        excluded=cents(cancelled="3", unpaid="27"),
    )
    assert (result.ledger.customers, result.ledger.orders, result.ledger.guests) == (2, 2, 0)
    assert "Lee" not in str([row["customer_id"] for row in lines(result.version)])
    assert any("by their names only" in warning for warning in result.warnings)


def test_packed_items_become_lines_of_their_own(tmp_path: Path) -> None:
    result = load(
        tmp_path,
        pf.export(
            pf.WOO_WEBTOFFEE,
            # 30 + 10 of goods, 5 shipping and 3 tax: 48 in all
            pf.webtoffee_order(
                "1001", ("1", "Kettle", "30.00"), ("2", "Mug", "10.00"), shipping_total="5.00", tax_total="3.00",
                order_total="48.00", customer_id="7", customer_user="7", billing_email="ann@example.com",
                billing_phone="+49 171 5550001",
            ),
            pf.webtoffee_order("1002", ("1", "Pot", "15.00"), billing_email="gus@example.com", order_total="15.00"),
            pf.webtoffee_order("1003", ("1", "Pot", "15.00"), status="cancelled", order_total="15.00"),
            pf.webtoffee_order("1004", ("1", "Pot", "15.00"), status="refunded", order_total="15.00"),
        ),
    )  # fmt: skip
    # 40 + 15 stay of 48 + 15 + 15 + 15
    check(
        result, platform="WooCommerce orders (WebToffee)", file="93.00", kept="55.00",
        excluded=cents(shipping="5", tax="3", cancelled="15", refunded="15"),
    )  # fmt: skip
    assert [(row["order_id"], row["product"], row["quantity"]) for row in lines(result.version) if not row["part"]] == [
        ("1001", "Kettle", money("1")), ("1001", "Mug", money("2")), ("1002", "Pot", money("1")),
        ("1003", "Pot", money("1")), ("1004", "Pot", money("1")),
    ]  # fmt: skip
    assert (result.ledger.customers, result.ledger.orders) == (2, 3)  # what was paid back had been an order
    assert [row["phone"] for row in contacts(result.version) if row["customer_id"] == "7"] == ["+49 171 5550001"]


# Square -------------------------------------------------------------------------------------------------------


def test_square_items_count_net_sales_and_take_refunds_off(tmp_path: Path) -> None:
    result = load(
        tmp_path,
        pf.export(
            pf.SQUARE_ITEMS,
            pf.square_item("Latte", "$8.00", Gross_Sales="$9.00", Discounts="-$1.00", Qty="2", Tax="$0.70",
                           Customer_ID="C1"),
            pf.square_item("Roll", "$3.50", Tax="$0.30", Customer_ID="C1"),
            pf.square_item("Beans", "$1,045.00", Transaction_ID="T2", Tax="$0.40", Time="09:15:00"),
            pf.square_item("Roll", "-$3.50", Transaction_ID="T3", Event_Type="Refund", Qty="-1", Tax="-$0.30",
                           Customer_ID="C1"),
            pf.square_item("Gift Card", "$20.00", Transaction_ID="T4", Itemization_Type="Gift Card", Customer_ID="C2"),
        ),
    )  # fmt: skip
    # 8 + 3.50 + 1045 − 3.50 = 1053; tax 0.70 + 0.30 + 0.40 − 0.30 = 1.10; the card's 20 are owed
    check(
        result, platform="Square items", file="1074.10", kept="1053.00", excluded=cents(tax="1.10", gift_card="20.00")
    )
    stored = [row for row in lines(result.version) if not row["part"]]
    assert [(row["order_id"], row["product"], row["discount"]) for row in stored if row["order_id"] == "T1"] == [
        ("T1", "Latte", money("1.00")), ("T1", "Roll", money("0.00")),
    ]  # fmt: skip
    assert {row["ordered_at"] for row in stored if row["order_id"] == "T2"} == {
        datetime(2026, 9, 3, 9, 15)  # noqa: DTZ001 - the shop's own
    }
    assert [row["kind"] for row in stored if row["order_id"] == "T3"] == ["refund"]
    assert (result.ledger.orders, result.ledger.guests) == (2, 1)


def test_square_transactions_leave_tax_gift_cards_and_partial_refunds_out(tmp_path: Path) -> None:
    result = load(
        tmp_path,
        pf.export(
            pf.SQUARE_TRANSACTIONS,
            pf.square_payment("$11.50", Gross_Sales="$12.50", Discounts="-$1.00", Gift_Card_Sales="$5.00", Tax="$1.00",
                              Tip="$2.00", Partial_Refunds="-$3.00", Total_Collected="$16.50", Customer_ID="C1"),
            pf.square_payment("-$3.00", Tax="-$0.20", Total_Collected="-$3.20", Transaction_ID="T2",
                              Event_Type="Refund", Customer_ID="C1"),
            pf.square_payment("$1,200.25", Transaction_ID="T3"),
        ),
    )  # fmt: skip
    # 11.50 − 3 − 3 + 1200.25 = 1205.75; tax 1 − 0.20; the gift card's 5 are owed; tips are no sale
    check(
        result, platform="Square transactions", file="1211.55", kept="1205.75", excluded=cents(tax="0.8", gift_card="5")
    )
    assert (result.ledger.customers, result.ledger.orders, result.ledger.guests) == (1, 2, 1)


# Payments -----------------------------------------------------------------------------------------------------


def test_stripe_counts_charges_and_refunds_and_names_nobody(tmp_path: Path) -> None:
    result = load(
        tmp_path,
        pf.stripe(
            ("txn_1", "charge", "ch_1", "40.00"),
            ("txn_2", "refund", "re_1", "-10.00"),
            ("txn_3", "payout", "po_1", "-28.54"),
            ("txn_4", "stripe_fee", "", "-2.00"),
            ("txn_5", "payment", "py_1", "2.50"),
            ("txn_6", "payout_failure", "po_2", "28.54"),
        ),
    )
    # 40 − 10 + 2.50
    check(result, platform="Stripe balance history", file="32.50", kept="32.50", excluded={})
    assert result.ledger.set_aside == {"not_a_sale": 3}
    assert (result.ledger.customers, result.ledger.guests, result.ledger.orders) == (0, 2, 2)
    assert result.version.manifest.currency in {"eur", "EUR"}
    assert any("names no customers" in warning for warning in result.warnings)


def test_paypal_counts_what_was_received_and_what_was_paid_back(tmp_path: Path) -> None:
    result = load(
        tmp_path,
        pf.paypal(
            ("A1", "Ann Lee", "Express Checkout Payment", "Completed", "40.00"),
            ("A2", "Ann Lee", "Payment Refund", "Completed", "-10.00"),
            ("A3", "", "General Withdrawal - Bank Account", "Completed", "-28.00"),
            ("A4", "Hosting Inc", "General Payment", "Completed", "-9.00"),
            ("A5", "Bob Ray", "Express Checkout Payment", "Denied", "5.00"),
            ("A6", "Bob Ray", "Website Payment", "Completed", "1,005.00"),
            ("A7", "Bob Ray", "Website Payment", "Pending", "6.00"),
            ("A8", "", "General Currency Conversion", "Completed", "3.00"),
            ("A9", "Ann Lee", "Payment Reversal", "Completed", "-2.50"),
        ),
    )
    # 40 − 10 + 1005 − 2.50; denied 5 and pending 6 were never paid; a withdrawal, a payment of ours and a conversion
    check(result, platform="PayPal activity", file="1043.50", kept="1032.50", excluded=cents(unpaid="11.00"))
    assert result.ledger.set_aside == {"not_a_sale": 3, "unpaid": 2}
    assert (result.ledger.customers, result.ledger.orders) == (2, 2)


def test_magento_takes_shipping_out_of_the_total_and_refunds_off(tmp_path: Path) -> None:
    result = load(
        tmp_path,
        pf.export(
            pf.MAGENTO_ORDERS,
            pf.magento_order("000000001", "€45.00", "5.0000", Customer_Email="ann@example.com"),
            pf.magento_order("000000002", "€25.00", "5.0000", Status="Canceled", Customer_Email="bob@example.com"),
            pf.magento_order("000000003", "€105.00", "5.0000", Status="Complete", Total_Refunded="€30.00",
                             Customer_Email="bob@example.com"),
            pf.magento_order("000000004", "€65.00", "5.0000", Status="Closed", Total_Refunded="€65.00",
                             Customer_Email="bob@example.com"),
        ),
    )  # fmt: skip
    # 40 + (100 − 30) + 0; of the 65 paid back 5 were shipping, which had not counted
    check(
        result, platform="Magento 2 order grid", file="145.00", kept="110.00",
        excluded=cents(cancelled="25.00", shipping="15.00", refunded_beside="-5.00"),
    )  # fmt: skip
    assert by_order(result.version)["000000004"] == 0
    assert {row["order_id"] for row in lines(result.version)} == {f"00000000{n}" for n in range(1, 5)}
    assert lines(result.version)[0]["ordered_at"] == datetime(2026, 9, 3, 10, 2, 11)  # noqa: DTZ001 - the shop's own
