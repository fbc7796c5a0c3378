"""From a study to what its report says: the same figures as on screen, put into sentences."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from segmentation.analysis import Analysis, Study, plan_of
from segmentation.assumptions import ShopAssumptions
from segmentation.campaigns import Plan
from segmentation.estimates import Unknown
from segmentation.intake import EXCLUSIONS, REASONS, Ledger
from segmentation.kpis import Figures, GroupSales, Overview, Period
from segmentation.profiles import GroupProfile
from segmentation.report.content import Heat, Kpi, LedgerLine, ReportContent, ReportSegment
from segmentation.report.figures import count, money, percent
from segmentation.report.methods import CALLED, METHODS, OTHER_METHODS
from segmentation.timeline import YEAR

LEADERS = 0.6
"""The summary names the segments that together bring this share of revenue."""


def compose(shop: Analysis, study: Study, assumed: ShopAssumptions | None = None) -> ReportContent:
    """Everything the report of this study says, under these assumptions (default: the shop's).

    The last 365 days before the as-of date are its period, as far as the data goes.
    """
    version, customers = shop.version, study.customers
    held, assumed = version.manifest, assumed or shop.assumptions()
    plan, period = _plan(shop, study, assumed), _period(shop)
    overview = None if period is None else shop.overview(period).get()
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
        kpis=() if overview is None else _headlines(overview, study.customers.currency),
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


def _period(shop: Analysis) -> Period | None:
    """The last 365 days; None when looking from a day long after the last order."""
    held, last = shop.version.manifest, shop.as_of - timedelta(days=1)
    first = max(last - timedelta(days=YEAR - 1), held.first)
    return None if first > held.last else Period(first, last)


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


def _headlines(overview: Overview, currency: str | None) -> tuple[Kpi, ...]:
    now, before = overview.now, overview.before
    past = before if isinstance(before, Figures) else None
    rows = [
        Kpi(
            "Revenue",
            money(now.revenue, currency),
            _change(now.revenue, past.revenue if past else None),
        ),
        Kpi("Orders", count(now.orders), _change(now.orders, past.orders if past else None)),
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


def _change(now: Decimal | int, before: Decimal | int | None) -> str:
    if not before:
        return "no period before to compare with"
    return f"{percent(float(now) / float(before) - 1, signed=True)} on the period before"


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
