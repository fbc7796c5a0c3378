"""The header rows of further exports, and rows of invented shops to fill them with."""

from __future__ import annotations

from tests.segmentation.platform_files import Cells, export, named

ETSY_ITEMS = (
    "Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Coupon Details,Discount Amount,Shipping Discount,"
    "Order Shipping,Order Sales Tax,Item Total,Currency,Transaction ID,Listing ID,Date Paid,Date Shipped,Ship Name,"
    "Ship Address1,Ship Address2,Ship City,Ship State,Ship Zipcode,Ship Country,Order ID,Variations,Order Type,"
    "Listings Type,Payment Type,InPerson Discount,InPerson Location,VAT Paid by Buyer,SKU"
)
ETSY_ORDERS = (
    "Sale Date,Order ID,Buyer User ID,Full Name,First Name,Last Name,Number of Items,Payment Method,Date Shipped,"
    "Street 1,Street 2,Ship City,Ship State,Ship Zipcode,Ship Country,Currency,Order Value,Coupon Code,"
    "Coupon Details,Discount Amount,Shipping Discount,Shipping,Sales Tax,Order Total,Status,Card Processing Fees,"
    "Order Net,Adjusted Order Total,Adjusted Card Processing Fees,Adjusted Net Order Amount,Buyer,Order Type,"
    "Payment Type,InPerson Discount,InPerson Location,SKU"
)
EBAY_ORDERS = (
    "Sales Record Number,Order Number,Buyer Username,Buyer Name,Buyer Email,Buyer Note,Buyer City,Buyer State,"
    "Buyer Zip,Buyer Country,Item Number,Item Title,Custom Label,Sold Via Promoted Listings,Quantity,Sold For,"
    "Shipping And Handling,Seller Collected Tax,eBay Collected Tax,Total Price,Payment Method,Sale Date,"
    "Paid On Date,Ship By Date,Transaction ID"
)
AMAZON_ORDERS = (
    "amazon-order-id,merchant-order-id,purchase-date,last-updated-date,order-status,fulfillment-channel,"
    "sales-channel,order-channel,ship-service-level,product-name,sku,asin,item-status,quantity,currency,item-price,"
    "item-tax,shipping-price,shipping-tax,gift-wrap-price,gift-wrap-tax,item-promotion-discount,"
    "ship-promotion-discount,ship-city,ship-state,ship-postal-code,ship-country,promotion-ids,is-business-order,"
    "purchase-order-number,price-designation"
)
SQUARESPACE_ORDERS = (
    "Order ID,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Subtotal,Shipping,Taxes,"
    "Amount Refunded,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Lineitem sku,Lineitem variant,Lineitem requires shipping,Lineitem taxable,"
    "Lineitem fulfillment status,Billing Name,Billing Country,Shipping Name,Cancelled at,Private Notes,"
    "Payment Method,Payment Reference"
)
WOO_ORDER_EXPORT = (
    "Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Last Name (Billing),Company (Billing),"
    "Address 1&2 (Billing),City (Billing),State Code (Billing),Postcode (Billing),Country Code (Billing),"
    "Email (Billing),Phone (Billing),Payment Method Title,Cart Discount Amount,Order Subtotal Amount,"
    "Shipping Method Title,Order Shipping Amount,Order Refund Amount,Order Total Amount,Order Total Tax Amount,SKU,"
    "Item #,Item Name,Quantity (- Refund),Item Cost,Coupon Code,Discount Amount,Discount Amount Tax"
)
WIX_ORDERS = (
    "Order number,Date created,Time,Fulfill by,Total order quantity,Contact email,Note from customer,"
    "Additional checkout info,Item,Variant,SKU,Qty,Quantity refunded,Price,Weight,Custom text,Deposit amount,"
    "Delivery method,Delivery time,Recipient name,Recipient phone,Recipient company name,Delivery country,"
    "Delivery state,Delivery state name,Delivery city,Delivery address,Delivery zip/postal code,Billing name,"
    "Billing phone,Billing company name,Billing country,Billing state,Billing state name,Billing city,"
    "Billing address,Billing zip/postal code,Payment status,Payment method,Coupon code,Gift card amount,"
    "Shipping rate,Total tax,Total,Currency,Refunded amount,Net amount,Additional fees,Fulfillment status,"
    "Tracking number,Fulfillment service,Shipping label"
)
QUICKBOOKS_SALES = ",Date,Transaction Type,Num,Product/Service,Memo/Description,Qty,Sales Price,Amount,Balance"
VEND_SALES = (
    "Date,Receipt,Line Type,Customer Code,Customer Name,Note,Quantity,Subtotal,Sales Tax,Discount,Loyalty,Total,"
    "Paid,Details,Register,User,Status,Sku"
)
LOYVERSE_ITEMS = (
    "Date,Receipt number,Receipt type,Category,SKU,Item,Variant,Modifiers applied,Quantity,Gross sales,Discounts,"
    "Net sales,Cost of goods,Gross profit,Taxes,Dining option,POS,Store,Cashier name,Customer name,"
    "Customer contacts,Comment,Status"
)
STRIPE_PAYMENTS = (
    "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,Converted Amount Refunded,"
    "Converted Currency,Decline Reason,Description,Fee,Is Link,Mode,PaymentIntent ID,Payment Source Type,"
    "Refunded date (UTC),Statement Descriptor,Status,Seller Message,Taxes On Fee,Card ID,Customer ID,"
    "Customer Description,Customer Email,Invoice ID,Transfer"
)
PRESTASHOP_ORDERS = "ID,Reference,New client,Delivery,Customer,Total,Payment,Status,Date"
XERO_INVOICES = (
    "ContactName,EmailAddress,POAddressLine1,POAddressLine2,POAddressLine3,POAddressLine4,POCity,PORegion,"
    "POPostalCode,POCountry,InvoiceNumber,Reference,InvoiceDate,DueDate,Total,InventoryItemCode,Description,"
    "Quantity,UnitAmount,Discount,LineAmount,AccountCode,TaxType,TaxAmount,TrackingName1,TrackingOption1,"
    "TrackingName2,TrackingOption2,Currency,Type,Sent,Status"
)
TOAST_ITEMS = (
    "Location,Order Id,Order #,Sent Date,Order Date,Check Id,Server,Table,Dining Area,Service,Dining Option,"
    "Item Selection Id,Item Id,Master Id,SKU,PLU,Menu Item,Menu Subgroup(s),Menu Group,Menu,Sales Category,"
    "Gross Price,Discount,Net Price,Qty,Tax,Void?,Deferred,Tax Exempt,Tax Inclusion Option,Dining Option Tax,"
    "Tab Name"
)
BIGCOMMERCE_ORDERS = (
    "Order ID,Customer ID,Customer Name,Customer Email,Customer Phone,Order Date,Order Status,Subtotal (inc tax),"
    "Subtotal (ex tax),Tax Total,Shipping Cost (inc tax),Shipping Cost (ex tax),Handling Cost (inc tax),"
    "Coupon Details,Order Total (inc tax),Order Total (ex tax),Refund Amount,Customer Group Name,Payment Method,"
    "Total Quantity,Total Shipped,Date Shipped,Order Currency Code,Product Details"
)
RECHARGE_CHARGES = (
    "charge_id,customer_id,email,first_name,last_name,status,scheduled_at,processed_at,created_at,total_price,"
    "subtotal_price,total_tax,shipping_price,currency,type"
)
PAYPAL_GERMAN = (
    "Datum,Uhrzeit,Zeitzone,Name,Typ,Status,Währung,Brutto,Gebühr,Netto,Absender E-Mail-Adresse,"
    "Empfänger E-Mail-Adresse,Transaktionscode"
)
WOO_FRENCH = (
    "Date,Commande n°,État,Client,Type de client,Produit(s),Articles vendus,Code(s) promo,Ventes nettes,Attribution"
)
PAYPAL_FRENCH = "Date,Heure,Fuseau horaire,Nom,Type,État,Devise,Avant commission,Commission,Net,Numéro de transaction"
PAYPAL_ITALIAN = "Data,Orario,Fuso orario,Nome,Tipo,Stato,Valuta,Lordo,Tariffa,Netto,Codice transazione"

MORE_HEADERS: dict[str, str] = {
    "etsy-order-items": ETSY_ITEMS,
    "etsy-orders": ETSY_ORDERS,
    "ebay-orders": EBAY_ORDERS,
    "amazon-all-orders": AMAZON_ORDERS,
    "squarespace-orders": SQUARESPACE_ORDERS,
    "woocommerce-order-export": WOO_ORDER_EXPORT,
    "wix-orders": WIX_ORDERS,
    "quickbooks-sales": QUICKBOOKS_SALES,
    "vend-sales": VEND_SALES,
    "loyverse-items": LOYVERSE_ITEMS,
    "stripe-payments": STRIPE_PAYMENTS,
    "prestashop-orders": PRESTASHOP_ORDERS,
    "xero-invoices": XERO_INVOICES,
    "toast-items": TOAST_ITEMS,
    "bigcommerce-orders": BIGCOMMERCE_ORDERS,
    "recharge-charges": RECHARGE_CHARGES,
    "paypal-activity-de": PAYPAL_GERMAN,
    "woocommerce-analytics-fr": WOO_FRENCH,
    "paypal-activity-fr": PAYPAL_FRENCH,
    "paypal-activity-it": PAYPAL_ITALIAN,
}
"""The header row of each of these exports, by the key of its platform."""


# Rows ---------------------------------------------------------------------------------------------------------


def filled(usual: Cells, **cells: str) -> Cells:
    """The usual cells of a row with others for some: `Order_ID` is the column “Order ID”."""
    return {**usual, **named(cells)}


ETSY_ITEM = {"Sale Date": "09/13/26", "Item Name": "Tea", "Buyer": "ann", "Quantity": "1", "Price": "12.50",
             "Discount Amount": "0.00", "Order Shipping": "4.00", "Order Sales Tax": "1.00", "Item Total": "12.50",
             "Currency": "EUR", "Transaction ID": "71", "Listing ID": "8", "Ship State": "TX", "Order ID": "501",
             "Order Type": "online"}  # fmt: skip
ETSY_ORDER = {"Sale Date": "09/13/26", "Order ID": "501", "Buyer User ID": "ann", "Full Name": "Ann Lee",
              "Number of Items": "1", "Ship State": "TX", "Currency": "EUR", "Order Value": "12.50",
              "Discount Amount": "0.00", "Shipping": "4.00", "Sales Tax": "1.00", "Order Total": "17.50",
              "Status": "Shipped", "Buyer": "ann", "Order Type": "online"}  # fmt: skip
EBAY_ITEM = {"Sales Record Number": "1", "Order Number": "14-1", "Buyer Username": "ann_1", "Buyer Name": "Ann Lee",
             "Item Number": "3301", "Item Title": "Tea", "Quantity": "1", "Sold For": "$12.50",
             "Shipping And Handling": "$4.00", "eBay Collected Tax": "$1.00", "Total Price": "$17.50",
             "Sale Date": "Sep-13-26", "Paid On Date": "Sep-13-26", "Transaction ID": "91"}  # fmt: skip
AMAZON_ITEM = {"amazon-order-id": "302-1", "purchase-date": "2026-09-13T10:02:11+00:00", "order-status": "Shipped",
               "sales-channel": "Amazon.de", "product-name": "Tea", "sku": "T1", "asin": "B01",
               "item-status": "Shipped",
               "quantity": "1", "currency": "EUR", "item-price": "12.50", "item-tax": "1.00", "ship-city": "Graz",
               "ship-postal-code": "8010", "ship-country": "AT"}  # fmt: skip
WOO_EXPORTED = {"Order Number": "501", "Order Status": "Completed", "Order Date": "2026-09-13 10:02",
                "First Name (Billing)": "Ann", "Last Name (Billing)": "Lee", "Email (Billing)": "ann@example.com",
                "Order Shipping Amount": "4.00", "Order Total Amount": "17.50", "Order Total Tax Amount": "1.00",
                "Item Name": "Tea", "Quantity (- Refund)": "1", "Item Cost": "12.50"}  # fmt: skip
WIX_ITEM = {"Order number": "501", "Date created": "Sep 13, 2026", "Time": "10:02 AM",
    "Contact email": "ann@example.com",
            "Item": "Tea", "Qty": "1", "Price": "12.50", "Billing name": "Ann Lee", "Payment status": "Paid",
            "Shipping rate": "4.00", "Total tax": "1.00", "Total": "17.50", "Currency": "EUR",
            "Refunded amount": "0.00",
            "Net amount": "17.50"}  # fmt: skip
VEND_LINE = {"Date": "2026-09-13 10:02:11", "Line Type": "Sale Line", "Quantity": "1", "Subtotal": "10.00",
             "Sales Tax": "2.00", "Discount": "0.00", "Total": "12.00", "Details": "Tea", "Sku": "T1"}  # fmt: skip
LOYVERSE_ITEM = {"Date": "09/13/2026 10:02", "Receipt number": "1-501", "Receipt type": "Sale", "Category": "Drinks",
                 "Item": "Tea", "Quantity": "1.000", "Gross sales": "12.50", "Discounts": "0.00", "Net sales": "12.50",
                 "Cost of goods": "5.00", "Gross profit": "7.50", "Taxes": "0.00", "Store": "Main",
                 "Cashier name": "Sam", "Customer name": "Ann Lee", "Status": "Closed"}  # fmt: skip
STRIPE_PAYMENT = {"id": "ch_1", "Created date (UTC)": "2026-09-13 10:02:11", "Amount": "12.50",
    "Amount Refunded": "0.00",
                  "Currency": "eur", "Captured": "true", "Converted Amount": "12.50",
                  "Converted Amount Refunded": "0.00", "Converted Currency": "eur", "Description": "Tea",
                  "Mode": "Live", "Status": "Paid", "Customer ID": "cus_ann",
                  "Customer Email": "ann@example.com"}  # fmt: skip
PRESTA_ORDER = {"ID": "501", "Reference": "XKBKNABJK", "New client": "Yes", "Delivery": "Austria", "Customer": "A. LEE",
                "Total": "€12.50", "Payment": "Card", "Status": "Payment accepted",
                "Date": "2026-09-13 10:02:11"}  # fmt: skip
XERO_LINE = {"ContactName": "Ann Lee Ltd", "InvoiceNumber": "INV-1", "InvoiceDate": "13/09/2026",
    "DueDate": "13/10/2026",
             "Total": "13.50", "Description": "Tea", "Quantity": "1.0000", "UnitAmount": "12.50", "LineAmount": "12.50",
             "AccountCode": "200", "TaxAmount": "1.00", "Currency": "EUR", "Type": "Sales invoice", "Sent": "Sent",
             "Status": "Paid"}  # fmt: skip
TOAST_ITEM = {"Location": "Main", "Order Id": "9001", "Order #": "1", "Order Date": "9/13/26 10:02 AM", "Check Id": "7",
              "Server": "Sam", "Table": "4", "Dining Option": "Dine In", "Item Selection Id": "81", "Item Id": "5",
              "Menu Item": "Tea", "Menu Group": "Drinks", "Sales Category": "Drinks", "Gross Price": "12.50",
              "Discount": "0.00", "Net Price": "12.50", "Qty": "1", "Tax": "1.00", "Void?": "false",
              "Deferred": "false"}  # fmt: skip
BIGCOMMERCE_ORDER = {"Order ID": "501", "Customer ID": "7", "Customer Name": "Ann Lee",
    "Customer Email": "ann@example.com",
                     "Order Date": "13/09/2026", "Order Status": "Completed", "Subtotal (inc tax)": "13.75",
                     "Subtotal (ex tax)": "12.50", "Tax Total": "1.65", "Shipping Cost (inc tax)": "4.40",
                     "Shipping Cost (ex tax)": "4.00", "Order Total (inc tax)": "18.15",
                     "Order Total (ex tax)": "16.50",
                     "Refund Amount": "0.00", "Total Quantity": "1", "Order Currency Code": "EUR",
                     "Product Details": "Product ID: 7, Product Qty: 1, Product Name: Tea"}  # fmt: skip
RECHARGE_CHARGE = {"charge_id": "501", "customer_id": "7", "email": "ann@example.com", "first_name": "Ann",
                   "last_name": "Lee", "status": "SUCCESS", "scheduled_at": "2026-09-13", "processed_at": "2026-09-13",
                   "created_at": "2026-08-13", "total_price": "17.50", "subtotal_price": "12.50", "total_tax": "1.00",
                   "shipping_price": "4.00", "currency": "EUR", "type": "RECURRING"}  # fmt: skip
GERMAN_PAYMENT = {"Datum": "13.09.2026", "Uhrzeit": "10:02:11", "Zeitzone": "CET", "Name": "Ann Lee",
                  "Typ": "PayPal Express-Zahlung", "Status": "Abgeschlossen", "Währung": "EUR", "Brutto": "12,50",
                  "Gebühr": "-0,30", "Netto": "12,20", "Absender E-Mail-Adresse": "ann@example.com",
                  "Transaktionscode": "T1"}  # fmt: skip
FRENCH_PAYMENT = {"Date": "13/09/2026", "Heure": "10:02:11", "Fuseau horaire": "CET", "Nom": "Ann Lee",
                  "Type": "Paiement Express Checkout", "État": "Terminé", "Devise": "EUR", "Avant commission": "12,50",
                  "Commission": "-0,30", "Net": "12,20", "Numéro de transaction": "T1"}  # fmt: skip
ITALIAN_PAYMENT = {"Data": "13/09/2026", "Orario": "10:02:11", "Fuso orario": "CET", "Nome": "Ann Lee",
                   "Tipo": "Pagamento Express Checkout", "Stato": "Completata", "Valuta": "EUR", "Lordo": "12,50",
                   "Tariffa": "-0,30", "Netto": "12,20", "Codice transazione": "T1"}  # fmt: skip
FRENCH_ORDER = {"Date": "2026-09-13 10:02:11", "Commande n°": "501", "État": "completed", "Client": "Ann Lee",
                "Type de client": "new", "Produit(s)": "1× Tea", "Articles vendus": "1",
                "Ventes nettes": "12.50"}  # fmt: skip


def squarespace_order(number: str, *items: tuple[str, str, str], **cells: str) -> list[Cells]:
    """An order of `items` (quantity, name, price): what belongs to the order stands on its first row only."""
    own = filled({"Financial Status": "PAID", "Created at": "2026-09-13 10:02:11 -0500", "Currency": "USD",
                  "Shipping": "0.00", "Taxes": "0.00", "Amount Refunded": "0.00",
                  "Discount Amount": "0.00"}, **cells)  # fmt: skip
    lines = [
        {"Order ID": number, "Lineitem quantity": quantity, "Lineitem name": name, "Lineitem price": price}
        for quantity, name, price in items
    ]
    return [{**lines[0], **own}, *lines[1:]]


def vend_sale(receipt: str, code: str, name: str, tax: str, total: str, *lines: Cells, **cells: str) -> list[Cells]:
    """A sale: its own row, its lines and its payment, which come to the same. Lines do not name the receipt."""
    said = {"Date": "2026-09-13 10:02:11", "Receipt": receipt, "Register": "Till 1", "User": "Sam", "Status": "CLOSED"}
    sale = filled({**said, "Line Type": "Sale", "Customer Code": code, "Customer Name": name, "Quantity": "1",
                   "Sales Tax": tax, "Total": total}, **cells)  # fmt: skip
    payment = {"Date": "2026-09-13 10:02:11", "Line Type": "Payment", "Paid": total, "Details": "Card"}
    return [sale, *lines, payment]


def quickbooks(*customers: tuple[str, list[Cells]]) -> list[Cells]:
    """The rows of each customer below a row that names them, with a total under them and one at the end."""
    rows: list[Cells] = []
    for name, sales in customers:
        rows += [{"": name}, *sales, {"": f"Total for {name}", "Amount": "$1.00"}]
    return [*rows, {"": "TOTAL", "Amount": "$1.00"}]


def quickbooks_sale(number: str, amount: str, **cells: str) -> Cells:
    """A sale of QuickBooks' report."""
    return filled({"Date": "09/13/2026", "Transaction Type": "Invoice", "Num": number, "Product/Service": "Tea",
                   "Memo/Description": "Tea", "Qty": "1", "Sales Price": amount, "Amount": amount,
                   "Balance": amount}, **cells)  # fmt: skip


def _three(usual: Cells, *ids: str) -> list[Cells]:
    """Three such rows, each with other ids."""
    return [{**usual, **{one: f"{usual[one]}{n}" for one in ids}} for n in range(3)]


MORE_ROWS: dict[str, list[Cells]] = {
    "etsy-order-items": _three(ETSY_ITEM, "Order ID", "Transaction ID", "Buyer"),
    "etsy-orders": _three(ETSY_ORDER, "Order ID", "Buyer"),
    "ebay-orders": _three(EBAY_ITEM, "Order Number", "Buyer Username"),
    "amazon-all-orders": _three(AMAZON_ITEM, "amazon-order-id"),
    "squarespace-orders": [
        *squarespace_order("1", ("1", "Tea", "12.50"), ("2", "Pot", "30.00"), Email="a@example.com", Total="72.50"),
        *squarespace_order("2", ("1", "Tea", "12.50"), Email="b@example.com", Total="12.50"),
    ],
    "woocommerce-order-export": _three(WOO_EXPORTED, "Order Number"),
    "wix-orders": _three(WIX_ITEM, "Order number"),
    "quickbooks-sales": quickbooks(
        ("Ann Lee", [quickbooks_sale("1", "12.50")]), ("Bob Ray", [quickbooks_sale("2", "8.00")])
    ),
    "vend-sales": [
        row for n in range(3) for row in vend_sale(f"50{n}", f"C{n}", f"Ann {n}", "2.00", "12.00", VEND_LINE)
    ],
    "loyverse-items": _three(LOYVERSE_ITEM, "Receipt number"),
    "stripe-payments": _three(STRIPE_PAYMENT, "id"),
    "prestashop-orders": _three(PRESTA_ORDER, "ID"),
    "xero-invoices": _three(XERO_LINE, "InvoiceNumber"),
    "toast-items": _three(TOAST_ITEM, "Order Id", "Item Selection Id"),
    "bigcommerce-orders": _three(BIGCOMMERCE_ORDER, "Order ID"),
    "recharge-charges": _three(RECHARGE_CHARGE, "charge_id"),
    "paypal-activity-de": _three(GERMAN_PAYMENT, "Transaktionscode", "Name"),
    "paypal-activity-fr": _three(FRENCH_PAYMENT, "Numéro de transaction", "Nom"),
    "paypal-activity-it": _three(ITALIAN_PAYMENT, "Codice transazione", "Nome"),
    "woocommerce-analytics-fr": _three(FRENCH_ORDER, "Commande n°"),
}
"""A few rows of each of these exports."""

__all__ = ["MORE_HEADERS", "MORE_ROWS", "export", "filled"]
