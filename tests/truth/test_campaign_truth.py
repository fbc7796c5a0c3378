"""Campaign plans against shops whose truth is known, because it was made up first.

`TESSERA_TRUTH=full` runs all shops; otherwise a tenth, with bounds widened by what so few shops leave to chance.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np
import pytest

from segmentation.assumptions import Assumptions
from segmentation.campaigns import Plan, PlanRow, SegmentHistory, history, plan
from segmentation.campaigns.budget import fill
from segmentation.campaigns.economics import draw_uplift
from segmentation.estimates import Estimate, Unknown

pytestmark = pytest.mark.truth

FULL = os.environ.get("TESSERA_TRUTH") == "full"
SHOPS = 1_000 if FULL else 100
SEGMENTS = 6
CONTACTED = 1_000


@dataclass(frozen=True)
class Window:
    ordered: np.ndarray
    orders: np.ndarray
    revenue: np.ndarray
    margin: np.ndarray


@dataclass(frozen=True)
class Shop:
    """A shop's truth per segment (arrays) and the one window that was seen of it."""

    rate: np.ndarray
    orders_per_buyer: np.ndarray
    order_value: np.ndarray
    margin_rate: np.ndarray
    seen: tuple[SegmentHistory, ...]

    def profit(self, assumptions: Assumptions, uplift: float) -> np.ndarray:
        """True expected profit of contacting `CONTACTED` customers of each segment."""
        return self.margin(uplift) - self.cost(assumptions, uplift)

    def margin(self, uplift: float) -> np.ndarray:
        return CONTACTED * self.rate * self.orders_per_buyer * self.order_value * self.margin_rate * uplift

    def cost(self, assumptions: Assumptions, uplift: float) -> np.ndarray:
        orders = self.rate * self.orders_per_buyer * (1 + uplift)
        discount = self.order_value * assumptions.percent_off + assumptions.amount_off
        return CONTACTED * (orders * discount + assumptions.contact_cost) + assumptions.fixed_cost


def open_shop(rng: np.random.Generator, smallest: int, largest: int) -> Shop:
    """Segments differ in everything; buyers place 1 + Poisson orders of gamma values with a margin of their own."""
    rate = rng.beta(1.2, 3.0, SEGMENTS).clip(0.02, 0.95)
    per_buyer = 1 + rng.gamma(1.0, 1.0, SEGMENTS)
    value = 45 * np.exp(rng.normal(0, 0.5, SEGMENTS))
    margin_rate = rng.normal(0.4, 0.06, SEGMENTS)
    people = rng.integers(smallest, largest, SEGMENTS)
    labels = np.repeat(np.arange(SEGMENTS, dtype=np.uint8), people)
    ordered = rng.random(len(labels)) < rate[labels]
    orders = np.where(ordered, 1 + rng.poisson(per_buyer[labels] - 1), 0).astype(float)
    revenue = np.where(ordered, rng.gamma(2.0 * np.maximum(orders, 1), value[labels] / 2.0), 0.0)
    margin = revenue * (margin_rate[labels] + rng.normal(0, 0.12, len(labels)))
    seen = history(labels, Window(ordered, orders, revenue, margin), SEGMENTS)
    return Shop(rate, per_buyer, value, margin_rate, seen)


def shops(seed: int, smallest: int = 150, largest: int = 3_000, *, number: int = SHOPS) -> Iterator[Shop]:
    rng = np.random.default_rng(seed)
    for _ in range(number):
        yield open_shop(rng, smallest, largest)


def planned(shop: Shop, assumptions: Assumptions, seed: int = 1) -> Plan:
    names = [f"segment {i}" for i in range(SEGMENTS)]
    return plan(names, [CONTACTED] * SEGMENTS, None, shop.seen, assumptions, seed=seed)


def holds(figure: Estimate | Unknown | float, truth: float) -> bool:
    assert isinstance(figure, Estimate), figure
    return figure.low <= truth <= figure.high


def assert_covers(hits: list[bool], low: float = 0.92, high: float = 0.98) -> None:
    room = 0.0 if FULL else 2.0 * float(np.sqrt(0.05 * 0.95 / len(hits)))
    assert low - room <= np.mean(hits) <= high + room, f"{np.mean(hits):.3f} of {len(hits)} intervals hold the truth"


KNOWN = Assumptions(
    uplift_low=0.08, uplift_mid=0.08, uplift_high=0.08, offer_kind="percent", offer_value=0.02, contact_cost=0.30,
    fixed_cost=25.0,
)  # fmt: skip
BET = replace(KNOWN, uplift_low=0.01, uplift_mid=0.06, uplift_high=0.20)


@pytest.mark.parametrize(("smallest", "largest"), [(150, 3_000), (30, 150)], ids=["usual", "small"])
@pytest.mark.parametrize("figure", ["rate", "orders_per_buyer", "order_value", "margin_rate"])
def test_measured_averages_hold_the_truth_as_often_as_they_say(figure: str, smallest: int, largest: int) -> None:
    field = "baseline_rate" if figure == "rate" else figure
    hits = [
        holds(getattr(row, field), truth)
        for shop in shops(11, smallest, largest)
        for row, truth in zip(planned(shop, KNOWN).rows, getattr(shop, figure), strict=True)
    ]
    assert_covers(hits)


@pytest.mark.parametrize(("smallest", "largest"), [(150, 3_000), (30, 150)], ids=["usual", "small"])
def test_with_a_known_uplift_margin_cost_profit_and_roi_hold_the_truth(smallest: int, largest: int) -> None:
    hits: dict[str, list[bool]] = {"orders": [], "margin": [], "cost": [], "profit": [], "roi": []}
    for shop in shops(12, smallest, largest):
        margin, cost = shop.margin(0.08), shop.cost(KNOWN, 0.08)
        for i, row in enumerate(planned(shop, KNOWN).rows):
            orders = CONTACTED * shop.rate[i] * shop.orders_per_buyer[i] * 0.08
            hits["orders"].append(holds(row.incremental_orders, orders))
            hits["margin"].append(holds(row.incremental_margin, margin[i]))
            hits["cost"].append(holds(row.cost, cost[i]))
            hits["profit"].append(holds(row.profit, margin[i] - cost[i]))
            hits["roi"].append(holds(row.roi, (margin[i] - cost[i]) / cost[i]))
    for several in hits.values():
        assert_covers(several)


def test_with_an_uplift_from_the_bet_the_total_profit_holds_the_truth() -> None:
    rng, hits = np.random.default_rng(3), []
    for shop in shops(13):
        uplift = float(draw_uplift(BET, 1, rng)[0])
        result = planned(shop, BET)
        chosen = np.array([row.chosen for row in result.rows]) / CONTACTED
        if chosen.any():
            hits.append(holds(result.total.profit, float(chosen @ shop.profit(BET, uplift))))
    assert_covers(hits)


def test_where_the_chance_of_a_loss_is_a_third_a_third_of_the_campaigns_lose() -> None:
    rng, said, lost = np.random.default_rng(4), [], []
    for shop in shops(14):
        uplift = float(draw_uplift(BET, 1, rng)[0])
        for row, profit in zip(planned(shop, BET).rows, shop.profit(BET, uplift), strict=True):
            assert isinstance(row.chance_of_loss, float)
            said.append(row.chance_of_loss)
            lost.append(profit < 0)
    chance, outcome = np.array(said), np.array(lost)
    for low, high in ((0.0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        inside = (chance >= low) & (chance < high)
        if inside.sum() < 30:
            continue
        # One uplift is drawn per shop, so a shop's segments lose together: a shop counts once.
        room = 2.5 * np.sqrt(0.25 * SEGMENTS / inside.sum())
        assert abs(outcome[inside].mean() - chance[inside].mean()) < max(min(room, 0.25), 0.03)


def test_a_campaign_that_lifts_nothing_is_never_called_profitable() -> None:
    nothing = replace(KNOWN, uplift_low=0.0, uplift_mid=0.0, uplift_high=0.0)
    for shop in shops(15):
        result = planned(shop, nothing)
        assert result.total.chosen == 0
        for row in result.rows:
            assert isinstance(row.profit, Estimate)
            assert row.profit.high < 0
            assert row.chance_of_loss == 1.0


def profit_at(shop: Shop, assumptions: Assumptions, uplift: float) -> list[float]:
    certain = replace(assumptions, uplift_low=uplift, uplift_mid=uplift, uplift_high=uplift)
    rows: tuple[PlanRow, ...] = planned(shop, certain).rows
    return [row.profit.value for row in rows if isinstance(row.profit, Estimate)]


def test_the_break_even_uplift_is_the_root_found_by_halving() -> None:
    offers = (replace(KNOWN, offer_kind="amount", offer_value=2.5), KNOWN, replace(KNOWN, offer_kind="none"))
    for shop, offer in zip(shops(16, number=3), offers, strict=True):
        for i, row in enumerate(planned(shop, offer).rows):
            if isinstance(row.break_even_uplift, Unknown) or row.break_even_uplift > 5:
                continue
            low, high = 0.0, 5.0
            for _ in range(40):
                middle = (low + high) / 2
                low, high = (middle, high) if profit_at(shop, offer, middle)[i] < 0 else (low, middle)
            assert row.break_even_uplift == pytest.approx((low + high) / 2, rel=1e-6)


def best_by_trying(reachable: np.ndarray, profit: np.ndarray, cost: np.ndarray, budget: float) -> float:
    """The highest profit over all orders in which segments can be filled, with parts of customers allowed."""
    best = 0.0
    for order in permutations(range(len(reachable))):
        left, earned = budget, 0.0
        for i in order:
            if profit[i] > 0:
                customers = min(reachable[i], left / cost[i])
                left -= customers * cost[i]
                earned += customers * profit[i]
        best = max(best, earned)
    return best


def test_the_budget_is_used_as_well_as_trying_every_order_would() -> None:
    rng = np.random.default_rng(17)
    for _ in range(2_000 if FULL else 200):
        size = int(rng.integers(1, 6))
        reachable = rng.integers(0, 400, size)
        profit, cost = rng.normal(0.5, 1.0, size), rng.uniform(0.05, 3.0, size)
        budget = float(rng.uniform(0, 600))
        chosen = fill(reachable, profit, cost, 0.0, budget)
        best = best_by_trying(reachable, profit, cost, budget)
        assert chosen @ cost <= budget + 1e-6
        part = max(float(np.max(profit)), 0.0)  # only whole customers can be contacted
        assert best - part - 1e-6 <= chosen @ profit <= best + 1e-6
