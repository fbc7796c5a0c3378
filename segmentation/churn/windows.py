"""Which customers are learned from, tested on and scored: a time split in whole windows.

A window is the customers as they stood at a date and what they did in the days that followed. The model that is tested
learns from windows that ended when the tested one began; the model for today learns from windows that ended today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from segmentation import formats
from segmentation.churn.definition import too_short
from segmentation.customers import CustomerTable, FloatArray, Outcomes, outcomes, prepare
from segmentation.engine.protocol import Engine
from segmentation.errors import NotEnoughData
from segmentation.estimates import Unknown
from segmentation.timeline import WINDOWS, learning_dates, trial_dates
from segmentation.workspace import DatasetVersion, Workspace

FEWEST = 100
"""Customers who ordered, and customers who did not, that learning and testing need each."""

MOST_LEARNED, MOST_TESTED = 20_000, 50_000
"""Customers of a window that are used; the first rows of a table are a random sample."""


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """The customers at a date, and what each did in the window that began then.

    table: the customers.
    then: what they did, aligned with the table.
    """

    table: CustomerTable
    then: Outcomes

    @property
    def ordered(self) -> int:
        """Customers who ordered in the window."""
        return int(self.then.ordered.sum())

    def first(self, rows: int) -> Sample:
        """The first customers of it, who are a random sample."""
        return Sample(self, min(rows, self.table.n))


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The first customers of a window, who are a random sample.

    window: the whole window.
    n: how many of its customers are taken.
    """

    window: Window
    n: int

    @property
    def table(self) -> CustomerTable:
        return self.window.table

    @property
    def ordered(self) -> FloatArray:
        """1 for who ordered in the window, 0 for who did not, shape (n,)."""
        return self.window.then.ordered[: self.n].astype(np.float64)

    @property
    def revenue(self) -> FloatArray:
        """What they spent in the window in shop currency, shape (n,)."""
        return np.asarray(self.window.then.revenue[: self.n])

    def column(self, name: str) -> FloatArray:
        """A feature in natural units, shape (n,)."""
        return np.asarray(self.table.raw(name)[: self.n])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Windows:
    """Everything a study of churn rests on; all tables are scaled alike.

    horizon_days: days that a window takes.
    learned: windows that ended when `tested` began.
    tested: the window that the model is tested on.
    latest: windows that ended by the date of `now`.
    now: the customers to score.
    features: names of what every table has.
    earlier: windows that ended when the first of `learned` began, which is thus a test of what they teach; empty where
        the history does not reach back as far.
    """

    horizon_days: int
    learned: tuple[Window, ...]
    tested: Window
    latest: tuple[Window, ...]
    now: CustomerTable
    features: tuple[str, ...]
    earlier: tuple[Window, ...] = ()


def find_windows(
    workspace: Workspace, engine: Engine, version: DatasetVersion, as_of: date, days: int
) -> Windows | Unknown:
    """The windows of `days` days before `as_of`; Unknown where the history is too short or too few customers ordered.

    The tables are on disk once they were made; those of past dates hold the customers that are used. A feature that is
    missing at an earlier date is left out.
    """
    first = version.manifest.first
    if (as_of - first).days < WINDOWS * days:
        return Unknown(too_short(first, as_of, days))
    cut = as_of - timedelta(days=days)
    learned, latest = learning_dates(first, cut, days), learning_dates(first, as_of, days)
    made = _made(workspace, engine, version, (*learned, *latest, cut), as_of, days, trial_dates(first, cut, days))
    if isinstance(made, Unknown):
        return made
    windows = Windows(
        horizon_days=days,
        learned=tuple(made.windows[on] for on in learned),
        tested=made.windows[cut],
        latest=tuple(made.windows[on] for on in latest),
        now=made.now,
        features=made.features,
        earlier=made.earlier,
    )
    return too_few(windows) or windows


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """Windows that have been made, and whom they are for.

    windows: by the date they began on.
    now: the customers to score.
    features: names of what all of them have.
    earlier: windows of dates that could be done without; empty where they lack a feature.
    """

    windows: Mapping[date, Window]
    now: CustomerTable
    features: tuple[str, ...]
    earlier: tuple[Window, ...] = ()


def latest_windows(
    workspace: Workspace, engine: Engine, version: DatasetVersion, as_of: date, days: int
) -> Made | Unknown:
    """What a model for `as_of` learns from, without what a test of it needs; Unknown as in `find_windows`."""
    first = version.manifest.first
    if (as_of - first).days < WINDOWS * days:
        return Unknown(too_short(first, as_of, days))
    made = _made(workspace, engine, version, learning_dates(first, as_of, days), as_of, days)
    return made if isinstance(made, Unknown) else _too_few("learn from", tuple(made.windows.values()), days) or made


def _made(
    workspace: Workspace,
    engine: Engine,
    version: DatasetVersion,
    dates: tuple[date, ...],
    as_of: date,
    days: int,
    beside: tuple[date, ...] = (),
) -> Made | Unknown:
    """The windows that begin on these dates, all on the scales of the earliest; and, scaled alike, those `beside`."""
    earliest = min(dates)
    try:
        base = prepare(workspace, engine, version, earliest, most=MOST_TESTED)
    except NotEnoughData:
        return Unknown(f"Before {formats.day(earliest)} only guests ordered, so there is nobody to learn from.")

    def window(on: date) -> Window:
        table = prepare(workspace, engine, version, on, like=base, most=MOST_TESTED)
        return Window(table, outcomes(engine, version, table, days=days))

    made = {on: window(on) for on in dict.fromkeys(dates)}
    now = prepare(workspace, engine, version, as_of, like=base)
    known = set.intersection(*({f.name for f in t.features} for t in (*(w.table for w in made.values()), now)))
    features = tuple(feature.name for feature in base.features if feature.name in known)
    try:
        earlier = tuple(made.get(on) or window(on) for on in beside)
    except NotEnoughData:  # only guests had ordered by then
        earlier = ()
    lacking = any(set(features) - {f.name for f in one.table.features} for one in earlier)
    return Made(made, now, features, () if lacking else earlier)


def too_few(windows: Windows) -> Unknown | None:
    """Why these windows cannot be studied; None where there are enough customers of both kinds."""
    return _too_few("learn from", windows.learned, windows.horizon_days) or _too_few(
        "test on", (windows.tested,), windows.horizon_days
    )


def _too_few(said: str, several: tuple[Window, ...], days: int) -> Unknown | None:
    ordered = sum(window.ordered for window in several)
    rest = sum(window.table.n for window in several) - ordered
    if min(ordered, rest) >= FEWEST:
        return None
    starts = " and ".join(formats.day(window.table.as_of) for window in several)
    return Unknown(
        f"In the {formats.days(days)} from {starts} on, {formats.count(ordered, 'customer')} "
        f"ordered and {rest:,} did not. To {said} it needs at least {FEWEST} of each."
    )


def matrix(table: CustomerTable, features: tuple[str, ...], rows: slice) -> FloatArray:
    """The features in natural units, shape (rows, features), NaN where undefined."""
    return np.stack([np.asarray(table.raw(name)[rows]) for name in features], axis=1)
