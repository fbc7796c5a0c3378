"""Which rows are of customers who were erased, by a table of them that the connection is shown."""

from __future__ import annotations

from segmentation.engine.importing.orders import JUDGED, over_rows
from segmentation.engine.importing.plan import ParsePlan
from segmentation.engine.importing.raw import PLACE
from segmentation.engine.reading import select

ERASED_CUSTOMERS = "erased_customers"
"""The table of (customer_id) of customers whose rows are left out."""
_AMONG = "(SELECT customer_id FROM erased_customers)"


def places_query(plan: ParsePlan) -> str:
    """The places in the file of their rows (column place): by what a row says, or by what its order says."""
    found = select({"place": PLACE}, plan.keyed_table, where=_is_erased(plan.customer))
    if not plan.by_orders:
        return found
    by_order = select({"place": PLACE}, JUDGED, where=_is_erased("customer_id"))
    return over_rows(plan, f"{found} UNION ALL {by_order}")


def _is_erased(customer: str) -> str:
    """Whether this expression gives one of them."""
    return f"({customer}) IN {_AMONG}"


def but_erased(contacts: str) -> str:
    """These contacts without theirs."""
    return select({"*": "*"}, f"({contacts})", where=f"customer_id NOT IN {_AMONG}")
