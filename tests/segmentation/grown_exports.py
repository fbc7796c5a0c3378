"""Exports of a small shop's forty orders, each as its platform writes it: every sum adds up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tests.segmentation import more_platform_files as mf
from tests.segmentation.platform_files import Cells, export

_NAMES = ("Ann Lee", "Bob Ray", "Cy Toe", "Di Fay", "Ed Gum", "Flo Hart", "Gil Ives", "Hal Jones", "Ida Kerr")
_GOODS = (("Tea", 1250), ("Pot", 4000), ("Mug", 1500), ("Tin", 725), ("Cup", 900))


@dataclass(frozen=True)
class Line:
    """A product, how many, and the price of one in cents."""

    product: str
    quantity: int
    price: int

    @property
    def sum(self) -> int:
        return self.quantity * self.price


@dataclass(frozen=True)
class Order:
    """An order: every fifth has a discount, every seventh was never paid, every eleventh was paid back."""

    number: int

    @property
    def lines(self) -> list[Line]:
        n = self.number
        picked = [Line(*_GOODS[n % 5][:1], 1 + n % 3, _GOODS[n % 5][1])]
        if n % 2:
            picked.append(Line(_GOODS[(n + 2) % 5][0], 1 + n % 2, _GOODS[(n + 2) % 5][1]))
        return picked

    @property
    def goods(self) -> int:
        return sum(line.sum for line in self.lines)

    @property
    def off(self) -> int:
        return 300 if self.number % 5 == 0 else 0

    @property
    def shipping(self) -> int:
        return 400 + 95 * (self.number % 3)

    @property
    def tax(self) -> int:
        return (self.goods - self.off) // 10

    @property
    def total(self) -> int:
        return self.goods - self.off + self.shipping + self.tax

    @property
    def unpaid(self) -> bool:
        return self.number % 7 == 0

    @property
    def undone(self) -> bool:
        return self.number % 11 == 0 and not self.unpaid

    @property
    def who(self) -> str:
        return _NAMES[(self.number * 4) % 9]

    @property
    def mail(self) -> str:
        return f"{self.who.split()[0].lower()}@example.com"

    def day(self, form: str) -> str:
        return (date(2026, 1, 3) + timedelta(days=6 * self.number)).strftime(form)


ORDERS = [Order(n) for n in range(1, 41)]


def _m(cents: int) -> str:
    return f"{cents / 100:.2f}"


def _etsy_items(o: Order) -> Iterator[Cells]:
    for at, line in enumerate(o.lines):
        yield {**mf.ETSY_ITEM, "Sale Date": o.day("%m/%d/%y"), "Item Name": line.product, "Buyer": o.who.lower()[:3],
               "Quantity": str(line.quantity), "Price": _m(line.price), "Discount Amount": _m(0 if at else o.off),
               "Order Shipping": _m(o.shipping), "Order Sales Tax": _m(o.tax), "Item Total": _m(line.sum),
               "Transaction ID": f"7{o.number}{at}", "Order ID": f"5{o.number:03}"}  # fmt: skip


def _etsy_orders(o: Order) -> Iterator[Cells]:
    yield {**mf.ETSY_ORDER, "Sale Date": o.day("%m/%d/%y"), "Order ID": f"5{o.number:03}", "Full Name": o.who,
           "Buyer": o.who.lower()[:3], "Buyer User ID": o.who.lower()[:3], "Order Value": _m(o.goods),
           "Number of Items": str(sum(line.quantity for line in o.lines)), "Discount Amount": _m(o.off),
           "Shipping": _m(o.shipping), "Sales Tax": _m(o.tax), "Order Total": _m(o.total),
           "Adjusted Order Total": "0.00" if o.undone else ""}  # fmt: skip


def _ebay(o: Order) -> Iterator[Cells]:
    order = {"Sales Record Number": str(o.number), "Order Number": f"14-{o.number:05}",
             "Sale Date": o.day("%b-%d-%y"), "Paid On Date": o.day("%b-%d-%y")}  # fmt: skip
    buyer = {"Buyer Username": f"{o.who[:3].lower().strip()}_{len(o.who)}", "Buyer Name": o.who}
    several = len(o.lines) > 1
    whole = {"Shipping And Handling": f"${_m(o.shipping)}", "eBay Collected Tax": f"${_m(o.tax)}",
             "Total Price": f"${_m(o.goods + o.shipping + o.tax)}"}  # fmt: skip
    if several:
        pieces = sum(line.quantity for line in o.lines)
        yield {**order, **buyer, **whole, "Quantity": str(pieces), "Sold For": f"${_m(o.goods)}"}
    for at, line in enumerate(o.lines):
        yield {**order, **({} if several else {**buyer, **whole}), "Item Number": f"33{at}{o.number}",
               "Item Title": line.product, "Quantity": str(line.quantity), "Sold For": f"${_m(line.price)}",
               "Transaction ID": f"9{at}{o.number}"}  # fmt: skip


def _amazon(o: Order) -> Iterator[Cells]:
    for line in o.lines:
        there = {"item-price": _m(line.sum), "item-tax": _m(line.sum // 10), "quantity": str(line.quantity)}
        gone = {"item-price": "", "item-tax": "", "quantity": "0", "currency": "", "item-status": "Cancelled",
                "order-status": "Cancelled"}  # fmt: skip
        yield {**mf.AMAZON_ITEM, "amazon-order-id": f"302-{o.number:07}", "product-name": line.product,
               "purchase-date": o.day("%Y-%m-%dT10:02:11+00:00"), **(gone if o.unpaid else there)}  # fmt: skip


def _squarespace(o: Order) -> Iterator[Cells]:
    state = "PENDING" if o.unpaid else "REFUNDED" if o.undone else "PAID"
    yield from mf.squarespace_order(
        f"{o.number:05}", *((str(line.quantity), line.product, _m(line.price)) for line in o.lines), Email=o.mail,
        Created_at=o.day("%Y-%m-%d 10:02:11 -0500"), Subtotal=_m(o.goods), Discount_Amount=_m(o.off),
        Shipping=_m(o.shipping), Taxes=_m(o.tax), Total=_m(o.total), Financial_Status=state.replace("PENDING", "PAID"),
        Amount_Refunded=_m(o.total if o.undone else 0), Billing_Name=o.who,
    )  # fmt: skip


def _woo(o: Order) -> Iterator[Cells]:
    state = "Pending payment" if o.unpaid else "Refunded" if o.undone else "Completed"
    for at, line in enumerate(o.lines):
        yield {**mf.WOO_EXPORTED, "Order Number": f"5{o.number:03}", "Order Date": o.day("%Y-%m-%d 10:02"),
               "First Name (Billing)": o.who.split()[0], "Last Name (Billing)": o.who.split()[1],
               "Email (Billing)": o.mail, "Order Subtotal Amount": _m(o.goods), "Cart Discount Amount": "0",
               "Order Shipping Amount": _m(o.shipping), "Order Total Tax Amount": _m(o.goods // 10),
               "Order Total Amount": _m(o.goods + o.shipping + o.goods // 10), "Order Status": state,
               "Item #": str(at + 1), "Item Name": line.product, "Quantity (- Refund)": str(line.quantity),
               "Item Cost": _m(line.price)}  # fmt: skip


def _wix(o: Order) -> Iterator[Cells]:
    total = o.goods + o.shipping + o.goods // 10
    for line in o.lines:
        yield {**mf.WIX_ITEM, "Order number": f"5{o.number:03}", "Date created": o.day("%b %-d, %Y"),
               "Contact email": o.mail, "Billing name": o.who, "Item": line.product, "Qty": str(line.quantity),
               "Total order quantity": str(sum(each.quantity for each in o.lines)), "Price": _m(line.price),
               "Payment status": "Unpaid" if o.unpaid else "Paid", "Shipping rate": _m(o.shipping),
               "Total tax": _m(o.goods // 10), "Total": _m(total), "Net amount": _m(0 if o.undone else total),
               "Refunded amount": _m(total if o.undone else 0)}  # fmt: skip


def _vend(o: Order) -> Iterator[Cells]:
    day = {"Date": o.day("%Y-%m-%d 10:02:11")}
    with_tax = {at: line.sum * 12 // 10 for at, line in enumerate(o.lines)}
    lines = [
        {**mf.VEND_LINE, **day, "Quantity": str(line.quantity), "Subtotal": _m(line.sum), "Details": line.product,
         "Sales Tax": _m(with_tax[at] - line.sum), "Total": _m(with_tax[at])}
        for at, line in enumerate(o.lines)
    ]  # fmt: skip
    whole = sum(with_tax.values())
    sale = mf.vend_sale(f"5{o.number:03}", f"{o.who[:2]}-{len(o.who)}", o.who, _m(whole - o.goods), _m(whole), *lines)
    yield from ({**row, **day, "Receipt": f"5{o.number:03}"} for row in sale)


def _loyverse(o: Order) -> Iterator[Cells]:
    sign, kind = (-1, "Refund") if o.undone else (1, "Sale")
    for line in o.lines:
        cost = line.sum * 2 // 5
        yield {**mf.LOYVERSE_ITEM, "Date": o.day("%m/%d/%Y 10:02"), "Receipt number": f"1-5{o.number:03}",
               "Receipt type": kind, "Item": line.product, "Quantity": f"{sign * line.quantity}.000",
               "Gross sales": _m(sign * line.sum), "Net sales": _m(sign * line.sum), "Cost of goods": _m(sign * cost),
               "Gross profit": _m(sign * (line.sum - cost)), "Customer name": o.who}  # fmt: skip


def _stripe(o: Order) -> Iterator[Cells]:
    back = _m(o.goods if o.undone else 0)
    yield {**mf.STRIPE_PAYMENT, "id": f"ch_{o.number:04}", "Created date (UTC)": o.day("%Y-%m-%d 10:02:11"),
           "Amount": _m(o.goods), "Amount Refunded": back, "Converted Amount": _m(o.goods),
           "Converted Amount Refunded": back, "Captured": str(not o.unpaid).lower(),
           "Status": "Failed" if o.unpaid else "Refunded" if o.undone else "Paid",
           "Customer ID": f"cus_{o.who[:3].lower().strip()}", "Customer Email": o.mail}  # fmt: skip


def _prestashop(o: Order) -> Iterator[Cells]:
    yield {**mf.PRESTA_ORDER, "ID": str(500 + o.number),
           "Reference": "".join(chr(65 + (o.number * k) % 26) for k in range(3, 12)),
           "New client": "Yes" if o.number < 10 else "No", "Customer": f"{o.who[0]}. {o.who.split()[1].upper()}",
           "Total": f"€{_m(o.total)}", "Status": "Payment error" if o.unpaid else "Delivered",
           "Date": o.day("%Y-%m-%d 10:02:11")}  # fmt: skip


def _xero(o: Order) -> Iterator[Cells]:
    state = "Draft" if o.unpaid else "Awaiting Payment" if o.number > 35 else "Paid"
    note = o.undone
    taxes = [line.sum // 10 for line in o.lines]
    for line, tax in zip(o.lines, taxes, strict=True):
        yield {**mf.XERO_LINE, "ContactName": f"{o.who} Ltd",
               "InvoiceNumber": f"{'CN' if note else 'INV'}-{o.number:04}",
               "InvoiceDate": o.day("%d/%m/%Y"), "DueDate": o.day("%d/%m/%Y"), "Total": _m(o.goods + sum(taxes)),
               "Description": line.product, "Quantity": f"{line.quantity}.0000", "UnitAmount": _m(line.price),
               "LineAmount": _m(line.sum), "TaxAmount": _m(tax), "Status": state,
               "Type": "Sales credit note" if note else "Sales invoice"}  # fmt: skip


def _toast(o: Order) -> Iterator[Cells]:
    for at, line in enumerate(o.lines):
        yield {**mf.TOAST_ITEM, "Order Id": f"90{o.number:04}", "Order #": str(o.number), "Check Id": f"7{o.number}",
               "Order Date": o.day("%-m/%-d/%y 10:02 AM"), "Item Selection Id": f"81{o.number:03}{at}",
               "Menu Item": line.product, "Gross Price": _m(line.sum), "Net Price": _m(line.sum),
               "Qty": str(line.quantity), "Tax": _m(line.sum // 10), "Void?": str(o.unpaid).lower()}  # fmt: skip


def _bigcommerce(o: Order) -> Iterator[Cells]:
    tax, shipping = (o.goods + o.shipping) // 10, o.shipping
    with_tax = {"Subtotal (inc tax)": o.goods + o.goods // 10, "Order Total (inc tax)": o.goods + shipping + tax}
    status = "Incomplete" if o.unpaid else "Refunded" if o.undone else "Completed"
    guest = o.number % 3 == 0
    yield {**mf.BIGCOMMERCE_ORDER, "Order ID": str(500 + o.number),
           "Customer ID": "0" if guest else str(len(o.who) * 7 + ord(o.who[0])),
           "Customer Name": o.who, "Customer Email": o.mail, "Order Date": o.day("%d/%m/%Y"), "Order Status": status,
           "Subtotal (ex tax)": _m(o.goods), "Tax Total": _m(tax), "Shipping Cost (ex tax)": _m(shipping),
           "Shipping Cost (inc tax)": _m(shipping + shipping // 10), "Order Total (ex tax)": _m(o.goods + shipping),
           "Refund Amount": _m(with_tax["Order Total (inc tax)"] if o.undone else 0),
           "Total Quantity": str(sum(line.quantity for line in o.lines)),
           **{header: _m(cents) for header, cents in with_tax.items()}}  # fmt: skip


def _recharge(o: Order) -> Iterator[Cells]:
    yield {**mf.RECHARGE_CHARGE, "charge_id": f"5{o.number:03}", "customer_id": str(len(o.who) * 7 + ord(o.who[0])),
           "email": o.mail, "first_name": o.who.split()[0], "last_name": o.who.split()[1],
           "status": "QUEUED" if o.unpaid else "REFUNDED" if o.undone else "SUCCESS",
           "processed_at": "" if o.unpaid else o.day("%Y-%m-%d"), "created_at": o.day("%Y-%m-%d"),
           "scheduled_at": o.day("%Y-%m-%d"), "subtotal_price": _m(o.goods), "shipping_price": _m(o.shipping),
           "total_tax": _m(o.goods // 10), "total_price": _m(o.goods + o.shipping + o.goods // 10)}  # fmt: skip


def _german(o: Order) -> Iterator[Cells]:
    amount = _m(o.goods).replace(".", ",")
    kind, gross = ("Rückzahlung", f"-{amount}") if o.undone else ("PayPal Express-Zahlung", amount)
    yield {**mf.GERMAN_PAYMENT, "Datum": o.day("%d.%m.%Y"), "Name": o.who, "Typ": kind, "Brutto": gross, "Netto": gross,
           "Gebühr": "0,00", "Status": "Ausstehend" if o.unpaid else "Abgeschlossen",
           "Absender E-Mail-Adresse": o.mail, "Transaktionscode": f"T{o.number:04}"}  # fmt: skip


def _quickbooks(orders: Sequence[Order]) -> list[Cells]:
    by_name: dict[str, list[Cells]] = {}
    for o in orders:
        kind = "Credit Memo" if o.undone else "Invoice"
        sign = "-" if o.undone else ""
        by_name.setdefault(o.who, []).append(
            mf.quickbooks_sale(
                f"20{o.number:02}", f"{sign}{_m(o.goods)}", Date=o.day("%m/%d/%Y"), Transaction_Type=kind
            )
        )
    return mf.quickbooks(*by_name.items())


_ROWS: dict[str, Callable[[Order], Iterator[Cells]]] = {
    "etsy-order-items": _etsy_items,
    "etsy-orders": _etsy_orders,
    "ebay-orders": _ebay,
    "amazon-all-orders": _amazon,
    "squarespace-orders": _squarespace,
    "woocommerce-order-export": _woo,
    "wix-orders": _wix,
    "vend-sales": _vend,
    "loyverse-items": _loyverse,
    "stripe-payments": _stripe,
    "prestashop-orders": _prestashop,
    "xero-invoices": _xero,
    "toast-items": _toast,
    "bigcommerce-orders": _bigcommerce,
    "recharge-charges": _recharge,
    "paypal-activity-de": _german,
}
GROWN = (*_ROWS, "quickbooks-sales")
"""The platforms there is such an export of."""


def grown(key: str, orders: Sequence[Order] = ORDERS) -> str:
    """These orders as this platform exports them."""
    rows = _quickbooks(orders) if key == "quickbooks-sales" else [row for order in orders for row in _ROWS[key](order)]
    return export(mf.MORE_HEADERS[key], *rows)
