"""The judge: what an import made of a file whose truth is known, row by row and cent by cent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from segmentation.intake import Ledger
from segmentation.intake.accounts.ledger import OUTSIDE_REVENUE
from tests.truth.order_files import NOTHING, Line, Row
from tests.truth.spoiled_files import Spoiled

Stored = Mapping[str, Any]
Key = tuple[Any, ...]


def complaints(
    made: Spoiled, ledger: Ledger, lines: Sequence[Stored], aside: Sequence[Stored], *, spelling: bool = True
) -> list[str]:
    """Everything that is wrong with this import; nothing where it is right. Without `spelling`, letters beyond ASCII
    may have become others."""
    said: list[str] = []
    left_out = _set_aside(made, aside, said)
    loaded = [row for row in made.rows if row.fate in {"load", "either"} and id(row) not in left_out]
    rows = len([row for row in made.rows if row.fate != "none" or id(row) in left_out])
    if not ledger.read == rows == ledger.loaded + sum(ledger.set_aside.values()):
        said.append(f"{ledger.read} rows were read, {ledger.loaded} loaded, {dict(ledger.set_aside)}; there are {rows}")
    if not ledger.loaded == len(lines) == len(loaded):
        said.append(f"{ledger.loaded} rows are loaded, {len(lines)} stored, of {len(loaded)}")
    if dict(Counter(row["reason"] for row in aside)) != dict(ledger.set_aside):
        said.append("the rows set aside are others than the ledger says")
    kept = _lines(made, loaded, lines, said, spelling=spelling)
    if kept and not said:
        _sums(kept, ledger, aside, left_out, said)
    return said


def misspelt(made: Spoiled, lines: Sequence[Stored]) -> bool:
    """Whether a product has other letters than it should."""
    known = {_product(truth, spelling=True) for row in made.rows for truth in row.truths}
    return any(_text(line["product"], spelling=True) not in known for line in lines)


def _set_aside(made: Spoiled, aside: Iterable[Stored], said: list[str]) -> dict[int, Stored]:
    """The rows set aside, by identity; what should not have been is complained about."""
    places = {
        (part.name, start): row for part in made.parts for start, row in zip(part.starts, part.sheet.rows, strict=True)
    }
    found: dict[int, Stored] = {}
    for one in aside:
        name = next((part.name for part in made.parts if part.name in one["file"]), made.parts[0].name)
        row = places.get((name, one["line_number"]))
        where = f"line {one['line_number']} of {name} ({one['reason']}: {one['row']})"
        if row is None or id(row) in found:
            said.append(f"{where} is set aside, where no row starts")
            continue
        found[id(row)] = one
        if row.fate == "load":
            said.append(f"{where} is set aside, though it is whole")
    missing = (row for row in made.rows if row.fate == "aside" and id(row) not in found)
    said += [f"{row.text or row.cells} is not set aside" for row in missing]
    return found


def _lines(
    made: Spoiled, loaded: Sequence[Row], lines: Sequence[Stored], said: list[str], *, spelling: bool
) -> list[Line]:
    """The lines that the rows were rightly loaded as."""
    names = _names(loaded, lines, said) if made.parts[0].sheet.personal else {}
    waiting = Counter(_stored(line, names, spelling=spelling) for line in lines)
    kept, wrong = [], []
    for row in sorted(loaded, key=lambda row: len(row.truths)):
        line = next((truth for truth in row.truths if waiting[_truth(truth, spelling=spelling)] > 0), None)
        if line is None:
            wrong.append(row)
            continue
        waiting[_truth(line, spelling=spelling)] -= 1
        kept.append(line)
    said += [f"not loaded as it is: {row.truths[0]} ({row.text or row.cells})" for row in wrong]
    said += [f"loaded, but not in the file: {key}" for key in waiting.elements()]
    return kept


def _names(loaded: Sequence[Row], lines: Sequence[Stored], said: list[str]) -> dict[str, str]:
    """Who the pseudonyms stand for: one for each person, and one person for each."""
    by_order = {truth.order: truth.customer for row in loaded for truth in row.truths}
    by_moment = {(truth.moment, truth.amount): truth.customer for row in loaded for truth in row.truths}
    meant: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        if line["customer_id"] is not None:
            place = (line["ordered_at"], line["amount"])
            who = by_order.get(line["order_id"]) or by_moment.get(place)
            meant[line["customer_id"]] |= {who} if who else set()
    for name, people in meant.items():
        if len(people) > 1 or name in people:
            said.append(f"the pseudonym {name} stands for {people}")
    names = {name: min(people) for name, people in meant.items() if people}
    if len(set(names.values())) != len(names):
        said.append("somebody has two pseudonyms")
    return names


def _stored(line: Stored, names: Mapping[str, str], *, spelling: bool) -> Key:
    customer, order = line["customer_id"], line["order_id"]
    if customer is not None and order == f"{customer} {line['ordered_at']:%Y-%m-%d}":
        order = "day"
    elif order is not None and order.startswith("guest "):
        order = "guest"
    return (
        names.get(customer, customer),
        order,
        line["ordered_at"],
        _text(line["product"], spelling=spelling),
        line["amount"],
        line["listed_amount"],
        line["quantity"],
        line["kind"],
        line["part"],
    )


def _truth(line: Line, *, spelling: bool) -> Key:
    kind = "refund" if line.amount < 0 else "sale"
    product = _product(line, spelling=spelling)
    return line.customer, line.order, line.moment, product, line.amount, line.amount, line.quantity, kind, None


def _product(line: Line, *, spelling: bool) -> str | None:
    return None if line.product in NOTHING else _text(line.product, spelling=spelling)


def _text(text: str | None, *, spelling: bool) -> str | None:
    """A text without what no import has to keep: which line end, zero bytes, blanks around it."""
    plain = (text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
    if not spelling:
        plain = "".join(char if char < "\x80" else "?" for char in plain)
    return plain or None


def _sums(
    kept: Sequence[Line], ledger: Ledger, aside: Sequence[Stored], left_out: Mapping[int, Stored], said: list[str]
) -> None:
    truth = sum((line.amount for line in kept), Decimal(0))
    if ledger.revenue_kept != truth:
        said.append(f"a revenue of {ledger.revenue_kept} was kept; it is {truth}")
    outside = [one["amount"] or 0 for one in aside if one["reason"] not in OUTSIDE_REVENUE]
    if ledger.revenue_file != truth + sum(outside):
        said.append(f"the file's revenue is given as {ledger.revenue_file}, not {truth} and {outside}")
    customers = {line.customer for line in kept if line.amount >= 0} - {None}  # who bought
    if ledger.customers != len(customers):
        said.append(f"{ledger.customers} customers, not {len(customers)}")
    sales = [line for line in kept if line.amount >= 0]
    days = [line.moment.date() for line in sales or kept]
    if (ledger.first, ledger.last) != (min(days), max(days)):
        said.append(f"from {ledger.first} to {ledger.last}, not from {min(days)} to {max(days)}")
    orders = {(line.customer, line.order) for line in sales}
    if not any(line.order in {"day", "guest"} for line in sales) and ledger.orders != len(orders):
        said.append(f"{ledger.orders} orders, not {len(orders)}")
