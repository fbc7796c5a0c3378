"""The ROI table: what a campaign to each segment is expected to cost and bring, and where the budget goes.

*Chance of a loss* is the chance that the campaign loses money on average over its customers, were as many of them
contacted as one likes: the doubt about rates, values, uplift and the coming window, without the luck of a single run.
The figures of a single run hold that luck too. Intervals hold 95 % of the same draws. `value`s are exact expectations,
so that profit is extra margin less cost in every row and the totals add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from segmentation.assumptions import Assumptions, Margin, ShopAssumptions
from segmentation.campaigns import wording
from segmentation.campaigns.baseline import FloatArray, SegmentHistory
from segmentation.campaigns.behaviour import Behaviour, behaviour
from segmentation.campaigns.budget import fill
from segmentation.campaigns.economics import Draws, PerCustomer, break_even, draw, expected
from segmentation.campaigns.results import Plan, PlanRow, PlanTotal, nothing_chosen, silent_row
from segmentation.campaigns.single import SingleRuns, single_runs
from segmentation.campaigns.windows import STEADY, Between
from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Estimate, Unknown

DRAWS = 2_000
SEED = 20_260_901
SMALLEST_GROUP = 10
MOST_BUDGET = 1e12


def plan(
    names: Sequence[str],
    customers_now: Sequence[int],
    reachable_now: Sequence[int] | None,
    history: Sequence[SegmentHistory] | Unknown,
    assumptions: Assumptions,
    *,
    between: Between = STEADY,
    margin: Margin | None = None,
    budget: float | None = None,
    as_of: date | None = None,
    basis: str | None = None,
    seed: int = SEED,
) -> Plan:
    """The expected result of contacting each segment, and of the best use of the budget.

    `reachable_now` counts customers who may be written to, None where nothing is known of consent (then everyone
    counts); `basis` is the sentence that says why they may, for the notes.
    `history` is what the people who were in each segment when past windows of `assumptions.window_days` began did in
    them, or the reason why nobody can say; `between` is how windows differ (`foresee` gives both). Segments have the
    margin of their own unit costs; where there are none, or another one was stated over them, `margin` counts (default:
    that of `assumptions`). `budget` is in shop currency, discounts included; None for no limit. Raises ValueError where
    the sequences differ in length, SettingOutOfRange for a budget that cannot be.
    """
    if budget is not None and not 0.0 <= budget <= MOST_BUDGET:  # also refuses NaN
        raise SettingOutOfRange("budget", budget, low=0, high=MOST_BUDGET)
    shop_margin = margin or ShopAssumptions(values=assumptions).margin
    if assumptions.margin_over_costs and not isinstance(history, Unknown):
        history = [replace(one, margins=None) for one in history]
    reachable = np.array(customers_now if reachable_now is None else reachable_now, dtype=np.int64)
    described = len(reachable) if isinstance(history, Unknown) else len(history)
    if not len(names) == len(customers_now) == len(reachable) == described:
        raise ValueError("Names, sizes and histories must describe the same segments.")
    own = not isinstance(history, Unknown) and any(one.margins is not None for one in history)
    belief = None if isinstance(history, Unknown) else behaviour(history, shop_margin.share, between)
    if isinstance(history, Unknown) or belief is None:
        reason = history.reason if isinstance(history, Unknown) else wording.NOBODY_ORDERED
        rows, total = _unanswered(names, customers_now, reachable, reason)
    else:
        sums = _Sums.of(belief, assumptions, budget, reachable, np.random.default_rng(seed))
        rows, total = _answered(names, customers_now, history, sums)
    return Plan(
        rows=tuple(rows),
        total=total,
        assumptions=assumptions,
        margin=shop_margin,
        own_margins=own,
        windows=0 if isinstance(history, Unknown) else max(between.windows, 1),
        years=between.years,
        budget=budget,
        assumed=wording.assumed(assumptions, None if own or belief is None else shop_margin),
        notes=wording.notes(
            rows,
            assumptions,
            between,
            as_of=as_of,
            basis=basis or (wording.NO_CONSENT if reachable_now is None else None),
        ),
    )


def _unanswered(
    names: Sequence[str], customers_now: Sequence[int], reachable: NDArray[np.int64], reason: str
) -> tuple[list[PlanRow], PlanTotal]:
    rows = [silent_row(n, c, int(r), reason) for n, c, r in zip(names, customers_now, reachable, strict=True)]
    return rows, nothing_chosen(reason)


def _answered(
    names: Sequence[str], customers_now: Sequence[int], history: Sequence[SegmentHistory], sums: _Sums
) -> tuple[list[PlanRow], PlanTotal]:
    of_each = zip(customers_now, sums.reachable, history, sums.belief.answered, strict=True)
    reasons = [_reason(*of_one) for of_one in of_each]
    chosen = sums.choose(np.array([reason is None for reason in reasons]))
    rows = _rows(names, customers_now, history, sums, reasons, chosen)
    return rows, _total(sums, chosen, round(sum(one.customers for one in history)))


@dataclass(frozen=True, slots=True)
class _Sums:
    """Expectations and draws per customer, with what the segments share."""

    assumptions: Assumptions
    budget: float | None
    reachable: NDArray[np.int64]
    belief: Behaviour
    mean: PerCustomer
    draws: Draws
    rng: np.random.Generator

    @classmethod
    def of(
        cls,
        belief: Behaviour,
        assumptions: Assumptions,
        budget: float | None,
        reachable: NDArray[np.int64],
        rng: np.random.Generator,
    ) -> _Sums:
        mean, draws = expected(belief, assumptions), draw(belief, assumptions, DRAWS, rng)
        return cls(assumptions, budget, reachable, belief, mean, draws, rng)

    def once(self, customers: NDArray[np.int64]) -> SingleRuns:
        """One campaign to so many customers of each segment, for each of the draws."""
        return single_runs(self.belief, self.draws, self.assumptions, customers, self.rng)

    def choose(self, answered: NDArray[np.bool_]) -> NDArray[np.int64]:
        profit = np.where(answered, self.mean.profit, np.nan)
        return fill(self.reachable, profit, self.mean.cost, self.assumptions.fixed_cost, self.budget)


def _rows(
    names: Sequence[str],
    customers_now: Sequence[int],
    history: Sequence[SegmentHistory],
    sums: _Sums,
    reasons: Sequence[str | None],
    chosen: NDArray[np.int64],
) -> list[PlanRow]:
    people, fixed, cost = sums.reachable, sums.assumptions.fixed_cost, sums.mean.cost
    figures, loss = _figures(sums, [round(h.customers) for h in history])
    single, lost = _single(sums, figures)
    even = break_even(sums.mean, people, fixed)
    rows = []
    for i, reason in enumerate(reasons):
        if reason is not None:
            rows.append(silent_row(names[i], customers_now[i], int(people[i]), reason))
            continue
        rate, per_buyer, value, margin_rate, orders, margin, paid, profit, roi = figures[i]
        rows.append(
            PlanRow(
                name=names[i],
                customers=customers_now[i],
                reachable=int(people[i]),
                baseline_rate=rate,
                orders_per_buyer=per_buyer,
                order_value=value,
                margin_rate=margin_rate,
                incremental_orders=orders,
                incremental_margin=margin,
                cost=paid,
                profit=profit,
                roi=roi if paid.value > 0 else Unknown(wording.NOTHING_SPENT),
                break_even_uplift=float(even[i]) if np.isfinite(even[i]) else Unknown(wording.OFFER_EATS_MARGIN),
                chance_of_loss=float(loss[i]),
                chosen=int(chosen[i]),
                spent=float(chosen[i] * cost[i] + fixed) if chosen[i] else 0.0,
                single_rate=single[i][0],
                single_orders=single[i][1],
                single_profit=single[i][2],
                single_roi=single[i][3] if paid.value > 0 else Unknown(wording.NOTHING_SPENT),
                single_chance_of_loss=float(lost[i]),
                between_windows=float(sums.belief.rate_between[i]),
            )
        )
    return rows


def _figures(sums: _Sums, n: Sequence[int]) -> tuple[list[list[Estimate]], FloatArray]:
    """The nine estimates of each row, in the order of `PlanRow`, and each row's chance of a loss."""
    belief, mean, draws, people = sums.belief, sums.mean, sums.draws, sums.reachable
    money, contacted, fixed = sums.draws.money, sums.reachable[:, None], sums.assumptions.fixed_cost
    cost, margin = money.cost * contacted + fixed, money.extra_margin * contacted
    profit = margin - cost
    mean_cost, mean_profit = mean.cost * people + fixed, mean.profit * people - fixed
    pairs = (
        (belief.rate_hits / (belief.rate_hits + belief.rate_misses), draws.rate),
        (belief.orders_per_buyer.mean, draws.orders_per_buyer),
        (belief.order_value.mean, draws.order_value),
        (belief.margin_rate.mean, draws.margin_rate),
        (mean.extra_orders * people, money.extra_orders * contacted),
        (mean.extra_margin * people, margin),
        (mean_cost, cost),
        (mean_profit, profit),
        (_per_spent(mean_profit, mean_cost), _per_spent(profit, cost)),
    )
    low, high = _interval(np.stack([drawn for _, drawn in pairs]))
    figures = [
        [_estimate(value[i], low[k, i], high[k, i], n[i]) for k, (value, _) in enumerate(pairs)] for i in range(len(n))
    ]
    return figures, (profit < 0).mean(axis=1)


def _single(sums: _Sums, figures: Sequence[Sequence[Estimate]]) -> tuple[list[list[Estimate]], FloatArray]:
    """Order rate, extra orders, profit and ROI of one campaign for each row, and its chance of a loss."""
    runs = sums.once(sums.reachable)
    cost = runs.cost + sums.assumptions.fixed_cost
    profit = runs.extra_margin - cost
    low, high = _interval(np.stack([runs.rate, runs.extra_orders, profit, _per_spent(profit, cost)]))
    means = [(of_one[0], of_one[4], of_one[7], of_one[8]) for of_one in figures]
    single = [
        [_estimate(mean.value, low[k, i], high[k, i], mean.n) for k, mean in enumerate(of_one)]
        for i, of_one in enumerate(means)
    ]
    return single, (profit < 0).mean(axis=1)


def _total(sums: _Sums, chosen: NDArray[np.int64], n: int) -> PlanTotal:
    taken = np.flatnonzero(chosen)
    if not len(taken):
        return nothing_chosen(wording.NOTHING_EARNS)
    people, mean, money = chosen[taken], sums.mean, sums.draws.money
    fixed = sums.assumptions.fixed_cost * len(taken)
    orders, margin = people @ money.extra_orders[taken], people @ money.extra_margin[taken]
    cost = people @ money.cost[taken] + fixed
    spent = float(people @ mean.cost[taken] + fixed)
    profit = float(people @ mean.profit[taken] - fixed)
    runs = sums.once(chosen)
    once_cost = runs.cost[taken].sum(axis=0) + fixed
    once = runs.extra_margin[taken].sum(axis=0) - once_cost
    stack = np.stack(
        [
            *(orders, margin, margin - cost, _per_spent(margin - cost, cost)),
            *(runs.extra_orders[taken].sum(axis=0), once, _per_spent(once, once_cost)),
        ]
    )
    low, high = _interval(stack)
    values = (
        float(people @ mean.extra_orders[taken]),
        float(people @ mean.extra_margin[taken]),
        profit,
        profit / spent if spent else 0.0,
    )
    figures = [_estimate(v, low[k], high[k], n) for k, v in enumerate((*values, values[0], *values[2:]))]
    return PlanTotal(
        segments=len(taken),
        chosen=int(chosen.sum()),
        spent=spent,
        incremental_orders=figures[0],
        incremental_margin=figures[1],
        profit=figures[2],
        roi=figures[3] if spent > 0 else Unknown(wording.NOTHING_SPENT),
        chance_of_loss=float((margin < cost).mean()),
        single_orders=figures[4],
        single_profit=figures[5],
        single_roi=figures[6] if spent > 0 else Unknown(wording.NOTHING_SPENT),
        single_chance_of_loss=float((once < 0).mean()),
    )


def _reason(customers: int, reachable: np.int64, history: SegmentHistory, answered: np.bool_) -> str | None:
    """Why a segment has no result, or None where it has one."""
    if customers < SMALLEST_GROUP:
        return wording.too_few(customers)
    if reachable == 0:
        return wording.NOBODY_REACHABLE
    if history.customers == 0:
        return wording.NOBODY_THEN
    if history.customers < SMALLEST_GROUP:
        return wording.too_few_then(round(history.customers))
    return None if answered else wording.ALL_REFUNDED


def _per_spent(profit: FloatArray, cost: FloatArray) -> FloatArray:
    return np.divide(profit, cost, out=np.zeros_like(cost), where=cost > 0)


def _interval(draws: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The 2.5 and 97.5 % points along the last axis. Sorting is quicker than np.quantile here."""
    ordered = np.sort(draws, axis=-1)
    cut = int(0.025 * draws.shape[-1])
    return ordered[..., cut], ordered[..., -cut - 1]


def _estimate(value: float, low: float, high: float, n: int) -> Estimate:
    value = float(value)
    return Estimate(value, min(float(low), value), max(float(high), value), n)
