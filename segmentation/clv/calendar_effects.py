"""BG/NBD with effects of calendar time: in every period everybody's order rate is multiplied by a level of the shop.

Source of the idea: Bachmann, Meierer & Näf (2021), "The Role of Time-Varying Contextual Factors in Latent Attrition
Models for Customer Base Analysis"; here the level of each period is free, as in a Cox model with piecewise constant
baseline (Breslow 1974), and found by expectation maximisation (Dempster, Laird & Rubin 1977).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from segmentation.clv.clock import Clock, days_of
from segmentation.clv.histories import Histories, IntArray, Purchases
from segmentation.clv.periods import Periods
from segmentation.clv.repeat_buying import Model, RepeatBuying, alive, fit_repeat_buying
from segmentation.customers import FloatArray
from segmentation.estimates import Unknown

ROUNDS = 5
"""Rounds of fitting customers and periods in turn: on simulated shops more of them move no forecast by a hundredth."""


@dataclass(frozen=True, slots=True, eq=False)
class CalendarEffects:
    """How busy the shop was for its customers in each period.

    levels: what everybody's rate was multiplied by, about 1 on average, shape (periods,).
    orders: repeat days in each, shape (periods,).
    fit: how customers come back beside that.
    """

    levels: FloatArray
    orders: FloatArray
    fit: RepeatBuying

    @property
    def variance(self) -> FloatArray:
        """That of the logarithm of each level by chance."""
        return np.asarray(1 / np.maximum(self.orders, 1.0))


def calendar_effects(
    periods: Periods, until: int, season: FloatArray | None, model: Model, start: CalendarEffects | None = None
) -> CalendarEffects | Unknown:
    """The levels of the first `until` periods, from what was known at the end of them.

    `season` multiplies the rates of the months of the year, shape (12,); what is left to the periods is beside it.
    `start` is what was found of fewer periods, to begin from.
    """
    known = periods.known(until)
    orders = periods.repeats[periods.first > periods.ago(until), :until].sum(axis=0, dtype=np.float64)
    levels = np.ones(until)
    if start is not None:
        levels = np.append(start.levels, np.full(until - len(start.levels), start.levels[-1]))
    fit = None if start is None else start.fit
    for _ in range(ROUNDS):
        clock = clock_of(periods, levels, season)
        passed = clock.of(known)
        found = fit_repeat_buying(passed, model=model, start=fit)
        if isinstance(found, Unknown):
            return found
        fit = found
        expected = _expected(periods, until, clock, passed, fit)
        levels = levels * (orders + 1) / (expected + 1)
        levels = levels / np.average(levels, weights=orders + 1)
    assert fit is not None
    return CalendarEffects(levels, orders, fit)


def clock_of(periods: Periods, levels: FloatArray, season: FloatArray | None) -> Clock:
    """The clock of the periods that have a level."""
    days = length(periods)
    daily = np.repeat(levels, _days(periods, len(levels)))
    since = periods.as_of - timedelta(days=days)
    return Clock(since, daily if season is None else daily * season[days_of(since, len(daily))])


def length(periods: Periods) -> int:
    """Days from the first of all buying days to the end of the last period."""
    return int(periods.first.max(initial=1))


def _days(periods: Periods, until: int) -> IntArray:
    """How long each of the first periods is, the oldest with everything before it."""
    days = np.full(until, periods.step, dtype=np.int32)
    days[0] = length(periods) - (periods.n - 1) * periods.step
    return days


def _expected(periods: Periods, until: int, clock: Clock, passed: Purchases, fit: RepeatBuying) -> FloatArray:
    """Repeat days expected in each period, given everybody's history: their rates times the time they were there.

    Who is still a customer was there to the end, who has left until the last order; both are weighed by their chance.
    """
    histories = Histories.grouped(passed)
    stays = alive(fit, histories)[histories.of]
    begun = passed.observed.max(initial=0) - passed.observed  # from here on, time is counted from the same moment
    edges = _edges(periods, until, clock, passed)
    expected = np.zeros(until)
    for chance, time in ((stays, passed.observed), (1 - stays, passed.recency)):
        rates = chance * (fit.r + passed.repeats) / (fit.alpha + time / fit.unit_days)
        inside = np.clip(edges[:, None], begun, begun + time)
        expected += np.diff(inside, axis=0) @ rates / fit.unit_days
    return expected


def _edges(periods: Periods, until: int, clock: Clock, passed: Purchases) -> FloatArray:
    """When each period begins and the last ends, in days of level 1 since the first customer came."""
    end = float(passed.observed.max(initial=0))
    whole = np.cumsum(np.append(0.0, clock.levels))
    days = np.append(0, np.cumsum(_days(periods, until)))
    return np.asarray(end - (whole[-1] - whole[np.minimum(days, len(clock.levels))]))
