"""The plan as a plain table, for a CSV or a screen."""

from __future__ import annotations

from collections.abc import Sequence

from segmentation.campaigns.results import Plan, PlanRow
from segmentation.estimates import Estimate, Unknown

PlanCell = str | int | float | None

_ESTIMATES: tuple[tuple[str, str], ...] = (
    ("baseline_rate", "Order rate without campaign"),
    ("orders_per_buyer", "Orders per buyer"),
    ("order_value", "Order value"),
    ("margin_rate", "Margin rate"),
    ("incremental_orders", "Extra orders"),
    ("incremental_margin", "Extra margin"),
    ("cost", "Cost"),
    ("profit", "Profit"),
    ("roi", "ROI"),
)


def plan_table(plan: Plan, currency: str | None = None) -> tuple[tuple[str, ...], list[tuple[PlanCell, ...]]]:
    """Headers and one row per segment; each estimate as value, low and high of its 95 % interval.

    Shares, ROI and uplifts are fractions; money is in `currency`. A missing figure is an empty cell and the last
    column says why.
    """
    money = f" ({currency})" if currency else ""
    in_money = {"order_value", "incremental_margin", "cost", "profit"}
    headers = ["Segment", "Customers", "Reachable"]
    for field, title in _ESTIMATES:
        unit = money if field in in_money else ""
        headers += [title + unit, f"{title}, low", f"{title}, high"]
    headers += ["Break-even uplift", "Chance of a loss", "Contacted within budget", f"Spent{money}", "Remark"]
    return tuple(headers), [_cells(row) for row in plan.rows]


def _cells(row: PlanRow) -> tuple[PlanCell, ...]:
    cells: list[PlanCell] = [row.name, row.customers, row.reachable]
    remarks: list[str] = []
    for field, _ in _ESTIMATES:
        figure: Estimate | Unknown = getattr(row, field)
        if isinstance(figure, Unknown):
            cells += [None, None, None]
            remarks.append(figure.reason)
        else:
            cells += [figure.value, figure.low, figure.high]
    for number in (row.break_even_uplift, row.chance_of_loss):
        if isinstance(number, Unknown):
            cells.append(None)
            remarks.append(number.reason)
        else:
            cells.append(number)
    return (*cells, row.chosen, row.spent, _said_once(remarks))


def _said_once(remarks: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(remarks))
