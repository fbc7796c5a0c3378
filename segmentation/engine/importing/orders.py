"""Exports in which a row means something only together with its order: what the order says once, and what it holds
besides its rows.

A discount on the order, shipping, tax and money paid back become lines of their own beside the rows, marked by their
`part`. What counts as revenue is a choice; what does not is kept all the same, so that it can be looked at and the
ledger adds up to what was paid.
"""

from __future__ import annotations

from segmentation import columns
from segmentation.engine import casts
from segmentation.engine.duckdb import literal
from segmentation.engine.importing.amounts import before_sign, given_cost, given_discount, no_revenue
from segmentation.engine.importing.counters import without_counters
from segmentation.engine.importing.plan import OWNERS, ParsePlan
from segmentation.engine.importing.raw import PLACE
from segmentation.engine.importing.rows import ASIDE, ORDER_LEVEL, kinds, never_sold, order_id
from segmentation.engine.reading import select

TYPED, VALUES, FILLED, JUDGED, ORDERS = "typed_rows", "order_values", "filled_rows", "judged_rows", "whole_orders"
"""The views an import goes through, in this order."""

_CENTS = "0.02"  # what roundings of a total may come to
_SOMETHING = "listed_amount <> 0 OR amount <> 0"
FILLABLE = ("customer_id", "ordered_at", "currency", "channel", "status", "state")
"""Fields that may stand on one row of an order and hold for all of it."""
_MONEY = ("total", "unit_price", "off", "unit_cost")
_KEY = f"coalesce(order_key, concat('row ', {PLACE}))"


def values_query(plan: ParsePlan) -> str:
    """What each order says, from its first row that says it, and its amounts: once where every row repeats them. What a
    row says that is no line of the order sums it up."""
    found = {"order_of_row": _KEY, "first_place": f"min({PLACE}) FILTER (total IS NOT NULL)"}
    found |= {name: f"arg_min({name}, {PLACE}) FILTER ({name} IS NOT NULL)" for name in FILLABLE}
    for part in ORDER_LEVEL:
        column = f"order_{part}"
        once = f"CASE WHEN count(DISTINCT {column}) <= 1 THEN max({column}) ELSE sum({column}) END"
        value = f"sum({column})" if part in plan.per_row else once
        if part == "refunded" and plan.returned_pieces:
            value = f"sum(round({column} * abs(({before_sign(plan)}) / nullif(quantity, 0)), 2))"
        if plan.sales is not None:
            value = f"coalesce(max({column}) FILTER (NOT is_sale), {value})"
        found[column] = f"CAST({value} AS {columns.MONEY})"
    if plan.test_orders:
        found["is_test"] = "coalesce(bool_or(is_test), false)"
    return select(found, TYPED, group="order_of_row")


def filled_query(plan: ParsePlan) -> str:
    """The rows, with what stands on their order's first row only: its currency too, and so what it makes of amounts."""
    money = _MONEY if "currency" in plan.first_row else ()
    tests = ("is_test",) if plan.test_orders else ()
    owned = ("customer_id",) if plan.owners and "customer_id" not in plan.first_row else ()
    filled = (*plan.first_row, *owned, *tests, *money)
    but = f" EXCLUDE ({', '.join(filled)})" if filled else ""
    found = {"*": f"t.*{but}", "order_of_row": "v.order_of_row", "first_of_order": f"t.{PLACE} = v.first_place"}
    for name in plan.first_row:
        found[name] = f"coalesce(t.{name}, v.{name})"
    if "ordered_at" in plan.first_row:  # a day that cannot be read is not one that was left out
        found["ordered_at"] = (
            f"coalesce(t.ordered_at, CASE WHEN {casts.text('t.date_field')} IS NULL THEN v.ordered_at END)"
        )
    if plan.owners:  # a refund may name only an order of an earlier import
        own = found.get("customer_id", "t.customer_id")
        found["customer_id"] = f"coalesce({own}, CASE WHEN v.customer_id IS NULL THEN o.customer_id END)"
    found |= {flag: f"v.{flag}" for flag in tests}
    for name in money:
        found[name] = plan.converted(f"t.{name}", "CASE WHEN t.currency IS NULL THEN v.currency END")
    key = _KEY.replace("order_key", "t.order_key").replace(PLACE, f"t.{PLACE}")
    rows = f"{TYPED} AS t JOIN {VALUES} AS v ON v.order_of_row = {key}"
    if plan.owners:
        rows += f" LEFT JOIN {OWNERS} AS o ON o.order_id = t.order_key AND t.customer_id IS NULL"
    return select(found, rows)


def judged_query(plan: ParsePlan) -> str:
    """The filled rows with what each is listed at and its kind."""
    judged = kinds(plan, FILLED)
    return judged if plan.counters is None else without_counters(plan.counters, judged)


def lines_query(plan: ParsePlan) -> str:
    """The stored lines: the rows, and the amounts beside them."""
    beside = []
    if plan.parts:
        beside += [_part(name, listed, amount, kind) for name, listed, amount, kind in _parts(plan)]
    elif "refunded" in plan.states:
        beside.append(_paid_back(plan))
    names = {c.name: c.name for c in columns.LINES}
    if not beside:
        return _rows(plan)
    more = select(names, f"({' UNION ALL '.join(beside)})", where=_SOMETHING)
    orders = f"WITH {ORDERS} AS MATERIALIZED ({_orders(plan)}) " if plan.parts else ""
    return f"{orders}{_rows(plan)} UNION ALL {more}"


def _rows(plan: ParsePlan) -> str:
    final = {
        "order_id": order_id(plan),
        "kind": "CAST(kind AS VARCHAR)",
        "amount": f"CAST(CASE WHEN {no_revenue()} THEN 0 ELSE listed_amount END AS {columns.MONEY})",
        "discount": given_discount(plan),
        "cost": given_cost(plan),
        "part": "CAST(NULL AS VARCHAR)",
    }
    return select({c.name: final.get(c.name, c.name) for c in columns.LINES}, JUDGED)


def _paid_back(plan: ParsePlan) -> str:
    """For each sale that was paid back whole, what takes it off again."""
    values = {
        "order_id": order_id(plan),
        "line_id": "line_id",
        "kind": literal(columns.REFUND),
        "quantity": f"CAST(NULL AS {columns.MONEY})",
        "listed_amount": f"CAST(0 AS {columns.MONEY})",
        "amount": f"CAST(-listed_amount AS {columns.MONEY})",
        "discount": f"CAST(NULL AS {columns.MONEY})",
        "cost": f"-({given_cost(plan)})",
        "part": "'refund'",
        "row_hash": "hash(row_hash, 'refund')",
    }
    paid_back = f"state = 'refunded' AND kind = {literal(columns.SALE)} AND {never_sold(plan)}"
    return select({c.name: values.get(c.name, c.name) for c in columns.LINES}, JUDGED, where=paid_back)


def _orders(plan: ParsePlan) -> str:
    """One row per order with at least one row that is loaded: what its goods come to, what it holds besides, and the
    kind its lines share where it adds nothing to revenue."""
    whole = (columns.CANCELLED, columns.GIFT_CARD, columns.TEST)
    dead = " ".join(f"WHEN bool_and(kind = {literal(kind)}) THEN {literal(kind)}" for kind in whole)
    counted = f"CASE WHEN {no_revenue()} THEN 0 ELSE listed_amount END"
    undone = "coalesce(state = 'refunded', false)"
    goods = select(
        {
            "order_of_row": "order_of_row",
            "order_id": f"min({order_id(plan)})",
            "customer_id": "min(customer_id)",
            "ordered_at": "min(ordered_at)",
            "currency": "min(currency)",
            "channel": "min(channel)",
            "status": "min(status)",
            "row_hash": "min(row_hash)",
            "goods": "sum(listed_amount)",
            "counted": f"sum({counted})",
            "undone": f"bool_or({undone})",
            "undone_whole": f"bool_and({undone} OR {counted} <= 0)",
            "undone_rows": f"sum(CASE WHEN {undone} THEN {counted} ELSE 0 END)",
            "dead": f"CASE {dead} END",
        },
        JUDGED,
        where=f"NOT starts_with(kind, {literal(ASIDE)})",
        group="order_of_row",
    )
    parts = ", ".join(f"v.order_{part}" for part in ORDER_LEVEL)
    values = f"({goods}) AS g JOIN {VALUES} AS v ON v.order_of_row = g.order_of_row"
    joined = select({"*": f"g.*, {parts}"}, values)
    reduced = select({"*": "*", "reduction": _reduction()}, f"({joined})")
    word_only = "undone AND coalesce(order_refunded, 0) = 0"
    inside = {"tax_inside": _tax_inside(plan), "word_only": word_only}
    return select({"*": "*"} | inside, f"({reduced})")


def _reduction() -> str:
    """What the order's rows come to more than its goods cost in all; its own word for that counts first."""
    return "coalesce(CASE WHEN goods >= 0 THEN goods - order_subtotal END, order_order_discount, 0)"


def _tax_inside(plan: ParsePlan) -> str:
    if "tax" in plan.inside:
        return "true"
    net = "goods - reduction + coalesce(order_shipping, 0)"
    on_top = f"abs(order_total - ({net} + order_tax)) <= {_CENTS}"
    inside = f"abs(order_total - ({net})) <= {_CENTS}"
    return f"coalesce(NOT {on_top} AND {inside}, false)"


def _parts(plan: ParsePlan) -> list[tuple[str, str, str, str]]:
    """For each amount beside the rows: its part, what it is listed at, what it adds to revenue, and its kind."""
    have, sale = plan.parts, literal(columns.SALE)
    found = []
    if "subtotal" in have or "order_discount" in have:
        found.append(("discount", "-reduction", "-reduction", sale))
    for part, kind in (("shipping", columns.SHIPPING), ("tax", columns.TAX), ("gift_sales", columns.GIFT_CARD)):
        if part not in have:
            continue
        value = f"coalesce(order_{part}, 0)"
        inside = "tax_inside" if part == "tax" else str(part in plan.inside).lower()
        counts = ("gift_cards" if part == "gift_sales" else part) in plan.counts
        on_top = value if counts else "0"
        within = "0" if counts else f"-{value}"
        listed = f"CASE WHEN {inside} THEN 0 ELSE {value} END"
        amount = f"CASE WHEN {inside} THEN {within} ELSE {on_top} END"
        found.append(
            (part, listed, amount, sale if counts else f"CASE WHEN {inside} THEN {sale} ELSE {literal(kind)} END")
        )
    if "refunded" in have or "refunded" in plan.states:
        # where a word alone says so, all that the order (or its row) had added goes
        back = f"CASE WHEN undone_whole THEN {_counted(plan)} ELSE undone_rows END"
        listed = "-CASE WHEN word_only THEN 0 ELSE coalesce(order_refunded, 0) END"
        amount = f"-CASE WHEN word_only THEN {back} ELSE {_counted_refund(plan)} END"
        found.append(("refund", listed, amount, literal(columns.REFUND)))
    return found


def _counted(plan: ParsePlan) -> str:
    """What an order adds to revenue with the amounts beside its rows."""
    counted = "counted - reduction"
    for part in ("shipping", "tax"):
        if part not in plan.parts:
            continue
        value = f"coalesce(order_{part}, 0)"
        inside = "tax_inside" if part == "tax" else str(part in plan.inside).lower()
        if part in plan.counts:
            counted += f" + CASE WHEN {inside} THEN 0 ELSE {value} END"
        else:
            counted += f" - CASE WHEN {inside} THEN {value} ELSE 0 END"
    return counted


def _counted_refund(plan: ParsePlan) -> str:
    """How much of what was paid back had counted as revenue: without the tax in it, where tax does not count, and never
    more than the order had added."""
    if "tax" in plan.parts and "tax" not in plan.counts:
        share = "CASE WHEN order_total > 0 THEN 1 - coalesce(order_tax, 0) / order_total ELSE 1 END"
    else:
        share = "1"
    return f"greatest(0, least(round(coalesce(order_refunded, 0) * {share}, 2), {_counted(plan)}))"


def _part(name: str, listed: str, amount: str, kind: str) -> str:
    values = {
        "customer_id": "customer_id",
        "order_id": "order_id",
        "line_id": "CAST(NULL AS VARCHAR)",
        "ordered_at": "ordered_at",
        "kind": f"coalesce(dead, {kind})",
        "quantity": f"CAST(NULL AS {columns.MONEY})",
        "listed_amount": f"CAST({listed} AS {columns.MONEY})",
        "amount": f"CAST(CASE WHEN dead IS NULL THEN {amount} ELSE 0 END AS {columns.MONEY})",
        "discount": f"CAST({'greatest(reduction, 0)' if name == 'discount' else 'NULL'} AS {columns.MONEY})",
        "cost": f"CAST(NULL AS {columns.MONEY})",
        "currency": "currency",
        "product": "CAST(NULL AS VARCHAR)",
        "category": "CAST(NULL AS VARCHAR)",
        "channel": "channel",
        "status": "status",
        "part": literal(name),
        "row_hash": f"hash(row_hash, {literal(name)}, {listed}, {amount})",
    }
    return select(values, ORDERS)
