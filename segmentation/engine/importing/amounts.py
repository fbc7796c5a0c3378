"""What a typed row is listed at, what was taken off it, and what it cost the shop."""

from __future__ import annotations

from segmentation import columns
from segmentation.engine.duckdb import literal
from segmentation.engine.importing.plan import ParsePlan


def listed(plan: ParsePlan) -> str:
    """The line's amount as the file has it, after discount; money paid back is negative."""
    amount = before_sign(plan)
    states = plan.states
    signs = []
    if "refund" in states:
        signs.append("state = 'refund'")
    if "coupon" in plan.items:
        signs.append("item = 'coupon'")
    if plan.has("quantity") and plan.has("amount"):
        signs.append("coalesce(quantity < 0, false)")
    return f"CASE WHEN {' OR '.join(signs)} THEN -abs({amount}) ELSE {amount} END" if signs else amount


def before_sign(plan: ParsePlan) -> str:
    """The line's amount after discount, with the sign that the file writes."""
    match plan.amount_of:
        case "line":
            gross = "total"
        case "order":
            return "CASE WHEN first_of_order THEN total WHEN total IS NOT NULL THEN 0 END"
        case "piece":
            gross = "unit_price"
        case "price":
            gross = "quantity * unit_price"
    if not plan.has("discount") or plan.discounted:
        return gross if gross == "total" else f"try_cast({gross} AS {columns.MONEY})"
    match plan.discount_form:
        case "money":
            less = "coalesce(off, 0)"
        case "piece":
            less = "coalesce(off, 0) * abs(coalesce(quantity, 1))"
        case "share" | "percent":
            return f"try_cast(round({gross} * (1 - coalesce(off, 0)), 4) AS {columns.MONEY})"
    net = f"CASE WHEN {gross} < 0 THEN {gross} + {less} ELSE {gross} - {less} END"
    return f"try_cast({net} AS {columns.MONEY})"


def given_discount(plan: ParsePlan) -> str:
    """The discount on the line in money, positive; NULL where the file does not say."""
    if "coupon" in plan.items:
        return f"CASE WHEN item = 'coupon' THEN abs(listed_amount) ELSE {_line_discount(plan)} END"
    return _line_discount(plan)


def _line_discount(plan: ParsePlan) -> str:
    if not plan.has("discount"):
        return f"CAST(NULL AS {columns.MONEY})"
    match plan.discount_form:
        case "money":
            found = "off"
        case "piece":
            found = "off * abs(coalesce(quantity, 1))"
        case "share" | "percent":
            found = "CASE WHEN off < 1 THEN round(abs(listed_amount) * off / (1 - off), 4) END"
    return f"try_cast({found} AS {columns.MONEY})"


def given_cost(plan: ParsePlan) -> str:
    """What the line cost the shop, signed like its amount, nothing where it adds nothing; NULL where unknown."""
    if not plan.has("unit_cost"):
        return f"CAST(NULL AS {columns.MONEY})"
    whole = "unit_cost * abs(coalesce(quantity, 1))" if plan.cost_of == "piece" else "abs(unit_cost)"
    cost = f"try_cast({whole} AS {columns.MONEY})"
    signed = f"CASE WHEN {no_revenue()} THEN 0 WHEN kind = {literal(columns.REFUND)} THEN -{cost} ELSE {cost} END"
    return f"CAST({signed} AS {columns.MONEY})"


def no_revenue(kind: str = "kind") -> str:
    """Whether a line of this kind adds nothing to revenue."""
    return f"{kind} IN ({', '.join(map(literal, columns.NO_REVENUE))})"
