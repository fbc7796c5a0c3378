"""Which rows are of customers who were erased: conditions over a table of them that the connection is shown."""

from __future__ import annotations

from segmentation.engine.reading import select

ERASED_CUSTOMERS = "erased_customers"
"""The table of (customer_id) of customers whose rows are left out."""
_AMONG = "(SELECT customer_id FROM erased_customers)"


def is_erased(customer: str) -> str:
    """Whether this expression gives one of them."""
    return f"({customer}) IN {_AMONG}"


def but_erased(contacts: str) -> str:
    """These contacts without theirs."""
    return select({"*": "*"}, f"({contacts})", where=f"customer_id NOT IN {_AMONG}")
