"""From a study to what its report says: the same figures as on screen, put into sentences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from segmentation.analysis import Analysis, Study, plan_of
from segmentation.assumptions import ShopAssumptions
from segmentation.campaigns import Plan
from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Unknown
from segmentation.intake import EXCLUSIONS, REASONS, Ledger
from segmentation.kpis import Figures, GroupSales, Overview, Period
from segmentation.profiles import GroupProfile
from segmentation.report.content import Heat, Kpi, LedgerLine, ReportContent, ReportSegment, Why
from segmentation.report.figures import MINUS, count, money, percent
from segmentation.report.methods import CALLED, METHODS, OTHER_METHODS
from segmentation.revenue_change import RevenueChange, lines, mix_sentence, sentence
from segmentation.timeline import YEAR

LEADERS = 0.6
"""The summary names the segments that together bring this share of revenue."""


def compose(shop: Analysis, study: Study, assumed: ShopAssumptions | None = None) -> ReportContent:
    """Everything the report of this study says, under these assumptions (default: the shop's).

    The last 365 days before the as-of date are its period, as far as the data goes.
    """
    version, customers = shop.version, study.customers
    held, assumed = version.manifest, assumed or shop.assumptions()
    plan, overview = _plan(shop, study, assumed), last_year(shop)
    period = None if overview is None else overview.now.period
    sales = None if period is None else shop.sales(study, period).get()
    return ReportContent(
        shop=version.name,
        first=held.first,
        last=held.last,
        as_of=customers.as_of,
        customers=customers.n,
        currency=customers.currency,
        summary=_summary(study, sales, period),
        settings=_settings(study),
        careful=shop.careful(),
        period=None if period is None else (period.first, period.last),
        kpis=() if overview is None else _headlines(overview, customers.currency),
        why=None if overview is None else _why(shop, overview, customers.currency),
        segments=_segments(study, sales, _plays(shop, study, plan, assumed)),
        heat=_heat(study),
        plan=plan,
        ledger=ledger_lines(held.ledger),
        methods=(METHODS[study.settings.method], *OTHER_METHODS),
        fingerprint=f"{version.fingerprint[:8]} · {study.segmentation.settings.key}",
    )


def _plan(shop: Analysis, study: Study, assumed: ShopAssumptions) -> Plan | Unknown:
    back = shop.look_back(assumed.values.window_days, study.customers.scores).get()
    return back if isinstance(back, Unknown) else plan_of(study, back, assumed, shop.stated())


def _plays(shop: Analysis, study: Study, plan: Plan | Unknown, assumed: ShopAssumptions) -> tuple[str, ...]:
    if isinstance(plan, Unknown):
        return tuple(segment.play for segment in study.segmentation.segments)
    return shop.plays(study, plan, assumed)


def _summary(study: Study, sales: tuple[GroupSales, ...] | None, period: Period | None) -> str:
    """Who brought most of the revenue of the period, and what they bring of all-time revenue."""
    segments, profiles = study.segmentation.segments, study.profiles
    all_time = [profile.share_of_revenue for profile in profiles]
    lately = None if sales is None or not any(one.share for one in sales) else [one.share for one in sales]
    leaders, share = list[int](), 0.0
    for place in sorted(range(len(profiles)), key=lambda place: -(lately or all_time)[place]):
        leaders.append(place)
        share += (lately or all_time)[place]
        if share >= LEADERS:
            break
    chosen = [segments[place].name for place in leaders]
    names = chosen[0] if len(chosen) == 1 else f"{', '.join(chosen[:-1])} and {chosen[-1]}"
    people, whole = (
        percent(sum(values[place] for place in leaders))
        for values in ([profile.share_of_customers for profile in profiles], all_time)
    )
    said = f"{names}: {people} of the customers brought {whole} of all-time revenue."
    if lately is not None and period is not None:
        said = (
            f"{names}: {people} of the customers brought {percent(share)} of the revenue of the last {period.days} "
            f"days ({whole} of all-time revenue)."
        )
    return " ".join(
        [
            said,
            *(alone for segment, one in zip(segments, profiles, strict=True) if (alone := from_one(segment.name, one))),
        ]
    )


def from_one(name: str, profile: GroupProfile) -> str:
    """How much of a segment's revenue is one customer's, where that is much; "" otherwise."""
    if not profile.rests_on_one:
        return ""
    return f"One customer alone brings {percent(profile.from_one)} of the all-time revenue of “{name}”."


def _settings(study: Study) -> str:
    segmentation = study.segmentation
    made = len(segmentation.segments)
    if segmentation.settings.method == "rfm":
        preset = segmentation.settings.rfm_preset.capitalize()
        return f"{made} segments by rules on recency, frequency and monetary value ({preset}'s groups)."
    method = CALLED[segmentation.settings.method]
    names = [study.customers.feature(name).label.lower() for name in segmentation.settings.features]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{made} segments by {method} on {listed}."


def last_year(shop: Analysis) -> Overview | None:
    """The figures of the last 365 days; None where they hold no day of the data."""
    last = shop.as_of - timedelta(days=1)
    first = max(last - timedelta(days=YEAR - 1), shop.version.manifest.first)
    try:
        return shop.overview(Period(first, last)).get()
    except SettingOutOfRange:  # looking from a day long after the last order
        return None


def why_changed(shop: Analysis, overview: Overview | None) -> RevenueChange | None:
    """Why revenue of these days changed; None where there is nothing to compare with."""
    if overview is None or isinstance(overview.before, Unknown):
        return None
    return shop.revenue_change(overview.now.period, overview.before.period).get()


def _why(shop: Analysis, overview: Overview, currency: str | None) -> Why | None:
    change = why_changed(shop, overview)
    if change is None:
        return None
    said, mix = (tell(change, currency, minus=MINUS) for tell in (sentence, mix_sentence))
    other, beside = overview.beside, ""
    if other is not None:
        beside = f"Revenue: {_change(overview, other, lambda one: one.revenue)}."
    return Why(said, mix, lines(change), beside)


def _headlines(overview: Overview, currency: str | None) -> tuple[Kpi, ...]:
    now, before = overview.now, overview.before
    rows = [
        Kpi(
            "Revenue",
            money(now.revenue, currency),
            _change(overview, before, lambda one: one.revenue),
        ),
        Kpi("Orders", count(now.orders), _change(overview, before, lambda one: one.orders)),
        Kpi("Customers who ordered", count(now.customers), _new(now)),
    ]
    if not isinstance(now.average_order, Unknown):
        rows.append(Kpi("Average order", money(now.average_order, currency, cents=True), "before refunds"))
    if not isinstance(now.repeat_rate, Unknown):
        rows.append(Kpi("Repeat rate", percent(now.repeat_rate.value), f"of {count(now.repeat_rate.n)} customers"))
    if not isinstance(now.refund_rate, Unknown):
        rows.append(Kpi("Refund rate", percent(now.refund_rate.value), "of what was sold"))
    if not isinstance(now.margin_rate, Unknown):
        rows.append(Kpi("Margin rate", percent(now.margin_rate.value), "from unit costs"))
    return tuple(rows)


def _new(now: Figures) -> str:
    new = now.first_time
    return "" if isinstance(new, Unknown) else f"{count(new)} of them new"


def _change(overview: Overview, past: Figures | Unknown | None, of: Callable[[Figures], Decimal | int]) -> str:
    """How a figure changed from an earlier period, and from which."""
    if not isinstance(past, Figures):
        return "no earlier period to compare with"
    relation = overview.now.period.relation(past.period)
    if of(past) <= 0:
        return f"none in {relation}"
    return f"{percent(float(of(overview.now)) / float(of(past)) - 1, signed=True)} on {relation}"


def _segments(study: Study, sales: tuple[GroupSales, ...] | None, plays: tuple[str, ...]) -> tuple[ReportSegment, ...]:
    return tuple(
        ReportSegment(
            name=segment.name,
            colour=segment.colour,
            customers=profile.customers,
            share_of_customers=profile.share_of_customers,
            share_of_revenue=profile.share_of_revenue,
            typical=_typical(profile, study.customers.currency),
            differences=tuple(difference.sentence for difference in profile.strongest),
            play=play,
            share_of_period=None if sales is None else sales[segment.index].share,
        )
        for segment, profile, play in zip(study.segmentation.segments, study.profiles, plays, strict=True)
    )


def _typical(profile: GroupProfile, currency: str | None) -> str:
    typical = profile.typical
    if profile.few or not {"orders", "average_order", "recency_days"} <= set(typical):
        return ""
    orders, recency = typical["orders"].median, typical["recency_days"].median
    many = "1 order" if orders == 1 else f"{count(orders)} orders"
    return f"{many} of {money(typical['average_order'].median, currency)}, the last {count(recency)} days ago"


def _heat(study: Study) -> Heat | None:
    features = [
        feature for feature in study.customers.features if any(feature.name in p.differences for p in study.profiles)
    ]
    if not features:
        return None
    rows = tuple(tuple(profile.differences.get(f.name) for f in features) for profile in study.profiles)
    return Heat(tuple(feature.label for feature in features), rows)


def ledger_lines(raw: dict[str, Any]) -> tuple[LedgerLine, ...]:
    """The account of the last import, from file to kept."""
    if not raw:
        return ()
    account = Ledger.from_json(raw)
    lines = [LedgerLine(label="In the file", rows=account.read, amount=account.revenue_file)]
    rows = {
        **account.set_aside,
        "already_present": account.already_present,
        "kept_as_stored": account.kept_as_stored,
        "repeated_row": account.dropped_repeats,
    }
    for reason in EXCLUSIONS:
        gone, amount = rows.get(reason, 0), account.excluded.get(reason)
        if gone or amount:
            label = f"Set aside: {EXCLUSIONS[reason]}" if reason in REASONS else EXCLUSIONS[reason]
            lines.append(LedgerLine(label=label, rows=gone or None, amount=-amount if amount else None, level=1))
    lines.append(LedgerLine(label="Kept", rows=account.loaded, amount=account.revenue_kept))
    return tuple(lines)
