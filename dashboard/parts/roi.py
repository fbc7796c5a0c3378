"""The ROI table: a row per segment with intervals, and the sentence that says what it comes to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.parts import downloads, tables
from segmentation import formats, glossary
from segmentation.campaigns import Plan, PlanRow, plan_table
from segmentation.estimates import Estimate, Unknown

Figure = Estimate | Unknown | float


def table(plan: Plan, currency: str | None, *, key: str, short: bool = False, identity: str = "") -> None:
    """The table with its download; `short` shows what the studio needs."""
    if all(isinstance(row.profit, Unknown) for row in plan.rows):
        reasons = list(dict.fromkeys(row.profit.reason for row in plan.rows if isinstance(row.profit, Unknown)))
        st.info("  \n".join(words.unknown(reason) for reason in reasons[:3]), icon=":material/info:")
        return
    frame = pd.DataFrame([_cells(row, currency, short=short) for row in plan.rows])
    headers, rows = plan_table(plan, currency)
    tables.table(
        frame,
        downloads.csv(f"roi-{identity}" if identity else "roi", headers, rows),
        alt="Expected result of a campaign, by segment",
        key=key,
        columns={
            "Segment": st.column_config.TextColumn(pinned=True),
            "Reachable": tables.count_column("Reachable", help="Customers who may be written to, on the basis below."),
            "Customers": tables.count_column("Customers"),
            "Contacted": tables.count_column("Contacted", help="Within the budget; losing segments are left out."),
            **{name: st.column_config.TextColumn(name, help=text) for name, text in HELP.items()},
        },
    )


HELP = {
    name: glossary.about(name)
    for name in ("Order rate", "Spend per order", "Extra orders", "Extra margin", "Cost", "Profit", "ROI", "Break-even",
                 "Chance of loss")
} | {
    "One window": "Where the order rate of one window lies in 95 of 100 cases: the luck of its customers comes on top.",
    "One campaign": "Where the profit of one campaign ends in 95 of 100 cases: the luck of its customers comes on top.",
    "Loss, one campaign": "Chance that one campaign loses money, with the luck of its customers.",
}  # fmt: skip


def _cells(row: PlanRow, currency: str | None, *, short: bool) -> dict[str, str | int]:
    def money(figure: Figure) -> str:
        return _with_interval(figure, partial(_money, currency=currency), partial(_money_interval, currency=currency))

    def share(figure: Figure) -> str:
        return _with_interval(figure, formats.percent, _share_interval)

    def chance(figure: Figure) -> str:
        return _value(figure, formats.chance)

    cells: dict[str, str | int] = {"Segment": row.name, "Reachable": row.reachable, "Contacted": row.chosen}

    def alone(figure: Figure, both: Callable[[float, float], str]) -> str:
        return both(figure.low, figure.high) if isinstance(figure, Estimate) else formats.NOTHING

    cells["Profit"] = money(row.profit)
    cells["One campaign"] = alone(row.single_profit, partial(_money_interval, currency=currency))
    cells["ROI"] = share(row.roi)
    cells["Chance of loss"] = chance(row.chance_of_loss)
    cells["Loss, one campaign"] = chance(row.single_chance_of_loss)
    cells["Break-even"] = share(row.break_even_uplift)
    cells["Extra margin"] = money(row.incremental_margin)
    cells["Cost"] = money(row.cost)
    cells["Order rate"] = share(row.baseline_rate)
    cells["One window"] = alone(row.single_rate, _share_interval)
    if not short:
        cells["Spend per order"] = money(row.order_value)
        cells["Extra orders"] = _with_interval(row.incremental_orders, _count, _count_interval)
        cells["Customers"] = row.customers
        cells["Remark"] = row.profit.reason if isinstance(row.profit, Unknown) else ""
    return cells


def _with_interval(figure: Figure, one: Callable[[float], str], both: Callable[[float, float], str]) -> str:
    match figure:
        case Unknown():
            return formats.NOTHING
        case Estimate(value=value, low=low, high=high):
            return f"{one(value)} ({both(low, high)})" if low < high else one(value)
        case _:
            return one(figure)


def _money(value: float, *, currency: str | None) -> str:
    if abs(value) >= 10_000:
        return formats.compact_money(value, currency)
    return formats.money(value, currency, cents=abs(value) < 10)


def _money_interval(low: float, high: float, *, currency: str | None) -> str:
    if low >= 0 and high < 10_000:
        return formats.money_interval(low, high, currency)
    return f"{_money(low, currency=currency)} to {_money(high, currency=currency)}"


def _money_ends(low: float, high: float, *, currency: str | None) -> str:
    return f"{_money(low, currency=currency)} and {_money(high, currency=currency)}"


def _share_interval(low: float, high: float) -> str:
    return formats.percent_interval(low, high) if low >= 0 else f"{formats.percent(low)} to {formats.percent(high)}"


def _count(value: float) -> str:
    return formats.number(value, decimals=0 if value >= 10 else 1)


def _count_interval(low: float, high: float) -> str:
    decimals = 0 if high >= 10 else 1
    return f"{formats.number(low, decimals=decimals)}–{formats.number(high, decimals=decimals)}"


def finding(plan: Plan, currency: str | None) -> str:
    """What the plan comes to, in one or two sentences of Markdown."""
    total = plan.total
    if isinstance(total.profit, Unknown):
        return f"**{words.unknown(total.profit)}**"
    who = formats.count(total.chosen, "customer")
    earns = "earn" if total.profit.value >= 0 else "lose"
    part = f"{total.segments} of {formats.count(len(plan.rows), 'segment')}"
    between = _money_interval(total.profit.low, total.profit.high, currency=currency)
    once, lost = total.single_profit, total.single_chance_of_loss
    said = (
        f"Contacting {who} in {part} is expected to {earns} **{formats.money(abs(total.profit.value), currency)}** "
        f"after {formats.money(total.spent, currency)} of cost, on average (95 % interval {between})."
    )
    if isinstance(once, Estimate):
        said += (
            f" One such campaign ends between {_money_ends(once.low, once.high, currency=currency)} in 95 of 100 cases."
        )
    if not isinstance(total.chance_of_loss, Unknown):
        said += f" Chance of a loss: {formats.chance(total.chance_of_loss)} on average"
        said += "." if isinstance(lost, Unknown) else f", {formats.chance(lost)} for one campaign."
    return said.replace("$", "\\$")


def totals(plan: Plan, currency: str | None) -> None:
    """The campaign as chosen, in five figures."""
    total = plan.total
    figures = (
        ("Contacted", formats.number(total.chosen), "Customers within the budget."),
        (
            "Extra orders",
            _value(total.incremental_orders, lambda v: formats.number(v, decimals=0 if v >= 10 else 1)),
            "",
        ),
        ("Extra margin", _value(total.incremental_margin, partial(_money, currency=currency)), ""),
        ("Profit", _value(total.profit, partial(_money, currency=currency)), ""),
        ("ROI", _value(total.roi, formats.percent), ""),
        ("Chance of loss", _value(total.chance_of_loss, formats.chance), ""),
    )
    with st.grid(6, min_column_width=104, gap="small"):
        for label, value, about in figures:
            st.metric(label, value, help=about or HELP.get(label))


def _value(figure: Figure, text: Callable[[float], str]) -> str:
    match figure:
        case Unknown():
            return formats.NOTHING
        case Estimate(value=value):
            return text(value)
        case _:
            return text(figure)
