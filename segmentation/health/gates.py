"""One gate per analysis of the app: does the data carry it, by which threshold, on what evidence, and what would help.

The thresholds are the floors other tools ask for where they publish them (500 buyers, 180 days, 100 of each kind:
Klaviyo, Adobe), and the app's own limits where an analysis stops working. A gate that is thin lets you in and says
what to be careful with; one that is not possible names the column or the history that is missing.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from segmentation import formats
from segmentation.health.measure import Health
from segmentation.segments.clusters import FEWEST_CUSTOMERS

Verdict = Literal["enough", "thin", "not possible"]
ENOUGH: Verdict = "enough"
THIN: Verdict = "thin"
NOT_POSSIBLE: Verdict = "not possible"
VERDICTS: tuple[Verdict, ...] = (ENOUGH, THIN, NOT_POSSIBLE)

CUSTOMERS, BUYERS_AGAIN, RHYTHM_ORDERS = 500, 100, 3
HALF_YEAR, YEAR = 180, 365
COMPARED_DAYS = 30
MAP_CUSTOMERS = 40
MOSTLY, PARTLY = 0.9, 0.5
MOVES_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The verdict on one analysis. `costs` and `next_step` are empty where there is enough."""

    key: str
    name: str
    screen: str
    verdict: Verdict
    threshold: str
    evidence: str
    costs: str = ""
    next_step: str = ""


def gates(health: Health) -> tuple[Gate, ...]:
    """The gates of everything the app can do, in the order of its screens."""
    return tuple(judge(health) for judge in JUDGES)


def _verdict(*, enough: bool, possible: bool = True) -> Verdict:
    return ENOUGH if enough else THIN if possible else NOT_POSSIBLE


def _gate(verdict: Verdict, *, costs: str, next_step: str, **said: str) -> Gate:
    silent = verdict == ENOUGH
    return Gate(verdict=verdict, costs="" if silent else costs, next_step="" if silent else next_step, **said)


# Understand -----------------------------------------------------------------------------------------------------


def _recognised(health: Health) -> Gate:
    known = 1 - health.guest_orders / health.orders if health.orders else 0.0
    return _gate(
        _verdict(enough=known >= MOSTLY, possible=known > 0),
        key="recognised",
        name="Customers recognised",
        screen="Segments",
        threshold=f"{formats.percent(MOSTLY)} of orders name their customer",
        evidence=f"{formats.percent(known)} of {formats.count(health.orders, 'order')} name a customer; "
        f"{formats.count(health.guest_orders, 'guest order')}.",
        costs="Guests stay inside revenue and outside every segment: people who buy twice as guests look new."
        if known
        else "Without customers there are no segments: only revenue can be shown.",
        next_step="Export with the customer id or the e-mail address of every order.",
    )


def _comparison(health: Health) -> Gate:
    return _gate(
        _verdict(enough=health.days >= 2 * COMPARED_DAYS),
        key="comparison",
        name="A period beside the one before",
        screen="Overview",
        threshold=f"{2 * COMPARED_DAYS} days of history",
        evidence=_span(health),
        costs="The figures are shown without a change.",
        next_step="Add the exports of earlier months.",
    )


def _seasons(health: Health) -> Gate:
    fewest = min(health.seasons)
    covered = sum(1 for years in health.seasons if years)
    missing = [calendar.month_name[month] for month, years in enumerate(health.seasons, 1) if not years]
    if not missing:
        evidence = f"Every calendar month is covered whole, the rarest in {formats.count(fewest, 'year')}."
    elif covered:
        evidence = f"{covered} of 12 calendar months are covered whole; {', '.join(missing[:3])} " + (
            f"and {len(missing) - 3} more are missing." if len(missing) > 3 else _are(missing)
        )
    else:
        evidence = "No calendar month is covered whole."
    return _gate(
        _verdict(enough=fewest >= 2, possible=covered == 12),
        key="seasons",
        name="Season told from trend",
        screen="Overview",
        threshold="Every calendar month whole in 2 years; not possible with a month never seen",
        evidence=evidence,
        costs="A month can be compared with the month before only: Christmas looks like growth.",
        next_step=f"Add exports until the data reaches back to {formats.day(_years_back(health, 2))}.",
    )


def _rules(health: Health) -> Gate:
    return _gate(
        _verdict(
            enough=health.customers >= CUSTOMERS
            and health.repeat_customers >= BUYERS_AGAIN
            and health.days >= HALF_YEAR,
            possible=health.customers >= 1,
        ),
        key="rules",
        name="Segments by rules (RFM)",
        screen="Segments",
        threshold=f"{CUSTOMERS} customers, {BUYERS_AGAIN} of them with a second order, over {HALF_YEAR} days",
        evidence=f"{_people(health)} over {formats.days(health.days)}.",
        costs="Fifths of so few customers, or of so short a time, change with every new order.",
        next_step="Add a longer export: nothing divides customers better than a second order.",
    )


def _clusters(health: Health) -> Gate:
    return _gate(
        _verdict(
            enough=health.customers >= CUSTOMERS and health.repeat_customers >= BUYERS_AGAIN,
            possible=health.customers >= FEWEST_CUSTOMERS,
        ),
        key="clusters",
        name="Segments by likeness (clusters)",
        screen="Segments",
        threshold=f"{CUSTOMERS} customers, {BUYERS_AGAIN} of them with a second order; not possible below "
        f"{FEWEST_CUSTOMERS}",
        evidence=f"{_people(health)}.",
        costs="Groups of a few dozen people do not come out again with the next export."
        if health.customers >= FEWEST_CUSTOMERS
        else "No number of segments can be recommended.",
        next_step="Add a longer or larger export.",
    )


def _map(health: Health) -> Gate:
    return _gate(
        _verdict(enough=health.customers >= CUSTOMERS, possible=health.customers >= MAP_CUSTOMERS),
        key="map",
        name="The map of customers",
        screen="Segments",
        threshold=f"{CUSTOMERS} customers; without neighbourhoods (PCA only) below {MAP_CUSTOMERS} different ones",
        evidence=f"{formats.count(health.customers, 'customer')}.",
        costs="Neighbourhoods on the map rest on a few people each."
        if health.customers >= MAP_CUSTOMERS
        else "The map shows two main directions (PCA) only.",
        next_step="Add a longer or larger export.",
    )


def _rhythm(health: Health) -> Gate:
    regular = health.with_orders(RHYTHM_ORDERS)
    return _gate(
        _verdict(enough=regular >= BUYERS_AGAIN, possible=health.repeat_customers > 0),
        key="rhythm",
        name="Buying rhythm and trend",
        screen="Segments",
        threshold=f"{BUYERS_AGAIN} customers with {RHYTHM_ORDERS} orders or more; not possible without second orders",
        evidence=f"{formats.count(regular, 'customer')} with {RHYTHM_ORDERS} orders or more, "
        f"{formats.number(health.repeat_customers)} with two or more.",
        costs="The typical gap is known for few customers; the others stand in the middle.",
        next_step="Add a longer export.",
    )


def _tastes(health: Health) -> Gate:
    best = max((health.coverage(name) for name in ("category", "product")), key=lambda one: one.share)
    category = health.coverage("category")
    return _gate(
        _verdict(enough=category.share >= MOSTLY, possible=best.share > 0),
        key="tastes",
        name="What a segment buys",
        screen="Segments",
        threshold=f"{formats.percent(MOSTLY)} of lines with a category",
        evidence=_filled(health, "category"),
        costs="Breadth and favourite categories describe a part of the lines."
        if category.filled
        else "There are products and no categories: breadth of purchase and favourites are not shown.",
        next_step="Export with product categories (or the product type).",
    )


def _channels(health: Health) -> Gate:
    channel = health.coverage("channel")
    return _gate(
        _verdict(enough=channel.share >= MOSTLY, possible=channel.filled > 0),
        key="channels",
        name="Where a segment buys",
        screen="Segments",
        threshold=f"{formats.percent(MOSTLY)} of lines with a channel",
        evidence=_filled(health, "channel"),
        costs="The channel mix describes a part of the lines." if channel.filled else "The channel mix is not shown.",
        next_step="Export with the sales channel, or add a channel column to each shop's file.",
    )


# Act ------------------------------------------------------------------------------------------------------------


def _campaign(health: Health) -> Gate:
    needed = 2 * COMPARED_DAYS
    return _gate(
        _verdict(enough=health.days >= needed and health.recent_buyers >= BUYERS_AGAIN, possible=health.days >= needed),
        key="campaign",
        name="Campaign plan with its baseline",
        screen="Campaign",
        threshold=f"{needed} days, and {BUYERS_AGAIN} customers who ordered in the last {COMPARED_DAYS}; "
        f"not possible below {needed} days",
        evidence=f"{formats.days(health.days)}; {formats.count(health.recent_buyers, 'customer')} ordered in the last "
        f"{COMPARED_DAYS} days.",
        costs="What customers do without a campaign is known roughly: the intervals of profit are wide."
        if health.days >= needed
        else "There is no baseline: nobody knows what customers do without a campaign.",
        next_step="Add the exports of earlier months."
        if health.days < needed
        else "Plan a longer window, or add newer orders.",
    )


def _margin(health: Health) -> Gate:
    share = float(health.costed / health.sold) if health.sold > 0 else 0.0
    return _gate(
        _verdict(enough=share >= MOSTLY, possible=share > 0),
        key="margin",
        name="Profit by margin",
        screen="Campaign",
        threshold=f"Unit costs for {formats.percent(MOSTLY)} of sales",
        evidence=f"Lines with a unit cost make {formats.percent(share)} of sales."
        if share
        else "No line has a unit cost.",
        costs="Margins are those of the lines that have a cost."
        if share
        else "Profit rests on a margin that you state, the same for every segment.",
        next_step="Export with a cost per item, or add one to the product list before exporting.",
    )


def _consent(health: Health) -> Gate:
    known = health.coverage("asked")
    return _gate(
        _verdict(enough=known.share >= MOSTLY, possible=known.filled > 0),
        key="consent",
        name="Contacting who agreed",
        screen="Campaign",
        threshold=f"Consent known for {formats.percent(MOSTLY)} of customers",
        evidence=f"Known for {formats.percent(known.share)} of customers; {formats.number(health.agreed)} agreed."
        if known.filled
        else "No consent is known.",
        costs="Customers whose consent is unknown are not counted as reachable."
        if known.filled
        else "Everyone counts as reachable: check consent yourself before sending.",
        next_step="Import the customer list of the shop or of the mailing tool: it carries the consent.",
    )


def _past(health: Health) -> Gate:
    return _gate(
        _verdict(enough=health.campaigns > 0, possible=False),
        key="past_campaigns",
        name="Past campaigns for comparison",
        screen="Campaign",
        threshold="A campaign export of the mailing tool",
        evidence=f"{formats.count(health.campaigns, 'campaign')} imported.",
        costs="A plan's uplift cannot be held against what earlier campaigns were credited with.",
        next_step="Import the campaign export of the mailing tool into this shop.",
    )


# Watch ----------------------------------------------------------------------------------------------------------


def _moves(health: Health) -> Gate:
    needed, least = 2 * MOVES_DAYS, 2 * COMPARED_DAYS
    return _gate(
        _verdict(enough=health.days >= needed, possible=health.days >= least),
        key="moves",
        name="Who moved between segments",
        screen="Briefing",
        threshold=f"{needed} days of history; not possible below {least}",
        evidence=_span(health),
        costs=f"Moves are known for the last {COMPARED_DAYS} days only."
        if health.days >= least
        else "There is nothing earlier to compare with.",
        next_step="Add the exports of earlier months.",
    )


JUDGES: tuple[Callable[[Health], Gate], ...] = (
    _recognised,
    _comparison,
    _seasons,
    _rules,
    _clusters,
    _map,
    _rhythm,
    _tastes,
    _channels,
    _campaign,
    _margin,
    _consent,
    _past,
    _moves,
)


def _are(missing: list[str]) -> str:
    return "is missing." if len(missing) == 1 else "are missing."


def _span(health: Health) -> str:
    return f"{formats.days(health.days)}, {formats.period(health.first, health.last)}."


def _people(health: Health) -> str:
    return (
        f"{formats.count(health.customers, 'customer')}, {formats.number(health.repeat_customers)} with a second order"
    )


def _filled(health: Health, column: str) -> str:
    one = health.coverage(column)
    if not one.filled:
        return f"No line has a {one.label.lower()}."
    return f"{formats.percent(one.share)} of {formats.count(one.of, 'line')} of sales have a {one.label.lower()}."


def _years_back(health: Health, years: int) -> date:
    return health.last - timedelta(days=years * YEAR)
