"""What a forecast takes into account: which model, whether rates and prices move, and how far off it was before.

Everything is learned from a random sample of customers by periods. Whether rates move is asked of the periods; whether
it helps to follow them, of forecasts made at earlier dates from what was known by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from segmentation.clv.calendar_effects import CalendarEffects, calendar_effects, clock_of, length
from segmentation.clv.clock import Clock, days_of, steady_clock
from segmentation.clv.course import Course, Kind, course
from segmentation.clv.histories import Histories, Purchases
from segmentation.clv.past_forecasts import KINDS, Of, PastForecast, kinds_of, length_asked
from segmentation.clv.periods import Periods
from segmentation.clv.prices import price_levels
from segmentation.clv.repeat_buying import Model, RepeatBuying, expected_orders, fit_repeat_buying
from segmentation.clv.spending import fit_spending, order_value
from segmentation.customers import FloatArray
from segmentation.estimates import Unknown
from segmentation.timeline import YEAR

MOST_PAST = 3
"""Past forecasts of one length."""

FEWEST_BEFORE = 3
"""Periods that a past forecast learns from, at least."""

_FARTHEST = 3 * YEAR
"""Days ahead that the clock is known for, at least."""

CLEARLY = 0.9
"""At earlier dates the other model, or a trend, must have been off by at most this share of what is simpler was. A
season has a test of its own, and a change may be too late for any earlier date: they must not have been further off."""

LIKELIER = 20.0
"""MBG/NBD has to be so much likelier than BG/NBD, as a log-likelihood of at most SAMPLE customers."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Outlook:
    """What is taken into account beside each customer's own history, and how far off that was before.

    model: which model of customers coming back.
    clock: how busy each day was and is expected to be for everyone.
    rates: what describes the level of the shop over its periods; "steady" also where following it did not help.
    growth: by how much everyone's rate grows in the next year, as a share; 0 without a trend.
    season: whether the clock follows the months of the year.
    prices: what describes the level of what an order is worth, likewise.
    value: what an order is worth on the day of the forecast over what the customers paid so far.
    dearer: by how much that grows in the next year, as a share.
    price_slope: the same a day, in logarithms, at first.
    past: the same forecast, made earlier.
    """

    model: Model
    clock: Clock
    rates: Kind = "steady"
    growth: float = 0.0
    season: bool = False
    prices: Kind = "steady"
    value: float = 1.0
    dearer: float = 0.0
    price_slope: float = 0.0
    past: tuple[PastForecast, ...] = field(default=())

    def asked(self, days: float) -> int:
        """How many days those past forecasts look ahead that one of `days` days is held against; 0 without any."""
        return length_asked(self.past, days)

    def errors(self, days: float) -> tuple[float, ...]:
        """How far off those were in total orders, as logarithms, the newest first."""
        asked = self.asked(days)
        newest = sorted((one for one in self.past if one.days == asked), key=lambda one: one.on, reverse=True)
        return tuple(float(one.errors("orders")[0]) for one in newest)

    def price(self, start: float, end: float) -> float:
        """What an order between `start` and `end` days ahead is worth over one on the day of the forecast."""
        path = Course(self.prices, 0.0, self.price_slope).ahead(max(round(end), round(start) + 1))
        return float(np.exp(path[round(start) :]).mean())


Choice = Literal["auto", "bg", "mbg"]
"""Which model of customers coming back: chosen by likelihood and what it did earlier, or one of them."""


def outlook(
    periods: Periods, season: FloatArray | None, horizons: Sequence[float], choice: Choice = "auto"
) -> Outlook | Unknown:
    """What to take into account in a forecast at `periods.as_of`; Unknown where no model can be fitted.

    `season` multiplies the rates of the months of the year, shape (12,), and None where the shop has none; `horizons`
    are the days that will be asked for. With a `choice` of model, rates are taken for steady, as the model says.
    """
    steady = _Candidate(periods, "bg" if choice == "auto" else choice)
    now = steady.made(periods.n)
    if isinstance(now, Unknown):
        return now
    places = _places(periods, horizons)
    best = steady
    if choice == "auto":
        best = _better(steady, _Candidate(periods, "mbg"), places, by=LIKELIER)
        moving = _Candidate(periods, best.model, moves=True, season=season)
        made = moving.made(periods.n)
        if not isinstance(made, Unknown) and (season is not None or made.course.kind != "steady"):
            share = CLEARLY if made.course.kind == "trend" else 1.0
            best = moving if moving.error(places) <= share * best.error(places) else best
    dearer = _Candidate(periods, best.model, moves=best.moves, season=best.season, priced=True, made_by=best.made_by)
    if choice == "auto" and dearer.prices(periods.n).course.kind != "steady":
        best = dearer if dearer.error(places, "revenue") <= best.error(places, "revenue") else best
    return best.outlook(places)


def first_outlook(purchases: Purchases, choice: Choice = "auto") -> Outlook | Unknown:
    """That of a history too short for any earlier date."""
    model: Model = "bg" if choice == "auto" else choice
    fit = fit_repeat_buying(purchases, model=model)
    return fit if isinstance(fit, Unknown) else Outlook(model=model, clock=steady_clock(purchases.as_of))


Place = tuple[int, int]
"""How many periods a past forecast is made after, and how many it looks ahead."""


def _places(periods: Periods, horizons: Sequence[float]) -> tuple[Place, ...]:
    """Of each horizon, as far as the history allows, up to MOST_PAST that overlap as little as they can."""
    places: dict[Place, None] = {}
    room = periods.n - FEWEST_BEFORE
    for days in sorted(horizons):
        ahead = min(max(round(days / periods.step), 1), max(room - 1, 1))
        gap = min(ahead, max((room - ahead) // (MOST_PAST - 1), 1))
        backs = [ahead + gap * i for i in range(MOST_PAST)]
        places |= dict.fromkeys((periods.n - back, ahead) for back in backs if back <= room)
    return tuple(places)


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """A forecast made after some periods.

    known: the histories by then.
    passed: the same on the clock.
    fit, clock: what was learned.
    course, effects: that of the shop's levels, and these; "steady" and none where they were not asked for.
    """

    known: Purchases
    passed: Histories
    fit: RepeatBuying
    clock: Clock
    course: Course
    effects: CalendarEffects | None

    def orders(self, days: float) -> FloatArray:
        """What is expected of each customer."""
        ahead = self.clock.ahead(self.known.as_of, days)
        return expected_orders(self.fit, self.passed, ahead)[self.passed.of]


@dataclass(frozen=True, slots=True, eq=False)
class _Prices:
    """What an order is worth after some periods: of each customer on that day's level, and where the level goes."""

    value: FloatArray
    course: Course

    def worth(self, days: float) -> FloatArray:
        return np.asarray(self.value * np.exp(self.course.ahead(max(round(days), 1))).mean())


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """One way to make the forecast; what it made is worked out once."""

    periods: Periods
    model: Model
    moves: bool = False
    season: FloatArray | None = None
    priced: bool = False
    made_by: dict[int, _Made | Unknown] = field(default_factory=dict)
    priced_by: dict[int, _Prices] = field(default_factory=dict)

    def made(self, until: int) -> _Made | Unknown:
        if until not in self.made_by:
            self.made_by[until] = self._moving(until) if self.moves else self._steady(until)
        return self.made_by[until]

    def _steady(self, until: int) -> _Made | Unknown:
        known = self.periods.known(until)
        now = self.made_by.get(self.periods.n)
        fit = fit_repeat_buying(known, model=self.model, start=now.fit if isinstance(now, _Made) else None)
        if isinstance(fit, Unknown):
            return fit
        clock = steady_clock(known.as_of)
        return _Made(known, Histories.grouped(known), fit, clock, Course("steady", 0.0, 0.0), None)

    def _moving(self, until: int) -> _Made | Unknown:
        older = max((at for at in self.made_by if at < until), default=0)
        before = self.made_by.get(older)
        start = before.effects if isinstance(before, _Made) else None
        effects = calendar_effects(self.periods, until, self.season, self.model, start)
        if isinstance(effects, Unknown):
            return effects
        path = course(np.log(effects.levels), effects.variance, self.periods.step)
        known = self.periods.known(until)
        clock = clock_ahead(self.periods, effects.levels, self.season, path)
        passed = clock.of(known)
        fit = fit_repeat_buying(passed, model=self.model, start=effects.fit)
        if isinstance(fit, Unknown):
            return fit
        return _Made(known, Histories.grouped(passed), fit, clock, path, effects)

    def prices(self, until: int) -> _Prices:
        if until not in self.priced_by:
            known, path = self.periods.known(until), Course("steady", 0.0, 0.0)
            if self.priced:
                levels, variance = price_levels(self.periods, until)
                path = course(np.log(levels), variance, self.periods.step)
                if path.kind != "steady":
                    known = self.periods.known(until, levels)
            if path.kind == "steady":
                path = Course("steady", 0.0, 0.0)
            self.priced_by[until] = _Prices(order_value(fit_spending(known), known), path)
        return self.priced_by[until]

    def past(self, place: Place) -> PastForecast | None:
        until, ahead = place
        made = self.made(until)
        if isinstance(made, Unknown):
            return None
        days = ahead * self.periods.step
        orders, value = made.orders(days), self.prices(until).worth(days)
        came, paid = self.periods.bought(until, until + ahead)
        kinds = kinds_of(made.known)

        def sums(of: FloatArray) -> tuple[float, ...]:
            return tuple(np.bincount(kinds, weights=of, minlength=KINDS).tolist())

        return PastForecast(
            on=made.known.as_of,
            days=days,
            expected=sums(orders),
            actual=sums(came),
            expected_revenue=sums(orders * value),
            actual_revenue=sums(paid),
        )

    def pasts(self, places: Sequence[Place]) -> tuple[PastForecast, ...]:
        """The oldest first, so that each begins from what the one before found."""
        found = (self.past(place) for place in sorted(places))
        return tuple(one for one in found if one is not None)

    def error(self, places: Sequence[Place], of: Of = "orders") -> float:
        """How far off the totals were, as logarithms; 0 where there was none to look at."""
        return float(np.mean([abs(one.errors(of)[0]) for one in self.pasts(places)] or [0.0]))

    def outlook(self, places: Sequence[Place]) -> Outlook:
        until = self.periods.n
        made = self.made(until)
        assert isinstance(made, _Made)
        prices = self.prices(until)
        usual = order_value(fit_spending(made.known), made.known)
        orders = made.orders(YEAR)
        path, year = made.course, YEAR - 1
        return Outlook(
            model=self.model,
            clock=made.clock,
            rates=path.kind,
            growth=float(np.expm1(path.ahead(YEAR)[year] - path.level)),
            season=self.season is not None,
            prices=prices.course.kind,
            value=float(orders @ (prices.value * np.exp(prices.course.level)) / max(float(orders @ usual), 1e-12)),
            dearer=float(np.expm1(prices.course.ahead(YEAR)[year] - prices.course.level)),
            price_slope=prices.course.slope,
            past=self.pasts(places),
        )


def _better(steady: _Candidate, other: _Candidate, places: Sequence[Place], *, by: float) -> _Candidate:
    """The likelier of the two, unless it was further off at earlier dates."""
    mine, theirs = steady.made(steady.periods.n), other.made(other.periods.n)
    assert isinstance(mine, _Made)
    if isinstance(theirs, Unknown) or theirs.fit.log_likelihood < mine.fit.log_likelihood + by:
        return steady
    return other if other.error(places) <= CLEARLY * steady.error(places) else steady


def clock_ahead(periods: Periods, levels: FloatArray, season: FloatArray | None, path: Course) -> Clock:
    """The clock of the periods that have a level, and of the days after them as the course goes; today's level is 1.

    Where nothing but chance moves the levels, they are all taken for today's.
    """
    past = levels if path.kind != "steady" else np.full(len(levels), np.exp(path.level))
    known = clock_of(periods, past, None)
    days = np.concatenate([known.levels, np.exp(path.ahead(max(2 * length(periods), _FARTHEST)))]) / np.exp(path.level)
    return Clock(known.since, days if season is None else days * season[days_of(known.since, len(days))])
