"""Splits in time: what was known at a past date, and what happened after it.

For a split at date c with a window of W days, groups are made from what was known at c - W and their means are learned
on [c - W, c); customers as they stood at c are then predicted, and scored on [c, c + W). Nothing from c on is used
before the scoring. What customers spent in the window before c - W, and in the one before c, is known by then too. The
tables depend on the data alone, not on any segmentation's settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Protocol

from segmentation.customers import CustomerTable, FloatArray, Outcomes, outcomes, prepare
from segmentation.engine.protocol import Engine
from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Unknown
from segmentation.proof.backtest_wording import too_few_customers, too_short
from segmentation.timeline import BACKTEST_WINDOWS, backtest_window, cut_dates
from segmentation.workspace import DatasetVersion, Workspace
from segmentation.workspace.results import ResultFile

MOST_SPLITS = 3
FEWEST_CUSTOMERS = 100
"""Customers a split needs; below that an interval is wider than any difference."""

FEWEST_BUYERS = 20
"""Customers who must have ordered in either window of a split."""

OUTCOMES_LAYOUT = 2
_SHORTEST, _LONGEST = 7, 730


class TableAt(Protocol):
    """Gives the customers at a date, with `like` on the scales of that table."""

    def __call__(self, on: date, /, *, like: CustomerTable | None = None) -> CustomerTable:
        """The customers as they were known at the date."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class TimeSplit:
    """One split of a history: what was known, and what happened after it.

    then: customers one window before the split.
    learned: what they did until it, aligned with them.
    now: customers at the split, scaled like `then`, so that a model of those applies.
    scored: what they did in the window after it, aligned with them.
    lately_then: what the customers of `then` spent in the window before its date, in shop currency, shape (n then,).
    lately_now: what the customers of `now` spent in the window before its date, shape (n now,).
    """

    then: CustomerTable
    learned: Outcomes
    now: CustomerTable
    scored: Outcomes
    lately_then: FloatArray
    lately_now: FloatArray

    @property
    def on(self) -> date:
        """The date that parts what is known from what is predicted."""
        return self.now.as_of

    @property
    def buyers(self) -> int:
        """Customers who ordered in the window that is scored."""
        return int(self.scored.ordered.sum())

    @property
    def is_enough(self) -> bool:
        """Whether there are enough customers and buyers to learn from and to score on."""
        learned = int(self.learned.ordered.sum())
        return self.then.n >= FEWEST_CUSTOMERS and min(learned, self.buyers) >= FEWEST_BUYERS


@dataclass(frozen=True, slots=True, eq=False)
class TimeSplits:
    """The splits a history allows; each customer of a later one may be in an earlier one too.

    window_days: days in a window.
    splits: the newest first.
    """

    window_days: int
    splits: tuple[TimeSplit, ...]


def find_time_splits(
    workspace: Workspace,
    engine: Engine,
    version: DatasetVersion,
    as_of: date,
    *,
    window_days: int | None = None,
    most: int = MOST_SPLITS,
    table: TableAt | None = None,
) -> TimeSplits | Unknown:
    """The newest splits before `as_of`, at most `most`, from disk where they are known; `table` adds scores to them.

    Unknown where the history is too short for one, or too few customers ordered. Raises SettingOutOfRange.
    """
    if window_days is not None and not _SHORTEST <= window_days <= _LONGEST:
        raise SettingOutOfRange("window_days", window_days, low=_SHORTEST, high=_LONGEST)
    if most < 1:
        raise SettingOutOfRange("most", most, low=1, high="any number")
    first = version.manifest.first
    days = window_days or backtest_window(first, as_of)
    dates = () if days is None else cut_dates(first, as_of, days, most)
    if days is None or not dates:
        return Unknown(too_short(first, as_of, window_days or BACKTEST_WINDOWS[-1]))
    at = table or partial(prepare, workspace, engine, version)
    splits = [_split(workspace, engine, version, at, on, days) for on in dates]
    enough = tuple(split for split in splits if split.is_enough)
    return TimeSplits(days, enough) if enough else too_few(splits[0], days)


def too_few(split: TimeSplit, window_days: int) -> Unknown:
    """Why this split cannot be used."""
    learned = int(split.learned.ordered.sum())
    return Unknown(
        too_few_customers(
            split.then.n, learned, split.buyers, split.then.as_of, window_days, need=(FEWEST_CUSTOMERS, FEWEST_BUYERS)
        )
    )


def _split(
    workspace: Workspace, engine: Engine, version: DatasetVersion, at: TableAt, on: date, days: int
) -> TimeSplit:
    then = at(on - timedelta(days=days))
    now = at(on, like=then)
    both = set(then.scores) & set(now.scores)  # what could be worked out at one of the dates alone is no use
    then, now = then.with_only(both), now.with_only(both)
    did = partial(kept_outcomes, workspace, engine, version, days=days)
    before, between = then.as_of - timedelta(days=days), then.as_of
    return TimeSplit(then, did(then), now, did(now), did(then, start=before).revenue, did(now, start=between).revenue)


def kept_outcomes(
    workspace: Workspace,
    engine: Engine,
    version: DatasetVersion,
    customers: CustomerTable,
    *,
    days: int,
    start: date | None = None,
) -> Outcomes:
    """`outcomes`, from disk when they are known, so that a retune does not read order lines again."""
    folder = workspace.cache(version.fingerprint)
    file = ResultFile.of(
        folder, "outcomes", OUTCOMES_LAYOUT, customers.plain, days, *(() if start is None else (start,))
    )
    stored = file.load(Outcomes)
    if stored is not None:
        return stored
    done = outcomes(engine, version, customers, days=days, start=start)
    file.keep(done)
    return done
