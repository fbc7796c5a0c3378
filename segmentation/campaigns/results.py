"""The shape of a plan: a row per segment, a total, and what to know when reading them."""

from __future__ import annotations

from dataclasses import dataclass

from segmentation.assumptions import Assumptions, Margin
from segmentation.estimates import Estimate, Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One segment's campaign, if all its reachable customers were contacted; money in shop currency.

    Intervals are 95 %, and `Estimate.n` counts the customers the baseline rests on, those of older windows in part.
    Figures are expected ones, with how far the coming window may differ from the past ones; `single_` ones are the
    same with the luck of the customers of one campaign.

    name: the segment's name.
    customers: everyone in it.
    reachable: those who may be written to.
    baseline_rate: share (0..1) of customers who order in a window without the campaign.
    orders_per_buyer: orders of those who do.
    order_value: money per order.
    margin_rate: margin as a fraction of order value.
    incremental_orders: orders that would not be placed without the campaign.
    incremental_margin: margin of these orders before costs.
    cost: discounts, contact and fixed cost.
    profit: margin less cost.
    roi: profit per money spent (0.5 is 50 %).
    break_even_uplift: the uplift, a fraction, at which the profit is 0.
    chance_of_loss: probability (0..1) that the campaign loses money.
    chosen: customers contacted within the budget.
    spent: expected cost of contacting them.
    single_rate: share (0..1) of the reachable customers who order in one window without the campaign.
    single_orders, single_profit, single_roi: what one campaign may bring.
    single_chance_of_loss: probability (0..1) that one campaign loses money.
    between_windows: share (0..1) of the doubt about the order rate that is how windows differ; the rest is that the
        segment is counted in customers.
    """

    name: str
    customers: int
    reachable: int
    baseline_rate: Estimate | Unknown
    orders_per_buyer: Estimate | Unknown
    order_value: Estimate | Unknown
    margin_rate: Estimate | Unknown
    incremental_orders: Estimate | Unknown
    incremental_margin: Estimate | Unknown
    cost: Estimate | Unknown
    profit: Estimate | Unknown
    roi: Estimate | Unknown
    break_even_uplift: float | Unknown
    chance_of_loss: float | Unknown
    chosen: int
    spent: float
    single_rate: Estimate | Unknown
    single_orders: Estimate | Unknown
    single_profit: Estimate | Unknown
    single_roi: Estimate | Unknown
    single_chance_of_loss: float | Unknown
    between_windows: float | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTotal:
    """The campaign as chosen: sums over the contacted customers of all segments, units as in `PlanRow`.

    segments: segments of which somebody is contacted.
    chosen: customers contacted.
    spent: expected cost of contacting them.
    incremental_orders: orders that would not be placed without the campaign.
    incremental_margin: margin of these orders before costs.
    profit: margin less cost.
    roi: profit per money spent.
    chance_of_loss: probability (0..1) that the campaign as a whole loses money.
    single_orders, single_profit, single_roi, single_chance_of_loss: as in `PlanRow`, of the campaign as a whole.
    """

    segments: int
    chosen: int
    spent: float
    incremental_orders: Estimate | Unknown
    incremental_margin: Estimate | Unknown
    profit: Estimate | Unknown
    roi: Estimate | Unknown
    chance_of_loss: float | Unknown
    single_orders: Estimate | Unknown
    single_profit: Estimate | Unknown
    single_roi: Estimate | Unknown
    single_chance_of_loss: float | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The ROI table.

    rows, total: each segment's campaign, and the campaign as chosen.
    assumptions: what it was planned under.
    margin: the margin of the shop.
    own_margins: whether each segment's margin is from the unit costs of what its own buyers ordered.
    windows, years: past windows the baseline rests on, and earlier years whose same days are known.
    budget: the most the campaign may cost in shop currency, discounts included; None for no limit.
    assumed: what nobody measured, in sentences.
    notes: what to keep in mind when reading it.
    """

    rows: tuple[PlanRow, ...]
    total: PlanTotal
    assumptions: Assumptions
    margin: Margin
    own_margins: bool
    windows: int
    years: int
    budget: float | None
    assumed: tuple[str, ...]
    notes: tuple[str, ...]


def silent_row(name: str, customers: int, reachable: int, reason: str) -> PlanRow:
    """A segment without a result: its size, and `reason` in place of every figure."""
    no = Unknown(reason)
    return PlanRow(
        name=name,
        customers=customers,
        reachable=reachable,
        baseline_rate=no,
        orders_per_buyer=no,
        order_value=no,
        margin_rate=no,
        incremental_orders=no,
        incremental_margin=no,
        cost=no,
        profit=no,
        roi=no,
        break_even_uplift=no,
        chance_of_loss=no,
        chosen=0,
        spent=0.0,
        single_rate=no,
        single_orders=no,
        single_profit=no,
        single_roi=no,
        single_chance_of_loss=no,
        between_windows=no,
    )


def nothing_chosen(reason: str) -> PlanTotal:
    """A campaign that contacts nobody, and why."""
    no = Unknown(reason)
    return PlanTotal(
        segments=0,
        chosen=0,
        spent=0.0,
        incremental_orders=no,
        incremental_margin=no,
        profit=no,
        roi=no,
        chance_of_loss=no,
        single_orders=no,
        single_profit=no,
        single_roi=no,
        single_chance_of_loss=no,
    )
