"""Gates of what describes the past: Overview and Segments."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta

from segmentation import formats
from segmentation.atlas.landmarks import FEWEST as MAP_CUSTOMERS
from segmentation.health.gates.verdicts import (
    BUYERS_AGAIN,
    COMPARED_DAYS,
    CUSTOMERS,
    HALF_YEAR,
    MOSTLY,
    RHYTHM_ORDERS,
    Gate,
    gate,
    span,
    verdict,
)
from segmentation.health.measure import Health
from segmentation.segments.clusters import FEWEST_CUSTOMERS
from segmentation.timeline import YEAR


def _recognised(health: Health) -> Gate:
    known = 1 - health.guest_orders / health.orders if health.orders else 0.0
    return gate(
        verdict(enough=known >= MOSTLY, possible=known > 0),
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
    return gate(
        verdict(enough=health.days >= 2 * COMPARED_DAYS),
        key="comparison",
        name="A period beside the one before",
        screen="Overview",
        threshold=f"{2 * COMPARED_DAYS} days of history",
        evidence=span(health),
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
    return gate(
        verdict(enough=fewest >= 2, possible=covered == 12),
        key="seasons",
        name="Season told from trend",
        screen="Overview",
        threshold="Every calendar month whole in 2 years; not possible with a month never seen",
        evidence=evidence,
        costs="A month can be compared with the month before only: Christmas looks like growth.",
        next_step=f"Add exports until the data reaches back to {formats.day(_years_back(health, 2))}.",
    )


def _rules(health: Health) -> Gate:
    return gate(
        verdict(
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
    return gate(
        verdict(
            enough=health.customers >= CUSTOMERS and health.repeat_customers >= BUYERS_AGAIN,
            possible=health.customers >= FEWEST_CUSTOMERS,
        ),
        key="clusters",
        name="Automatic segments",
        screen="Segments",
        threshold=f"{CUSTOMERS} customers, {BUYERS_AGAIN} of them with a second order; not possible below "
        f"{FEWEST_CUSTOMERS}",
        evidence=f"{_people(health)}.",
        costs="Groups of a few dozen people are not found again in the next export."
        if health.customers >= FEWEST_CUSTOMERS
        else "No number of segments can be recommended.",
        next_step="Add a longer or larger export.",
    )


def _map(health: Health) -> Gate:
    return gate(
        verdict(enough=health.customers >= CUSTOMERS, possible=health.customers >= MAP_CUSTOMERS),
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
    return gate(
        verdict(enough=regular >= BUYERS_AGAIN, possible=health.repeat_customers > 0),
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
    return gate(
        verdict(enough=category.share >= MOSTLY, possible=best.share > 0),
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
    return gate(
        verdict(enough=channel.share >= MOSTLY, possible=channel.filled > 0),
        key="channels",
        name="Where a segment buys",
        screen="Segments",
        threshold=f"{formats.percent(MOSTLY)} of lines with a channel",
        evidence=_filled(health, "channel"),
        costs="The channel mix describes a part of the lines." if channel.filled else "The channel mix is not shown.",
        next_step="Export with the sales channel, or add a channel column to each shop's file.",
    )


UNDERSTAND: tuple[Callable[[Health], Gate], ...] = (
    _recognised,
    _comparison,
    _seasons,
    _rules,
    _clusters,
    _map,
    _rhythm,
    _tastes,
    _channels,
)


def _are(missing: list[str]) -> str:
    return "is missing." if len(missing) == 1 else "are missing."


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
