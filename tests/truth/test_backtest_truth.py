"""Backtests of shops whose truth is known, because it was made up first.

`TESSERA_TRUTH=full` runs all shops; otherwise a tenth, with bounds widened by what so few shops leave to chance.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pytest

from segmentation.customers import CustomerTable, Outcomes
from segmentation.estimates import Estimate
from segmentation.proof.backtest import Backtest, Scores, backtest, explained_by
from segmentation.proof.time_splits import TimeSplit, TimeSplits

pytestmark = pytest.mark.truth

FULL = os.environ.get("TESSERA_TRUTH") == "full"
SHOPS = 400 if FULL else 20
POPULATION = 100_000 if FULL else 30_000
THEN, WINDOW = date(2025, 1, 1), timedelta(days=90)
AMOUNTS = np.array([20.0, 40.0, 80.0])


@dataclass(frozen=True)
class Kinds:
    """What the kinds of customers of a shop do in a window, whenever it is: the chance to buy, and how much."""

    share: np.ndarray
    chance: np.ndarray
    amounts: np.ndarray

    @classmethod
    def draw(cls, rng: np.random.Generator, kinds: int) -> Kinds:
        share, amounts = rng.dirichlet(np.full(kinds, 5.0)), rng.dirichlet(np.full(3, 2.0), kinds)
        return cls(share, rng.beta(1.5, 2.5, kinds), 0.9 * amounts + 0.1 / 3)

    @property
    def mean(self) -> np.ndarray:
        return self.chance * (self.amounts @ AMOUNTS)

    @property
    def between(self) -> float:
        """The share of the variance of spend that lies between the kinds: what perfect groups explain."""
        everyone = self.share @ self.mean
        whole = self.share @ (self.chance * (self.amounts @ AMOUNTS**2)) - everyone**2
        return float(self.share @ (self.mean - everyone) ** 2 / whole)

    def members(self, rng: np.random.Generator, n: int) -> np.ndarray:
        return rng.choice(len(self.share), n, p=self.share)

    def spend(self, rng: np.random.Generator, kind: np.ndarray) -> np.ndarray:
        drawn = (rng.random(len(kind))[:, None] > np.cumsum(self.amounts, axis=1)[kind, :2]).sum(axis=1)
        return np.where(rng.random(len(kind)) < self.chance[kind], AMOUNTS[drawn], 0.0)


@dataclass(frozen=True)
class Grouped:
    """Groups kept with the table they are of, in the feature that says which window's luck made it."""

    labels: np.ndarray
    segments: tuple[int, ...]

    def assign(self, customers: CustomerTable) -> np.ndarray:
        return customers.raw("breadth").astype(np.intp)


def table(rng: np.random.Generator, kind: np.ndarray, label: np.ndarray, when: date) -> CustomerTable:
    """Customers whose recency, orders and spend hint at their kind; `label` is carried as their breadth."""
    n = len(kind)
    raw = {
        "recency_days": np.floor(rng.gamma(2.0, 10.0 + 15.0 * kind)) + 1,
        "orders": 1.0 + rng.poisson(1.0 + kind),
        "spend": rng.lognormal(3 + 0.2 * kind, 0.6),
        "breadth": label.astype(float),
    }
    return CustomerTable.from_arrays(np.arange(n).astype(str).tolist(), raw, as_of=when, ordered=True)


def window(start: date, spend: np.ndarray) -> Outcomes:
    return Outcomes(start, start + WINDOW, (spend > 0).astype(float), spend, np.full(len(spend), np.nan))


Date = tuple[CustomerTable, Outcomes, np.ndarray]
"""Customers at a date, what they do in the window after it, and what they spent in the one before."""


@dataclass(frozen=True)
class Dates:
    """The tables of one date of a shop and what followed; everyone's group is the true kind or drawn by lot."""

    kinds: Kinds
    lots: int = 0

    def draw(self, rng: np.random.Generator, n: int, when: date) -> Date:
        kind = self.kinds.members(rng, n)
        label = rng.integers(0, self.lots, n) if self.lots else kind
        did, lately = (self.kinds.spend(rng, kind) for _ in range(2))
        return table(rng, kind, label, when), window(when, did), lately


def grouped(groups: int):
    return lambda customers: Grouped(customers.raw("breadth").astype(np.intp), tuple(range(groups)))


def split(then: Date, now: Date) -> TimeSplit:
    return TimeSplit(*then[:2], *now[:2], then[2], now[2])


def proven(then: Date, now: Date, groups: int, *, resamples: int = 400) -> Backtest:
    found = backtest(TimeSplits(90, (split(then, now),)), grouped(groups), seed=1, resamples=resamples)
    assert isinstance(found, Backtest)
    return found


def figures(scores: Scores) -> tuple[Estimate, ...]:
    return tuple(getattr(scores, name) for name in Scores.__slots__)


def assert_covers(hits: list[bool], what: str) -> None:
    # What one shop's intervals hold, they hold together: in a tenth, a shop counts once.
    room = 0.0 if FULL else 2.5 * float(np.sqrt(0.05 * 0.95 / SHOPS))
    assert 0.915 - room <= np.mean(hits) <= 0.98 + room, f"{what}: {np.mean(hits):.3f} of {len(hits)} hold the truth"


def test_intervals_hold_what_the_same_rule_would_score_on_a_whole_population() -> None:
    """Every measure of every method, and how far the segments are ahead of each rival."""
    rng = np.random.default_rng(21)
    hits: dict[str, list[bool]] = {}
    for _ in range(SHOPS):
        shop = Dates(Kinds.draw(rng, 4))
        then = shop.draw(rng, 3_000, THEN)
        seen = proven(then, shop.draw(rng, int(rng.integers(800, 4_000)), THEN + WINDOW), 4)
        truth = proven(then, shop.draw(rng, POPULATION, THEN + WINDOW), 4, resamples=2)
        for method, right in zip(seen.methods, truth.methods, strict=True):
            pairs = [("average", method.average, right.average)]
            if method.ahead is not None and right.ahead is not None:
                pairs.append(("ahead", method.ahead, right.ahead))
            for part, mine, exact in pairs:
                for name, figure, true in zip(Scores.__slots__, figures(mine), figures(exact), strict=True):
                    hits.setdefault(f"{part} {name}", []).append(figure.low <= true.value <= figure.high)
    for what, several in hits.items():
        assert_covers(several, what)


def test_groups_that_are_the_true_kinds_explain_the_variance_that_lies_between_the_kinds() -> None:
    rng = np.random.default_rng(22)
    away = []
    for _ in range(SHOPS):
        shop = Dates(Kinds.draw(rng, 5))
        found = proven(shop.draw(rng, 4_000, THEN), shop.draw(rng, 4_000, THEN + WINDOW), 5, resamples=2)
        away.append(found.method("segments").average.explained_spend.value - shop.kinds.between)
    assert abs(np.mean(away)) < 0.005 + 2 * np.std(away) / np.sqrt(SHOPS)
    assert np.max(np.abs(away)) < 0.06


def test_more_groups_drawn_by_lot_do_not_win() -> None:
    rng = np.random.default_rng(23)
    for groups in (2, 4, 8, 15):
        explained, wins = [], 0
        for _ in range(SHOPS // 4):
            shop = Dates(Kinds.draw(rng, 4), lots=groups)
            found = proven(shop.draw(rng, 2_000, THEN), shop.draw(rng, 2_000, THEN + WINDOW), groups)
            explained.append(found.method("segments").average.explained_spend.value)
            wins += found.winner == "segments"
        assert np.mean(explained) < 0.001
        assert max(explained) < 0.015
        assert wins <= (0.025 if FULL else 0.2) * (SHOPS // 4)  # luck beyond one side of a 95 % interval


def test_splitting_true_kinds_by_lot_gains_nothing_out_of_sample() -> None:
    rng = np.random.default_rng(24)
    gained = []
    for _ in range(SHOPS):
        kinds = Kinds.draw(rng, 3)
        then, now = (Dates(kinds).draw(rng, 2_000, when) for when in (THEN, THEN + WINDOW))
        cut = split(then, now)
        three = [t.raw("breadth").astype(np.intp) for t in (then[0], now[0])]
        fifteen = [3 * rng.integers(0, 5, len(kind)) + kind for kind in three]
        gained.append(explained_by(cut, *fifteen, 15) - explained_by(cut, *three, 3))
    assert np.mean(gained) < 0.0005


def test_where_nothing_can_be_told_no_method_is_called_the_winner_more_often_than_by_luck() -> None:
    rng = np.random.default_rng(25)
    alike = Kinds(np.full(4, 0.25), np.full(4, 0.3), np.full((4, 3), 1 / 3))
    winners = [
        proven(Dates(alike).draw(rng, 1_500, THEN), Dates(alike).draw(rng, 1_500, THEN + WINDOW), 4).winner
        for _ in range(SHOPS)
    ]
    assert np.mean([winner != "level" for winner in winners]) <= (0.10 if FULL else 0.20)


def test_the_winner_named_is_hardly_ever_worse_than_another_method() -> None:
    rng = np.random.default_rng(26)
    named, wrong = 0, 0
    for _ in range(SHOPS):
        shop = Dates(Kinds.draw(rng, 4), lots=int(rng.integers(0, 2)) * 6)
        then = shop.draw(rng, 2_000, THEN)
        groups = shop.lots or 4
        seen = proven(then, shop.draw(rng, 2_000, THEN + WINDOW), groups)
        if seen.winner == "level" or len(seen.leaders) > 1:
            continue
        whole = proven(then, shop.draw(rng, POPULATION, THEN + WINDOW), groups, resamples=2)
        truth = {m.method: m.average.explained_spend.value for m in whole.methods}
        named += 1
        wrong += truth[seen.winner] < max(truth.values())
    assert named > SHOPS / 10
    assert wrong <= (0.05 if FULL else 0.12) * named
