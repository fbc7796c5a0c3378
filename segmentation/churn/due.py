"""When the next order is due: a customer's own rhythm, drawn towards the shop's where there is little to go by.

The logarithms of a customer's gaps between buying days lie around a personal mean, and the personal means around the
shop's. The window holds the middle of what the next gap can be, counted from the last buying day and nothing else; so
it holds the stated share of the next orders of customers who do order again, not of everyone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segmentation import formats
from segmentation.churn.calibration import wilson
from segmentation.customers import FloatArray
from segmentation.engine.protocol import Engine
from segmentation.estimates import Estimate, Unknown
from segmentation.timeline import CHECKED_DAYS
from segmentation.workspace import DatasetVersion

SHARE = 0.8
"""The share of next orders that should fall into the window."""

FEWEST_GAPS = 2
"""Gaps a customer needs for a window: three buying days."""

FEWEST_CUSTOMERS = 100
"""How long before the as-of date the check begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How the gaps of a shop's customers lie, on the scale of ln(days).

    level: mean of the personal means.
    between: their standard deviation.
    within: standard deviation of the gaps of one customer.
    """

    level: float
    between: float
    within: float


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """The buying rhythm of each customer with an order before a date; arrays in the order of customer tables, shape
    (n,).

    ids: the customers.
    gaps: gaps between two buying days, counted.
    log_sum: sum of ln(days) over them.
    log_squares: sum of its square.
    last_day: the last buying day, datetime64[D].
    """

    ids: pa.Array
    gaps: FloatArray
    log_sum: FloatArray
    log_squares: FloatArray
    last_day: npt.NDArray[np.datetime64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSummary:
    """How many customers are due and late. Goes through `segmentation.workspace.codec`.

    as_of: the day it is told for.
    share: the share (0..1) of next orders that should fall into a window.
    measured: the share that did in the check, with its 95 % interval; `n` counts the orders looked at.
    typical_gap: the usual gap between two buying days, in days.
    customers: those with a window, who have three buying days at least.
    due: those in whose window the day is.
    late: those whose window has closed.
    """

    as_of: date
    share: float
    measured: Estimate | Unknown
    typical_gap: float
    customers: int
    due: int
    late: int

    @property
    def sentence(self) -> str:
        """What the lists hold, for people."""
        said = f"{formats.count(self.due, 'customer')} should order about now and {self.late:,} are late"
        if isinstance(self.measured, Unknown):
            return f"{said}. How often such windows are right is not known: {self.measured.reason}"
        return (
            f"{said}. Of earlier orders by customers who came back, {formats.percent(self.measured.value)} fell into "
            f"their window ({formats.percent(self.share)} were meant to)."
        )


@dataclass(frozen=True, slots=True, eq=False)
class Due:
    """When each customer's next order is due; arrays aligned with the customer table at `summary.as_of`, shape (n,).

    summary: how many are due and late.
    start, end: first and last day of the window as datetime64[D], NaT with fewer than three buying days.
    late_days: days since the window closed, 0 where it has not.
    """

    summary: DueSummary
    start: npt.NDArray[np.datetime64]
    end: npt.NDArray[np.datetime64]

    @property
    def is_due(self) -> npt.NDArray[np.bool_]:
        """Today is inside the window, shape (n,)."""
        today = np.datetime64(self.summary.as_of, "D")
        return np.asarray((self.start <= today) & (today <= self.end))

    @property
    def late_days(self) -> npt.NDArray[np.intp]:
        today = np.datetime64(self.summary.as_of, "D")
        late = (today - self.end).astype("timedelta64[D]").astype(np.int64)
        return np.where(np.isnat(self.end), 0, np.maximum(late, 0)).astype(np.intp)


def next_orders(engine: Engine, version: DatasetVersion, as_of: date) -> Due | Unknown:
    """The window of each customer's next order, checked on orders before `as_of`; Unknown without enough rhythm."""
    gaps = read_gaps(engine, version, as_of)
    rhythm = fit_rhythm(gaps)
    if isinstance(rhythm, Unknown):
        return rhythm
    start, end = windows(gaps, rhythm)
    today = np.datetime64(as_of, "D")
    summary = DueSummary(
        as_of=as_of,
        share=SHARE,
        measured=check(engine, version, as_of),
        typical_gap=float(np.exp(rhythm.level)),
        customers=int((~np.isnat(start)).sum()),
        due=int(((start <= today) & (today <= end)).sum()),
        late=int((end < today).sum()),
    )
    return Due(summary, start, end)


def read_gaps(engine: Engine, version: DatasetVersion, as_of: date) -> Gaps:
    """The rhythms of all customers with an order before `as_of`."""
    with engine.reading(version) as run:
        table = run.query("buying_rhythm", as_of=as_of)
    gaps, sums, squares = (
        np.asarray(table[name].to_numpy(), dtype=np.float64) for name in ("gaps", "log_sum", "log_squares")
    )
    days = np.asarray(table["last_day"].to_numpy()).astype("datetime64[D]")
    return Gaps(table["customer_id"].combine_chunks(), gaps, sums, squares, days)


def fit_rhythm(gaps: Gaps) -> Rhythm | Unknown:
    """The shop's rhythm by moments, from customers with at least two gaps.

    Source: Efron & Morris (1975), "Data analysis using Stein's estimator and its generalizations".
    """
    enough = gaps.gaps >= FEWEST_GAPS
    n, people = gaps.gaps[enough], int(enough.sum())
    if people < FEWEST_CUSTOMERS:
        return Unknown(
            f"{formats.count(people, 'customer')} ordered on three days or more; {FEWEST_CUSTOMERS} are needed to know "
            "the rhythm of a shop."
        )
    means = gaps.log_sum[enough] / n
    within = max(float((gaps.log_squares[enough] - n * means**2).sum() / (n - 1).sum()), 1e-4)
    between = max(float(means.var(ddof=1) - within * (1 / n).mean()), 1e-4)
    weight = 1 / (between + within / n)
    return Rhythm(
        level=float((weight * means).sum() / weight.sum()),
        between=float(np.sqrt(between)),
        within=float(np.sqrt(within)),
    )


def windows(
    gaps: Gaps, rhythm: Rhythm, *, share: float = SHARE
) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.datetime64]]:
    """First and last day of the middle `share` of each customer's next order, NaT with fewer than two gaps."""
    from scipy.stats import norm  # noqa: PLC0415 - slow to load, and few commands ask when an order is due

    n = np.maximum(gaps.gaps, 1)
    between, within = rhythm.between**2, rhythm.within**2
    trust = between / (between + within / n)
    middle = trust * gaps.log_sum / n + (1 - trust) * rhythm.level
    spread = np.sqrt(within + trust * within / n)
    half = float(norm.ppf(0.5 + share / 2)) * spread
    first = np.maximum(np.floor(np.exp(middle - half)), 1.0)
    last = np.maximum(np.ceil(np.exp(np.minimum(middle + half, 9.0))), first)
    known = gaps.gaps >= FEWEST_GAPS
    opens, closes = (
        np.where(known, gaps.last_day + days.astype(np.int64).astype("timedelta64[D]"), np.datetime64("NaT", "D"))
        for days in (first, last)
    )
    return opens, closes


def check(engine: Engine, version: DatasetVersion, as_of: date) -> Estimate | Unknown:
    """How many next orders fell into their window, among customers who did order again before `as_of`.

    The rhythm is that of a year before; the window is counted from each customer's first buying day after that date,
    and its end must lie before `as_of`, so that a late order had its chance to be seen. Counting from the last
    buying day before a fixed date would favour long gaps.
    """
    start = as_of - timedelta(days=CHECKED_DAYS)
    if start <= version.manifest.first:
        return Unknown(f"that takes more than {formats.days(CHECKED_DAYS)} of orders.")
    gaps = read_gaps(engine, version, start)
    rhythm = fit_rhythm(gaps)
    if isinstance(rhythm, Unknown):
        return rhythm
    with engine.reading(version) as run:
        table = run.query("buying_next", start=start, as_of=as_of)
    place = pc.index_in(gaps.ids, value_set=table["customer_id"].combine_chunks())
    rows = np.flatnonzero(np.asarray(pc.is_valid(place)))
    at = np.asarray(place.take(pa.array(rows)))
    from_day, next_day = (np.asarray(table[c].to_numpy()).astype("datetime64[D]")[at] for c in ("from_day", "next_day"))
    begun = Gaps(gaps.ids.take(pa.array(rows)), gaps.gaps[rows], gaps.log_sum[rows], gaps.log_squares[rows], from_day)
    first, last = windows(begun, rhythm)
    seen = ~np.isnat(next_day) & ~np.isnat(first) & (last < np.datetime64(as_of, "D"))
    if int(seen.sum()) < FEWEST_CUSTOMERS:
        return Unknown(f"only {formats.count(int(seen.sum()), 'such order')} could be looked at.")
    inside = (first <= next_day) & (next_day <= last)
    return wilson(float(inside[seen].mean()), int(seen.sum()))
