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
from segmentation.engine.importing import rows
from segmentation.engine.importing.amounts import before_sign, given_cost, given_discount, no_revenue
from segmentation.engine.importing.beside import ORDERS, part_line, subtotal_line
from segmentation.engine.importing.counters import without_counters
from segmentation.engine.importing.plan import OWNERS, ParsePlan
from segmentation.engine.importing.raw import PLACE
from segmentation.engine.importing.rows import ASIDE, LOST, ORDER_LEVEL, kinds, never_sold, order_id
from segmentation.engine.importing.short_orders import with_shortness
from segmentation.engine.reading import select

TYPED, VALUES, FILLED, JUDGED = "typed_rows", "order_values", "filled_rows", "judged_rows"
"""What the rows of an import go through, in this order: `TYPED` is a table that is shown, see `over_rows`."""
MENDED = "mended_orders"
"""What the dataset holds of the orders of mended rows."""
_HELD = ("channel", "status")
_PARTS = ("discount", "shipping", "tax", "gift_sales", "refund")

_CENTS = "0.02"  # what roundings of a total may come to
_GAP = "sum(total) FILTER (is_sale) - max(total) FILTER (NOT is_sale AND order_tax IS NOT NULL)"
_ROUNDED = f"CASE WHEN abs({_GAP}) <= 0.01 * count(*) FILTER (is_sale) THEN {_GAP} ELSE 0 END"
"""By what roundings of its lines a sale comes to less than they do, within a cent for each: its own sum counts."""
_SOMETHING = "listed_amount <> 0 OR amount <> 0 OR part = 'subtotal'"
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
            own = f"max({column}) FILTER (NOT is_sale)"
            value = f"coalesce({own} + {_ROUNDED if part == 'tax' and part in plan.inside else '0'}, {value})"
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
    if plan.mended:  # an amount of the order that is stored with another of its rows counts no second time
        found["first_of_order"] += " AND coalesce(m.goods, 0) = 0"
    for name in plan.first_row:
        found[name] = f"coalesce(t.{name}, v.{name})"
    undated = f"{casts.text('t.date_field')} IS NULL"
    own_day = f"coalesce(t.ordered_at, CASE WHEN {undated} THEN v.ordered_at END)"
    if "ordered_at" in plan.first_row:  # a day that cannot be read is not one that was left out
        found["ordered_at"] = own_day
    if plan.owners:  # a refund may name only an order of an earlier import
        own = found.get("customer_id", "t.customer_id")
        found["customer_id"] = f"coalesce({own}, CASE WHEN v.customer_id IS NULL THEN o.customer_id END)"
    if plan.mended:
        for name in plan.first_row:
            if name in _HELD:
                found[name] = f"coalesce({found[name]}, m.{name})"
        if "ordered_at" in plan.first_row:
            found["ordered_at"] = f"coalesce({own_day}, CASE WHEN {undated} THEN m.ordered_at END)"
        found["held_kind"] = "CASE WHEN t.status IS NULL THEN m.kind END"
    found |= {flag: f"v.{flag}" for flag in tests}
    for name in money:
        found[name] = plan.converted(f"t.{name}", "CASE WHEN t.currency IS NULL THEN v.currency END")
    key = _KEY.replace("order_key", "t.order_key").replace(PLACE, f"t.{PLACE}")
    joined = f"{TYPED} AS t JOIN {VALUES} AS v ON v.order_of_row = {key}"
    if plan.owners:
        joined += f" LEFT JOIN {OWNERS} AS o ON o.order_id = t.order_key AND t.customer_id IS NULL"
    if plan.mended:
        joined += f" LEFT JOIN {MENDED} AS m ON m.order_id = t.order_key"
    return select(found, joined)


def judged_query(plan: ParsePlan) -> str:
    """The filled rows with what each is listed at and its kind."""
    judged = kinds(plan, FILLED)
    if plan.mended:
        held = f"held_kind IS NULL OR starts_with(kind, {literal(ASIDE)})"
        kind = f"CASE WHEN {held} THEN CAST(kind AS VARCHAR) ELSE held_kind END"
        judged = select({"*": f"* REPLACE ({kind} AS kind)"}, f"({judged})")
    return judged if plan.counters is None else without_counters(plan.counters, judged)


def over_rows(plan: ParsePlan, query: str, beside: str = "") -> str:
    """A query over the values, the filled and the judged rows. They are written into it: as views each would be bound
    when it is made and again in each that reads it, most of the time that a small file takes. Few judged rows are held
    between: to plan them for each part of the query takes longer."""
    steps = {VALUES: values_query(plan), FILLED: filled_query(plan), JUDGED: judged_query(plan)}
    listed = ", ".join(
        f"{name} AS {'' if name == JUDGED and plan.raw.few else 'NOT '}MATERIALIZED ({step})"
        for name, step in steps.items()
    )
    return f"WITH {listed}{beside} {query}"


def lines_query(plan: ParsePlan) -> str:
    """The stored lines: the rows, and the amounts beside them."""
    beside = []
    if plan.parts:
        beside += [part_line(name, listed, amount, kind) for name, listed, amount, kind in _parts(plan)]
        beside += [subtotal_line(plan)] if {"subtotal", "total"} & {*plan.parts} else []
    elif "refunded" in plan.states:
        beside.append(_paid_back(plan))
    names = {c.name: c.name for c in columns.LINES}
    if not beside:
        return over_rows(plan, _rows(plan))
    more = select(names, f"({' UNION ALL '.join(beside)})", where=_SOMETHING)
    orders = f", {ORDERS} AS MATERIALIZED ({_orders(plan)})" if plan.parts else ""
    return over_rows(plan, f"{_rows(plan)} UNION ALL {more}", orders)


def aside_query(plan: ParsePlan) -> str:
    """The records that are set aside; see `rows.aside_query`."""
    return over_rows(plan, rows.aside_query(plan, JUDGED))


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
    kind its lines share where it adds nothing to revenue. Rows that could not be read leave its goods incomplete:
    `unread` says that the amounts of some are unknown, `aside` what the others come to. Mended rows add to what the
    dataset holds of their order."""
    whole = (columns.CANCELLED, columns.GIFT_CARD, columns.TEST)
    dead = " ".join(f"WHEN bool_and(kind = {literal(kind)}) FILTER (good) THEN {literal(kind)}" for kind in whole)
    counted = f"CASE WHEN {no_revenue()} THEN 0 ELSE listed_amount END"
    undone = "coalesce(state = 'refunded', false)"
    unread = "listed_amount IS NULL OR beyond IS NOT NULL"
    of_good = {
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
    }
    lost = f"kind IN ({', '.join(literal(ASIDE + reason) for reason in LOST)})"
    good = f"NOT starts_with(kind, {literal(ASIDE)})"
    goods = select(
        {"order_of_row": "order_of_row"}
        | {name: f"{value} FILTER (good)" for name, value in of_good.items()}
        | {
            "dead": f"CASE {dead} END",
            "loaded": "bool_or(good)",
            "unread": f"coalesce(bool_or({unread}) FILTER (NOT good), false)",
            "aside": "coalesce(sum(listed_amount) FILTER (NOT good), 0)",
        },
        f"({select({'*': '*', 'good': good}, JUDGED, where=f'{good} OR {lost}')})",
        group="order_of_row",
    )
    parts = ", ".join(f"v.order_{part}" for part in ORDER_LEVEL)
    values = f"({goods}) AS g JOIN {VALUES} AS v ON v.order_of_row = g.order_of_row"
    joined = select({"*": f"g.*, {parts}"}, values, where="loaded")
    joined = _with_stored(joined) if plan.mended else joined
    joined = with_shortness(plan, f"({joined})")
    reduced = select({"*": "*", "reduction": _reduction(plan)}, f"({joined})")
    word_only = "undone AND coalesce(order_refunded, 0) = 0"
    inside = {"tax_inside": _tax_inside(plan), "word_only": word_only}
    return select({"*": "*"} | inside, f"({reduced})")


def _with_stored(orders: str) -> str:
    """Orders of mended rows with the goods that the dataset has of them, and what it has beside those."""
    held = {f"held_{part}_{what}": f"coalesce(m.{part}_{what}, 0)" for part in _PARTS for what in ("listed", "amount")}
    found = {
        "*": "o.* REPLACE (o.goods + coalesce(m.goods, 0) AS goods, o.counted + coalesce(m.counted, 0) AS counted)"
    }
    held |= {
        "held_subtotal": "m.subtotal",
        "is_held": "m.order_id IS NOT NULL",
        "held_counted": "coalesce(m.counted, 0)",
        "come_back": "o.counted",
    }
    found |= held
    return select(found, f"({orders}) AS o LEFT JOIN {MENDED} AS m ON m.order_id = o.order_id")


def _reduction(plan: ParsePlan) -> str:
    """What the order's rows come to more than its goods cost in all; its own word for that counts first. Where rows
    are missing, or amounts of some are unknown, these are a part of what the goods cost, so that it may be more than
    the others show."""
    subtotal = "coalesce(order_subtotal, held_subtotal)" if plan.mended else "order_subtotal"
    more = f"goods + aside - {subtotal}"
    known = "NOT unread AND NOT short"
    if plan.mended:  # others of its rows may still be set aside
        known += f" AND {more} >= 0"
    whole = f"coalesce(CASE WHEN goods >= 0 THEN {more} END, order_order_discount, 0)"
    found = f"CASE WHEN {known} THEN {whole} ELSE greatest({more}, order_order_discount, 0) END"
    if plan.mended:  # rows that do not tell it leave it as it is
        untold = f"{subtotal} IS NULL AND order_order_discount IS NULL"
        found = f"CASE WHEN {untold} THEN -held_discount_amount ELSE {found} END"
    return found


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
    return [_beyond_stored(plan, *one) for one in found] if plan.mended else found


def _beyond_stored(plan: ParsePlan, part: str, listed: str, amount: str, kind: str) -> tuple[str, str, str, str]:
    """What an amount beside mended rows comes to beyond what the dataset has of it: nothing where they do not tell it,
    and where it is each row's own, which a rejected row had told already."""
    if part == "discount":
        told = "true"
    elif part == "refund":
        return part, *_refund_beyond_stored(plan, listed, amount), kind
    else:
        told = f"order_{part} IS NOT NULL AND {str(part not in plan.per_row).lower()}"
    beyond = [
        f"CASE WHEN NOT is_held THEN {value} WHEN {told} THEN {value} - held_{part}_{what} ELSE 0 END"
        for value, what in ((listed, "listed"), (amount, "amount"))
    ]
    return part, beyond[0], beyond[1], kind


def _refund_beyond_stored(plan: ParsePlan, listed: str, amount: str) -> tuple[str, str]:
    """What mended rows add to what was paid back of their order. Where a word says so, it is what they come to; where
    the order was paid back whole, as far as the money goes that was paid back."""
    net = "held_counted + held_discount_amount + held_shipping_amount + held_tax_amount + held_refund_amount"
    left = "least(come_back, held_refund_amount - held_refund_listed)"
    untold = f"CASE WHEN held_refund_listed < 0 AND {net} = 0 THEN -greatest({left}, 0) ELSE 0 END"
    of_rows = "undone_rows - CASE WHEN undone_whole THEN reduction + held_discount_amount ELSE 0 END"
    told = f"order_refunded IS NOT NULL AND {str('refunded' not in plan.per_row).lower()}"
    beyond = f"WHEN word_only THEN -({of_rows}) WHEN {told} THEN {amount} - held_refund_amount ELSE {untold}"
    return (
        f"CASE WHEN NOT is_held THEN {listed} WHEN {told} THEN {listed} - held_refund_listed ELSE 0 END",
        f"CASE WHEN NOT is_held THEN {amount} {beyond} END",
    )


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
        tax, goods = "coalesce(order_tax, 0)", "goods - reduction"
        held = f"WHEN tax_inside AND {goods} > 0 THEN 1 - {tax} / ({goods})"
        share = f"CASE WHEN order_total > 0 THEN 1 - {tax} / order_total {held} ELSE 1 END"
    else:
        share = "1"
    return f"greatest(0, least(round(coalesce(order_refunded, 0) * {share}, 2), {_counted(plan)}))"
