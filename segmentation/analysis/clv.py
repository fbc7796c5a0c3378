"""Customer lifetime value: the models of repeat buying and of order value, their test, and every customer's figures."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from segmentation import formats
from segmentation.analysis.dated import NOTHING, Dated
from segmentation.analysis.declared import Declared, Nothing
from segmentation.analysis.outlook import outlook_at
from segmentation.clv import (
    Choice,
    Facets,
    Holdout,
    Outlook,
    Purchases,
    RepeatBuying,
    Scores,
    Spending,
    find_facets,
    fit_repeat_buying,
    fit_spending,
    hold_out,
    purchases,
    score,
)
from segmentation.estimates import Unknown
from segmentation.jobs import Progress
from segmentation.timeline import SHORTEST_HELD_OUT, forecast_dates


@dataclass(frozen=True, slots=True, kw_only=True)
class ClvSettings:
    """How customers' value is modelled.

    fitted_until: the last day that the models learn from; None for all.
    unit_days: the unit of time of their parameters, in days.
    model: which model of customers coming back; "auto" for the one that fits, with rates that move where they do.
    """

    fitted_until: date | None = None
    unit_days: float = 1.0
    model: Choice = "auto"


@dataclass(frozen=True, slots=True, eq=False)
class ClvResult:
    """What was fitted, how the same did at an earlier date, and what it says of every customer.

    buying: how often customers come back.
    spending: what an order is worth.
    holdout: the forecast made earlier, held against what happened.
    scores: every customer's figures; None where customers coming back could not be modelled.
    outlook: what is taken into account beside each customer's own history, and how far off forecasts were before.
    seconds: how long each step took.
    """

    buying: RepeatBuying | Unknown
    spending: Spending | Unknown
    holdout: Holdout | Unknown
    scores: Scores | None
    outlook: Outlook | Unknown
    seconds: Mapping[str, float] = field(default_factory=dict)


def _clv(shop: Dated, settings: ClvSettings, progress: Progress) -> ClvResult:
    start = time.perf_counter()
    progress(0.1, "Reading who came back")
    today = read_purchases(shop)
    end = settings.fitted_until
    read = time.perf_counter()
    progress(0.2, "Looking at forecasts made earlier")
    look = outlook_at(shop if end is None else shop.at(end + timedelta(days=1)), settings.model)
    looked = time.perf_counter()
    progress(0.4, "Learning how customers come back")
    fitted = today if end is None else purchases(shop.engine, shop.version, end + timedelta(days=1))
    buying: RepeatBuying | Unknown = look if isinstance(look, Unknown) else _fit(fitted, look, settings)
    spending = fit_spending(fitted)
    learned = time.perf_counter()
    progress(0.5, "Holding it against what happened")
    holdout = _held_out(shop, settings, today)
    held = time.perf_counter()
    progress(0.8, "Scoring every customer")
    scores = None
    if not isinstance(buying, Unknown) and not isinstance(look, Unknown):
        scores = score(buying, spending, today, look)
    seconds = {"read": read - start, "earlier": looked - read, "fit": learned - looked, "holdout": held - learned}
    return ClvResult(buying, spending, holdout, scores, look, seconds)


def _fit(fitted: Purchases, look: Outlook, settings: ClvSettings) -> RepeatBuying | Unknown:
    return fit_repeat_buying(look.clock.of(fitted), unit_days=settings.unit_days, model=look.model)


CLV: Declared[ClvSettings, ClvResult] = Declared(
    name="clv",
    layout=5,
    settings=ClvSettings,
    result=ClvResult,
    work_out=_clv,
    lane="models",
    doing="Working out what customers are worth",
)


def _held_out(shop: Dated, settings: ClvSettings, now: Purchases) -> Holdout | Unknown:
    """The forecast made as long before the date as a third of the history, and what happened since."""
    first, end = shop.version.manifest.first, settings.fitted_until
    dates = forecast_dates(first, shop.as_of, None if end is None else end + timedelta(days=1))
    if dates is None:
        return Unknown(
            f"The history is {(shop.as_of - first).days} days long; {SHORTEST_HELD_OUT * 3} are needed to hold a "
            "forecast against what happened."
        )
    before, then = (purchases(shop.engine, shop.version, on) for on in dates)
    look = outlook_at(shop.at(dates[1]), settings.model)
    if isinstance(look, Unknown):
        return Unknown(f"By {formats.day(dates[1])}, when it would have been made: {look.reason}")
    return hold_out(before, then, now, look, unit_days=settings.unit_days)


def read_purchases(shop: Dated) -> Purchases:
    """Who came back how often, by the shop's date."""
    return shop.answer(PURCHASES, NOTHING).get()


PURCHASES: Declared[Nothing, Purchases] = Declared(
    name="purchases",
    layout=1,
    settings=Nothing,
    result=Purchases,
    work_out=lambda shop, _settings, _progress: purchases(shop.engine, shop.version, shop.as_of),
    held=4,
    doing="Reading who came back",
)

FACETS: Declared[Nothing, Facets] = Declared(
    name="facets",
    layout=1,
    settings=Nothing,
    result=Facets,
    work_out=lambda shop, _settings, _progress: find_facets(shop.engine, shop.version, shop.as_of),
    held=6,
    doing="Looking at first orders",
)
