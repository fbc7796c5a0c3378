"""From text to typed order lines: what each row is, and what it adds to revenue.

Every row gets a kind: sale, refund, cancelled, one of those that do not count (unpaid, test orders, gift cards), or the
reason why it is set aside.
"""

from __future__ import annotations

from datetime import date, timedelta

from segmentation import columns
from segmentation.engine import casts
from segmentation.engine.duckdb import literal
from segmentation.engine.importing.amounts import given_cost, given_discount, listed, no_revenue
from segmentation.engine.importing.plan import ParsePlan
from segmentation.engine.importing.raw import PLACE
from segmentation.engine.reading import select
from segmentation.notation.totals import TOTAL_WORDS

EARLIEST = date(1980, 1, 1)
"""Older dates are placeholders (1900-01-01, 1970-01-01), not orders."""

ASIDE = "aside:"
"""Prefix of the kind of a row that is set aside; the reason follows."""

LOST = ("too_many_fields", "missing_amount", "amount_out_of_range", "unreadable_amount", "missing_date",
        "unreadable_date", "placeholder_date", "future_date")  # fmt: skip
"""Reasons of rows that were sales, and are not loaded as long as nobody mends them."""

ORDER_LEVEL = ("refunded", "order_discount", "subtotal", "gift_sales", "shipping", "tax", "total")
"""Amounts of a whole order, which stand on its first row or on each of its rows."""


def lines_query(plan: ParsePlan) -> str:
    """A query of one row per record with the stored columns."""
    return select({column.name: column.name for column in columns.LINES}, f"({_finished(plan)})")


def aside_query(plan: ParsePlan, judged: str | None = None) -> str:
    """The records that are set aside in the order of the file: their place, line, reason, amount and fields.

    `judged` names the judged rows where they are there already.
    """
    wanted = {
        "place": PLACE,
        "line": "line",
        "reason": f"substr(CAST(kind AS VARCHAR), {len(ASIDE) + 1})",
        "amount": "listed_amount",
        "row": "raw",
    }
    table = judged or f"({judged_rows(plan, raw=True)})"
    return select(wanted, table, where=f"starts_with(kind, {literal(ASIDE)})", order=PLACE)


def judged_rows(plan: ParsePlan, *, raw: bool = False) -> str:
    """Each record typed, with what it is listed at and its kind; with `raw` its fields too, and no customer."""
    return kinds(plan, f"({typed(plan, raw=raw)})")


def kinds(plan: ParsePlan, table: str) -> str:
    """The typed rows of `table` with what each is listed at and its kind."""
    with_amount = select({"*": "*", "listed_amount": listed(plan)}, table)
    return select({"*": "*", "kind": _kind(plan)}, f"({with_amount})")


def typed(plan: ParsePlan, *, raw: bool = False, parts: bool = False) -> str:
    """Each record's fields, trimmed and typed; NULL where a field is empty or unreadable. `raw` fields are there where
    a record could not be read, or always if asked for; with `parts`, so are the amounts of its order."""
    unread = f"ordered_at IS NULL OR {'total' if plan.has('amount') else 'unit_price'} IS NULL"
    found = {
        PLACE: PLACE,
        "customer_id": "CAST(NULL AS VARCHAR)" if raw else plan.customer,
        "order_key": plan.identifier("order"),
        "register": plan.registered,
        "line_id": plan.identifier("line"),
        "ordered_at": plan.moment,
        "quantity": plan.number("quantity"),
        "unit_price": plan.money("unit_price"),
        "total": plan.money("amount"),
        "off": f"abs({plan.money('discount')})" if plan.discount_form in {"money", "piece"} else _share_off(plan),
        "unit_cost": plan.money("unit_cost"),
        "currency": plan.row_currency,
        "product": plan.text("product"),
        "category": plan.text("category"),
        "channel": plan.text("channel"),
        "status": plan.text("status") if plan.has("status") else plan.text("refund"),
        "state": plan.state,
        "item": plan.item,
        "date_field": plan.field("date"),
        "amount_field": plan.field("amount" if plan.has("amount") else "unit_price"),
        "quantity_field": plan.field("quantity"),
        "beyond": plan.raw.overflow,
        "row_hash": plan.row_hash,
        "raw": plan.raw.fields if raw or parts else f"CASE WHEN {unread} THEN {plan.raw.fields} END",
        "line": plan.raw.line,
    }
    if parts:
        empty = f"CAST(NULL AS {columns.MONEY})"
        found |= {f"order_{part}": _order_amount(plan, part) if part in plan.parts else empty for part in ORDER_LEVEL}
    if plan.counters is not None:
        for name, column in (("undoes", plan.counters.column), ("number_of_row", plan.counters.number)):
            found[name] = "CAST(NULL AS VARCHAR)" if column is None else casts.identifier(column)
    rules = {"is_sale": plan.sales, "is_gift": plan.gift_cards, "is_test": plan.test_orders}
    found |= {name: sql for name, rule in rules.items() if (sql := plan.rule(rule)) is not None}
    return select(found, plan.table if raw else plan.keyed_table)


def _share_off(plan: ParsePlan) -> str:
    """The share that a discount takes off, 0 to 1."""
    plain = f"abs({plan.number('discount')})"
    return f"{plain} / 100" if plan.discount_form == "percent" else plain


def _order_amount(plan: ParsePlan, part: str) -> str:
    """An amount of the order; what is taken off is written with a minus here and without one there."""
    if part == "refunded" and plan.left_of_total:
        return f"greatest({plan.money('total')} - {plan.money(part)}, 0)"
    return f"abs({plan.money(part)})" if part in {"refunded", "order_discount"} else plan.money(part)


# Kinds ----------------------------------------------------------------------------------------------------------


def _kind(plan: ParsePlan) -> str:
    """sale, refund, cancelled, …, or the reason to set the row aside, in this order of precedence."""
    cases = [*_aside_cases(plan), *_kind_cases(plan)]
    # As one of a known set of texts a kind costs the Parquet writer an eighth of what it costs as any text.
    known = f"ENUM({', '.join(map(literal, dict.fromkeys([columns.SALE, *(kind for _, kind in cases)])))})"
    whens = " ".join(f"WHEN {condition} THEN {literal(kind)}::{known}" for condition, kind in cases)
    return f"CASE {whens} ELSE {literal(columns.SALE)}::{known} END"


def _aside_cases(plan: ParsePlan) -> list[tuple[str, str]]:
    limit = plan.today + timedelta(days=2)
    priced = plan.amount_of == "price"
    if priced:
        missing = f"{casts.text('amount_field')} IS NULL OR {casts.text('quantity_field')} IS NULL"
        too_long = "quantity IS NOT NULL AND unit_price IS NOT NULL"
    else:
        missing = f"{casts.text('amount_field')} IS NULL"
        meaning = "amount" if plan.has("amount") else "unit_price"
        plain = plan.holds_plain(meaning) and not plan.has("credit")
        too_long = casts.number_too_long("amount_field", plan.decimals.get(meaning, "point"), plain=plain)
    unread = "(listed_amount IS NULL OR ordered_at IS NULL)"
    cases = [
        ("beyond IS NOT NULL", "too_many_fields"),
        (f"{unread} AND {_no_row(plan, 'empty')}", "empty_row"),
        (f"{unread} AND {_no_row(plan, 'header')}", "repeated_header"),
        (f"listed_amount IS NOT NULL AND ordered_at IS NULL AND {_no_row(plan, 'total')}", "total_row"),
    ]
    if plan.sums_below:
        undated = f"ordered_at IS NULL AND {casts.text('date_field')} IS NULL"
        cases.append((f"listed_amount IS NOT NULL AND {undated}", "total_row"))
    if plan.has("order"):
        word = f"regexp_matches(lower(order_key), {literal(TOTAL_WORDS)}) AND NOT regexp_matches(order_key, '[0-9]')"
        cases.append((f"customer_id IS NULL AND {word}", "total_row"))
    states = plan.states
    totals = [f"{what} = 'total'" for what, said in (("state", states), ("item", plan.items)) if "total" in said]
    if totals:
        cases.append((" OR ".join(totals), "total_row"))
    if "aside" in states:
        cases.append(("state = 'aside'", "not_a_sale"))
    if plan.sales is not None:
        cases.append(("NOT is_sale", "not_a_sale"))
    if plan.spends_too:
        others = "".join(f" AND state IS DISTINCT FROM '{one}'" for one in ("refund", "counts") if one in states)
        cases.append((f"listed_amount < 0{others}", "not_a_sale"))
    if plan.moves_too:
        cases.append(("listed_amount < 0 AND customer_id IS NULL", "not_a_sale"))
    if plan.deposits_too:
        cases.append(("listed_amount > 0 AND customer_id IS NULL", "not_a_sale"))
    cases += [
        (f"listed_amount IS NULL AND ({missing})", "missing_amount"),
        (f"listed_amount IS NULL AND {too_long}", "amount_out_of_range"),
        ("listed_amount IS NULL", "unreadable_amount"),
        (f"ordered_at IS NULL AND {casts.text('date_field')} IS NULL", "missing_date"),
        ("ordered_at IS NULL", "unreadable_date"),
        (f"ordered_at < TIMESTAMP {literal(EARLIEST)}", "placeholder_date"),
        (f"ordered_at >= TIMESTAMP {literal(limit)}", "future_date"),
    ]
    if "unpaid" in states:
        cases.append((f"{never_sold(plan)} AND state = 'unpaid'", "unpaid"))
    if plan.currency and (plan.has("currency") or plan.beside or plan.everywhere):
        allowed = ", ".join(map(literal, dict.fromkeys([plan.currency, *plan.rates])))
        cases.append((f"currency NOT IN ({allowed})", "other_currency"))
    return [(condition, f"{ASIDE}{reason}") for condition, reason in cases]


def _no_row(plan: ParsePlan, what: str) -> str:
    """Whether a row that could not be read is none: empty, the header once more, or a total of the rows above."""
    cells = "list_filter(list_transform(raw, lambda cell: lower(trim(cell))), lambda cell: cell <> '')"
    if what == "empty":
        return f"len({cells}) = 0"
    if what == "header":
        rows = [[cell.strip().lower() for cell in row if cell.strip()] for row in plan.header_rows]
        listed = [f"[{', '.join(map(literal, row))}]" for row in rows if row]
        return f"{cells} IN ({', '.join(listed)})" if listed else "false"
    return f"len(list_filter({cells}, lambda cell: regexp_matches(cell, {literal(TOTAL_WORDS)}))) > 0"


def never_sold(plan: ParsePlan) -> str:
    """Whether a row was to be revenue, so that a word can say that it never was: a coupon is, what pays back is not."""
    return "(listed_amount >= 0 OR item = 'coupon')" if "coupon" in plan.items else "listed_amount >= 0"


def _kind_cases(plan: ParsePlan) -> list[tuple[str, str]]:
    states, items = plan.states, plan.items
    cases = []
    tests = [*(["is_test"] if plan.test_orders else []), *(["state = 'test'"] if "test" in states else [])]
    gifts = ["is_gift"] if plan.gift_cards else []
    gifts += [f"{what} = 'gift_card'" for what, said in (("state", states), ("item", items)) if "gift_card" in said]
    if tests and "test_orders" not in plan.counts:
        cases.append((" OR ".join(tests), columns.TEST))
    if "cancelled" in states:
        cases.append((f"{never_sold(plan)} AND state = 'cancelled'", columns.CANCELLED))
    if gifts and "gift_cards" not in plan.counts:
        cases.append((" OR ".join(gifts), columns.GIFT_CARD))
    for what, said in (("state", states), ("item", items)):
        cases += [
            (f"{what} = {literal(kind)}", kind)
            for kind in (columns.SHIPPING, columns.TAX, columns.FEE)
            if kind in said and kind not in plan.counts
        ]
    if "coupon" in items:
        cases.append(("item = 'coupon'", columns.SALE))
    cases.append(("listed_amount < 0", columns.REFUND))
    return cases


def order_id(plan: ParsePlan) -> str:
    """The order's id; without one, an order is a customer's day, and each of a guest's rows is its own."""
    day = (
        "CASE WHEN customer_id IS NULL THEN concat('guest ', strftime(ordered_at, '%Y-%m-%d '), row_hash) "
        "ELSE concat(customer_id, strftime(ordered_at, ' %Y-%m-%d')) END"
    )
    if not plan.has("order"):
        return day
    return f"CASE WHEN order_key IS NOT NULL OR kind = {literal(columns.REFUND)} THEN order_key ELSE {day} END"


def _finished(plan: ParsePlan) -> str:
    """Judged rows with the columns of the stored lines, where a row means something by itself."""
    may_be_nothing = any(kind in columns.NO_REVENUE for _, kind in _kind_cases(plan))
    amount = f"CASE WHEN {no_revenue()} THEN 0 ELSE listed_amount END" if may_be_nothing else "listed_amount"
    final = {
        "order_id": order_id(plan),
        "amount": f"CAST({amount} AS {columns.MONEY})",
        "discount": given_discount(plan),
        "cost": given_cost(plan),
        "part": "CAST(NULL AS VARCHAR)",
    }
    kept = {c.name: c.name for c in columns.LINES if c.name not in final}
    return select({**kept, **final}, f"({judged_rows(plan)})")
