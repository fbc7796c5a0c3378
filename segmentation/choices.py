"""What is chosen by name, on the command line as anywhere else; small, so that a command starts at once."""

from __future__ import annotations

from typing import Literal, get_args

Method = Literal["kmeans", "mixture", "ward", "hdbscan", "rfm"]
Preset = Literal["shopify", "klaviyo"]
METHODS: tuple[Method, ...] = get_args(Method)
PRESETS: tuple[Preset, ...] = get_args(Preset)
"""How customers are segmented, and whose rules there are."""

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
