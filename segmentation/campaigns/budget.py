"""Where a budget goes: to the segment that earns most for each unit of money spent, then to the next."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentation.campaigns.baseline import FloatArray


def fill(
    reachable: NDArray[np.int64],
    profit_each: FloatArray,
    cost_each: FloatArray,
    fixed_cost: float,
    budget: float | None,
) -> NDArray[np.int64]:
    """How many customers of each segment to contact, shape (segments,).

    `profit_each` and `cost_each` are expected money per customer contacted, `profit_each` after `cost_each` but before
    `fixed_cost`, which each contacted segment pays once. Segments are taken by expected profit per money spent;
    one that is not expected to earn its cost is left out (NaN profit too), and the last one is filled as far as the
    money goes. Without a budget every profitable segment is contacted in full. For `fixed_cost` 0 this is the best
    possible use of the budget (the fractional knapsack), up to the part of a customer that cannot be contacted.
    """
    chosen = np.zeros(len(reachable), dtype=np.int64)
    left = np.inf if budget is None else budget
    for i in _best_first(reachable, profit_each, cost_each, fixed_cost):
        room = left - fixed_cost
        if room < 0:
            continue
        affordable = room / cost_each[i] if cost_each[i] > 0 else np.inf
        customers = (
            int(min(reachable[i], np.floor(affordable + 1e-9))) if np.isfinite(affordable) else int(reachable[i])
        )
        if customers * profit_each[i] - fixed_cost <= 0:
            continue
        chosen[i] = customers
        left -= customers * cost_each[i] + fixed_cost
        if customers < reachable[i]:
            break
    return chosen


def _best_first(
    reachable: NDArray[np.int64], profit_each: FloatArray, cost_each: FloatArray, fixed_cost: float
) -> list[int]:
    profit = reachable * profit_each - fixed_cost
    cost = reachable * cost_each + fixed_cost
    earning = [int(i) for i in np.flatnonzero(np.nan_to_num(profit, nan=-1.0) > 0)]
    rate = {i: profit[i] / cost[i] if cost[i] > 0 else np.inf for i in earning}
    return sorted(earning, key=lambda i: (-rate[i], i))
