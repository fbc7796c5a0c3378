"""How soon customers order a second time, from the command line."""

from __future__ import annotations

import argparse
from typing import Any

from segmentation import formats
from segmentation.analysis import NOTHING
from segmentation.analysis.repurchase import REPURCHASE
from segmentation.commands.opening import opened_shop
from segmentation.commands.result import Result
from segmentation.customers.repurchase import LANDMARKS, Curve
from segmentation.estimates import Unknown
from segmentation.workspace.codec import to_json


def repurchase(options: argparse.Namespace) -> Result:
    """The share of customers who have ordered again after so many days, by cohort."""
    shop = opened_shop(options)
    curves = shop.answer(REPURCHASE, NOTHING).get()
    head: dict[str, Any] = {"dataset": options.dataset, "as_of": shop.as_of.isoformat()}
    if isinstance(curves, Unknown):
        unknown = to_json(curves)
        return Result({**head, "everyone": unknown, "cohorts": unknown}, f"{options.dataset}: {curves.reason}")
    body = {**head, "everyone": _told(curves.everyone), "cohorts": [_told(one) for one in curves.cohorts]}
    lines = [f"{options.dataset}: customers who ordered a second time, {formats.day(shop.as_of)}", ""]
    lines.append(
        "  ".join([f"{'First order':<14}", f"{'Customers':>9}", *(f"{f'{days} days':>8}" for days in LANDMARKS)])
    )
    lines += [_row(one) for one in (*curves.cohorts, curves.everyone)]
    return Result(body, "\n".join(lines))


def _told(curve: Curve) -> dict[str, Any]:
    shares = {str(days): to_json(curve.by(days)) for days in LANDMARKS}
    return {"cohort": curve.name, "customers": curve.customers, "within": shares, "half_within": curve.half_within}


def _row(curve: Curve) -> str:
    figures = [curve.by(days) for days in LANDMARKS]
    shown = ["–" if isinstance(one, Unknown) else formats.percent(one.value) for one in figures]
    return "  ".join([f"{curve.name:<14}", f"{curve.customers:>9,}", *(f"{one:>8}" for one in shown)])
