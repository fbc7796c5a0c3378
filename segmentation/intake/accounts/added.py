"""Further sales of orders that the dataset has: added since, or taken out since where the file is the older one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from segmentation.engine.reading import ImportConnection
from segmentation.errors import AmbiguousReading, OrdersChanged, counted
from segmentation.intake.accounts.asked import weighs


@dataclass(frozen=True, slots=True)
class Added:
    """How many orders, their further rows, and what these come to; `later`: the file is the newer export."""

    orders: int = 0
    rows: int = 0
    revenue: Decimal = Decimal(0)
    later: bool = True

    def plus(self, other: Added) -> Added:
        """Both together."""
        later = self.later and other.later
        return Added(self.orders + other.orders, self.rows + other.rows, self.revenue + other.revenue, later)


NOTHING_ADDED = Added()


class FurtherSales(OrdersChanged):
    """A file has further sales of orders that the dataset has besides the same rows: do they count?"""

    def __init__(self, added: Added) -> None:
        AmbiguousReading.__init__(
            self,
            f"The file has {counted(added.rows, 'row')} with a revenue of {added.revenue:,.2f} of "
            f"{counted(added.orders, 'order')} that the shop has without them: they were added since, or taken out "
            "since if this is the older export.",
            readings=("the file's state: they are added (replace)", "the shop's state: they are left out (keep)"),
            option="--replace or --keep",
            options=("--replace", "--keep"),
        )


def further_sales(connection: ImportConnection, replace: bool | None, *, others: bool) -> tuple[Added, bool]:
    """The further sales of the staged file, whose orders the queries are shown as `replaced`, and whether they come in,
    as was said (`replace`); asks where nobody said, the file is not the newer one, and these orders are more than a
    hundredth of the revenue."""
    found = connection.query("import_adds", others=others)
    if not found.num_rows:
        return NOTHING_ADDED, True
    connection.show("replaced", found.drop_columns(["further_rows", "revenue", "whole", "later"]))
    rows, revenue, whole = (found.column(one).to_pylist() for one in ("further_rows", "revenue", "whole"))
    added = Added(found.num_rows, sum(rows), sum(revenue, Decimal(0)), found.column("later")[0].as_py())
    if replace is None and not added.later and weighs(connection, sum(whole, Decimal(0))):
        raise FurtherSales(added)
    return added, replace is not False


__all__ = ["NOTHING_ADDED", "Added", "FurtherSales", "further_sales"]
