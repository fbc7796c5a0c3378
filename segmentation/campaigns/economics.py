"""A campaign's money per customer contacted: what is expected, in closed form, and what it might be, as draws.

With order rate p, orders per buyer m, order value v, margin rate r and uplift u, a customer left alone places p·m
orders and brings margin p·m·v·r. Contacted, the customer places (1 + u) times as many orders at the same value:

    extra margin = p·m·v·r·u
    cost         = (1 + u)·discounts + contact cost        (plus the fixed cost once per segment)
    discounts    = p·m·v·percent  or  p·m·amount           on every order in the window, also those that would have come
    profit       = extra margin - cost

The break-even uplift is the u at which the expected profit is zero:
u* = (discounts + contact cost + fixed cost / customers) / (margin - discounts), margin and discounts per customer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentation.assumptions import Assumptions
from segmentation.campaigns.baseline import FloatArray
from segmentation.campaigns.behaviour import Average, Behaviour


@dataclass(frozen=True, slots=True)
class PerCustomer:
    """Money in shop currency and orders per customer contacted, before the uplift is applied.

    Arrays are (segments,) for expectations and (segments, draws) for draws.

    orders: orders in the window.
    margin: margin of these orders.
    discounts: discounts on these orders.
    uplift: by what fraction the campaign raises orders, a scalar or (draws,).
    contact_cost: what contacting one customer costs.
    """

    orders: FloatArray
    margin: FloatArray
    discounts: FloatArray
    uplift: FloatArray
    contact_cost: float

    @property
    def extra_orders(self) -> FloatArray:
        """Orders that would not have been placed without the campaign."""
        return self.orders * self.uplift

    @property
    def extra_margin(self) -> FloatArray:
        """Margin of the extra orders before discounts and contact."""
        return self.margin * self.uplift

    @property
    def cost(self) -> FloatArray:
        """Discounts on all orders in the window and the contact itself."""
        return self.discounts * (1.0 + self.uplift) + self.contact_cost

    @property
    def profit(self) -> FloatArray:
        """Extra margin less cost, before the fixed cost."""
        return self.extra_margin - self.cost


@dataclass(frozen=True, slots=True)
class Draws:
    """Draws of what is believed, shape (segments, draws).

    rate: share (0..1) of customers who order.
    orders_per_buyer: orders of those who do.
    order_value: shop currency per order.
    margin_rate: margin as a fraction of revenue.
    money: what follows from them.
    """

    rate: FloatArray
    orders_per_buyer: FloatArray
    order_value: FloatArray
    margin_rate: FloatArray
    money: PerCustomer


def expected(belief: Behaviour, assumptions: Assumptions) -> PerCustomer:
    """Expectations per customer contacted, shape (segments,), exact under the beliefs."""
    rate = belief.rate_hits / (belief.rate_hits + belief.rate_misses)
    shared = belief.correlation * belief.orders_per_buyer.deviation * belief.order_value.deviation
    orders = rate * belief.orders_per_buyer.mean
    revenue = orders * belief.order_value.mean * np.exp(shared)
    return PerCustomer(
        orders=orders,
        margin=revenue * belief.margin_rate.mean,
        discounts=revenue * assumptions.percent_off + orders * assumptions.amount_off,
        uplift=np.array(assumptions.expected_uplift),
        contact_cost=assumptions.contact_cost,
    )


def draw(belief: Behaviour, assumptions: Assumptions, size: int, rng: np.random.Generator) -> Draws:
    """`size` joint draws for every segment. One uplift is drawn for all segments at once.

    A campaign that was judged too kindly is too kind everywhere, so errors of the uplift do not average out in the
    totals, while errors of the measured averages do. What makes a window unusual is the same for all segments: that
    share of the doubt about order rates is drawn once for all of them.
    """
    shape = (len(belief.rate_hits), size)
    rate = rng.beta(belief.rate_hits[:, None], belief.rate_misses[:, None], shape)
    if belief.rate_between.any():
        rate = _together(rate, belief.rate_between, rng)
    first, second, third = rng.standard_normal((3, *shape))
    tie = belief.correlation[:, None]
    per_buyer = _log_normal(belief.orders_per_buyer, first)
    value = _log_normal(belief.order_value, tie * first + np.sqrt(1.0 - tie**2) * second)
    margin_rate = belief.margin_rate.mean[:, None] + belief.margin_rate.deviation[:, None] * third
    orders = rate * per_buyer
    revenue = orders * value
    money = PerCustomer(
        orders=orders,
        margin=revenue * margin_rate,
        discounts=revenue * assumptions.percent_off + orders * assumptions.amount_off,
        uplift=draw_uplift(assumptions, size, rng),
        contact_cost=assumptions.contact_cost,
    )
    return Draws(rate, per_buyer, value, margin_rate, money)


def _together(drawn: FloatArray, shared: FloatArray, rng: np.random.Generator) -> FloatArray:
    """The same draws of each segment in an order in which `shared` of their variance is common to all segments.

    Source: Iman & Conover (1982), "A distribution-free approach to inducing rank correlation among input variables".
    """
    common, own = rng.standard_normal(drawn.shape[1]), rng.standard_normal(drawn.shape)
    rank = np.argsort(np.argsort(np.sqrt(shared)[:, None] * common + np.sqrt(1.0 - shared)[:, None] * own, axis=1))
    return np.take_along_axis(np.sort(drawn, axis=1), rank, axis=1)


def draw_uplift(assumptions: Assumptions, size: int, rng: np.random.Generator) -> FloatArray:
    """Uplifts from the PERT distribution through low, mid and high, shape (size,).

    Source: Malcolm, Roseboom, Clark & Fazar (1959), "Application of a Technique for R&D Program Evaluation".
    """
    low, mid, high = assumptions.uplift_low, assumptions.uplift_mid, assumptions.uplift_high
    if high == low:
        return np.full(size, mid)
    rise = 4.0 * (mid - low) / (high - low)
    uplift: FloatArray = rng.beta(1.0 + rise, 5.0 - rise, size) * (high - low) + low
    return uplift


def break_even(money: PerCustomer, customers: NDArray[np.int64], fixed_cost: float) -> FloatArray:
    """The uplift at which each segment's expected profit is zero, shape (segments,).

    `money` is from `expected`. NaN where no uplift can pay: no customers, or discounts that eat the whole margin.
    """
    left = money.margin - money.discounts
    needed = money.discounts + money.contact_cost + fixed_cost / np.maximum(customers, 1)
    uplift: FloatArray = np.full(len(left), np.nan)
    np.divide(needed, left, out=uplift, where=(left > 0) & (customers > 0))
    return uplift


def _log_normal(average: Average, noise: FloatArray) -> FloatArray:
    """Log-normal draws whose mean is the average itself, whatever its doubt."""
    deviation = average.deviation[:, None]
    drawn: FloatArray = np.exp(deviation * noise - deviation**2 / 2.0) * average.mean[:, None]
    return drawn
