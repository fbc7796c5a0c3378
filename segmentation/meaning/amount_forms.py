"""How amounts are told by their products: of a piece or of a line, under which discount, with how much tax."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from segmentation.meaning.arithmetic import CENT, HOLDS, LEAST_ROWS, Codes, Form, Numbers

CostForm = Literal["piece", "line"]


def tax_rate(net: Numbers, gross: Numbers, slack: float = 0.0) -> tuple[int, int] | None:
    """Rows on which gross = net × (1 + one of a few usual rates), and the rows judged; None where that is no rule.
    Sums of rounded amounts may have some `slack`."""
    usable = ~np.isnan(net) & ~np.isnan(gross) & (np.abs(net) > 0.5) & (np.abs(gross - net) > 0.005)
    count = int(usable.sum())
    if count < LEAST_ROWS:
        return None
    base, rest = net[usable], (gross - net)[usable]
    rates = np.round(rest / base * 200) / 200
    explained = np.zeros(count, bool)
    usual = [rate for rate in np.unique(rates) if 0.01 <= rate <= 0.3]
    usual.sort(key=lambda rate: -int((rates == rate).sum()))
    for rate in usual[:4]:
        explained |= np.abs(rest - base * rate) <= CENT + slack + (0.51 if np.all(base == np.round(base)) else 0)
    held = int(explained.sum())
    return (held, count) if held >= HOLDS * count else None


def is_tax(net: Numbers, gross: Numbers) -> bool:
    """Whether what two amounts differ by is tax: a few usual rates of the one without it, and not of the one with it,
    as a commission would be."""
    return tax_rate(net, gross) is not None and tax_rate(gross, 2 * gross - net) is None


def hundredfold(cents: Numbers, units: Numbers) -> bool:
    """Whether one column says the other in hundredths."""
    usable = ~np.isnan(cents) & ~np.isnan(units) & (units != 0)
    same = np.abs(cents - 100 * units)[usable] <= 0.51
    return len(same) >= LEAST_ROWS and float(same.mean()) >= HOLDS


def cost_form(cost: Numbers, quantity: Numbers, amount: Numbers, products: Codes | None) -> CostForm | None:
    """Whether a cost is that of one piece or of the line: by what stays the same for a product that is bought one and
    several at a time, else by which of the two can be a cost at all. None where the rows leave it open."""
    by_product = None if products is None else grain_by_product(cost, quantity, products)
    if by_product is not None:
        return by_product
    usable = ~np.isnan(cost) & ~np.isnan(quantity) & (quantity > 0) & (cost != 0)
    several = usable & (quantity > 1) & ~np.isnan(amount)
    if several.sum() < LEAST_ROWS:
        return None
    line = np.abs(cost[several]) <= 1.001 * np.abs(amount[several])
    piece = np.abs(cost * quantity)[several] <= 1.001 * np.abs(amount[several])
    return "line" if line.mean() >= 0.9 and piece.mean() < 0.5 else None


def grain_by_product(values: Numbers, quantity: Numbers, products: Codes) -> CostForm | None:
    """Whether amounts are those of one piece or of the line: one of the two stays the same for a product that is bought
    in different quantities. None where neither does, or both."""
    usable = ~np.isnan(values) & ~np.isnan(quantity) & (quantity > 0) & (values != 0) & (products >= 0)
    if not usable.any():
        return None
    votes = {form: _steady(each, quantity, products, usable) for form, each in _costs(values, quantity).items()}
    judged = votes["piece"][1]
    fitting: list[CostForm] = [
        form for form, (held, _) in votes.items() if judged >= LEAST_ROWS and held >= 0.9 * judged
    ]
    return fitting[0] if len(fitting) == 1 else None


def _costs(cost: Numbers, quantity: Numbers) -> dict[CostForm, Numbers]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return {"piece": cost, "line": cost / quantity}


def _steady(values: Numbers, quantity: Numbers, groups: Codes, usable: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """Of the products bought in different quantities those whose value stays the same to 2 %, and all of them."""
    held = judged = 0
    order = np.argsort(groups[usable], kind="stable")
    keys, inside, pieces = groups[usable][order], values[usable][order], quantity[usable][order]
    edges = np.flatnonzero(np.diff(keys)) + 1
    for one, number in zip(np.split(inside, edges), np.split(pieces, edges), strict=True):
        if len(one) < 2 or number.max() == number.min():
            continue
        judged += 1
        held += bool(one.max() - one.min() <= 0.02 * abs(one.max()) + 0.011)
    return held, judged


def discount_form(
    amount: Numbers, quantity: Numbers | None, discount: Numbers, products: Codes
) -> tuple[Form | None, int, int]:
    """How a discount is written that an amount has been given already: the form under which a product has one list
    price whatever the discount. Returns the form, the products it holds for and those judged; None where it stays open.
    """
    held, judged = _one_price(amount, quantity, discount, products)
    fitting = [form for form in held if judged >= LEAST_ROWS and held[form] >= 0.95 * judged]
    if "money" in fitting and "piece" in fitting:  # only one piece at a time: they say the same
        fitting.remove("piece")
    return (fitting[0], held[fitting[0]], judged) if len(fitting) == 1 else (None, 0, judged)


def discount_given(
    amount: Numbers, quantity: Numbers | None, discount: Numbers, products: Codes
) -> tuple[bool, int, int] | None:
    """Whether amounts are what is left after their discounts: a product has one price before them, and not after them.
    With the products that this holds for and those judged; None where neither price is one, or both."""
    held, judged = _one_price(amount, quantity, discount, products)
    if judged < LEAST_ROWS:
        return None
    before = max(number for form, number in held.items() if form is not None)
    if held[None] >= 0.95 * judged > before:
        return False, held[None], judged
    return (True, before, judged) if before >= 0.95 * judged > held[None] else None


def _one_price(
    amount: Numbers, quantity: Numbers | None, discount: Numbers, products: Codes
) -> tuple[dict[Form | None, int], int]:
    """For each way of taking a discount back the products that then have one price, of those whose discounts differ;
    None: not taking it back."""
    pieces = np.ones(len(amount)) if quantity is None else quantity
    off = np.abs(np.nan_to_num(discount))
    with np.errstate(divide="ignore", invalid="ignore"):
        lists: dict[Form | None, Numbers] = {
            "money": (amount + off) / pieces,
            "piece": amount / pieces + off,
            "share": amount / pieces / (1 - off),
            "percent": amount / pieces / (1 - off / 100),
            None: amount / pieces,
        }
    usable = ~np.isnan(amount) & (pieces != 0) & ~np.isnan(pieces) & (products >= 0)
    if not (off > 1).any():  # who writes percent takes more than one off now and then
        del lists["percent"]
    held: dict[Form | None, int] = dict.fromkeys(lists, 0)
    order = np.argsort(products[usable], kind="stable")
    keys, offs = products[usable][order], off[usable][order]
    edges = np.flatnonzero(np.diff(keys)) + 1
    cut = np.split(offs, edges)
    telling = [at for at, one in enumerate(cut) if len(one) > 1 and one.max() - one.min() > 1e-9]
    for form, values in lists.items():
        parts = np.split(values[usable][order], edges)
        for at in telling:
            one = parts[at]
            held[form] += bool(np.all(np.isfinite(one)) and one.max() - one.min() <= 0.011 + 0.004 * abs(one.max()))
    return held, len(telling)
