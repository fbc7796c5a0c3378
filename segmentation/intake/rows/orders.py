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
from segmentation.engine.reading import select
from segmentation.intake.rows.recipe import Recipe
from segmentation.intake.rows.stage import ASIDE, UNDONE_WORDS, kinds, no_revenue, order_id
from segmentation.meaning.mapping import ORDER_LEVEL

TYPED, VALUES, FILLED, JUDGED, ORDERS = "typed_rows", "order_values", "filled_rows", "judged_rows", "whole_orders"
"""The views an import goes through, in this order."""

_CENTS = "0.02"  # what roundings of a total may come to
_SOMETHING = "listed_amount <> 0 OR amount <> 0"
_FILLED = ("customer_id", "ordered_at", "currency", "channel", "status")
_MONEY = ("total", "unit_price", "discount", "unit_cost")
_KEY = "coalesce(order_key, concat('row ', file_row_number))"


def values_query(recipe: Recipe) -> str:
    """What each order says, from its first row that says it, and its amounts: once where every row repeats them."""
    per_row = recipe.platform.per_row if recipe.platform else ()
    found = {"order_of_row": _KEY}
    found |= {name: f"arg_min({name}, file_row_number) FILTER ({name} IS NOT NULL)" for name in _FILLED}
    for part in ORDER_LEVEL:
        column = f"order_{part}"
        once = f"CASE WHEN count(DISTINCT {column}) <= 1 THEN max({column}) ELSE sum({column}) END"
        found[column] = f"CAST({f'sum({column})' if part in per_row else once} AS {columns.MONEY})"
    for flag in ("is_cancelled", "is_test"):
        if flag in _flags(recipe):
            found[flag] = f"coalesce(bool_or({flag}), false)"
    return select(found, TYPED, group="order_of_row")


def filled_query(recipe: Recipe) -> str:
    """The rows, with what stands on their order's first row only: its currency too, and so what it makes of amounts."""
    fill = recipe.platform is not None and recipe.platform.fill_down
    filled = (*_FILLED, *_flags(recipe), *(_MONEY if fill else ()))
    found = {"*": f"t.* EXCLUDE ({', '.join(filled)})", "order_of_row": "v.order_of_row"}
    for name in _FILLED:
        found[name] = f"coalesce(t.{name}, v.{name})" if fill else f"t.{name}"
    found |= {flag: f"v.{flag}" for flag in _flags(recipe)}
    for name in _MONEY if fill else ():
        found[name] = recipe.converted(f"t.{name}", "CASE WHEN t.currency IS NULL THEN v.currency END")
    return select(
        found, f"{TYPED} AS t JOIN {VALUES} AS v ON v.order_of_row = {_KEY.replace('order_key', 't.order_key')}"
    )


def judged_query(recipe: Recipe) -> str:
    """The filled rows with what each is listed at and its kind."""
    return kinds(recipe, FILLED)


def lines_query(recipe: Recipe) -> str:
    """The stored lines: the rows, and the amounts beside them."""
    rows = _rows(recipe)
    parts = [_part(name, listed, amount, kind) for name, listed, amount, kind in _parts(recipe)]
    if not parts:
        return rows
    beside = select({c.name: c.name for c in columns.LINES}, f"({' UNION ALL '.join(parts)})", where=_SOMETHING)
    return f"WITH {ORDERS} AS MATERIALIZED ({_orders(recipe)}) {rows} UNION ALL {beside}"


def _flags(recipe: Recipe) -> list[str]:
    """The flags of whole orders that the file has."""
    found = []
    if recipe.column("cancelled") is not None:
        found.append("is_cancelled")
    if recipe.column("test") is not None or (recipe.platform and recipe.rule(recipe.platform.test_orders)):
        found.append("is_test")
    return found


def _rows(recipe: Recipe) -> str:
    cost = f"try_cast(unit_cost * abs(coalesce(quantity, 1)) AS {columns.MONEY})"
    signed = f"CASE WHEN {no_revenue()} THEN 0 WHEN kind = {literal(columns.REFUND)} THEN -{cost} ELSE {cost} END"
    final = {
        "order_id": order_id(recipe),
        "kind": "CAST(kind AS VARCHAR)",
        "amount": f"CAST(CASE WHEN {no_revenue()} THEN 0 ELSE listed_amount END AS {columns.MONEY})",
        "cost": f"CAST({signed} AS {columns.MONEY})",
        "part": "CAST(NULL AS VARCHAR)",
    }
    return select({c.name: final.get(c.name, c.name) for c in columns.LINES}, JUDGED)


def _orders(recipe: Recipe) -> str:
    """One row per order with at least one row that is loaded: what its goods come to, what it holds besides, and the
    kind its lines share where it adds nothing to revenue."""
    dead = " ".join(f"WHEN bool_and(kind = {literal(kind)}) THEN {literal(kind)}" for kind in columns.NO_REVENUE[:3])
    goods = select(
        {
            "order_of_row": "order_of_row",
            "order_id": f"min({order_id(recipe)})",
            "customer_id": "min(customer_id)",
            "ordered_at": "min(ordered_at)",
            "currency": "min(currency)",
            "channel": "min(channel)",
            "status": "min(status)",
            "row_hash": "min(row_hash)",
            "goods": "sum(listed_amount)",
            "counted": f"sum(CASE WHEN {no_revenue()} THEN 0 ELSE listed_amount END)",
            "dead": f"CASE {dead} END",
            "undone": f"bool_or({casts.says('status', UNDONE_WORDS, but_not=('part', 'teil', 'parz', 'gedeelt'))})",
        },
        JUDGED,
        where=f"NOT starts_with(kind, {literal(ASIDE)})",
        group="order_of_row",
    )
    parts = ", ".join(f"v.order_{part}" for part in ORDER_LEVEL)
    values = f"({goods}) AS g JOIN {VALUES} AS v ON v.order_of_row = g.order_of_row"
    joined = select({"*": f"g.*, {parts}"}, values)
    reduced = select({"*": "*", "reduction": _reduction()}, f"({joined})")
    whole = "CASE WHEN undone AND coalesce(order_refunded, 0) = 0 THEN counted - reduction ELSE order_refunded END"
    inside = {"tax_inside": _tax_inside(recipe), "order_refunded": whole}
    return select({"*": "* EXCLUDE (order_refunded)"} | inside, f"({reduced})")


def _reduction() -> str:
    """What the order's rows come to more than its goods cost in all; its own word for that counts first."""
    return "coalesce(CASE WHEN goods >= 0 THEN goods - order_subtotal END, order_order_discount, 0)"


def _tax_inside(recipe: Recipe) -> str:
    if recipe.platform and "tax" in recipe.platform.included:
        return "true"
    net = "goods - reduction + coalesce(order_shipping, 0)"
    on_top = f"abs(order_total - ({net} + order_tax)) <= {_CENTS}"
    inside = f"abs(order_total - ({net})) <= {_CENTS}"
    return f"coalesce(NOT {on_top} AND {inside}, false)"


def _parts(recipe: Recipe) -> list[tuple[str, str, str, str]]:
    """For each amount beside the rows: its part, what it is listed at, what it adds to revenue, and its kind."""
    have, choices = recipe.order_parts, recipe.mapping.choices
    included = recipe.platform.included if recipe.platform else ()
    sale = literal(columns.SALE)
    found = []
    if "subtotal" in have or "order_discount" in have:
        found.append(("discount", "-reduction", "-reduction", sale))
    for part, kind in (("shipping", columns.SHIPPING), ("tax", columns.TAX), ("gift_sales", columns.GIFT_CARD)):
        if part not in have:
            continue
        value = f"coalesce(order_{part}, 0)"
        inside = "tax_inside" if part == "tax" else str(part in included).lower()
        counts = choices.counts("gift_cards" if part == "gift_sales" else part)
        on_top = value if counts else "0"
        within = "0" if counts else f"-{value}"
        listed = f"CASE WHEN {inside} THEN 0 ELSE {value} END"
        amount = f"CASE WHEN {inside} THEN {within} ELSE {on_top} END"
        found.append(
            (part, listed, amount, sale if counts else f"CASE WHEN {inside} THEN {sale} ELSE {literal(kind)} END")
        )
    if "refunded" in have:
        found.append(("refund", "-coalesce(order_refunded, 0)", f"-{_counted_refund(recipe)}", literal(columns.REFUND)))
    return found


def _counted_refund(recipe: Recipe) -> str:
    """How much of what was paid back had counted as revenue: without the tax in it, where tax does not count, and never
    more than the order had added."""
    choices = recipe.mapping.choices
    included = recipe.platform.included if recipe.platform else ()
    counted = "counted - reduction"
    for part in ("shipping", "tax"):
        if part not in recipe.order_parts:
            continue
        value = f"coalesce(order_{part}, 0)"
        inside = "tax_inside" if part == "tax" else str(part in included).lower()
        if choices.counts(part):
            counted += f" + CASE WHEN {inside} THEN 0 ELSE {value} END"
        else:
            counted += f" - CASE WHEN {inside} THEN {value} ELSE 0 END"
    if "tax" in recipe.order_parts and not choices.counts("tax"):
        share = "CASE WHEN order_total > 0 THEN 1 - coalesce(order_tax, 0) / order_total ELSE 1 END"
    else:
        share = "1"
    return f"greatest(0, least(round(coalesce(order_refunded, 0) * {share}, 2), {counted}))"


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
