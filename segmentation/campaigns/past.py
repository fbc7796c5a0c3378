"""Past campaigns as a mailing platform credited them. That is attribution: nobody measured what would have come anyway.

A platform credits a campaign with every order that a recipient places within some days of an open or a click, also
those that would have come without it. The figures are shown beside a plan for comparison, and never enter it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import sqrt

from segmentation.engine.protocol import Engine
from segmentation.estimates import Estimate, Unknown
from segmentation.workspace import DatasetVersion

Z95 = 1.959964
NO_RECIPIENTS = "The platform reported no recipients."
NO_ORDERS = "The platform reported no orders."


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCampaign:
    """One campaign as the platform reported it; None where it did not report a figure.

    name: what it was called.
    channel: how it was sent.
    sent_on: the day it was sent.
    recipients: how many it was sent to.
    orders: orders credited to it.
    revenue: what those were worth in shop currency.
    order_rate: share (0..1) of recipients credited with an order, with its 95 % interval.
    revenue_per_recipient: in shop currency.
    """

    name: str
    channel: str | None
    sent_on: date | None
    recipients: int | None
    orders: int | None
    revenue: Decimal | None
    order_rate: Estimate | Unknown
    revenue_per_recipient: float | Unknown


def past_campaigns(engine: Engine, version: DatasetVersion) -> tuple[PastCampaign, ...]:
    """The campaigns imported into this shop, newest first; empty where there are none."""
    with engine.reading(version) as run:
        rows = run.query("past_campaigns").to_pylist()
    return tuple(
        PastCampaign(
            name=row["campaign"],
            channel=row["channel"],
            sent_on=row["sent_on"],
            recipients=_whole(row["recipients"]),
            orders=_whole(row["orders"]),
            revenue=row["revenue"],
            order_rate=_rate(_whole(row["orders"]), _whole(row["recipients"])),
            revenue_per_recipient=float(row["revenue"] / row["recipients"])
            if row["recipients"] and row["revenue"] is not None
            else Unknown(NO_RECIPIENTS),
        )
        for row in rows
    )


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def _rate(orders: int | None, recipients: int | None) -> Estimate | Unknown:
    """A share with its Wilson interval, which keeps its coverage for rare events.

    Source: Wilson (1927), "Probable inference, the law of succession, and statistical inference".
    """
    if not recipients:
        return Unknown(NO_RECIPIENTS)
    if orders is None:
        return Unknown(NO_ORDERS)
    share = min(orders / recipients, 1.0)
    centre = share + Z95**2 / (2 * recipients)
    half = Z95 * sqrt(share * (1 - share) / recipients + Z95**2 / (4 * recipients**2))
    scale = 1 + Z95**2 / recipients
    low, high = (centre - half) / scale, (centre + half) / scale
    return Estimate(share, max(min(low, share), 0.0), min(max(high, share), 1.0), recipients)
