"""Orders whose rows come to less than their own subtotal or total says, where those of the others do not: a file that
ends too early, or leaves some rows out."""

from __future__ import annotations

from itertools import combinations

from segmentation import columns
from segmentation.engine.importing.plan import ParsePlan
from segmentation.engine.reading import select

_CENTS = "0.05"  # what roundings of a few rows may come to
_FEW, _MOST = "0.05", "0.9"
"""Up to this share of the orders may be short, or a single one, where the sums of that share of the others hold."""
_SOME, _UNLIKE = "0.1", "0.5"
"""More may be, where the sums of this share of all hold, and what is lacking is not the same, nor the same share of
the goods, in more than the other one: wrapping or a tax that a subtotal holds is; what rows come to is not."""


def with_shortness(plan: ParsePlan, orders: str) -> str:
    """These orders with `short` and with what all their goods cost (`owed`), as far as they say it. Mended rows are
    short of others that are still set aside, which is told of them otherwise."""
    if plan.mended or not {"subtotal", "total"} & {*plan.parts}:
        return select({"*": "*", "short": "false", "owed": "order_subtotal"}, orders)
    goods = "goods + aside - coalesce(order_order_discount, 0)"
    sums = {f"sum_{at}": one for at, one in enumerate(_sums(plan))}
    fits = {f"fits_{name}": f"abs({goods} + {one} - order_total) <= {_CENTS}" for name, one in sums.items()}
    fitted = select({"*": "*"} | sums | fits, orders)
    often = {name: f"count(*) FILTER (fits_{name}) OVER ()" for name in sums}
    best = f"greatest({', '.join(often.values())})"
    which = " ".join(f"WHEN {number} THEN {name}" for name, number in often.items())
    owed = f"coalesce(order_subtotal, order_total + coalesce(order_order_discount, 0) - CASE {best} {which} END)"
    holds = f"coalesce(goods + aside - order_subtotal >= -{_CENTS}, {' OR '.join(fits)})"
    judged = select({"*": "*", "owed": f"CAST({owed} AS {columns.MONEY})", "holds": holds}, f"({fitted})")
    lacks = f"NOT holds AND owed - goods - aside > {_CENTS}"
    number, told = f"count(*) FILTER ({lacks}) OVER ()", "count(holds) OVER ()"
    few = f"{number} <= greatest(1, {_FEW} * {told})"
    held = "count(*) FILTER (holds) OVER ()"
    most = f"{held} >= greatest(2, {_MOST} * ({told} - {number}))"
    less = "owed - goods - aside"
    unlike = [f"round({less}, 2)", f"round({less} / nullif(goods + aside, 0), 2)"]
    differ = [f"count(DISTINCT CASE WHEN {lacks} THEN {one} END) OVER () >= {_UNLIKE} * {number}" for one in unlike]
    many = f"{held} >= {_SOME} * {told} AND {' AND '.join(differ)}"
    short = f"coalesce({lacks} AND goods >= 0 AND NOT unread AND {most} AND ({few} OR {many}), false)"
    but = ", ".join([*sums, *fits, "holds"])
    return select({"*": f"* EXCLUDE ({but})", "short": short}, f"({judged})")


def _sums(plan: ParsePlan) -> list[str]:
    """What an order's total may hold beside its goods."""
    parts = [f"coalesce(order_{part}, 0)" for part in ("shipping", "tax") if part in plan.parts]
    return [" + ".join(("0", *some)) for size in range(len(parts) + 1) for some in combinations(parts, size)]


__all__ = ["with_shortness"]
