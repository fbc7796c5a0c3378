"""What a forecast takes into account, and why its interval is as wide as it is, in sentences."""

from __future__ import annotations

import numpy as np

from segmentation import formats
from segmentation.clv.outlook import Outlook


def followed(look: Outlook) -> str:
    """Which trend, season and prices the forecast follows."""
    said = []
    if look.rates == "trend":
        way = "more" if look.growth > 0 else "less"
        by = formats.percent(abs(look.growth))
        said.append(
            f"Customers order {way} often from year to year. The forecast follows that trend, {by} {way} often by the "
            "end of the next 12 months, and lets it fade."
        )
    elif look.rates == "change":
        said.append("How often all customers order changed at some time: the forecast goes by how it was since then.")
    if look.season:
        said.append("It follows the months of the year, since this shop has a peak season.")
    if look.prices == "trend":
        way, by = "rises" if look.dearer > 0 else "falls", formats.percent(abs(look.dearer))
        said.append(
            f"What the same customers pay for an order {way}: the forecast follows that too, {by} within a year."
        )
    elif look.prices == "change":
        said.append("What the same customers pay for an order changed: the forecast goes by what they paid since then.")
    return " ".join(said) or "No trend, season or change of prices was found that would have helped at earlier dates."


def why_so_wide(look: Outlook, days: float) -> str:
    """What the interval of a forecast of `days` days rests on."""
    off = look.errors(days)
    if not off:
        return (
            "The interval is wide because the history is too short for an earlier forecast: nobody knows how far off "
            "it would have been."
        )
    listed = [formats.percent(abs(float(np.expm1(one)))) for one in off]
    totals = listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
    times = "the forecast" if len(listed) == 1 else f"{len(listed)} forecasts"
    were = "was" if len(listed) == 1 else "were"
    return (
        f"The interval is as wide as earlier errors ask for: {times} of {formats.days(look.asked(days))}, made from "
        f"what was known at earlier dates, {were} off by {totals} in total orders. It is never narrower than the "
        "model's own."
    )
