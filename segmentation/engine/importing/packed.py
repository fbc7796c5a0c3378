"""Items of an order packed into columns of its row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedItems:
    """Items packed into columns: pairs of name and value with a sign between."""

    columns: tuple[str, ...]
    between: str
    product: str
    quantity: str
    amount: str


PACKED = {"product": "item_product", "quantity": "item_quantity", "amount": "item_amount"}
"""Columns that unpacking adds."""
