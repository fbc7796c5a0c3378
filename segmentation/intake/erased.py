"""Customers who were erased stay erased: their rows are left out of an import, counted, and nothing of them is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

import pyarrow as pa
import pyarrow.parquet as pq

from segmentation.engine.importing.left_out import ERASED_CUSTOMERS, but_erased, places_query
from segmentation.engine.importing.people import traces_query
from segmentation.engine.importing.plan import ParsePlan
from segmentation.engine.importing.rows import ASIDE
from segmentation.engine.reading import ImportConnection
from segmentation.intake import mentions
from segmentation.intake.accounts.account import Tally
from segmentation.intake.accounts.ledger import OUTSIDE_REVENUE
from segmentation.intake.store import notes
from segmentation.intake.typed import Staged, kinds_of
from segmentation.privacy import Trace, erased_mark

ERASED = "erased"
"""The reason in the ledger."""
_ALONE = re.compile(r"^[^<>@]*<([^<>]+)>\s*$")
"""An address behind a name, `Ada <ada@example.com>`."""
_BETWEEN = re.compile(r"[,;|\t]")
_MOST_SEEN = 200_000
"""Values whose marks are remembered."""
_TELLING = 4
"""Signs of an id that tells a customer in whatever column it stands; a shorter one may be a number of pieces."""
Cells = Sequence[str | None]


@dataclass(frozen=True)
class Marks:
    """The marks of customers who were erased from a dataset, made with the workspace's key."""

    key: bytes
    known: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.known)

    def has(self, trace: Trace, value: str | None) -> bool:
        """Whether this value is one of an erased customer."""
        if not self.known or not value:
            return False
        found = self._seen.get((trace, value))
        if found is None:
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            found = self._seen[trace, value] = erased_mark(self.key, trace, value) in self.known
        return found

    def has_id(self, value: str | None) -> bool:
        """Whether this is the id of an erased customer."""
        return self.has("customer", value) or self.has("id", value)

    @cached_property
    def _seen(self) -> dict[tuple[Trace, str], bool]:
        return {}

    def is_of(self, cells: Cells, customer: int | None = None) -> bool:
        """Whether a row is of an erased customer by the id in its place, or by a cell that is one of their addresses;
        not where a longer text only mentions one."""
        if customer is not None and customer < len(cells) and self.has_id(cells[customer]):
            return True
        return any(self.has("email", _ALONE.sub(r"\1", cell)) for cell in cells if cell and "@" in cell)

    def in_row(self, cells: Cells, customer: int | None = None, names: Sequence[int] = ()) -> bool:
        """Whether a row that could not be read is of an erased customer, or names one in any of its texts: `customer`
        is the place of the id, `names` those of the parts of a name."""
        if len(cells) == 1 and cells[0]:
            cells = [cells[0], *(part.strip(" \"'") for part in _BETWEEN.split(cells[0]))]
            cells = [*cells, *(f"{one} {other}" for one, other in pairwise(cells[1:]))]
        if customer is not None and customer < len(cells) and self.has_id(cells[customer]):
            return True
        name = " ".join(cells[at] or "" for at in names if at < len(cells))
        return self.has("name", name) or any(self._in_cell(cell) for cell in cells if cell)

    def _in_cell(self, cell: str) -> bool:
        if any(self.has("email", address) for address in mentions.addresses(cell)):
            return True
        if len(cell.strip()) >= _TELLING and self.has_id(cell.strip()):
            return True
        if self.has("phone", cell) or any(self.has("phone", number) for number in mentions.phones(cell)):
            return True
        return self.has("name", cell) or any(self.has("name", name) for name in mentions.names(cell))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A staged table without its erased customers, and the rows of theirs that were set aside for another reason: how
    many for each, and their amounts."""

    staged: Staged
    customers: frozenset[str] = frozenset()
    rows: dict[str, int] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    damaged: int = 0

    def contacts(self, query: str) -> str:
        """These contacts without those of erased customers."""
        return but_erased(query) if self.customers else query

    def counted(self, tally: Tally) -> Tally:
        """The count of the staged rows, in which every row of an erased customer counts as erased."""
        rows, listed = dict(tally.rows), dict(tally.listed)
        target = f"{ASIDE}{ERASED}"
        for reason, moved in self.rows.items():
            source, amount = f"{ASIDE}{reason}", self.amounts.get(reason, Decimal(0))
            rows[source] -= moved
            rows[target] = rows.get(target, 0) + moved
            listed[source] -= amount
            if reason not in OUTSIDE_REVENUE:
                listed[target] = listed.get(target, Decimal(0)) + amount
        if self.damaged:
            rows[target] = rows.get(target, 0) + self.damaged
        return replace(tally, rows={kind: n for kind, n in rows.items() if n}, listed=listed)


def leave_out(connection: ImportConnection, staged: Staged, marks: Marks) -> LeftOut:
    """The staged table without the rows of erased customers, which are counted as erased."""
    if not marks:
        return LeftOut(staged)
    customers = _customers(connection, staged.plan, marks)
    connection.show(ERASED_CUSTOMERS, pa.table({"customer_id": pa.array(sorted(customers), pa.string())}))
    if customers:
        target = staged.path.with_name(f"left-{staged.path.name}")
        connection.show("staged", [staged.path])
        connection.store_named("import_left_out", target, notes=notes(staged.path))
        staged = replace(staged, path=target, kinds=kinds_of(connection, target))
    left_out = _without_damaged(LeftOut(staged, customers), marks)
    return _without_aside(connection, left_out, marks)


def _customers(connection: ImportConnection, plan: ParsePlan, marks: Marks) -> frozenset[str]:
    """The customers of the file who were erased: by their id, their address, or one that stands beside it."""
    rows = connection.run(traces_query(plan))
    pairs = [
        ({one for one in (email, contact) if one}, {one for one in (given, customer) if one})
        for email, contact, given, customer in zip(*(column.to_pylist() for column in rows.columns), strict=True)
    ]
    emails: set[str] = {one for known, _ in pairs for one in known if "@" in one and marks.has("email", one)}
    ids: set[str] = {one for _, known in pairs for one in known if marks.has_id(one)}
    before = -1
    while len(emails) + len(ids) > before:  # an id and an address that stand in one row are one customer
        before = len(emails) + len(ids)
        for known, given in pairs:
            if known & emails or given & ids:
                emails |= {one for one in known if "@" in one}
                ids |= given
    return frozenset(ids)


def _without_damaged(left: LeftOut, marks: Marks) -> LeftOut:
    """Records that never became rows, without those of erased customers."""
    opened = left.staged.opened
    stay = tuple(one for one in opened.aside if not marks.in_row([one.text]))
    if len(stay) == len(opened.aside):
        return left
    text = replace(left.staged.text, opened=replace(opened, aside=stay))
    return replace(left, staged=replace(left.staged, text=text), damaged=len(opened.aside) - len(stay))


def _without_aside(connection: ImportConnection, left: LeftOut, marks: Marks) -> LeftOut:
    """Rows that were set aside for another reason, without those of erased customers."""
    staged = left.staged
    if staged.aside is None:
        return left
    table = pq.ParquetFile(staged.aside).read()
    places = set[int]()
    if left.customers:  # by themselves or by their orders
        places |= set(connection.run(places_query(staged.plan)).column("place").to_pylist())
    customer = _place(staged.plan, ["customer"])
    names = _place(staged.plan, ["first_name", "last_name"])
    gone = [
        place in places or marks.in_row(cells or [], customer[0] if customer else None, names)
        for place, cells in zip(table.column("place").to_pylist(), table.column("row").to_pylist(), strict=True)
    ]
    if not any(gone):
        return left
    rows, amounts = dict[str, int](), dict[str, Decimal]()
    removed = table.filter(pa.array(gone, pa.bool_()))
    for reason, amount in zip(removed.column("reason").to_pylist(), removed.column("amount").to_pylist(), strict=True):
        rows[reason] = rows.get(reason, 0) + 1
        amounts[reason] = amounts.get(reason, Decimal(0)) + (amount or Decimal(0))
    target = staged.aside.with_name(f"left-{staged.aside.name}")
    pq.write_table(table.filter(pa.array([not one for one in gone], pa.bool_())), target)
    return replace(left, staged=replace(staged, aside=target), rows=rows, amounts=amounts)


def _place(plan: ParsePlan, meanings: Iterable[str]) -> list[int]:
    """Where in a row the columns of these meanings stand."""
    found = [plan.columns.get(meaning) for meaning in meanings]
    return [plan.raw.columns.index(column) for column in found if column in plan.raw.columns]
