"""A second way to the orders, the customers and the refusals of a file: from its text alone."""

from __future__ import annotations

import re

from .build import Export
from .notation import NOTHING
from .recount import Row, cents, is_dead, is_there, table

NOBODY = ("", "0", "-1", "999999", "0000000000", *NOTHING)


def order_name(row: Row) -> str:
    """What the file calls the order of a row."""
    return next(row[name] for name in ("order", "receipt", "invoice") if name in row)


def who(export: Export, row: Row) -> str | None:
    """The customer of a row in one spelling, None where it is nobody."""
    tongue = export.plan.tongue
    name = next(name for name in ("customer_id", "email", "phone", "customer", "first_name") if name in row)
    text = row[name].strip()
    if text in NOBODY or text in tongue.walk_in or text.lower() in tongue.no_mail:
        return None
    match name:
        case "email":
            return text.lower()
        case "phone":
            return re.sub(r"\D", "", text)[-7:]
        case "first_name":
            return f"{text} {row['last_name']}"
        case _:
            return text


def _sold(export: Export, row: Row) -> bool:
    amount = next(row[name] for name in ("line_total", "total", "net", "unit_price") if name in row)
    back = (export.words["credit_note"], export.words["refund"])
    return not is_dead(export, row) and row.get("doc_type") not in back and cents(export, amount) > 0


def sales(export: Export) -> tuple[int, int]:
    """How many orders were sold and to how many customers, orders paid back in full among them."""
    rows = table(export)
    dead = {order_name(row) for row in rows if is_dead(export, row)} if export.plan.kind.grain == "either" else set()
    sold = [row for row in rows if _sold(export, row) and order_name(row) not in dead]
    people = {who(export, row) for row in sold}
    return len({order_name(row) for row in sold}), len(people - {None})


def refusals(export: Export) -> set[str]:
    """Addresses with a word against marketing on any row."""
    against = {
        "newsletter": (export.words["no"],),
        "opt_out": (export.words["yes"],),
        "do_not_contact": (export.words["yes"],),
    }
    found = set()
    for row in table(export):
        for name, words in against.items():
            if row.get(name) in words:
                found.add(row["email"].strip().lower())
        if is_there(row.get("unsubscribed_at", "")):
            found.add(row["email"].strip().lower())
    return found
