"""Exports as the platforms write them: their header rows, and rows of invented shops to fill them with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

Cells = Mapping[str, str]
"""The filled cells of a row, by header; the others are blank."""

SHOPIFY_ORDERS = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,"
    "Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,"
    "Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,"
    "Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,"
    "Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,"
    "Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,"
    "Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,"
    "Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,"
    "Payment Terms Name,Next Payment Due At,Payment References"
)
SHOPIFY_CUSTOMERS = (
    "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,"
    "Default Address Address2,Default Address City,Default Address Province Code,Default Address Country Code,"
    "Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,"
    "Tags"
)
WOO_ANALYTICS = (
    "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),N. Revenue"
)
WOO_WEBTOFFEE = (
    "order_id,order_number,order_date,paid_date,status,shipping_total,shipping_tax_total,fee_total,fee_tax_total,"
    "tax_total,cart_discount,order_discount,discount_total,order_total,order_subtotal,order_currency,payment_method,"
    "payment_method_title,transaction_id,customer_ip_address,customer_user_agent,shipping_method,customer_id,"
    "customer_user,customer_email,billing_first_name,billing_last_name,billing_company,billing_email,billing_phone,"
    "billing_address_1,billing_address_2,billing_postcode,billing_city,billing_state,billing_country,"
    "shipping_first_name,shipping_last_name,shipping_company,shipping_phone,shipping_address_1,shipping_address_2,"
    "shipping_postcode,shipping_city,shipping_state,shipping_country,customer_note,wt_import_key,shipping_items,"
    "fee_items,tax_items,coupon_items,refund_items,order_notes,download_permissions,meta:wpml_language,line_item_1,"
    "line_item_2,Product Item 1 Name,Product Item 1 id,Product Item 1 SKU,Product Item 1 Quantity,"
    "Product Item 1 Total,Product Item 1 Subtotal,Product Item 2 Name,Product Item 2 id,Product Item 2 SKU,"
    "Product Item 2 Quantity,Product Item 2 Total,Product Item 2 Subtotal"
)
SQUARE_ITEMS = (
    "Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Modifiers Applied,Gross Sales,Discounts,Net Sales,Tax,"
    "Transaction ID,Payment ID,Device Name,Notes,Details,Event Type,Location,Dining Option,Customer ID,Customer Name,"
    "Customer Reference ID,Unit,Count,Itemization Type,Commission,Employee"
)
SQUARE_TRANSACTIONS = (
    "Date,Time,Time Zone,Gross Sales,Discounts,Service Charges,Net Sales,Gift Card Sales,Tax,Tip,Partial Refunds,"
    "Total Collected,Source,Card,Card Entry Methods,Cash,Square Gift Card,Other Tender,Other Tender Type,"
    "Other Tender Note,Fees,Net Total,Transaction ID,Payment ID,Card Brand,PAN Suffix,Device Name,Staff Name,Staff ID,"
    "Details,Description,Event Type,Location,Dining Option,Customer ID,Customer Name,Customer Reference ID"
)
STRIPE_BALANCE = "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),Description"
PAYPAL_ACTIVITY = "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,Transaction ID"
MAGENTO_ORDERS = (
    "ID,Purchase Point,Purchase Date,Bill-to Name,Ship-to Name,Grand Total (Base),Grand Total (Purchased),Status,"
    "Billing Address,Shipping Address,Shipping Information,Customer Email,Customer Group,Subtotal,"
    "Shipping and Handling,Customer Name,Payment Method,Total Refunded,Allocated sources,Pickup Location Code,"
    "Braintree Transaction Source,Dispute State"
)
KLAVIYO_PROFILES = (
    "Email,Klaviyo ID,First Name,Last Name,City,State / Region,Country,Zip Code,Source,Email Marketing Consent,"
    "Profile Created On,Date Added"
)
KLAVIYO_CAMPAIGNS = (
    "Campaign Name,Subject,List,Send Time,Send Weekday,Total Recipients,Unique Placed Order,Placed Order Rate,Revenue,"
    "Unique Opens,Open Rate,Total Opens,Unique Clicks,Click Rate,Total Clicks,Unsubscribes,Spam Complaints,"
    "Spam Complaints Rate,Successful Deliveries,Bounces,Bounce Rate,Campaign ID,Campaign Channel"
)
MAILCHIMP_AUDIENCE = (
    "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,"
    "GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES"
)

HEADERS: dict[str, str] = {
    "shopify-orders": SHOPIFY_ORDERS,
    "shopify-customers": SHOPIFY_CUSTOMERS,
    "woocommerce-analytics": WOO_ANALYTICS,
    "woocommerce-webtoffee": WOO_WEBTOFFEE,
    "square-items": SQUARE_ITEMS,
    "square-transactions": SQUARE_TRANSACTIONS,
    "stripe-balance": STRIPE_BALANCE,
    "paypal-activity": PAYPAL_ACTIVITY,
    "magento-2-orders": MAGENTO_ORDERS,
    "klaviyo-profiles": KLAVIYO_PROFILES,
    "klaviyo-campaigns": KLAVIYO_CAMPAIGNS,
    "mailchimp-audience": MAILCHIMP_AUDIENCE,
}
"""The header row of each platform's export, by the platform's key."""


def export(
    header: str,
    *rows: Cells,
    order: Sequence[int] = (),
    separator: str = ",",
    quoting: Literal[0, 1, 2, 3] = csv.QUOTE_MINIMAL,
) -> str:
    """A file with these rows under this header; `order` gives its columns another order."""
    names = header.split(",")
    for row in rows:
        unknown = row.keys() - set(names)
        assert not unknown, f"the export has no column {unknown}"
    placed = [names[index] for index in order] if order else names
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", delimiter=separator, quoting=quoting)
    writer.writerow(placed)
    writer.writerows([row.get(name, "") for name in placed] for row in rows)
    return text.getvalue()


# Rows ---------------------------------------------------------------------------------------------------------


def shopify_order(name: str, *items: tuple[str, str, str], **cells: str) -> list[Cells]:
    """An order of `items` (quantity, name, price): what belongs to the order stands on its first row only.

    `cells` are named as the headers are, with `_` for a blank.
    """
    own = {
        "Financial Status": "paid", "Currency": "EUR", "Created at": "2026-09-13 10:02:11 -0400", "Shipping": "0.00",
        "Taxes": "0.00", "Discount Amount": "0.00", "Refunded Amount": "0.00", "Payment Method": "Shopify Payments",
        "Source": "web",
    } | named(cells)  # fmt: skip
    lines = [
        {"Name": name, "Lineitem quantity": quantity, "Lineitem name": item, "Lineitem price": price,
         "Lineitem discount": "0.00"}
        for quantity, item, price in items
    ]  # fmt: skip
    return [{**lines[0], **own}, *lines[1:]]


def shopify(*orders: Iterable[Cells]) -> str:
    """An export of Shopify's orders."""
    return export(SHOPIFY_ORDERS, *(row for order in orders for row in order))


def analytics(*rows: tuple[str, str, str, str, str, str]) -> str:
    """An export of WooCommerce Analytics: (day, order, status, customer, items sold, net revenue)."""
    return export(
        WOO_ANALYTICS,
        *(
            {"Date": f"{day} 10:02:11", "Order #": order, "N. Revenue (formatted)": f"&euro;{net}", "Status": status,
             "Customer": customer, "Customer type": "new", "Product(s)": f"{sold}× Kettle", "Items sold": sold,
             "N. Revenue": net}
            for day, order, status, customer, sold, net in rows
        ),
    )  # fmt: skip


def webtoffee_order(number: str, *items: tuple[str, str, str], **cells: str) -> Cells:
    """An order with up to two `items` (quantity, name, total) packed into columns of their own."""
    packed = {
        f"line_item_{at}": f"name:{item}|product_id:5{at}|sku:S{at}|quantity:{quantity}|total:{total}|sub_total:{total}"
        for at, (quantity, item, total) in enumerate(items, start=1)
    }
    return {
        "order_id": f"9{number}", "order_number": number, "order_date": "2026-09-13 10:02:11", "status": "completed",
        "shipping_total": "0.00", "tax_total": "0.00", "order_currency": "EUR", "customer_id": "0",
        "customer_user": "0",
    } | packed | cells  # fmt: skip


def square_item(item: str, net: str, **cells: str) -> Cells:
    """A row of Square's items, sold without a discount."""
    return {
        "Date": "09/03/26", "Time": "10:02:11", "Time Zone": "Eastern Time (US & Canada)", "Category": "Coffee",
        "Item": item, "Qty": "1", "Gross Sales": net, "Discounts": "$0.00", "Net Sales": net, "Tax": "$0.00",
        "Transaction ID": "T1", "Payment ID": "P1", "Event Type": "Payment", "Location": "Main Street",
        "Itemization Type": "Physical Good",
    } | named(cells)  # fmt: skip


def square_payment(net: str, **cells: str) -> Cells:
    """A row of Square's transactions."""
    return {
        "Date": "09/03/2026", "Time": "10:02:11", "Time Zone": "Eastern Time (US & Canada)", "Gross Sales": net,
        "Discounts": "$0.00", "Service Charges": "$0.00", "Net Sales": net, "Gift Card Sales": "$0.00",
        "Tax": "$0.00", "Tip": "$0.00", "Partial Refunds": "$0.00", "Total Collected": net, "Transaction ID": "T1",
        "Payment ID": "P1", "Description": "Latte", "Event Type": "Payment", "Location": "Main Street",
    } | named(cells)  # fmt: skip


def stripe(*rows: tuple[str, str, str, str]) -> str:
    """Stripe's balance history: (id, type, source, amount)."""
    return export(
        STRIPE_BALANCE,
        *(
            {"id": number, "Type": kind, "Source": source, "Amount": amount, "Fee": "0.30", "Net": amount,
             "Currency": "eur", "Created (UTC)": "2026-09-13 10:02", "Available On (UTC)": "2026-09-15 00:00",
             "Description": f"About {source}"}
            for number, kind, source, amount in rows
        ),
    )  # fmt: skip


def paypal(*rows: tuple[str, str, str, str, str]) -> str:
    """PayPal's activity: (transaction, name, type, status, gross), every field in quotes."""
    return export(
        PAYPAL_ACTIVITY,
        *(
            {"Date": "09/03/2026", "Time": "10:02:11", "TimeZone": "PDT", "Name": name, "Type": kind,
             "Status": status, "Currency": "USD", "Gross": gross, "Fee": "0.00", "Net": gross, "Transaction ID": number}
            for number, name, kind, status, gross in rows
        ),
        quoting=csv.QUOTE_ALL,
    )  # fmt: skip


def magento_order(number: str, total: str, shipping: str, **cells: str) -> Cells:
    """An order of Magento's grid, its grand total with shipping in it."""
    return {
        "ID": number, "Purchase Point": "Main Website", "Purchase Date": "Sep 3, 2026 10:02:11 AM",
        "Grand Total (Base)": total, "Grand Total (Purchased)": total, "Status": "Complete",
        "Shipping and Handling": shipping,
    } | named(cells)  # fmt: skip


def named(cells: Cells) -> dict[str, str]:
    """Cells given as keywords: `Customer_ID` is the column “Customer ID”."""
    return {name.replace("_", " "): value for name, value in cells.items()}
