"""What is chosen by name, on the command line as anywhere else; small, so that a command starts at once."""

from __future__ import annotations

from typing import Literal, get_args

Method = Literal["kmeans", "mixture", "ward", "hdbscan", "rfm"]
Preset = Literal["shopify", "klaviyo"]
METHODS: tuple[Method, ...] = get_args(Method)
PRESETS: tuple[Preset, ...] = get_args(Preset)
"""How customers are segmented, and whose rules there are."""

ListForm = Literal["csv", "excel", "klaviyo", "mailchimp"]
Separator = Literal["comma", "semicolon"]
LIST_FORMS: tuple[ListForm, ...] = get_args(ListForm)
SEPARATORS: tuple[Separator, ...] = get_args(Separator)
"""The forms in which a list of customers leaves, and what parts the columns of a CSV."""
LIST_OPTIONS = (
    ("--preset", LIST_FORMS, "write whom you may write to, with addresses, in this form"),
    ("--separator", SEPARATORS, "what parts the columns of --preset csv (default: comma)"),
)

DATE_ORDERS = ("dmy", "mdy", "ymd")
DECIMALS = ("point", "comma")
IN_OR_OUT = ("in", "out")
FORMS = ("money", "piece", "share", "percent")
ANSWERS: dict[str, tuple[str, ...]] = {
    "date_order": DATE_ORDERS,
    "decimal": DECIMALS,
    "shipping": IN_OR_OUT,
    "tax": IN_OR_OUT,
    "gift_cards": IN_OR_OUT,
    "test_orders": IN_OR_OUT,
    "discount": FORMS,
    "discount_taken": ("yes", "no"),
    "cost": ("piece", "line"),
    "amount_of": ("line", "order"),
    "amount_holds": ("goods", "all"),
    "amounts_in": ("units", "cents"),
    "ids": ("joined", "apart"),
    "customers": ("none",),
}
"""The choices that are one of a few words."""
