"""The canonical columns with their units. No other module writes a bare column name of these tables.

Three tables come out of an import: order *lines*, rows *set aside*, and *contacts*. Money is in the shop's
currency as DECIMAL(18,4); dates are the shop's local dates; every text is as it stood in the file, trimmed.
"""

from __future__ import annotations

from dataclasses import dataclass

MONEY = "DECIMAL(18,4)"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a stored table: its name, SQL type and one sentence on its meaning and unit."""

    name: str
    sql_type: str
    sentence: str

    def __str__(self) -> str:
        return self.name


# Order lines ---------------------------------------------------------------------------------------------------
CUSTOMER = Column("customer_id", "VARCHAR", "Who ordered; NULL for a guest, a pseudonym where only e-mails are known.")
ORDER = Column("order_id", "VARCHAR", "The order; a customer's day where the file has no order id.")
LINE = Column("line_id", "VARCHAR", "The line inside the order, where the file has one.")
ORDERED_AT = Column("ordered_at", "TIMESTAMP", "When the order was placed.")
KIND = Column(
    "kind", "VARCHAR", "sale, refund, cancelled, or what does not count: gift_card, test, shipping, tax, fee."
)
QUANTITY = Column("quantity", MONEY, "Pieces; NULL where the file has no quantity.")
LISTED = Column("listed_amount", MONEY, "The line's amount as the file has it, after discount, refunds negative.")
AMOUNT = Column("amount", MONEY, "What the line adds to revenue: the listed amount, 0 where cancelled.")
DISCOUNT = Column("discount", MONEY, "Discount given on the line, positive; NULL where unknown.")
COST = Column("cost", MONEY, "Unit cost x quantity, signed like the amount, 0 where cancelled; NULL where unknown.")
CURRENCY = Column("currency", "VARCHAR", "ISO code as written in the file.")
PRODUCT = Column("product", "VARCHAR", "Product name or SKU.")
CATEGORY = Column("category", "VARCHAR", "Product category.")
CHANNEL = Column("channel", "VARCHAR", "Sales channel.")
STATUS = Column("status", "VARCHAR", "Order status or refund marker as written in the file.")
PART = Column(
    "part", "VARCHAR", "NULL for a row of the file; discount, shipping, tax, … for an amount beside the rows."
)
ROW_HASH = Column("row_hash", "UBIGINT", "Hash of the row as in the file, columns in name order; finds repeats.")

LINES: tuple[Column, ...] = (
    CUSTOMER,
    ORDER,
    LINE,
    ORDERED_AT,
    KIND,
    QUANTITY,
    LISTED,
    AMOUNT,
    DISCOUNT,
    COST,
    CURRENCY,
    PRODUCT,
    CATEGORY,
    CHANNEL,
    STATUS,
    PART,
    ROW_HASH,
)

SALE, REFUND, CANCELLED = "sale", "refund", "cancelled"
GIFT_CARD, TEST, SHIPPING, TAX, FEE = "gift_card", "test", "shipping", "tax", "fee"
NO_REVENUE = (CANCELLED, GIFT_CARD, TEST, SHIPPING, TAX, FEE)
"""Kinds of lines that are kept and add nothing to revenue."""
KINDS = (SALE, REFUND, *NO_REVENUE)

# Rows set aside ------------------------------------------------------------------------------------------------
SET_ASIDE: tuple[Column, ...] = (
    Column("file", "VARCHAR", "Name of the file the row came from."),
    Column("line_number", "BIGINT", "Line of the file on which the row starts, counted from 1."),
    Column("reason", "VARCHAR", "Why it was rejected; a key of intake.ledger.REASONS."),
    Column("amount", MONEY, "The row's amount where it could be read; NULL otherwise."),
    Column("row", "VARCHAR[]", "The row's fields as they stood in the file."),
)

# Rows met again ------------------------------------------------------------------------------------------------
PASSED: tuple[Column, ...] = (
    Column("row_hash", "UBIGINT", "Hash of a row of the last import that is stored already, or repeats another."),
    Column("reason", "VARCHAR", "already_present, kept_as_stored or repeated_row."),
)

# Campaigns -----------------------------------------------------------------------------------------------------
CAMPAIGNS: tuple[Column, ...] = (
    Column("campaign", "VARCHAR", "The campaign's name."),
    Column("campaign_id", "VARCHAR", "Its id at the platform; NULL where the file has none."),
    Column("subject", "VARCHAR", "The subject line."),
    Column("list", "VARCHAR", "The list it was sent to."),
    Column("channel", "VARCHAR", "Email, SMS, …"),
    Column("recipients", MONEY, "Whom it was sent to, counted."),
    Column("orders", MONEY, "Recipients who ordered, as the platform attributes orders."),
    Column("revenue", MONEY, "What they ordered, in shop currency."),
    Column("opens", MONEY, "Recipients who opened it."),
    Column("clicks", MONEY, "Recipients who clicked."),
    Column("unsubscribes", MONEY, "Recipients who left the list."),
    Column("sent_at", "TIMESTAMP", "When it was sent."),
)

# Contacts ------------------------------------------------------------------------------------------------------
CONTACTS: tuple[Column, ...] = (
    Column("customer_id", "VARCHAR", "The customer, as in the lines."),
    Column("email", "VARCHAR", "Latest e-mail address; NULL where the file has none."),
    Column("name", "VARCHAR", "Latest name; NULL where the file has none."),
    Column("phone", "VARCHAR", "Latest phone number; NULL where the file has none."),
    Column("consent", "BOOLEAN", "Latest marketing consent; NULL where the file does not say."),
)
