"""A second way to the revenue of a file: from its text alone, row by row, without the ledger it was written from."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

from .build import Export
from .fate import DEAD
from .notation import NOTHING

Row = dict[str, str]
Rows = list[Row]


def table(export: Export) -> Rows:
    """The rows as Python's csv module reads them, by what each column holds."""
    text = decoded(export)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=export.plan.notation.separator)
    return [{name: row[header] for name, header in export.headers.items()} for row in reader]


def decoded(export: Export) -> str:
    """The file's text."""
    return export.data.decode(export.encoding)


def cents(export: Export, text: str) -> int:
    """An amount as written, in cents; nothing is zero."""
    mark = export.plan.notation.decimal
    if text in NOTHING and text != "-":
        return 0
    digits = re.sub(rf"[^0-9{re.escape(mark)}]", "", text)
    whole, _, rest = digits.partition(mark)
    value = int(whole or 0) * 100 + int((rest + "00")[:2])
    return -value if "-" in text or text.startswith("(") else value


def is_there(text: str) -> bool:
    """Whether a cell tells a day."""
    return text not in NOTHING and not text.startswith("0000")


def is_dead(export: Export, row: Row) -> bool:
    """Whether the row was cancelled or never paid."""
    dead = {export.words[name] for name in DEAD}
    return (
        row.get("status") in dead
        or row.get("line_status") == export.words["cancelled"]
        or is_there(row.get("cancelled_at", ""))
    )


def _paid_back(export: Export, row: Row, value: int) -> int:
    if row.get("status") == export.words["refunded"] or row.get("refunded_flag") == export.words["yes"]:
        return value
    if "refunded_amount" in row:
        return min(abs(cents(export, row["refunded_amount"])), value)
    return 0


def _by_total(export: Export, row: Row) -> int:
    return cents(export, row["total"])


def _by_line_total(export: Export, row: Row) -> int:
    return cents(export, row["line_total"])


def _by_price(export: Export, row: Row) -> int:
    each, quantity = cents(export, row["unit_price"]), int(row["quantity"])
    listed = each * quantity
    if "line_discount" in row:
        return listed - cents(export, row["line_discount"])
    if "discount_per_unit" in row:
        return listed - cents(export, row["discount_per_unit"]) * quantity
    if "discount_percent" in row:
        return listed - listed * int(row["discount_percent"].rstrip(" %")) // 100
    if "discount_share" in row:
        share = round(float(row["discount_share"].replace(export.plan.notation.decimal, ".")) * 100)
        return listed - listed * share // 100
    return listed


def _by_parts(export: Export, row: Row) -> int:
    return cents(export, row["total"]) - cents(export, row["shipping"]) - cents(export, row["tax"])


def _by_gross(export: Export, row: Row) -> int:
    return cents(export, row["net"])


def _by_document(export: Export, row: Row) -> int:
    amount = abs(cents(export, row["total"]))
    return -amount if row["doc_type"] == export.words["credit_note"] else amount


def _by_position(export: Export, row: Row) -> int:
    return 0 if row["product"] == export.words["shipping_row"] else cents(export, row["line_total"])


def _once(export: Export, row: Row) -> int:
    return cents(export, row["total"]) - cents(export, row.get("shipping", ""))


def _by_first_line(export: Export, row: Row) -> int:
    """The goods of an order as its own rows tell them; `row` is all of them in one, amounts added up."""
    if "total" in row:
        return _by_parts(export, row)
    return cents(export, row["line_total"])


VALUES: dict[str, Callable[[Export, Row], int]] = {
    "order totals": _by_total,
    "line totals": _by_line_total,
    "price times quantity": _by_price,
    "breakdown": _by_parts,
    "total on each line": _once,
    "first line only": _by_first_line,
    "net and gross": _by_gross,
    "credit notes": _by_document,
    "refund rows": _by_total,
    "till receipts": _by_line_total,
    "parts as rows": _by_position,
    "marketplace": _by_total,
    "payments": _by_total,
}


def _joined(export: Export) -> Rows:
    """Rows that count: of an order whose total stands on each row one, of one told on its first row all in one."""
    rows = table(export)
    if export.plan.kind.grain != "either":
        return rows
    first: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: not row.get("total", "1")):
        kept = first.setdefault(row["order"], {})
        both = cents(export, kept.get("line_total", "")) + cents(export, row.get("line_total", ""))
        for name, text in row.items():
            if not kept.get(name):
                kept[name] = text
        if "line_total" in row:
            kept["line_total"] = export.plan.notation.plain(both)
    return list(first.values())


def revenue(export: Export) -> float:
    """Money for goods that was kept, from the rows as written."""
    value_of = VALUES[export.plan.shape]
    whole = 0
    for row in _joined(export):
        if not is_dead(export, row):
            value = value_of(export, row)
            whole += value - _paid_back(export, row, value)
    return whole / 100
