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
_SINGLE: tuple[tuple[str, str], ...] = (
    ("single_rate", "One window: order rate without campaign"),
    ("single_orders", "One campaign: extra orders"),
    ("single_profit", "One campaign: profit"),
    ("single_roi", "One campaign: ROI"),
)
"""What one campaign may come to; its expected value is that of the figure without “one campaign”."""


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
    for field, title in _SINGLE:
        unit = money if field == "single_profit" else ""
        headers += [f"{title}{unit}, low", f"{title}{unit}, high"]
    headers += ["One campaign: chance of a loss", "Doubt that is between windows"]
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
    for field, _ in _SINGLE:
        figure = getattr(row, field)
        cells += [None, None] if isinstance(figure, Unknown) else [figure.low, figure.high]
    for number in (row.single_chance_of_loss, row.between_windows, row.break_even_uplift, row.chance_of_loss):
        if isinstance(number, Unknown):
            cells.append(None)
            remarks.append(number.reason)
        else:
            cells.append(number)
    return (*cells, row.chosen, row.spent, _said_once(remarks))


def _said_once(remarks: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(remarks))
