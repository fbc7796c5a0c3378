"""Gates of what looks ahead: what customers are worth, who is slipping away, and whose next order is due.

Where `clv` and `churn` refuse, their own minimums say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from segmentation import formats
from segmentation.churn.due import FEWEST_CUSTOMERS as DUE_CUSTOMERS
from segmentation.churn.due import FEWEST_GAPS as FEWEST_DUE_GAPS
from segmentation.churn.windows import FEWEST as EACH
from segmentation.clv.repeat_buying import FEWEST_CUSTOMERS as FORECAST_CUSTOMERS
from segmentation.clv.repeat_buying import FEWEST_REPEATERS as FORECAST_RETURNED
from segmentation.clv.spending import FEWEST_PAYERS as FORECAST_PAYERS
from segmentation.customers.repurchase import FEWEST as CURVE_CUSTOMERS
from segmentation.health.gates.verdicts import BUYERS_AGAIN, CUSTOMERS, HALF_YEAR, Gate, gate, span, verdict
from segmentation.health.measure import Health
from segmentation.health.returning import Known, Window, Windows
from segmentation.timeline import (
    CHECKED_DAYS,
    FEWEST_GAPS,
    HELD_OUT,
    SHORTEST_HELD_OUT,
    SHORTEST_WINDOW,
    WINDOWS,
    YEAR,
)

DUE_DAYS = FEWEST_DUE_GAPS + 1
"""Buying days of a customer whose next order can be due."""

TESTED_FROM = round(SHORTEST_HELD_OUT / HELD_OUT)
"""Days of history from which on a forecast is held against what happened."""

TESTED_WELL = round(HALF_YEAR / (1 - HELD_OUT))
"""Days of history that leave the forecast that is tested half a year to learn from."""

_REFUSED = f"not possible below {FORECAST_CUSTOMERS} customers, {FORECAST_RETURNED} of them back"


def _worth(health: Health) -> Gate:
    now, paid = health.returning.now, health.returning.paid
    possible, payers = _forecast(now), paid >= FORECAST_PAYERS
    if not possible:
        costs = "Nobody can say how often customers come back: no value is shown."
    elif not payers:
        costs = "Every order counts as the usual order: who spends more than others is not known."
    elif health.days < HALF_YEAR:
        costs = "So short a time shows one season: what customers did in it is taken for their habit."
    else:
        costs = "The forecast rests on few customers who came back: its intervals are wide, those of segments most."
    return gate(
        verdict(enough=possible and payers and _plenty(now) and health.days >= HALF_YEAR, possible=possible),
        key="worth",
        name="What customers are worth",
        screen="Lifetime value",
        threshold=f"{CUSTOMERS} customers over {HALF_YEAR} days, {BUYERS_AGAIN} of them back on a second day and some "
        f"on a third; {_REFUSED}",
        evidence=f"{_came_back(now)}, {formats.number(now.regular)} on a third, over {formats.days(health.days)}."
        + ("" if payers or not possible else f" {formats.number(paid)} of them paid something when they came back."),
        costs=costs,
        next_step=_worth_step(health, payers=payers or not possible),
    )


def _worth_step(health: Health, *, payers: bool) -> str:
    if not payers:
        return "Look at the amounts in the export: days that are worth nothing after refunds do not count."
    if health.days < HALF_YEAR:
        return _reach(health.returning.now.on, HALF_YEAR)
    return "Add a longer or larger export: customers who came back are what it learns from."


def _worth_tested(health: Health) -> Gate:
    now, then = health.returning.now, health.returning.then
    possible = then is not None and _forecast(then)
    learned = 0 if then is None else (then.on - health.first).days
    if not _forecast(now):
        costs = "There is no forecast to hold against anything."
    elif not possible:
        costs = "The forecast is shown untested: nobody knows how far off it would have been."
    else:
        costs = "Whether the model beats a plain forecast rests on few customers or a short time: it may be luck."
    return gate(
        verdict(
            enough=possible and then is not None and _plenty(then) and learned >= HALF_YEAR,
            possible=possible,
        ),
        key="worth_tested",
        name="The forecast held against what happened",
        screen="Lifetime value",
        threshold=f"{CUSTOMERS} customers over {HALF_YEAR} days, {BUYERS_AGAIN} of them back on a second day and some "
        "on a third, by the date of that forecast (a third of the history ago, at most a year); not possible below "
        f"{TESTED_FROM} days, or {FORECAST_CUSTOMERS} customers by then, {FORECAST_RETURNED} of them back",
        evidence=span(health)
        if then is None
        else f"On {formats.day(then.on)}, after {formats.days(learned)}: {_came_back(then)}. "
        f"{formats.days((now.on - then.on).days)} followed.",
        costs=costs,
        next_step=_reach(now.on, TESTED_WELL)
        if health.days < TESTED_WELL
        else "Add earlier exports, or a larger one: the forecast that is tested knows early customers only.",
    )


def _repurchase(health: Health) -> Gate:
    possible = health.customers >= CURVE_CUSTOMERS
    return gate(
        verdict(enough=health.customers >= CUSTOMERS and health.days >= YEAR, possible=possible),
        key="repurchase",
        name="How soon customers order again",
        screen="Lifetime value",
        threshold=f"{CUSTOMERS} customers over {YEAR} days; not possible below {CURVE_CUSTOMERS} customers",
        evidence=f"{formats.count(health.customers, 'customer')} over {formats.days(health.days)}.",
        costs="Whether newer customers come back sooner cannot be told from chance, or the curve ends early."
        if possible
        else "There is no curve.",
        next_step=_reach(health.returning.now.on, YEAR)
        if health.days < YEAR
        else "Add a longer or larger export: a curve takes customers.",
    )


def _churn(health: Health) -> Gate:
    windows, now = health.returning.windows, health.returning.now
    ordered, silent = _fewest(windows)
    possible = not _guests_only(windows) and min(ordered, silent) >= EACH
    whole = windows.days is not None and windows.days == windows.wished
    if not possible:
        costs = "Nobody's risk is known: the screen cannot say who is slipping away."
    elif not whole:
        costs = (
            f"The history has room for windows of {formats.days(windows.days)}, the shop's pauses ask for "
            f"{formats.days(windows.wished)}: some count as churned who are only taking their time."
        )
    elif health.days < HALF_YEAR:
        costs = "So short a time knows short pauses only, and one season."
    else:
        costs = "With so few customers the test cannot tell well how good the chances are."
    return gate(
        verdict(
            enough=possible and whole and now.customers >= CUSTOMERS and health.days >= HALF_YEAR, possible=possible
        ),
        key="churn",
        name="Who is slipping away",
        screen="Churn",
        threshold=f"{CUSTOMERS} customers over {HALF_YEAR} days that hold {WINDOWS} windows as long as the shop's "
        f"pauses; not possible below {WINDOWS * SHORTEST_WINDOW} days, {FEWEST_GAPS} returns, or {EACH} customers in a "
        f"window who ordered and {EACH} who did not",
        evidence=_windows(windows, health),
        costs=costs,
        next_step=_churn_step(windows, now.on, health.days),
    )


def _due(health: Health) -> Gate:
    now, before, again = health.returning.now, health.returning.year_ago, health.returning.again
    possible = now.regular >= DUE_CUSTOMERS
    evidence = f"{formats.count(now.regular, 'customer')} ordered on {DUE_DAYS} days or more"
    if before is None:
        evidence += f"; {formats.days(health.days)} of history."
    else:
        evidence += (
            f", {formats.number(before.regular)} of them by {formats.day(before.on)}; {formats.number(again)} of "
            "those ordered on two more days since."
        )
    return gate(
        verdict(
            enough=possible and before is not None and min(before.regular, again) >= DUE_CUSTOMERS, possible=possible
        ),
        key="due",
        name="Whose order is due",
        screen="Churn",
        threshold=f"{DUE_CUSTOMERS} customers with orders on {DUE_DAYS} days a year ago, and on two more since; not "
        f"possible below {DUE_CUSTOMERS} with orders on {DUE_DAYS} days",
        evidence=evidence,
        costs="The lists are shown, and how often they are right is not known."
        if possible
        else "Too few customers have a rhythm: nobody's next order can be expected.",
        next_step=_reach(now.on, CHECKED_DAYS + HALF_YEAR)
        if before is None
        else "Add a longer export: a rhythm takes three orders of a customer.",
    )


PREDICT: tuple[Callable[[Health], Gate], ...] = (_worth, _worth_tested, _repurchase, _churn, _due)


def _forecast(buyers: Known) -> bool:
    """Whether the models of worth can be fitted at all."""
    return buyers.customers >= FORECAST_CUSTOMERS and buyers.returned >= FORECAST_RETURNED


def _plenty(buyers: Known) -> bool:
    return buyers.customers >= CUSTOMERS and buyers.returned >= BUYERS_AGAIN and buyers.regular > 0


def _came_back(buyers: Known) -> str:
    return f"{formats.count(buyers.customers, 'customer')}, {formats.number(buyers.returned)} back on a second day"


def _reach(as_of: date, days: int) -> str:
    return f"Add exports until the data reaches back to {formats.day(as_of - timedelta(days=days))}."


def _guests_only(windows: Windows) -> bool:
    """Whether a window begins when nobody but guests had ordered: churn refuses to learn from such a one."""
    return windows.earliest is not None and not windows.earliest.customers


def _fewest(windows: Windows) -> tuple[int, int]:
    """Customers who ordered and who did not, to learn from or to test on, whichever are fewer."""
    if windows.tested is None:
        return 0, 0
    both = (_sum(windows.learned), (windows.tested.ordered, windows.tested.silent))
    return min(ordered for ordered, _ in both), min(silent for _, silent in both)


def _sum(windows: tuple[Window, ...]) -> tuple[int, int]:
    return sum(one.ordered for one in windows), sum(one.silent for one in windows)


def _windows(windows: Windows, health: Health) -> str:
    if windows.tested is None:
        return f"{formats.days(health.days)}, in which customers came back {formats.count(windows.gaps, 'time')}."
    ordered, silent = _sum(windows.learned)
    return (
        f"In the {formats.days(windows.days)} from {formats.day(windows.tested.start)} on, "
        f"{formats.count(windows.tested.ordered, 'customer')} ordered and {formats.number(windows.tested.silent)} did "
        f"not; in the windows before, {formats.number(ordered)} and {formats.number(silent)}."
        + ("" if not _guests_only(windows) else " Some of these windows begin when no customer was known yet.")
    )


def _churn_step(windows: Windows, as_of: date, days: int) -> str:
    """What helps: a longer history, fewer days without an order, or more customers."""
    needed = max(WINDOWS * (windows.wished or SHORTEST_WINDOW), HALF_YEAR)
    if days < needed:
        return _reach(as_of, needed)
    ordered, silent = _fewest(windows)
    if windows.days is not None and windows.days > SHORTEST_WINDOW and silent < EACH <= ordered:
        return "Choose fewer days on the screen: nearly everyone orders within so many."
    return "Add a longer or larger export."
