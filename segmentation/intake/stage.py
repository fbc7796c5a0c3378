"""From text to typed order lines in one pass: which SQL expression gives each stored column.

Every row gets a kind: sale, refund, cancelled, or the reason why it is set aside. A staged file in which nothing was
set aside already has the columns of the stored lines, and becomes them by a rename.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from segmentation import columns
from segmentation.engine import casts
from segmentation.engine.duckdb import literal
from segmentation.engine.reading import TextSource, select
from segmentation.intake.mapping import Mapping
from segmentation.intake.settle import Reading

EARLIEST = date(1980, 1, 1)
"""Older dates are placeholders (1900-01-01, 1970-01-01), not orders."""

ASIDE = "aside:"
"""Prefix of the kind of a row that is set aside; the reason follows."""

KEYS = "keys"
"""The table of (email, pseudonym) that is given where the file has no customer id."""

_REFUND_WORDS = (
    "refund", "return", "retour", "rembours", "reembols", "devol", "rimbors", r"\breso\b", "erstatt", "gutschrift",
    "retoure", "terugbeta", "chargeback", "credit note", "creditnota",
)  # fmt: skip
_CANCELLED_WORDS = ("cancel", r"\bvoid", "storn", "annul", "anulad", "geannuleerd", "abgebrochen")
UNDONE_WORDS = ("refunded", "returned", "erstattet", "rembours", "reembolsad", "rimborsat", "terugbetaald", "retourn")
PARTLY_WORDS = ("part", "teil", "parz", "gedeelt", "not ", "nicht ", "no ", "non ")
_REFUND_NOUNS = (
    r"^\s*(refund|return|gutschrift|retoure|erstattung|remboursement|reembolso|devoluci.n|rimborso|reso)\s*$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that decides how a file's text becomes lines. `headers` name the columns of `source`, in order."""

    source: TextSource
    headers: tuple[str, ...]
    mapping: Mapping
    reading: Reading
    today: date
    guests: tuple[str, ...] = ()
    currency: str | None = None

    def column(self, meaning: str) -> str | None:
        """The source column with this meaning, e.g. c3."""
        header = getattr(self.mapping, meaning)
        return None if header is None else self.source.columns[self.headers.index(header)]

    @property
    def by_email(self) -> bool:
        """Whether customers are known only by their e-mail."""
        return self.mapping.customer is None

    def text(self, meaning: str) -> str:
        column = self.column(meaning)
        return "CAST(NULL AS VARCHAR)" if column is None else casts.text(column)

    def number(self, meaning: str) -> str:
        column = self.column(meaning)
        return f"CAST(NULL AS {columns.MONEY})" if column is None else casts.number(column, self.reading.decimal)

    @property
    def email(self) -> str:
        """The e-mail as it is compared: trimmed, lower case."""
        return f"lower({self.text('email')})"


def lines_query(recipe: Recipe) -> str:
    """A query of one row per record with the stored columns."""
    return select({column.name: column.name for column in columns.LINES}, f"({_judged(recipe)})")


def judged_query(recipe: Recipe) -> str:
    """The kind of each record, and its fields where it is set aside; the customers are left out."""
    aside = f"starts_with(kind, {literal(ASIDE)})"
    wanted = {"kind": "kind", "amount": "listed_amount", "row": f"CASE WHEN {aside} THEN raw END"}
    return select(wanted, f"({_judged(recipe, raw=True)})")


def contacts_query(recipe: Recipe) -> str:
    """Latest e-mail and consent of each customer, with the time of their latest line in the file."""
    consent = recipe.column("consent")
    typed = select(
        {
            "customer_id": _customer(recipe),
            "email": recipe.email,
            "consent": "CAST(NULL AS BOOLEAN)" if consent is None else casts.flag(consent),
            "ordered_at": _moment(recipe),
        },
        _table(recipe),
    )
    return select(
        {
            "customer_id": "customer_id",
            "email": "arg_max(email, ordered_at) FILTER (email IS NOT NULL)",
            "consent": "arg_max(consent, ordered_at) FILTER (consent IS NOT NULL)",
            "latest": "max(ordered_at)",
        },
        f"({typed})",
        where="customer_id IS NOT NULL AND ordered_at IS NOT NULL",
        group="customer_id",
    )


def distinct_emails_query(recipe: Recipe) -> str:
    """Every address of the file, as it is compared."""
    return select({"email": recipe.email}, recipe.source.sql, where=f"{recipe.email} IS NOT NULL", distinct=True)


def distinct_days_query(source: TextSource, column: str) -> str:
    """The days of a date column as written, without their times."""
    return select({"value": f"substr(trim({column}), 1, 10)"}, source.sql, distinct=True)


def distinct_numbers_query(source: TextSource, column: str) -> str:
    """The shapes of a number column: digits but 0 are all written as 5, since only their places matter."""
    return select({"value": f"regexp_replace({column}, '[1-9]', '5', 'g')"}, source.sql, distinct=True)


def _table(recipe: Recipe) -> str:
    if not recipe.by_email:
        return recipe.source.sql
    return f"{recipe.source.sql} AS file LEFT JOIN {KEYS} ON {KEYS}.email = {recipe.email}"


def _customer(recipe: Recipe) -> str:
    if recipe.by_email:
        return f"{KEYS}.pseudonym"
    customer = recipe.text("customer")
    if not recipe.guests:
        return customer
    return f"CASE WHEN lower({customer}) NOT IN ({', '.join(map(literal, recipe.guests))}) THEN {customer} END"


def _moment(recipe: Recipe) -> str:
    dates, column = recipe.reading.dates, recipe.column("date")
    assert column is not None
    return casts.moment(column, dates.formats, iso=dates.iso, zoned=dates.zoned)


def _typed(recipe: Recipe, *, raw: bool) -> str:
    """Each record's fields, trimmed and typed; NULL where a field is empty or unreadable."""
    hashed = ", ".join(recipe.source.columns[recipe.headers.index(header)] for header in sorted(recipe.headers))
    parts = {
        "customer_id": _customer(recipe),
        "order_key": recipe.text("order"),
        "line_id": recipe.text("line"),
        "ordered_at": _moment(recipe),
        "quantity": recipe.number("quantity"),
        "unit_price": recipe.number("unit_price"),
        "total": recipe.number("amount"),
        "discount": f"abs({recipe.number('discount')})",
        "unit_cost": recipe.number("unit_cost"),
        "currency": recipe.text("currency"),
        "product": recipe.text("product"),
        "category": recipe.text("category"),
        "channel": recipe.text("channel"),
        "status": recipe.text("status") if recipe.mapping.status else recipe.text("refund"),
        "paid_back": _paid_back(recipe),
        "date_field": _field(recipe, "date"),
        "amount_field": _field(recipe, "amount" if recipe.mapping.amount else "unit_price"),
        "quantity_field": _field(recipe, "quantity"),
        "beyond": recipe.source.overflow,
        "row_hash": f"hash({hashed})",
    }
    if raw:
        parts["raw"] = f"[{', '.join((*recipe.source.columns, recipe.source.overflow))}]"
        parts["customer_id"] = "CAST(NULL AS VARCHAR)"
    return select(parts, recipe.source.sql if raw else _table(recipe))


def _field(recipe: Recipe, meaning: str) -> str:
    """The field as it stands: looked at only where it could not be read."""
    return recipe.column(meaning) or "CAST(NULL AS VARCHAR)"


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
    if recipe.mapping.amount:
        amount = "total"
    elif recipe.mapping.discount:
        gross = "quantity * unit_price"
        less = "coalesce(discount, 0)"
        net = f"CASE WHEN {gross} < 0 THEN {gross} + {less} ELSE {gross} - {less} END"
        amount = f"try_cast({net} AS {columns.MONEY})"
    else:
        amount = f"try_cast(quantity * unit_price AS {columns.MONEY})"
    signs = ["paid_back"] if recipe.mapping.refund or recipe.mapping.status else []
    if recipe.mapping.quantity and recipe.mapping.amount:
        signs.append("coalesce(quantity < 0, false)")
    return f"CASE WHEN {' OR '.join(signs)} THEN -abs({amount}) ELSE {amount} END" if signs else amount


def _kind(recipe: Recipe) -> str:
    """sale, refund, cancelled, or the reason to set the row aside, in this order of precedence."""
    limit = recipe.today + timedelta(days=2)
    if recipe.mapping.amount:
        missing = f"{casts.text('amount_field')} IS NULL"
        too_long = casts.number_too_long("amount_field", recipe.reading.decimal)
    else:
        missing = f"{casts.text('amount_field')} IS NULL OR {casts.text('quantity_field')} IS NULL"
        too_long = "quantity IS NOT NULL AND unit_price IS NOT NULL"
    cases = [
        ("beyond IS NOT NULL", f"{ASIDE}too_many_fields"),
        (f"listed_amount IS NULL AND ({missing})", f"{ASIDE}missing_amount"),
        (f"listed_amount IS NULL AND {too_long}", f"{ASIDE}amount_out_of_range"),
        ("listed_amount IS NULL", f"{ASIDE}unreadable_amount"),
        (f"ordered_at IS NULL AND {casts.text('date_field')} IS NULL", f"{ASIDE}missing_date"),
        ("ordered_at IS NULL", f"{ASIDE}unreadable_date"),
        (f"ordered_at < TIMESTAMP {literal(EARLIEST)}", f"{ASIDE}placeholder_date"),
        (f"ordered_at >= TIMESTAMP {literal(limit)}", f"{ASIDE}future_date"),
    ]
    if recipe.currency and recipe.mapping.currency:
        cases.append((f"upper(currency) <> {literal(recipe.currency)}", f"{ASIDE}other_currency"))
    cases.append(("listed_amount < 0", columns.REFUND))
    if recipe.mapping.status:
        cases.append((f"{casts.says('status', _CANCELLED_WORDS)} OR {_undone('status')}", columns.CANCELLED))
    # As one of a known set of texts a kind costs the Parquet writer an eighth of what it costs as any text.
    known = f"ENUM({', '.join(map(literal, dict.fromkeys([columns.SALE, *(kind for _, kind in cases)])))})"
    whens = " ".join(f"WHEN {condition} THEN {literal(kind)}::{known}" for condition, kind in cases)
    return f"CASE {whens} ELSE {literal(columns.SALE)}::{known} END"


def _order(recipe: Recipe) -> str:
    """The order's id; without one, an order is a customer's day, and each of a guest's rows is its own."""
    day = (
        "CASE WHEN customer_id IS NULL THEN concat('guest ', strftime(ordered_at, '%Y-%m-%d '), row_hash) "
        "ELSE concat(customer_id, strftime(ordered_at, ' %Y-%m-%d')) END"
    )
    if not recipe.mapping.order:
        return day
    return f"CASE WHEN order_key IS NOT NULL OR kind = {literal(columns.REFUND)} THEN order_key ELSE {day} END"


def _judged(recipe: Recipe, *, raw: bool = False) -> str:
    cancelled = f"kind = {literal(columns.CANCELLED)}"
    cost = f"try_cast(unit_cost * abs(coalesce(quantity, 1)) AS {columns.MONEY})"
    signed = f"CASE WHEN {cancelled} THEN 0 WHEN kind = {literal(columns.REFUND)} THEN -{cost} ELSE {cost} END"
    may_cancel = bool(recipe.mapping.status)
    amount = f"CASE WHEN {cancelled} THEN 0 ELSE listed_amount END" if may_cancel else "listed_amount"
    final = {
        "order_id": _order(recipe),
        "amount": f"CAST({amount} AS {columns.MONEY})",
        "cost": f"CAST({signed} AS {columns.MONEY})" if recipe.mapping.unit_cost else f"CAST(NULL AS {columns.MONEY})",
    }
    kept = [c.name for c in columns.LINES if c.name not in final] + (["raw"] if raw else [])
    with_amount = select({"*": "*", "listed_amount": _listed(recipe)}, f"({_typed(recipe, raw=raw)})")
    with_kind = select({"*": "*", "kind": _kind(recipe)}, f"({with_amount})")
    return select({**{name: name for name in kept}, **final}, f"({with_kind})")
