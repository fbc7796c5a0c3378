"""From text to typed order lines: what each row is, and what it adds to revenue.

Every row gets a kind: sale, refund, cancelled, one of those that do not count (test orders, gift cards), or the reason
why it is set aside. A staged file in which nothing was set aside already has the columns of the stored lines, and
becomes them by a rename.
"""

from __future__ import annotations

from datetime import date, timedelta

from segmentation import columns
from segmentation.engine import casts
from segmentation.engine.duckdb import literal
from segmentation.engine.reading import select
from segmentation.intake.rows.recipe import Recipe
from segmentation.meaning.mapping import ORDER_LEVEL

EARLIEST = date(1980, 1, 1)
"""Older dates are placeholders (1900-01-01, 1970-01-01), not orders."""

ASIDE = "aside:"
"""Prefix of the kind of a row that is set aside; the reason follows."""

_REFUND_WORDS = (
    "refund", "return", "retour", "rembours", "reembols", "devol", "rimbors", r"\breso\b", "erstatt", "gutschrift",
    "retoure", "terugbeta", "chargeback", "credit note", "creditnota", "reversal", "estorno",
)  # fmt: skip
_CANCELLED_WORDS = (
    "cancel", r"\bvoid", "storn", "annul", "anulad", "geannuleerd", "abgebrochen", r"\bfailed\b", "declined", "denied",
    r"\bexpired\b", "fehlgeschlagen", "abgelehnt", "mislukt", "fallid", "échou", r"\bfraud",
)  # fmt: skip
UNDONE_WORDS = ("refunded", "returned", "erstattet", "rembours", "reembolsad", "rimborsat", "terugbetaald", "retourn")
PARTLY_WORDS = ("part", "teil", "parz", "gedeelt", "not ", "nicht ", "no ", "non ")
_REFUND_NOUNS = (
    r"^\s*(refund|return|gutschrift|retoure|erstattung|remboursement|reembolso|devoluci.n|rimborso|reso)\s*$"
)
_TOTAL_WORDS = (
    r"^\W*(?:grand |sub ?-?|gesamt|zwischen)?(?:total|totals|totale|totaal|summe|gesamt|gesamtsumme|somme|suma|soma|"
    r"sum|insgesamt|ergebnis|total général|total general|eindtotaal)\b[\w\s:.-]{0,20}$"
)


def lines_query(recipe: Recipe) -> str:
    """A query of one row per record with the stored columns."""
    return select({column.name: column.name for column in columns.LINES}, f"({_finished(recipe)})")


def judged_query(recipe: Recipe) -> str:
    """The kind of each record, its line where known, and its fields where it is set aside; customers are left out."""
    aside = f"starts_with(kind, {literal(ASIDE)})"
    wanted = {"kind": "kind", "line": "line", "amount": "listed_amount", "row": f"CASE WHEN {aside} THEN raw END"}
    return select(wanted, f"({judged(recipe, raw=True)})")


def contacts_query(recipe: Recipe) -> str:
    """Latest contacts and consent of each customer, with the time of their latest line in the file."""
    consent = recipe.column("consent")
    names = ("email", "name", "phone")
    typed = select(
        {
            "customer_id": recipe.customer,
            "email": f"lower({recipe.text('email')})",
            "name": recipe.text("name"),
            "phone": recipe.text("phone"),
            "consent": "CAST(NULL AS BOOLEAN)" if consent is None else casts.flag(consent),
            "ordered_at": recipe.moment,
        },
        recipe.keyed_table,
    )
    latest = {name: f"arg_max({name}, ordered_at) FILTER ({name} IS NOT NULL)" for name in (*names, "consent")}
    return select(
        {"customer_id": "customer_id", **latest, "latest": "max(ordered_at)"},
        f"({typed})",
        where="customer_id IS NOT NULL AND ordered_at IS NOT NULL",
        group="customer_id",
    )


def judged(recipe: Recipe, *, raw: bool = False) -> str:
    """Each record typed, with what it is listed at and its kind; with `raw` its fields too, and no customer."""
    return kinds(recipe, f"({typed(recipe, raw=raw)})")


def kinds(recipe: Recipe, table: str) -> str:
    """The typed rows of `table` with what each is listed at and its kind."""
    with_amount = select({"*": "*", "listed_amount": _listed(recipe)}, table)
    return select({"*": "*", "kind": _kind(recipe)}, f"({with_amount})")


def typed(recipe: Recipe, *, raw: bool = False, parts: bool = False) -> str:
    """Each record's fields, trimmed and typed; NULL where a field is empty or unreadable. `raw` fields are there where
    a record could not be read, or always if asked for; with `parts`, so are the amounts of its order."""
    amount = (
        recipe.money("amount")
        if recipe.column("amount")
        else f"{recipe.number('quantity')} * {recipe.money('unit_price')}"
    )
    unread = f"{recipe.moment} IS NULL OR {amount} IS NULL"
    found = {
        "customer_id": "CAST(NULL AS VARCHAR)" if raw else recipe.customer,
        "order_key": recipe.identifier("order"),
        "line_id": recipe.identifier("line"),
        "ordered_at": recipe.moment,
        "quantity": recipe.number("quantity"),
        "unit_price": recipe.money("unit_price"),
        "total": recipe.money("amount"),
        "discount": f"abs({recipe.money('discount')})",
        "unit_cost": recipe.money("unit_cost"),
        "currency": recipe.currency,
        "product": recipe.text("product"),
        "category": recipe.text("category"),
        "channel": recipe.text("channel"),
        "status": recipe.text("status") if recipe.mapping.status else recipe.text("refund"),
        "paid_back": _paid_back(recipe),
        "date_field": recipe.field("date"),
        "amount_field": recipe.field("amount" if recipe.column("amount") else "unit_price"),
        "quantity_field": recipe.field("quantity"),
        "beyond": recipe.source.overflow,
        "row_hash": recipe.row_hash,
        "raw": recipe.raw if raw or parts else f"CASE WHEN {unread} THEN {recipe.raw} END",
        "line": recipe.line,
    }
    if parts:
        used = recipe.order_parts
        empty = f"CAST(NULL AS {columns.MONEY})"
        found |= {f"order_{part}": _order_amount(recipe, part) if part in used else empty for part in ORDER_LEVEL}
    return select(found | _rules(recipe), recipe.table if raw else recipe.keyed_table)


def _order_amount(recipe: Recipe, part: str) -> str:
    """An amount of the order; what is taken off is written with a minus here and without one there."""
    return f"abs({recipe.money(part)})" if part in {"refunded", "order_discount"} else recipe.money(part)


def _rules(recipe: Recipe) -> dict[str, str]:
    """Whether a row is a sale at all, a gift card, a test, or cancelled by a column of its own."""
    platform, found = recipe.platform, {}
    if platform is not None:
        rules = {"is_sale": platform.sales, "is_gift": platform.gift_cards, "is_test": platform.test_orders}
        found = {name: sql for name, rule in rules.items() if (sql := recipe.rule(rule)) is not None}
    if (test := recipe.column("test")) is not None:
        found["is_test"] = f"coalesce({casts.flag(test)}, {casts.says(test, ('test',))})"
    if recipe.column("cancelled") is not None:
        found["is_cancelled"] = f"{recipe.text('cancelled')} IS NOT NULL"
    return found


def _undone(status: str) -> str:
    """Whether a cancelled line was a sale that was paid back, rather than one that never was."""
    return casts.says(status, UNDONE_WORDS, but_not=PARTLY_WORDS)


def _paid_back(recipe: Recipe) -> str:
    """Whether a marker says that this row pays money back."""
    said = []
    if marker := recipe.column("refund"):
        said.append(casts.says(marker, _REFUND_WORDS, but_not=PARTLY_WORDS))
        said.append(f"coalesce({casts.flag(marker)}, false)")
    if status := recipe.column("status"):
        said.append(casts.says(status, (_REFUND_NOUNS,)))
    return f"({' OR '.join(said)})" if said else "false"


def _listed(recipe: Recipe) -> str:
    """The line's amount as the file has it, after discount; money paid back is negative."""
    if recipe.column("amount"):
        amount = "total"
    elif recipe.mapping.discount:
        gross = "quantity * unit_price"
        less = "coalesce(discount, 0)"
        net = f"CASE WHEN {gross} < 0 THEN {gross} + {less} ELSE {gross} - {less} END"
        amount = f"try_cast({net} AS {columns.MONEY})"
    else:
        amount = f"try_cast(quantity * unit_price AS {columns.MONEY})"
    signs = ["paid_back"] if recipe.mapping.refund or recipe.mapping.status else []
    if recipe.column("quantity") and recipe.column("amount"):
        signs.append("coalesce(quantity < 0, false)")
    return f"CASE WHEN {' OR '.join(signs)} THEN -abs({amount}) ELSE {amount} END" if signs else amount


def _kind(recipe: Recipe) -> str:
    """sale, refund, cancelled, …, or the reason to set the row aside, in this order of precedence."""
    cases = [*_aside_cases(recipe), *_kind_cases(recipe)]
    # As one of a known set of texts a kind costs the Parquet writer an eighth of what it costs as any text.
    known = f"ENUM({', '.join(map(literal, dict.fromkeys([columns.SALE, *(kind for _, kind in cases)])))})"
    whens = " ".join(f"WHEN {condition} THEN {literal(kind)}::{known}" for condition, kind in cases)
    return f"CASE {whens} ELSE {literal(columns.SALE)}::{known} END"


def _aside_cases(recipe: Recipe) -> list[tuple[str, str]]:
    limit = recipe.today + timedelta(days=2)
    if recipe.column("amount"):
        missing = f"{casts.text('amount_field')} IS NULL"
        too_long = casts.number_too_long("amount_field", recipe.reading.decimal("amount"))
    else:
        missing = f"{casts.text('amount_field')} IS NULL OR {casts.text('quantity_field')} IS NULL"
        too_long = "quantity IS NOT NULL AND unit_price IS NOT NULL"
    unread = "(listed_amount IS NULL OR ordered_at IS NULL)"
    cases = [
        ("beyond IS NOT NULL", "too_many_fields"),
        (f"{unread} AND {_no_row(recipe, 'empty')}", "empty_row"),
        (f"{unread} AND {_no_row(recipe, 'header')}", "repeated_header"),
        (f"listed_amount IS NOT NULL AND ordered_at IS NULL AND {_no_row(recipe, 'total')}", "total_row"),
    ]
    if recipe.platform and recipe.rule(recipe.platform.sales) is not None:
        cases.append(("NOT is_sale", "not_a_sale"))
    if recipe.platform and recipe.platform.spends_too:
        cases.append(("listed_amount < 0 AND NOT paid_back", "not_a_sale"))
    cases += [
        (f"listed_amount IS NULL AND ({missing})", "missing_amount"),
        (f"listed_amount IS NULL AND {too_long}", "amount_out_of_range"),
        ("listed_amount IS NULL", "unreadable_amount"),
        (f"ordered_at IS NULL AND {casts.text('date_field')} IS NULL", "missing_date"),
        ("ordered_at IS NULL", "unreadable_date"),
        (f"ordered_at < TIMESTAMP {literal(EARLIEST)}", "placeholder_date"),
        (f"ordered_at >= TIMESTAMP {literal(limit)}", "future_date"),
    ]
    if recipe.reading.currency and (recipe.mapping.currency or recipe.reading.beside):
        allowed = ", ".join(map(literal, dict.fromkeys([recipe.reading.currency, *recipe.reading.rates])))
        cases.append((f"currency NOT IN ({allowed})", "other_currency"))
    return [(condition, f"{ASIDE}{reason}") for condition, reason in cases]


def _no_row(recipe: Recipe, what: str) -> str:
    """Whether a row that could not be read is none: empty, the header once more, or a total of the rows above."""
    cells = "list_filter(list_transform(raw, lambda cell: lower(trim(cell))), lambda cell: cell <> '')"
    if what == "empty":
        return f"len({cells}) = 0"
    if what == "header":
        rows = [[cell.strip().lower() for cell in row if cell.strip()] for row in recipe.header_rows]
        listed = [f"[{', '.join(map(literal, row))}]" for row in rows if row]
        return f"{cells} IN ({', '.join(listed)})" if listed else "false"
    return f"len(list_filter({cells}, lambda cell: regexp_matches(cell, {literal(_TOTAL_WORDS)}))) > 0"


def _kind_cases(recipe: Recipe) -> list[tuple[str, str]]:
    rules = _rules(recipe)
    cases = []
    if "is_test" in rules and not recipe.mapping.choices.counts("test_orders"):
        cases.append(("is_test", columns.TEST))
    if "is_cancelled" in rules:
        cases.append(("is_cancelled", columns.CANCELLED))
    never = recipe.platform.never_sold if recipe.platform else ()
    if recipe.mapping.status:
        undone = "" if recipe.mapping.refunded else f" OR {_undone('status')}"
        said = casts.says("status", (*_CANCELLED_WORDS, *never))
        cases.append((f"listed_amount >= 0 AND ({said}{undone})", columns.CANCELLED))
    if "is_gift" in rules and not recipe.mapping.choices.counts("gift_cards"):
        cases.append(("is_gift", columns.GIFT_CARD))
    cases.append(("listed_amount < 0", columns.REFUND))
    return cases


def order_id(recipe: Recipe) -> str:
    """The order's id; without one, an order is a customer's day, and each of a guest's rows is its own."""
    day = (
        "CASE WHEN customer_id IS NULL THEN concat('guest ', strftime(ordered_at, '%Y-%m-%d '), row_hash) "
        "ELSE concat(customer_id, strftime(ordered_at, ' %Y-%m-%d')) END"
    )
    if not recipe.mapping.order:
        return day
    return f"CASE WHEN order_key IS NOT NULL OR kind = {literal(columns.REFUND)} THEN order_key ELSE {day} END"


def no_revenue(kind: str = "kind") -> str:
    """Whether a line of this kind adds nothing to revenue."""
    return f"{kind} IN ({', '.join(map(literal, columns.NO_REVENUE))})"


def _finished(recipe: Recipe) -> str:
    """Judged rows with the columns of the stored lines, where a row means something by itself."""
    nothing = no_revenue()
    cost = f"try_cast(unit_cost * abs(coalesce(quantity, 1)) AS {columns.MONEY})"
    signed = f"CASE WHEN {nothing} THEN 0 WHEN kind = {literal(columns.REFUND)} THEN -{cost} ELSE {cost} END"
    may_be_nothing = bool(_kind_cases(recipe)[:-1])
    amount = f"CASE WHEN {nothing} THEN 0 ELSE listed_amount END" if may_be_nothing else "listed_amount"
    final = {
        "order_id": order_id(recipe),
        "amount": f"CAST({amount} AS {columns.MONEY})",
        "cost": f"CAST({signed} AS {columns.MONEY})" if recipe.mapping.unit_cost else f"CAST(NULL AS {columns.MONEY})",
        "part": "CAST(NULL AS VARCHAR)",
    }
    kept = {c.name: c.name for c in columns.LINES if c.name not in final}
    return select({**kept, **final}, f"({judged(recipe)})")
