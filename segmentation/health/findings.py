"""What is worth a look before trusting a figure: gaps, guests, giants, loose refunds, unusual orders."""

from __future__ import annotations

from dataclasses import dataclass

from segmentation import formats
from segmentation.estimates import Unknown
from segmentation.health.measure import Health

GAPS_NAMED = 3
GUESTS_WORTH_SAYING = 0.02
GIANT_SHARE, GIANT_ORDERS = 0.05, 50
"""One "customer" with a twentieth of all orders, and at least so many, is rarely a person."""

LARGE_SHARE = 0.02

KEY_ACCOUNT, FEW_CUSTOMERS = 0.15, 20
"""The share of what was sold that one customer brings to be worth a look, and how many customers a shop has then."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth a look.

    title: a few words.
    sentence: figures, and what follows from them.
    """

    title: str
    sentence: str


def findings(health: Health) -> tuple[Finding, ...]:
    """What stands out in the data, most far-reaching first; empty where nothing does."""
    noticed = (
        _gaps(health),
        _giant(health),
        _key_account(health),
        _guests(health),
        _large(health),
        _loose(health),
        _never_bought(health),
        _odd_lines(health),
    )
    return tuple(one for one in noticed if one is not None)


def _gaps(health: Health) -> Finding | None:
    if not health.gaps:
        return None
    longest = sorted(health.gaps, key=lambda gap: -gap.expected)[:GAPS_NAMED]
    named = "; ".join(
        f"{formats.period(gap.first, gap.last)} ({formats.days(gap.days)}, about "
        f"{formats.count(round(gap.expected), 'order')} missing)"
        for gap in sorted(longest, key=lambda gap: gap.first)
    )
    more = f", and {len(health.gaps) - len(longest)} more" if len(health.gaps) > len(longest) else ""
    return Finding(
        "Days without orders",
        f"{named}{more}. Chance does not explain it: a closed shop, or an export that is missing. "
        "Recency and trends are wrong where an export is missing.",
    )


def _giant(health: Health) -> Finding | None:
    share = health.most_orders / health.orders if health.orders else 0.0
    if health.most_orders < GIANT_ORDERS or share < GIANT_SHARE:
        return None
    return Finding(
        "One customer with very many orders",
        f"One customer placed {formats.number(health.most_orders)} of {formats.count(health.orders, 'order')} "
        f"({formats.percent(share)}). If the id stands for guests or a till, import the file again and say so: the "
        "ledger of the import offers it.",
    )


def _key_account(health: Health) -> Finding | None:
    share = float(health.most_spend / health.sold) if health.sold > 0 else 0.0
    if share < KEY_ACCOUNT or health.customers < FEW_CUSTOMERS:
        return None
    return Finding(
        "One customer with much of the revenue",
        f"One customer brought {formats.percent(share)} of what was sold "
        f"({formats.money(health.most_spend, health.currency)}). What is said of the revenue, the order value and the "
        "campaigns of the segment this customer is in rests on this one.",
    )


def _guests(health: Health) -> Finding | None:
    share = health.guest_orders / health.orders if health.orders else 0.0
    if share < GUESTS_WORTH_SAYING:
        return None
    return Finding(
        "Orders without a customer",
        f"{formats.count(health.guest_orders, 'order')} ({formats.percent(share)}) worth "
        f"{formats.money(health.guest_sold, health.currency)} name nobody: inside revenue, outside every segment.",
    )


def _large(health: Health) -> Finding | None:
    outliers = health.outliers
    if isinstance(outliers, Unknown) or not outliers.orders:
        return None
    share = float(outliers.sold / health.sold) if health.sold > 0 else 0.0
    weight = " They move averages: look at them before you trust one." if share >= LARGE_SHARE else ""
    above, typical = formats.money(outliers.fence, health.currency), formats.money(outliers.typical, health.currency)
    return Finding(
        "Unusually large orders",
        f"{formats.count(outliers.orders, 'order')} above {above}, where half of all orders are below {typical}: "
        f"{formats.percent(share)} of sales.{weight}",
    )


def _loose(health: Health) -> Finding | None:
    if not health.loose_refunds:
        return None
    return Finding(
        "Refunds without their order",
        f"{formats.number(health.loose_refunds)} of {formats.count(health.refunds, 'refund')} name an order that is "
        "not in the data: they lower their customer's spend, or revenue alone where they name nobody.",
    )


def _never_bought(health: Health) -> Finding | None:
    if not health.without_sale:
        return None
    return Finding(
        "Customers without a sale",
        f"{formats.count(health.without_sale, 'customer')} only ever cancelled or returned: they are in no segment.",
    )


def _odd_lines(health: Health) -> Finding | None:
    parts = [
        f"{formats.count(count, 'line')} of sales {what}"
        for count, what in ((health.zero_lines, "cost nothing"), (health.negative_lines, "are below zero"))
        if count
    ]
    if not parts:
        return None
    return Finding(
        "Lines of nothing, or less",
        f"{' and '.join(parts)}: gifts, samples or corrections. They count as they stand.",
    )
