"""The shop's figures, moves between segments, and what customers did before: the baseline of a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

import numpy as np

from segmentation import formats, kpis
from segmentation.analysis.dated import Dated
from segmentation.analysis.declared import Declared, Nothing
from segmentation.analysis.memory import MEMORY
from segmentation.analysis.scores import customers_of
from segmentation.analysis.studies import SEGMENTS, SegmentsSettings, Study
from segmentation.assumptions import ShopAssumptions
from segmentation.campaigns import Between, PastCampaign, Plan, SegmentHistory, foresee, history, past_campaigns, plan
from segmentation.customers import CustomerTable, Outcomes, catalogue, default_as_of, outcomes_of, prepare, reach
from segmentation.errors import NotEnoughData
from segmentation.estimates import Unknown
from segmentation.jobs import Progress
from segmentation.kpis import CustomerSales, GroupSales, Overview, Period, Rate
from segmentation.proof import unknown_then
from segmentation.revenue_change import RevenueChange, revenue_change
from segmentation.segments import Segmentation
from segmentation.timeline import YEAR, baseline_dates, day_before
from segmentation.watch import Migration, migration
from segmentation.workspace import Statement

MARGIN_DAYS = YEAR
SALES_HELD = 6

SAMPLED, SCORED_WINDOWS = 10_000, 2
"""Customers of an older window who are looked at, and windows where customers have scores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSettings:
    """So many days before the shop's date, for customers with these scores among their features."""

    days: int
    scores: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SinceSettings:
    """A segmentation, and a day before the shop's date."""

    segments: SegmentsSettings
    then: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesSettings:
    """A segmentation, and a period."""

    segments: SegmentsSettings
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewSettings:
    """A period; `yearly`, beside the same dates of an earlier year, whatever else suits it."""

    period: Period
    yearly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSettings:
    """A period, and the earlier one it is compared with."""

    period: Period
    earlier: Period


@dataclass(frozen=True, slots=True, eq=False)
class PastWindow:
    """The customers as they were known on a day, and what they did in the window that began then.

    then: the customers; of other windows than the last one a random sample.
    outcomes: what they did in it.
    scale: how many customers of that day each of them stands for.
    """

    then: CustomerTable
    outcomes: Outcomes
    scale: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class LookBack:
    """Past windows before the shop's date.

    recent: those right before it, the newest first; at least one.
    years: of earlier years the window before the days that now come, and that of those days.
    """

    recent: tuple[PastWindow, ...]
    years: tuple[tuple[PastWindow, PastWindow], ...] = ()


def why_unknown_then(segmentation: Segmentation, then: CustomerTable) -> Unknown | None:
    """Why these segments cannot be found in an earlier table: something they are made of was not known yet."""
    settings = segmentation.settings
    needed = {*settings.edits.features, *(() if settings.method == "rfm" else settings.features)}
    missing = unknown_then([then], needed)
    labels = ", ".join(feature.label for feature in catalogue().features if feature.name in missing)
    return Unknown(f"Not known yet on {then.as_of:%d %b %Y}: {labels}.") if missing else None


def plan_of(
    study: Study,
    back: LookBack | Unknown,
    assumed: ShopAssumptions,
    stated: Statement | None = None,
    *,
    budget: float | None = None,
) -> Plan:
    """The ROI table: each segment's plan under these assumptions, for whom the `stated` basis and the data reach."""
    segmentation, customers = study.segmentation, study.customers
    groups = len(segmentation.segments)
    past: tuple[SegmentHistory, ...] | Unknown
    past, between = (back, Between()) if isinstance(back, Unknown) else _foreseen(segmentation, back)
    who = reach(customers, stated)
    reachable = None if who.is_everyone else np.bincount(segmentation.labels[who.may], minlength=groups).tolist()
    return plan(
        [segment.name for segment in segmentation.segments],
        segmentation.sizes,
        reachable,
        past,
        assumed.values,
        between=between,
        margin=assumed.margin,
        budget=budget,
        as_of=customers.as_of,
        basis=who.ground.sentence,
    )


def _foreseen(segmentation: Segmentation, back: LookBack) -> tuple[tuple[SegmentHistory, ...] | Unknown, Between]:
    """What the windows say of the next one. One in which something that the segments are made of was not known yet says
    nothing; where that is the last one, nothing can be said."""
    groups = len(segmentation.segments)
    if unknown := why_unknown_then(segmentation, back.recent[0].then):
        return unknown, Between()

    def known(*windows: PastWindow) -> bool:
        return all(why_unknown_then(segmentation, one.then) is None for one in windows)

    def counted(one: PastWindow) -> tuple[SegmentHistory, ...]:
        return history(segmentation.assign(one.then), one.outcomes, groups)

    recent = tuple(takewhile(known, back.recent))
    moves = [(counted(before), counted(then)) for before, then in back.years if known(before, then)]
    return foresee([counted(one) for one in recent], moves, [one.scale for one in recent])


def _look_back(shop: Dated, settings: WindowSettings, _progress: Progress) -> LookBack | Unknown:
    days, first = settings.days, shop.version.manifest.first
    then = day_before(shop.as_of, days, first)
    if then is None:
        return Unknown(
            f"The history starts on {first:%d %b %Y}; a campaign of {days} days needs at least "
            f"{2 * days} days before {shop.as_of:%d %b %Y}."
        )
    customers = customers_of(shop, settings.scores)
    recent, years = baseline_dates(first, shop.as_of, days)
    if customers.scores:  # each past date would have a model of its own to learn
        recent, years = recent[:SCORED_WINDOWS], ()
    tables = {on: _then(shop, on, customers) for on in (*recent[1:], *(on for pair in years for on in pair))}
    newest = tables[then] = customers_of(shop.at(then), customers.scores, like=customers)
    known = {on: table for on, table in tables.items() if table is not None}
    done = outcomes_of(shop.engine, shop.version, tuple(known.values()), days=days)
    windows = {
        on: PastWindow(table, did, _customers_at(on, newest) / table.n)
        for (on, table), did in zip(known.items(), done, strict=True)
    }
    return LookBack(
        tuple(windows[on] for on in recent if on in windows),
        tuple((windows[before], windows[after]) for before, after in years if {before, after} <= set(windows)),
    )


def _customers_at(on: date, later: CustomerTable) -> int:
    """How many had ordered when that day began, of a later table of everyone."""
    return int(np.count_nonzero(later.raw("tenure_days") > (later.as_of - on).days))


def _then(shop: Dated, on: date, like: CustomerTable) -> CustomerTable | None:
    """Customers of an older window; None where only guests had ordered by then."""
    try:
        if like.scores:
            return customers_of(shop.at(on), like.scores, like=like)
        return prepare(shop.workspace, shop.engine, shop.version, on, like=like, most=SAMPLED)
    except NotEnoughData:
        return None


def _migration(shop: Dated, settings: SinceSettings, _progress: Progress) -> Migration | Unknown:
    then, days = settings.then, (shop.as_of - settings.then).days
    first = shop.version.manifest.first
    if day_before(shop.as_of, days, first) is None:
        return Unknown(
            f"The history is too short to compare with {days} days ago: it would have to begin by "
            f"{formats.day(then - timedelta(days=days))}, and begins on {formats.day(first)}."
        )
    customers = customers_of(shop, settings.segments.scores)
    segmentation = shop.answer(SEGMENTS, settings.segments).get()
    earlier = customers_of(shop.at(then), customers.scores, like=customers)
    return why_unknown_then(segmentation, earlier) or migration(segmentation, earlier, customers)


def _sales(shop: Dated, settings: SalesSettings, _progress: Progress) -> tuple[GroupSales, ...]:
    segmentation = shop.answer(SEGMENTS, settings.segments).get()
    ids = customers_of(shop, settings.segments.scores).ids
    sales = MEMORY.once(  # segments change with every move of a slider, what their customers bought does not
        "sales-of-customers",
        (shop.place, settings.period),
        lambda: kpis.sales_by_customer(shop.engine, shop.version, settings.period, ids),
        most=SALES_HELD,
    )
    assert isinstance(sales, CustomerSales)
    return kpis.sales_by_group(sales, segmentation.labels, len(segmentation.segments))


def _margin(shop: Dated, _settings: Nothing, _progress: Progress) -> Rate | Unknown:
    last = min(shop.as_of, default_as_of(shop.version)) - timedelta(days=1)
    return kpis.margin_rate(shop.engine, shop.version, Period(last - timedelta(days=MARGIN_DAYS - 1), last))


MARGIN: Declared[Nothing, Rate | Unknown] = Declared(
    name="margin", layout=1, settings=Nothing, result=Rate | Unknown, work_out=_margin
)
"""The margin of the shop as measured: margin over revenue of the lines (sales less refunds, guests included) that have
a cost and are dated in the last 365 days before the shop's date, or before the day after its last order."""

OVERVIEW: Declared[OverviewSettings, Overview] = Declared(
    name="overview",
    layout=2,
    settings=OverviewSettings,
    result=Overview,
    work_out=lambda shop, asked, _progress: kpis.overview(shop.engine, shop.version, asked.period, yearly=asked.yearly),
    held=64,
    dated=False,
    doing="Adding up the period",
)
REVENUE_CHANGE: Declared[ChangeSettings, RevenueChange] = Declared(
    name="revenue-change",
    layout=1,
    settings=ChangeSettings,
    result=RevenueChange,
    work_out=lambda shop, asked, _progress: revenue_change(shop.engine, shop.version, asked.period, asked.earlier),
    held=64,
    dated=False,
    doing="Looking for what changed",
)
SALES: Declared[SalesSettings, tuple[GroupSales, ...]] = Declared(
    name="sales", layout=1, settings=SalesSettings, result=tuple, work_out=_sales, held=16
)
MIGRATION: Declared[SinceSettings, Migration | Unknown] = Declared(
    name="migration", layout=1, settings=SinceSettings, result=Migration | Unknown, work_out=_migration, held=16,
    doing="Comparing with earlier",
)  # fmt: skip
LOOK_BACK: Declared[WindowSettings, LookBack | Unknown] = Declared(
    name="look-back", layout=2, settings=WindowSettings, result=LookBack | Unknown, work_out=_look_back, held=24,
    doing="Looking back at what each segment did",
)  # fmt: skip
PAST_CAMPAIGNS: Declared[Nothing, tuple[PastCampaign, ...]] = Declared(
    name="past-campaigns",
    layout=1,
    settings=Nothing,
    result=tuple,
    work_out=lambda shop, _settings, _progress: (
        past_campaigns(shop.engine, shop.version) if shop.version.campaigns else ()
    ),
    held=16,
    dated=False,
)
