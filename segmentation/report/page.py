"""The report as one HTML file: no script, nothing fetched, every text from the data escaped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from segmentation.campaigns import Plan, PlanRow
from segmentation.estimates import Estimate, Unknown
from segmentation.exports import write_whole
from segmentation.formats import NOTHING, chance
from segmentation.report import charts
from segmentation.report.canvas import slot
from segmentation.report.content import TOO_FEW, ReportContent
from segmentation.report.figures import (
    count,
    count_range,
    day,
    money,
    money_range,
    percent,
    percent_range,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of the campaign table: the value, its interval below (none where it is certain), why it is missing."""

    value: str
    range: str = ""
    loss: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class RowView:
    """One line of the campaign table, ready to print."""

    name: str
    slot: str
    reachable: str
    chosen: bool
    contact: str
    reason: str
    figures: tuple[Figure, ...]


def write_report(path: Path, content: ReportContent) -> Path:
    """Write the report to `path`, whole or not at all. Raises WorkspaceBroken where it cannot be written."""
    return write_whole(path, render(content).encode("utf-8"))


def render(content: ReportContent) -> str:
    """The report as HTML text. Equal content gives equal text."""
    colours = {segment.name: segment.colour for segment in content.segments}
    plan, currency = content.plan, content.currency
    planned = {} if isinstance(plan, Unknown) else _planned(plan, colours, currency)
    # Only our own drawings and style sheet are trusted; the drawings escape the names they print.
    return _template().render(
        c=content,
        css=Markup(_own("report.css")),  # noqa: S704
        shares=Markup(charts.shares(content.segments)),  # noqa: S704
        heat=Markup(charts.heat(content.segments, content.heat)) if content.heat else None,  # noqa: S704
        wide=content.heat is not None and charts.is_wide(content.heat),
        changes=Markup(charts.changes(content.why.lines, currency)) if content.why else None,  # noqa: S704
        reason=plan.reason if isinstance(plan, Unknown) else "",
        **planned,
    )


def _planned(plan: Plan, colours: dict[str, int], currency: str | None) -> dict[str, object]:
    drawing = charts.profits(plan, colours, currency)
    rows = [_row(row, colours.get(row.name, 9), currency) for row in plan.rows]
    return {
        "plan": plan,
        "plan_lede": _lede(plan, currency),
        "plan_rows": rows,
        "plan_total": _total(plan, currency),
        "plan_remarks": tuple(dict.fromkeys(f.why for row in rows for f in row.figures if f.why)),
        "profits": Markup(drawing) if drawing else None,  # noqa: S704
    }


def _lede(plan: Plan, currency: str | None) -> str:
    days, total = plan.assumptions.window_days, plan.total
    if isinstance(total.profit, Unknown):
        return f"For a campaign of {days} days. {total.profit.reason}"
    budget = plan.budget
    within = f" within a budget of {money(budget, currency)}" if budget is not None else ""
    segments = f"{total.segments} segment{'' if total.segments == 1 else 's'}"
    likely = money_range(total.profit.low, total.profit.high, cents=False).replace("–", "–\u2060")  # never broken there
    return (
        f"A campaign of {days} days to {count(total.chosen)} customers of {segments}{within} is expected to bring "
        f"{money(total.profit.value, currency, cents=False)} of profit ({likely}) for {money(total.spent, currency)} "
        f"spent, on average and if the assumed uplift holds.{_once(total.single_profit)} Each row is for contacting "
        "everyone in the segment who may be contacted."
    )


def _once(profit: Estimate | Unknown) -> str:
    if isinstance(profit, Unknown):
        return ""
    ends = money_range(profit.low, profit.high, cents=False).replace("–", "–\u2060")
    return f" One such campaign ends at {ends} in 95 of 100 cases."


def _row(row: PlanRow, colour: int, currency: str | None) -> RowView:
    known = isinstance(row.profit, Estimate)
    return RowView(
        name=row.name,
        slot=slot(colour),
        reachable=count(row.reachable) if row.customers >= TOO_FEW else NOTHING,
        chosen=row.chosen > 0,
        contact=_contact(row),
        reason=row.profit.reason if isinstance(row.profit, Unknown) else "",
        figures=_figures(row, currency) if known else (),
    )


def _contact(row: PlanRow) -> str:
    if not row.chosen:
        return "no"
    return "all" if row.chosen == row.reachable else f"{count(row.chosen)} of them"


def _figures(row: PlanRow, currency: str | None) -> tuple[Figure, ...]:
    return (
        _share(row.baseline_rate),
        _money(row.order_value, currency, cents=None),
        _count(row.incremental_orders),
        _money(row.incremental_margin, currency),
        _money(row.cost, currency),
        _money(row.profit, currency),
        _ends(row.single_profit),
        _share(row.roi),
        _plain(row.break_even_uplift),
        _chance(row.chance_of_loss),
    )


def _total(plan: Plan, currency: str | None) -> tuple[Figure, ...]:
    total = plan.total
    if isinstance(total.profit, Unknown):
        return ()
    return (
        _count(total.incremental_orders),
        _money(total.incremental_margin, currency),
        Figure(money(total.spent, currency, cents=False)),
        _money(total.profit, currency),
        _ends(total.single_profit),
        _share(total.roi),
        Figure(""),
        _chance(total.chance_of_loss),
        Figure(count(total.chosen)),
    )


def _share(figure: Estimate | Unknown) -> Figure:
    if isinstance(figure, Unknown):
        return Figure(NOTHING, why=figure.reason)
    return Figure(percent(figure.value), percent_range(figure.low, figure.high), loss=figure.value < 0)


def _money(figure: Estimate | Unknown, currency: str | None, *, cents: bool | None = False) -> Figure:
    if isinstance(figure, Unknown):
        return Figure(NOTHING, why=figure.reason)
    shown = money(figure.value, currency, cents=cents)
    if money(figure.low, currency, cents=cents) == money(figure.high, currency, cents=cents):
        return Figure(shown, loss=figure.value < 0)
    return Figure(shown, money_range(figure.low, figure.high, cents=cents), loss=figure.value < 0)


def _ends(figure: Estimate | Unknown) -> Figure:
    """Where the result of one campaign ends; what is expected of it stands beside."""
    if isinstance(figure, Unknown):
        return Figure(NOTHING, why=figure.reason)
    return Figure(money_range(figure.low, figure.high, cents=False), loss=figure.high < 0)


def _count(figure: Estimate | Unknown) -> Figure:
    if isinstance(figure, Unknown):
        return Figure(NOTHING, why=figure.reason)
    return Figure(count(figure.value, 1 if figure.high < 10 else 0), count_range(figure.low, figure.high))


def _plain(figure: float | Unknown) -> Figure:
    if isinstance(figure, Unknown):
        return Figure(NOTHING, why=figure.reason)
    return Figure(percent(figure))


def _chance(figure: float | Unknown) -> Figure:
    return _plain(figure) if isinstance(figure, Unknown) else Figure(chance(figure))


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals |= {"count": count, "percent": percent, "day": day, "slot": slot}
    return environment.from_string(_own("report.html"))


def _own(name: str) -> str:
    return resources.files("segmentation.report").joinpath(name).read_text(encoding="utf-8")
