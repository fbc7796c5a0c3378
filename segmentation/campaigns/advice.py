"""What to do with a segment, given what its campaign is expected to bring."""

from __future__ import annotations

from datetime import date

from segmentation import formats
from segmentation.assumptions import Assumptions
from segmentation.campaigns.results import PlanRow
from segmentation.estimates import Unknown


def advised(play: str, row: PlanRow, assumed: Assumptions, currency: str | None) -> str:
    """The play, or that they are better left alone and why: where the plan expects a loss."""
    loss = _loss(row, currency)
    if not loss:
        return play
    return f"Hold: contacting them now is expected to lose {loss}, with {_uplift(assumed)}. {_pays_from(row)}"


def advised_in_season(play: str, row: PlanRow, assumed: Assumptions, currency: str | None, *, opened: date) -> str:
    """The play for people of a season, by what they did when it last opened; `row` is their plan of that time."""
    if isinstance(row.baseline_rate, Unknown) or isinstance(row.profit, Unknown):
        reason = row.profit.reason if isinstance(row.profit, Unknown) else "Their order rate is not known."
        return f"{play} What a campaign in the season brings is not known: {reason}"
    days, rate = formats.days(assumed.window_days), formats.percent(row.baseline_rate.value)
    did = f"In the {days} from {formats.day(opened)} {rate} of them ordered"
    loss = _loss(row, currency)
    if loss:
        return (
            f"Hold, in the season too: {did[0].lower()}{did[1:]}, and contacting them then is expected to lose {loss}, "
            f"with {_uplift(assumed)}. {_pays_from(row)}"
        )
    money = formats.money(row.profit.value, currency, cents=False)
    between = formats.money_interval(row.profit.low, row.profit.high, currency)
    return f"{play} {did}; a campaign then is expected to bring {money} ({between})."


def hold_now(row: PlanRow, currency: str | None) -> str:
    """What is added to the play for people of a season where the plan of now expects a loss; "" elsewhere."""
    loss = _loss(row, currency)
    return f" Hold for now: contacting them now is expected to lose {loss}." if loss else ""


def _loss(row: PlanRow, currency: str | None) -> str:
    """What is expected to be lost, with its interval; "" where nothing is, or nobody knows."""
    if isinstance(row.profit, Unknown) or row.profit.value >= 0:
        return ""
    low, high = row.profit.low, row.profit.high
    if high <= 0:
        between = formats.money_interval(-high, -low, currency)
    else:
        between = f"from a loss of {formats.money(-low, currency)} to a profit of {formats.money(high, currency)}"
    return f"{formats.money(-row.profit.value, currency)} ({between})"


def _uplift(assumed: Assumptions) -> str:
    return f"the assumed uplift of {formats.percent(assumed.uplift_mid)}"


def _pays_from(row: PlanRow) -> str:
    if isinstance(row.break_even_uplift, Unknown):
        return row.break_even_uplift.reason
    return f"It pays from an uplift of {formats.percent(row.break_even_uplift)} on."
