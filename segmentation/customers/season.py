"""The shop's peak season: two neighbouring months of the year that stand out beside the trend, year after year."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from segmentation import formats
from segmentation.customers.consent import BoolArray
from segmentation.customers.month_effects import MONTHS, Month, MonthEffects, month_effects
from segmentation.customers.scaling import FloatArray
from segmentation.engine.protocol import Reading
from segmentation.estimates import Unknown
from segmentation.timeline import YEAR

SEASON = "season"
"""What a dataset must have for a feature of the peak season, beside its columns."""

YEARS = 2
"""Full years of orders that a season needs: what is seen once may be growth, a campaign or chance."""

CLEAR = 1.4
"""A season brings at least this many times the orders a day of the other months, beside the trend."""

SHUT = 0.1
"""With less than this share of the season's orders a month counts as one in which the shop is shut."""

FALSE_ALARMS = 0.02
"""In this share of shops without a season chance alone would make a pair of months pass the test."""

HIGH = 0.4
"""A year's season is high if it adds at least this share of what it adds on average."""

AROUND = 6
"""Months before and after its stronger month that a year's season is held against."""

HIGH_YEARS = 0.75
"""The share of the years, two at least, whose season must be high: one year in four may lose it."""

Pair = tuple[int, int]
PAIRS: tuple[Pair, ...] = tuple((month, month % MONTHS + 1) for month in range(1, MONTHS + 1))

NONE_STANDS_OUT = Unknown("No two months of the year stand out beside the trend, year after year.")


def busy_season(run: Reading, first: date, last: date, as_of: date) -> Pair | Unknown:
    """The two months of the year (1 to 12) of the peak season, as known on `as_of`; or why there is none.

    `first` and `last` are the days of the first and the last order: of later days the data says nothing.
    """
    end = as_of if as_of <= last else last + timedelta(days=1)
    if (days := (end - first).days) < YEARS * YEAR:
        return _too_short(days)
    return busiest(_months(run, first, end))


def month_rates(run: Reading, first: date, last: date, as_of: date) -> FloatArray | None:
    """What each month of the year multiplies orders by beside the trend, shape (12,), 1 on average; None where no peak
    season is known on `as_of`."""
    if isinstance(busy_season(run, first, last, as_of), Unknown):
        return None
    return rates_of(_months(run, first, min(as_of, last + timedelta(days=1))))


def rates_of(months: Sequence[Month]) -> FloatArray:
    """The same of these months."""
    rates = np.exp(month_effects(_unbroken(months)).effects)
    return np.asarray(rates / rates.mean())


def _months(run: Reading, first: date, end: date) -> tuple[Month, ...]:
    table = run.query("orders_by_month", as_of=end)
    keys = zip(table["year"].to_pylist(), table["month"].to_pylist(), strict=True)
    return calendar_months(dict(zip(keys, table["orders"].to_pylist(), strict=True)), first, end)


def calendar_months(orders: Mapping[tuple[int, int], int], first: date, end: date) -> tuple[Month, ...]:
    """The calendar months from `first` up to but not including `end`, of the orders by year and month."""
    months: list[Month] = []
    day = first
    while day < end:
        after = min(day.replace(day=monthrange(day.year, day.month)[1]) + timedelta(days=1), end)
        months.append(Month(day.year, day.month, (after - day).days, orders.get((day.year, day.month), 0)))
        day = after
    return tuple(months)


def _unbroken(months: Sequence[Month]) -> Sequence[Month]:
    """The part with the most orders, where a year or more without any divides a history, as a mistyped date does."""
    parts: list[list[Month]] = [[]]
    silent: list[Month] = []
    for one in months:
        silent.append(one)
        if one.orders:
            parts += [[]] if len(silent) > MONTHS else []
            parts[-1] += silent if len(silent) <= MONTHS else [one]
            silent = []
    parts[-1] += silent if len(silent) < MONTHS else []
    return max(parts, key=lambda part: sum(one.orders for one in part)) or months


def busiest(months: Sequence[Month]) -> Pair | Unknown:
    """The two neighbouring months of the year with the most orders a day beside the trend, or why there are none.

    December and January are neighbours. They must bring CLEAR times the orders of the other months in which the shop
    sells; beyond chance, by a t test of that contrast in a quasi-Poisson regression, which allows for the twelve pairs
    it was chosen from (Dunn 1961, "Multiple comparisons among means"); and in each year, not on average only.
    """
    months = _unbroken(months)
    if (days := sum(one.days for one in months)) < YEARS * YEAR:
        return _too_short(days)
    if not any(one.orders for one in months):
        return NONE_STANDS_OUT
    fit = month_effects(months)
    rates = np.exp(fit.effects)
    pair = max(PAIRS, key=lambda two: (round(float(rates[two[0] - 1] + rates[two[1] - 1]), 9), -two[0]))
    others = _others(rates, pair)
    times, error = _against(fit, pair, others)
    clear = times >= CLEAR and _beyond_chance(np.log(times) / error, fit.free)
    return pair if clear and _each_year(months, rates, pair, others) else NONE_STANDS_OUT


def _too_short(days: int) -> Unknown:
    return Unknown(f"A peak season needs two full years of orders, and there are {formats.days(days)} of them so far.")


def _others(rates: FloatArray, pair: Pair) -> BoolArray:
    """The months that a pair is held against, shape (12,): the other ten but those in which the shop is shut."""
    others = ~np.isin(np.arange(1, MONTHS + 1), pair)
    selling = others & (rates >= SHUT * rates[~others].mean())
    return selling if selling.any() else others


def _against(fit: MonthEffects, pair: Pair, others: BoolArray) -> tuple[float, float]:
    """Orders a day of the pair over those of the other months, and the standard error of its logarithm."""
    rates = np.exp(fit.effects)
    busy, quiet = np.where(np.isin(np.arange(1, MONTHS + 1), pair), rates, 0.0), np.where(others, rates, 0.0)
    slope: FloatArray = busy / busy.sum() - quiet / quiet.sum()
    times = (busy.sum() / len(pair)) / (quiet.sum() / others.sum())
    return float(times), float(np.sqrt(slope @ fit.covariance @ slope))


def _beyond_chance(ratio: float, free: int) -> bool:
    from scipy.special import stdtr  # noqa: PLC0415 - slow to load, and few commands look for a season

    return bool(stdtr(free, -ratio) * len(PAIRS) < FALSE_ALARMS)


def _each_year(months: Sequence[Month], rates: FloatArray, pair: Pair, others: BoolArray) -> bool:
    """Whether the pair is high in two years at least, and in HIGH_YEARS of all that hold half of its stronger month.

    Each year stands beside a straight line through the logarithms of the months AROUND it alone: where the trend jumps,
    one curve for the whole history makes months high that were not.
    """
    of_year = np.array([one.month for one in months])
    days = np.array([one.days for one in months], dtype=np.float64)
    orders = np.array([one.orders for one in months], dtype=np.float64)
    more = rates[of_year - 1] / rates[others].mean() - 1
    strong = max(pair, key=lambda month: float(rates[month - 1]))
    judged = high = 0
    for at, one in enumerate(months):
        away = np.arange(len(months), dtype=np.float64) - at
        own, around = np.isin(of_year, pair) & (abs(away) <= 1), others[of_year - 1] & (abs(away) <= AROUND)
        if one.month != strong or 2 * one.days < monthrange(one.year, strong)[1] or not around.any():
            continue
        level, slope = _line(away[around], np.log((orders[around] + 0.5) / days[around]), days[around])
        usual = days[own] * np.exp(level + slope * away[own])
        judged += 1
        high += bool((orders[own] - usual).sum() >= HIGH * (usual * more[own]).sum())
    return high >= YEARS and high >= HIGH_YEARS * judged


def _line(time: FloatArray, values: FloatArray, weights: FloatArray) -> tuple[float, float]:
    """Level at time 0 and slope of the line with the least weighted squares; level where there is one time only."""
    centre, level = np.average(time, weights=weights), np.average(values, weights=weights)
    away = time - centre
    spread = (weights * away**2).sum()
    slope = (weights * away * values).sum() / spread if spread else 0.0
    return float(level - slope * centre), float(slope)
