"""The sentences of a plan: why a figure is missing, what was assumed, what to keep in mind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import exp

from segmentation.assumptions import Assumptions, Margin
from segmentation.campaigns.results import PlanRow
from segmentation.campaigns.windows import Between
from segmentation.estimates import Estimate

NOBODY_ORDERED = "No customer ordered in the window the baseline is measured in, so there is nothing to lift."
NOBODY_REACHABLE = "Nobody in this segment may be contacted."
NO_CONSENT = "The data has no consent column: every customer counts as reachable. Check consent before sending."
NOBODY_THEN = "Nobody was in this segment when the window began, so its order rate cannot be measured yet."
ALL_REFUNDED = "Everything this segment ordered in the window was refunded, so there is no order value."
OFFER_EATS_MARGIN = "The offer gives away the whole margin of an order: no uplift can pay for it."
NOTHING_SPENT = "Nothing is spent, so there is no return on it."
NOTHING_EARNS = "No segment is expected to earn what contacting it costs."

# Below this many extra orders a single campaign's result is mostly luck (a Poisson count of 5 is 5 ± 4.4).
FEW_EXTRA_ORDERS = 5.0


def too_few(customers: int) -> str:
    """Why a small segment of today has no figures."""
    return f"{customers} customer{'' if customers == 1 else 's'}: too few to describe."


def too_few_then(customers: int) -> str:
    """Why a segment that was small when the window began has no figures."""
    who = "customer was" if customers == 1 else "customers were"
    return f"Only {customers} {who} in this segment when the window began: too few to describe."


def assumed(assumptions: Assumptions, margin: Margin | None) -> tuple[str, ...]:
    """What nobody measured, one sentence each, most important first; `margin` where segments have none of their own."""
    a = assumptions
    spread = f"between {_percent(a.uplift_low)} and {_percent(a.uplift_high)}"
    lines = [
        f"Uplift: {_percent(a.uplift_mid)} more orders than without the campaign, {spread}. Nobody has measured it.",
        "Extra orders are as large as usual and would not have come later anyway.",
    ]
    if a.offer_kind == "percent" and a.offer_value:
        lines.append(
            f"Offer: {_percent(a.offer_value)} off every order in the window, also those that would have come."
        )
    if a.offer_kind == "amount" and a.offer_value:
        lines.append(f"Offer: {_money(a.offer_value)} off every order in the window, also those that would have come.")
    if margin is not None:
        lines.append(_margin(margin, over_costs=a.margin_over_costs))
    fixed = f", and {_money(a.fixed_cost)} for each segment contacted" if a.fixed_cost else ""
    lines.append(f"Contact: {_money(a.contact_cost)} per customer{fixed}.")
    return tuple(lines)


def _margin(margin: Margin, *, over_costs: bool) -> str:
    share = f"Margin: {_percent(margin.share)} of order value"
    if margin.source == "measured":
        said = f"{share}, measured from the unit costs of the year before; no order of the window has one."
        return f"{said} {margin.beyond()}".strip()
    if margin.source == "assumed":
        return f"{share}; nobody stated one, and no unit costs are known."
    if over_costs:
        return f"{share}, as stated in place of the one that the unit costs give."
    return f"{share}, as stated; no unit costs are known."


def notes(
    rows: Sequence[PlanRow], assumptions: Assumptions, between: Between, *, as_of: date | None, basis: str | None
) -> tuple[str, ...]:
    """What to keep in mind when reading the plan, one sentence each."""
    lines = [_baseline(assumptions.window_days, between, as_of), *_season(between)]
    if between.windows == 1:
        lines.append(
            "No other window is known, so how much windows differ is taken from other shops, and the intervals are as "
            "wide as that."
        )
    elif between.windows:
        lines.append("The intervals hold how much one window differed from those before it.")
    if basis:
        lines.append(basis)
    lucky = [row.name for row in rows if _few_extra(row)]
    if lucky:
        lines.append(
            f"Fewer than {FEW_EXTRA_ORDERS:.0f} extra orders are expected from {_listed(lucky)}: one campaign there "
            "may end well or badly by luck alone."
        )
    lines.append(
        "Profit and chance of a loss are about the average result; “one campaign” holds the luck of a single run too."
    )
    return tuple(lines)


def _baseline(days: int, between: Between, as_of: date | None) -> str:
    if between.windows > 1:
        before = "the last day of the data" if as_of is None else _day(as_of)
        return (
            f"The baseline is what each segment's members of the time did in {between.windows} windows of {days} days "
            f"before {before}; an older window counts less."
        )
    when = f"the {days} days before the last day of the data"
    if as_of is not None:
        when = f"the {days} days from {_day(as_of - timedelta(days=days))} to {_day(as_of - timedelta(days=1))}"
    return f"The baseline is what each segment's members of that time did in {when}."


def _season(between: Between) -> list[str]:
    if not between.years:
        return ["A campaign in another season will meet another order rate."]
    year = "the year before" if between.years == 1 else f"{between.years} earlier years"
    odds = exp(between.move) - 1.0
    moved = f"{'raised' if odds >= 0 else 'lowered'} by {abs(odds):.0%}".replace("%", " %")
    said = f"The odds of an order are {moved}, since they went that way at this time of the year in {year}"
    return [f"{said}, each segment as it did itself; a campaign in another season will meet others."]


def _few_extra(row: PlanRow) -> bool:
    return isinstance(row.incremental_orders, Estimate) and row.incremental_orders.value < FEW_EXTRA_ORDERS


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names[:3]]
    rest = len(names) - len(quoted)
    if rest:
        return ", ".join(quoted) + f" and {rest} more"
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " and " + quoted[-1]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _percent(fraction: float) -> str:
    return f"{fraction * 100:.3g} %"


def _money(value: float) -> str:
    return f"{value:,.2f}"
