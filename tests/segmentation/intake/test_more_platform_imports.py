"""Further platforms' exports through the real import, to the cent: the revenue is worked out by hand beside each."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from segmentation.errors import NoBuyers
from segmentation.intake import ImportResult
from segmentation.meaning.mapping import Choices
from tests.segmentation import more_platform_files as mf
from tests.segmentation.intake_files import lines, load, money
from tests.segmentation.platform_files import Cells, export


def taken(folder: Path, key: str, rows: list[Cells], **more: object) -> ImportResult:
    """The import of an export with these rows."""
    result = load(folder, export(mf.MORE_HEADERS[key], *rows), **more)
    assert result.tables[0].mapping.platform == key
    return result


def figures(result: ImportResult) -> tuple[str, int, int]:
    """Revenue, customers, orders: as the ledger has them, once they agree with what is stored."""
    ledger = result.ledger
    assert sum((row["amount"] for row in lines(result.version)), Decimal(0)) == ledger.revenue_kept
    assert ledger.read == ledger.loaded + ledger.already_present + sum(ledger.set_aside.values())
    return f"{ledger.revenue_kept:.2f}", ledger.customers, ledger.orders


# Marketplaces -------------------------------------------------------------------------------------------------


def test_etsy_items_count_after_their_discounts_without_shipping_and_tax(tmp_path: Path) -> None:
    rows = [
        mf.filled(mf.ETSY_ITEM, Quantity="3", Price="10.00", Item_Total="30.00", Discount_Amount="3.00"),
        mf.filled(mf.ETSY_ITEM, Transaction_ID="72", Item_Name="Pot", Item_Total="20.00", Discount_Amount="2.00"),
        mf.filled(mf.ETSY_ITEM, Transaction_ID="73", Order_ID="502", Buyer="bob", Item_Total="8.00"),
    ]
    # 30 − 3 + 20 − 2 + 8; shipping 4 and tax 1 repeat on the rows of an order and are two orders': 8 and 2
    result = taken(tmp_path, "etsy-order-items", rows)
    assert figures(result) == ("53.00", 2, 2)
    assert result.ledger.excluded == {"shipping": money("8"), "tax": money("2")}


def test_etsy_orders_take_off_what_the_adjusted_total_no_longer_has(tmp_path: Path) -> None:
    rows = [
        mf.filled(mf.ETSY_ORDER, Order_Value="100.00", Discount_Amount="20.00", Shipping="10.00", Sales_Tax="0.00",
                  Order_Total="90.00"),
        mf.filled(mf.ETSY_ORDER, Order_ID="502", Buyer="bob", Order_Value="40.00", Shipping="5.00", Sales_Tax="0.00",
                  Order_Total="45.00", Adjusted_Order_Total="0.00"),
        mf.filled(mf.ETSY_ORDER, Order_ID="503", Buyer="cy", Order_Value="60.00", Shipping="5.00", Sales_Tax="0.00",
                  Order_Total="65.00", Adjusted_Order_Total="50.00"),
    ]  # fmt: skip
    # 100 − 20; all of 40; 60 less the 15 that the adjusted total has lost
    assert figures(taken(tmp_path, "etsy-orders", rows)) == ("125.00", 3, 3)


def test_ebay_rows_above_the_items_of_an_order_name_the_buyer_and_are_the_same_money(tmp_path: Path) -> None:
    above = {"Item Number": "", "Item Title": "", "Quantity": "3", "Sold For": "$35.00", "Total Price": "$45.00",
             "Shipping And Handling": "$8.00", "eBay Collected Tax": "$2.00"}  # fmt: skip
    bare = {"Buyer Username": "", "Buyer Name": "", "Shipping And Handling": "", "Total Price": "", "Sale Date": ""}
    rows = [
        {**mf.EBAY_ITEM, **above},
        {**mf.EBAY_ITEM, **bare, "Item Title": "Lamp", "Quantity": "2", "Sold For": "$10.00", "eBay Collected Tax": ""},
        {**mf.EBAY_ITEM, **bare, "Item Title": "Pot", "Sold For": "$15.00", "eBay Collected Tax": ""},
        mf.filled(mf.EBAY_ITEM, Sales_Record_Number="2", Order_Number="14-2", Buyer_Username="bob_2"),
        mf.filled(mf.EBAY_ITEM, Sales_Record_Number="3", Order_Number="14-3", Sold_For="$5.00"),
        {"Sales Record Number": "3", "Order Number": "record(s) downloaded"},
        {"Sales Record Number": "Seller ID : a-shop"},
    ]
    text = export(mf.MORE_HEADERS["ebay-orders"], *rows)
    head, _, rest = text.partition("\n")
    result = load(tmp_path, f"\n{head}\n\n{rest}")
    # 2 × 10 + 15, then 12.50 and 5; shipping of 8 + 4 + 4 and tax of 2 + 1 + 1 stay out
    assert figures(result) == ("52.50", 2, 3)
    assert result.ledger.excluded == {"shipping": money("16"), "tax": money("4")}
    assert result.ledger.guests == 0


def test_amazon_names_no_buyers_and_counts_lines_less_their_promotions(tmp_path: Path) -> None:
    rows = [
        {**mf.AMAZON_ITEM, "quantity": "3", "item-price": "30.00", "item-promotion-discount": "4.50"},
        {**mf.AMAZON_ITEM, "amazon-order-id": "302-2", "item-price": "8.00"},
        {**mf.AMAZON_ITEM, "amazon-order-id": "302-3", "item-status": "Cancelled", "item-price": "", "item-tax": ""},
        {**mf.AMAZON_ITEM, "amazon-order-id": "302-4", "item-status": "Pending", "item-price": "7.00"},
    ]
    with pytest.raises(NoBuyers) as caught:
        taken(tmp_path, "amazon-all-orders", rows)
    assert "buyer-email" in caught.value.next_step
    assert "--no-customers" in caught.value.next_step
    result = taken(tmp_path, "amazon-all-orders", rows, choices=Choices(customers="none"))
    assert figures(result) == ("33.50", 0, 2)  # 30 − 4.50 + 8


# Shop systems -------------------------------------------------------------------------------------------------


def test_squarespace_orders_take_what_their_first_row_says(tmp_path: Path) -> None:
    rows = [
        *mf.squarespace_order("1", ("1", "Tea", "10.00"), ("2", "Mug", "15.00"), Email="a@example.com",
                              Subtotal="40.00", Discount_Amount="4.00", Shipping="5.00", Taxes="3.00", Total="44.00"),
        *mf.squarespace_order("2", ("1", "Pot", "50.00"), Email="b@example.com", Financial_Status="REFUNDED",
                              Total="50.00", Amount_Refunded="50.00"),
        *mf.squarespace_order("3", ("1", "Pot", "50.00"), Email="a@example.com", Total="50.00",
                              Amount_Refunded="20.00"),
    ]  # fmt: skip
    # 40 − 4; 50 − 50; 50 − 20
    assert figures(taken(tmp_path, "squarespace-orders", rows)) == ("66.00", 2, 3)


def test_wix_amounts_of_an_order_repeat_and_unpaid_ones_do_not_count(tmp_path: Path) -> None:
    order = {"Shipping rate": "5.00", "Total tax": "4.00", "Total": "59.00"}
    rows = [
        {**mf.WIX_ITEM, **order, "Qty": "2", "Price": "15.00"},
        {**mf.WIX_ITEM, **order, "Item": "Pot", "Price": "20.00"},
        mf.filled(mf.WIX_ITEM, Order_number="502", Contact_email="b@example.com", Payment_status="Unpaid"),
        mf.filled(mf.WIX_ITEM, Order_number="503", Price="25.00", Shipping_rate="0.00", Total_tax="0.00", Total="25.00",
                  Refunded_amount="10.00"),
    ]  # fmt: skip
    # 2 × 15 + 20, and 25 − 10
    result = taken(tmp_path, "wix-orders", rows)
    assert figures(result) == ("65.00", 1, 2)
    assert result.ledger.excluded["shipping"] == money("5")


def test_bigcommerce_guests_are_known_by_their_address_and_goods_count_without_tax(tmp_path: Path) -> None:
    guest = mf.filled(mf.BIGCOMMERCE_ORDER, Customer_ID="0", Customer_Email="bob@example.com")
    rows = [
        mf.BIGCOMMERCE_ORDER,
        mf.filled(guest, Order_ID="502"),
        mf.filled(guest, Order_ID="503"),
        mf.filled(
            guest, Order_ID="504", Customer_Email="cy@example.com", Order_Status="Refunded", Refund_Amount="18.15"
        ),
        *(
            mf.filled(guest, Order_ID=f"6{n}", Customer_Email=f"{n}@example.com", Order_Status=status)
            for n, status in enumerate(("Incomplete", "Awaiting Payment", "Declined", "Pending"))
        ),
    ]
    # three times 12.50; the fourth was paid back, and four were never paid
    assert figures(taken(tmp_path, "bigcommerce-orders", rows)) == ("37.50", 3, 4)


def test_woocommerce_order_export_prices_pieces_and_repeats_the_orders_amounts(tmp_path: Path) -> None:
    paid_later = {"Order Number": "502", "Email (Billing)": "b@example.com", "Order Status": "Pending payment"}
    rows = [
        {**mf.WOO_EXPORTED, "Quantity (- Refund)": "2", "Item Cost": "15.00"},
        {**mf.WOO_EXPORTED, "Item Name": "Pot", "Item Cost": "40.00"},
        {**mf.WOO_EXPORTED, **paid_later},
        {**mf.WOO_EXPORTED, "Order Number": "503", "Email (Billing)": "c@example.com", "Order Status": "Refunded"},
    ]
    result = taken(tmp_path, "woocommerce-order-export", rows)
    assert figures(result) == ("70.00", 2, 2)  # 2 × 15 + 40; the third was never paid, the fourth paid back
    assert all(row["cost"] is None for row in lines(result.version))


def test_prestashop_counts_paid_totals_by_name(tmp_path: Path) -> None:
    rows = [
        mf.PRESTA_ORDER,
        mf.filled(mf.PRESTA_ORDER, ID="502", Total="€30.00", New_client="No"),
        mf.filled(mf.PRESTA_ORDER, ID="503", Customer="B. RAY", Total="€9.00", Status="Shipped"),
        mf.filled(mf.PRESTA_ORDER, ID="504", Customer="C. TOE", Status="Awaiting bank wire payment"),
        mf.filled(mf.PRESTA_ORDER, ID="505", Customer="C. TOE", Status="Payment error"),
        mf.filled(mf.PRESTA_ORDER, ID="506", Customer="C. TOE", Status="Canceled"),
    ]
    text = export(mf.MORE_HEADERS["prestashop-orders"], *rows, separator=";")
    ledger = load(tmp_path, text).ledger
    assert (ledger.revenue_kept, ledger.orders) == (money("51.50"), 3)  # 12.50 + 30 + 9


def test_recharge_counts_charges_that_were_taken(tmp_path: Path) -> None:
    rows = [
        mf.RECHARGE_CHARGE,
        mf.filled(mf.RECHARGE_CHARGE) | {"charge_id": "502", "subtotal_price": "30.00", "total_price": "35.00"},
        mf.filled(mf.RECHARGE_CHARGE) | {"charge_id": "503", "customer_id": "8", "email": "b@example.com",
                                           "status": "REFUNDED"},
        *(
            {**mf.RECHARGE_CHARGE, "charge_id": f"6{n}", "customer_id": "9", "status": status, "processed_at": ""}
            for n, status in enumerate(("SKIPPED", "QUEUED", "ERROR"))
        ),
    ]  # fmt: skip
    result = taken(tmp_path, "recharge-charges", rows)
    assert figures(result) == ("42.50", 2, 3)  # 12.50 + 30, and what was paid back whole
    assert result.ledger.set_aside == {"not_a_sale": 3}


# Tills --------------------------------------------------------------------------------------------------------


def test_loyverse_refunds_come_off_and_the_cost_is_the_lines(tmp_path: Path) -> None:
    rows = [
        mf.filled(mf.LOYVERSE_ITEM, Quantity="6.000", Net_sales="120.00", Cost_of_goods="90.00"),
        mf.filled(mf.LOYVERSE_ITEM, Receipt_number="1-502", Net_sales="10.00", Cost_of_goods="4.00", Customer_name=""),
        mf.filled(mf.LOYVERSE_ITEM, Receipt_number="1-503", Receipt_type="Refund", Quantity="-1.000",
                  Net_sales="-20.00", Cost_of_goods="-15.00"),
    ]  # fmt: skip
    result = taken(tmp_path, "loyverse-items", rows)
    assert figures(result) == ("110.00", 1, 2)  # 120 + 10 − 20
    assert sum(row["cost"] for row in lines(result.version)) == money("79")  # 90 + 4 − 15
    assert result.ledger.guests == 1


def test_vend_counts_the_lines_of_a_sale_whose_customer_stands_above_them(tmp_path: Path) -> None:
    two = [mf.filled(mf.VEND_LINE, Quantity="2", Sales_Tax="1.00", Total="12.00"), mf.VEND_LINE]
    rows = [
        *mf.vend_sale("501", "C1", "Ann Lee", "4.00", "24.00", *two),
        *mf.vend_sale("502", "C2", "Bob Ray", "2.00", "12.00", mf.VEND_LINE, Status="ONACCOUNT"),
        *mf.vend_sale("503", "C3", "Cy Toe", "2.00", "12.00", mf.VEND_LINE, Status="VOIDED"),
        *mf.vend_sale("504", "C1", "Ann Lee", "-2.00", "-12.00",
                      mf.filled(mf.VEND_LINE, Quantity="-1", Sales_Tax="-2.00", Total="-12.00")),
    ]  # fmt: skip
    # 24 − 4, 12 − 2 and −12 + 2, whatever the lines say of the tax of one piece; a voided sale is none
    result = taken(tmp_path, "vend-sales", rows)
    assert figures(result)[0] == "20.00"
    assert {row["customer_id"] for row in lines(result.version)} == {"C1", "C2", "C3"}


def rounded(cents: Decimal) -> Decimal:
    """To the whole cent, as a till rounds."""
    return cents.quantize(Decimal(1), ROUND_HALF_UP)


@pytest.mark.parametrize("pricing", ["tax inside", "tax on top", "tax on top, of one piece"])
@pytest.mark.parametrize("rate", [15, 20, 8])
def test_vend_comes_to_the_sales_own_sums_however_the_tax_of_its_lines_is_rounded(
    tmp_path: Path, pricing: str, rate: int
) -> None:
    rows, goods = [], Decimal(0)
    for number in range(60):
        back = -1 if number % 9 == 8 else 1
        lines_, total, tax = [], Decimal(0), Decimal(0)
        for at in range(1 + number % 5):
            pieces, price = 1 + (number + at) % 3, Decimal(333 + 7 * number + 101 * at)
            exact = price * pieces * rate / (100 + rate if pricing == "tax inside" else 100)
            shown = rounded(exact / pieces) if pricing.endswith("piece") else rounded(exact)
            whole = price * pieces if pricing == "tax inside" else price * pieces + rounded(exact)
            tax += exact
            total += price * pieces if pricing == "tax inside" else price * pieces + exact
            sums = {"Sales_Tax": f"{back * shown / 100:.2f}", "Total": f"{back * whole / 100:.2f}"}
            line = mf.filled(mf.VEND_LINE, Quantity=str(back * pieces), Details=f"Item {at}", **sums)
            lines_.append(line)
        goods += back * (rounded(total) - rounded(tax))
        own = f"{back * rounded(tax) / 100:.2f}", f"{back * rounded(total) / 100:.2f}"
        rows += mf.vend_sale(str(500 + number), f"C{number % 7}", "Ann Lee", *own, *lines_)
    assert figures(taken(tmp_path, "vend-sales", rows))[0] == f"{goods / 100:.2f}"


def test_toast_names_no_guests_and_leaves_voided_items_and_gift_cards_out(tmp_path: Path) -> None:
    rows = [
        mf.TOAST_ITEM,
        {**mf.TOAST_ITEM, "Item Selection Id": "82", "Qty": "2", "Gross Price": "20.00", "Net Price": "18.00"},
        {**mf.TOAST_ITEM, "Item Selection Id": "83", "Void?": "true"},
        {**mf.TOAST_ITEM, "Item Selection Id": "84", "Order Id": "9002", "Deferred": "true", "Net Price": "50.00"},
    ]
    with pytest.raises(NoBuyers, match=r"CheckDetails\.csv"):
        taken(tmp_path, "toast-items", rows)
    result = taken(tmp_path, "toast-items", rows, choices=Choices(customers="none"))
    assert figures(result)[0] == "30.50"  # 12.50 + 18


# Payments and books -------------------------------------------------------------------------------------------


def test_stripe_payments_count_what_was_taken_and_not_paid_back(tmp_path: Path) -> None:
    statuses = ("Failed", "Canceled", "Requires Capture", "requires_payment_method", "Requires Confirmation")
    rows = [
        mf.STRIPE_PAYMENT,
        mf.filled(mf.STRIPE_PAYMENT, id="ch_2", Currency="usd", Amount="33.00", Converted_Amount="30.00",
                  Amount_Refunded="11.00", Converted_Amount_Refunded="10.00", Customer_ID="cus_bob",
                  Customer_Email="bob@example.com"),
        mf.filled(mf.STRIPE_PAYMENT, id="ch_3", Status="Refunded", Amount_Refunded="12.50",
                  Converted_Amount_Refunded="12.50"),
        mf.filled(mf.STRIPE_PAYMENT, id="ch_4", Mode="Test"),
        mf.filled(mf.STRIPE_PAYMENT, id="ch_5", Captured="false"),
        *(mf.filled(mf.STRIPE_PAYMENT, id=f"ch_6{n}", Status=status) for n, status in enumerate(statuses)),
    ]  # fmt: skip
    result = taken(tmp_path, "stripe-payments", rows)
    assert figures(result) == ("32.50", 2, 3)  # 12.50 + 30 − 10 + 12.50 − 12.50
    assert result.ledger.set_aside == {"unpaid": 6}


def test_xero_counts_lines_and_takes_credit_notes_off_unless_they_are_void(tmp_path: Path) -> None:
    note = mf.filled(mf.XERO_LINE, InvoiceNumber="CN-1", Type="Sales credit note", LineAmount="5.00", TaxAmount="0.40")
    rows = [
        mf.filled(mf.XERO_LINE, Total="40.50"),
        mf.filled(mf.XERO_LINE, Description="Pot", LineAmount="25.00", TaxAmount="2.00", Total="40.50"),
        mf.filled(mf.XERO_LINE, InvoiceNumber="INV-2", ContactName="Bob Ray Ltd", Status="Awaiting Payment"),
        note,
        mf.filled(note, InvoiceNumber="CN-2", Status="Voided"),
        mf.filled(mf.XERO_LINE, InvoiceNumber="INV-3", Status="Draft"),
        mf.filled(mf.XERO_LINE, InvoiceNumber="INV-4", Status="Voided"),
    ]
    # 12.50 + 25 + 12.50 − 5
    assert figures(taken(tmp_path, "xero-invoices", rows)) == ("45.00", 2, 2)


def test_quickbooks_customers_stand_above_their_sales(tmp_path: Path) -> None:
    sales = [mf.quickbooks_sale("1", "2,000.00"), mf.quickbooks_sale("2", "400.00")]
    note = mf.quickbooks_sale("4", "-50.00", Transaction_Type="Credit Memo")
    rows = mf.quickbooks(
        ("Ann Lee", sales), ("Bob Ray of the Hill and Sons", [mf.quickbooks_sale("3", "650.00"), note])
    )
    text = export(mf.MORE_HEADERS["quickbooks-sales"], *rows)
    title = "Sales by Customer Detail,,,,,,,,,\nRidge Co,,,,,,,,,\nAll Dates,,,,,,,,,\n\n"
    result = load(tmp_path, f'{title}{text}\n\n"Thursday, Nov 26, 2026 08:00:00 AM GMT"\n')
    assert figures(result) == ("3000.00", 2, 3)  # 2000 + 400 + 650 − 50
    assert result.ledger.guests == 0


@pytest.mark.parametrize(
    ("key", "usual", "words"),
    [
        ("paypal-activity-de", mf.GERMAN_PAYMENT,
         ("Brutto", "Typ", "Status", "Rückzahlung", "Allgemeine Abbuchung", "Offen", "Allgemeine Auszahlung")),
        ("paypal-activity-fr", mf.FRENCH_PAYMENT,
         ("Avant commission", "Type", "État", "Remboursement de paiement", "Virement standard", "En attente",
          "Conversion de devise standard")),
        ("paypal-activity-it", mf.ITALIAN_PAYMENT,
         ("Lordo", "Tipo", "Stato", "Rimborso pagamento", "Bonifico bancario sul conto PayPal", "In sospeso",
          "Versamento generico con carta")),
    ],
)  # fmt: skip
def test_paypal_in_other_languages(tmp_path: Path, key: str, usual: Cells, words: tuple[str, ...]) -> None:
    amount, kind, status, refund, out, open_, other = words
    rows = [
        usual,
        {**usual, amount: "1.000,00"},
        {**usual, kind: refund, amount: "-2,50"},
        {**usual, kind: out, amount: "-500,00"},
        {**usual, kind: other, amount: "77,00"},
        {**usual, amount: "-9,00"},
        {**usual, status: open_, amount: "44,00"},
    ]
    order = next(name for name in usual if name in {"Transaktionscode", "Numéro de transaction", "Codice transazione"})
    result = taken(tmp_path, key, [{**row, order: f"T{n}"} for n, row in enumerate(rows)])
    assert figures(result) == ("1010.00", 1, 2)  # 12.50 + 1000 − 2.50
    assert result.ledger.set_aside == {"not_a_sale": 3, "unpaid": 1}


def test_woocommerce_analytics_in_french(tmp_path: Path) -> None:
    rows = [
        mf.FRENCH_ORDER,
        {**mf.FRENCH_ORDER, "Commande n°": "502", "Client": "Bob Ray", "Ventes nettes": "30.00"},
        {**mf.FRENCH_ORDER, "Commande n°": "503", "État": "failed"},
    ]
    assert figures(taken(tmp_path, "woocommerce-analytics-fr", rows)) == ("42.50", 2, 2)
