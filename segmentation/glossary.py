"""What each figure is: one definition for a term, the same on every screen, in the report and in the documentation.

A definition is one sentence. Where a figure is of a period, the place that shows it says of which.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

ALL_TIME = "all-time"
"""All days that the data covers, up to the day it is looked at."""


@dataclass(frozen=True, slots=True)
class Term:
    """A figure and what it is.

    name: its label.
    sentence: what it is, in one sentence.
    unit: "money" (shop currency), "orders", "customers", "share", "days" or "months".
    of: what it is of: "period" (the days that are shown), "all time", "next" (what is expected), or "campaign".
    """

    name: str
    sentence: str
    unit: str
    of: str


_TERMS = (
    Term(
        "Revenue",
        "Sales less refunds and cancellations, by the day of each line, guest orders included.",
        "money",
        "period",
    ),
    Term(
        "All-time revenue",
        "Revenue of all days of the data, of the customers alone: guest orders are not in it.",
        "money",
        "all time",
    ),
    Term("Spend", "What a customer bought, less refunds and cancellations.", "money", "all time"),
    Term("Orders", "Orders with at least one sale; each counts on the day of its first sale.", "orders", "period"),
    Term(
        "Guest orders",
        "Orders that name no customer: inside revenue and orders, outside customers and segments.",
        "share",
        "all time",
    ),
    Term(
        "Customers",
        "People with at least one sale; guests, and who only cancelled or returned, are not counted.",
        "customers",
        "period",
    ),
    Term("New customers", "Customers whose first order is in the period.", "customers", "period"),
    Term("Returning customers", "Customers of the period who had ordered before it.", "customers", "period"),
    Term(
        "Average order",
        "What was sold over the number of orders: the value when placed, before refunds.",
        "money",
        "period",
    ),
    Term(
        "Typical order",
        "The median order: half of all orders were worth less when placed, before refunds, to within 5 %.",
        "money",
        "all time",
    ),
    Term(
        "Repeat rate",
        "Share of the customers who had ordered at least twice by the end of the period.",
        "share",
        "period",
    ),
    Term("Refund rate", "Money refunded in the period against money sold in it.", "share", "period"),
    Term("Margin", "Revenue less cost of goods, over the lines that have a cost.", "money", "period"),
    Term("Margin rate", "Margin against the revenue of the lines that have a cost.", "share", "period"),
    Term("Share of customers", "The segment's customers against all customers.", "share", "all time"),
    Term(
        "Share of all-time revenue",
        "The segment's all-time revenue against that of all customers; guest orders are in neither.",
        "share",
        "all time",
    ),
    Term(
        "Share of revenue",
        "The segment's revenue in the period against that of all segments; guest orders are in neither.",
        "share",
        "period",
    ),
    Term(
        "Typical customer",
        "The median of all customers who have a value: half of them are below it.",
        "customers",
        "all time",
    ),
    Term(
        "Lifetime value",
        "Margin of the orders expected of today's customers, discounted to today; no campaign is in it.",
        "money",
        "next",
    ),
    Term("Per customer", "Lifetime value over the number of customers.", "money", "next"),
    Term(
        "Risk of being lost",
        "Chance of no order until a customer counts as churned (Churn says after how many days).",
        "share",
        "next",
    ),
    Term(
        "Order rate",
        "Share expected to order in the coming window without a campaign; its interval holds how much windows differ.",
        "share",
        "campaign",
    ),
    Term(
        "Spend per order",
        "What an order is worth after refunds, of those who ordered in the past windows.",
        "money",
        "campaign",
    ),
    Term(
        "Extra orders",
        "Orders that would not have come without the campaign, under the assumed uplift.",
        "orders",
        "campaign",
    ),
    Term("Extra margin", "Margin of the extra orders, before the campaign's costs.", "money", "campaign"),
    Term("Cost", "Offer on every order of the window, contact and fixed cost.", "money", "campaign"),
    Term(
        "Profit",
        "Extra margin less cost, as expected in the coming window, with its 95 % interval.",
        "money",
        "campaign",
    ),
    Term("ROI", "Profit per money spent.", "share", "campaign"),
    Term("Break-even", "The uplift at which the campaign earns just its cost.", "share", "campaign"),
    Term(
        "Chance of loss",
        "Chance that the campaign loses money on average, given all these doubts.",
        "share",
        "campaign",
    ),
)
TERMS = MappingProxyType({term.name: term for term in _TERMS})


def about(name: str, *more: str) -> str:
    """The definition of a term, with what is to be said of it here."""
    return " ".join([TERMS[name].sentence, *(text for text in more if text)])


def table() -> str:
    """All terms as a Markdown table, for the documentation."""
    kinds = {
        "period": "the days shown",
        "all time": "all days",
        "next": "the months chosen",
        "campaign": "the campaign",
    }
    rows = [f"| {one.name} | {one.sentence} | {one.unit} | {kinds[one.of]} |" for one in _TERMS]
    return "\n".join(["| term | what it is | unit | of |", "|---|---|---|---|", *rows])
