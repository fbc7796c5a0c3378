"""What a file has in common with what is stored: sales that are there already, and orders that it has in a newer state.

Sales are compared as multisets by what both files tell of them: see `same_sale`. Where orders have numbers, the newest
export of an order counts: its stored lines go and all of the file's come. Stored files never change: one that loses
lines is written anew beside the old version.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from segmentation.engine.importing.rows import ASIDE
from segmentation.engine.importing.same import SAME_ROW, keyed, same_sale
from segmentation.engine.reading import ImportConnection
from segmentation.intake.accounts import account
from segmentation.intake.accounts.added import NOTHING_ADDED, further_sales
from segmentation.intake.accounts.asked import ASKED_FROM, keeps, many
from segmentation.intake.accounts.finer import coarser, other_discounts, same_sums, told_finer
from segmentation.intake.accounts.ledger import Replaced
from segmentation.intake.accounts.numbers import NONE_RESPELLED, UNALIGNED, align
from segmentation.intake.accounts.outcome import NOTHING_STAYED, Overlap, OverlapChoices, SalesDiffer, StoredState
from segmentation.intake.accounts.repeats import MOST_MET, arrow, once
from segmentation.intake.accounts.rewritten import reread, without_replaced
from segmentation.intake.accounts.short import may_be_short, short_orders, whole_here
from segmentation.intake.accounts.sifted import Sifted, show_staged, sift
from segmentation.intake.accounts.stored import Stored, groups, numbered
from segmentation.intake.accounts.undone import (
    left_unpaid,
    line_states,
    no_states,
    now_unpaid,
    states,
    taken,
    undone_orders,
    with_numbers,
)
from segmentation.intake.accounts.unnumbered import (
    NOTHING_DIFFERS,
    Covered,
    compare_days,
    covered,
    differing,
    take_out,
)
from segmentation.intake.store import notes
from segmentation.intake.typed import Staged


def compare(connection: ImportConnection, staged: Staged, stored: Stored, asked: OverlapChoices) -> Overlap:
    """Find out what the staged file adds; shows the queries the table `listed`, rewrites stored files that lose lines.

    Raises OrdersChanged where more would be replaced than goes without saying, and CustomersChanged where orders may be
    those of other customers.
    """
    show_staged(connection, staged, SAME_ROW)
    connection.show("respelled", NONE_RESPELLED)
    no_states(connection)
    hashes = account.staged_keys(connection)
    told = with_numbers(staged.path, stored.paths)
    undone = bool(told) and undone_orders(connection, told)
    replaced = reread(connection, staged.path, stored, *hashes)
    first = sift(connection, hashes, [], drop_all=asked.drop_repeats)
    if staged.plan.has("line") and first.rows.repeated_rows and not first.rows.dropped:
        proven = account.proven_repeats(connection, first.rows)
        first = sift(connection, hashes, [], drop=proven)
    gone = account.repeats_revenue(connection, first.rows)
    overlap = _Found(connection, staged, stored, asked, first)
    if stored.paths:
        if first.rows.dropped:
            overlap.thin()
        overlap.take_numbers()
        if told:
            overlap.take_states(undone=undone)
        by_fields = groups(connection, staged, stored)
        if any("order" not in fields for fields in by_fields):
            overlap.covered = covered(connection)
        for fields, paths in by_fields.items():
            overlap.meet(fields, paths)
        overlap.settle_days()
    last = overlap.last
    return Overlap(
        staged=overlap.staged,
        others=last.rows.others,
        rows=last.rows.kept,
        beside=last.beside.kept,
        nothing_goes=first.nothing_goes and not overlap.changed and last.nothing_goes,
        repeated_rows=first.rows.repeated_rows,
        dropped=first.rows.dropped,
        repeated_revenue=gone,
        met=once(first.rows.met, overlap.met),
        replaced=replaced.plus(overlap.replaced),
        hashes=hashes,
        alike=overlap.alike,
        stored_state=overlap.stored_state,
        aligned=overlap.aligned,
        in_vain=bool(asked.same_orders) and overlap.aligned.people is None,
        undone=overlap.undone,
        undone_lines=overlap.undone_lines,
        differing=overlap.differing,
        by_days=overlap.covered is not None and overlap.covered.met > 0,
        short=short_orders(connection, overlap.staged),
        discounts=overlap.discounts,
        unchanged=overlap.unchanged,
        added=overlap.added,
    )


class _Found:
    """A staged file on its way past the stored ones."""

    def __init__(
        self, connection: ImportConnection, staged: Staged, stored: Stored, asked: OverlapChoices, first: Sifted
    ) -> None:
        self.connection, self.staged, self.stored, self.asked = connection, staged, stored, asked
        self.last = first
        self.replaced, self.met, self.alike, self.changed = Replaced(), list[pa.Table](), 0, False
        self.aligned, self.stored_state, self.undone = UNALIGNED, NOTHING_STAYED, 0
        self.covered: Covered | None = None
        self.undone_lines = self.discounts = self.unchanged = 0
        self.added = NOTHING_ADDED
        self.differing = NOTHING_DIFFERS

    def thin(self) -> None:
        """Leave the rows that go out of the staged file."""
        self._write("import_kept_lines", others=self.last.rows.others)
        self.last = sift(self.connection, account.staged_keys(self.connection), [])

    def take_numbers(self) -> None:
        """Give customers the ids that the dataset has, and orders the numbers of the stored orders that they are, or
        new ones where theirs is taken."""
        staged = self.staged
        told = [path for path in self.stored.paths if numbered(path)] if numbered(staged.path) else []
        addresses = staged.known if staged.plan.contact is not None and staged.plan.known_by is None else {}
        self.aligned = align(self.connection, self.stored.paths, told, addresses, self.asked.same_orders)
        if self.aligned.changed:
            self._write("import_renumbered")

    def take_states(self, *, undone: bool) -> None:
        """Leave orders undone that were cancelled or paid back in the dataset, where it has any."""
        told = with_numbers(self.staged.path, self.stored.paths)
        if undone:
            self.undone = states(self.connection, replace=bool(self.asked.replace))
            if self.undone:
                self._write("import_stated")
            self.undone_lines = line_states(self.connection, told, replace=bool(self.asked.replace))
            if self.undone_lines:
                self._write("import_stated_lines")
        if self.undone or self.undone_lines:
            self.last = sift(self.connection, account.staged_keys(self.connection), [])
        self._take_unpaid(told)

    def _take_unpaid(self, paths: list[Path]) -> None:
        """Leave out orders that were not paid by what was said before, and take out those that are not by this file."""
        connection = self.connection
        if not paths:
            return
        connection.show_query("stored", keyed(connection.rows_of(paths), SAME_ROW))
        told = f"{ASIDE}unpaid" in {one["kind"] for one in self.staged.kinds} and now_unpaid(connection)
        if told and not keeps(connection, self.asked.replace, by_line=False):
            self._make_room(paths, by_line=False)
            paths = self._left(paths)
        if paths and self.asked.replace is not True and left_unpaid(connection, paths):
            self._stays(by_line=False, others=self.last.rows.others)
            self._write("import_but_orders", by_line=False)
            self.last = sift(connection, account.staged_keys(self.connection), [])

    def meet(self, fields: frozenset[str], paths: list[Path]) -> None:
        """Compare with stored files that tell the same of a line, and leave out what they have."""
        if not self.last.nothing_goes:
            self.thin()
        sifted = self._sifted(fields, paths)
        if "order" in fields and sifted.rows.already_present and self._finer(fields, paths):
            paths = self._left(paths)
            sifted = self._sifted(fields, paths)
        if "order" in fields and (sifted.rows.kept or sifted.beside.kept):
            # mended rows are further rows of stored orders, which stay
            if self.staged.opened.mends is None:
                if self.asked.replace is not True and self._short(sifted):
                    sifted = self._sifted(fields, self._left(paths))
                for step in (self._by_sums, partial(self._newer, fields), self._added) if self.aligned.met else ():
                    if step(self._left(paths), sifted):
                        sifted = self._sifted(fields, self._left(paths))
        elif "order" not in fields and sifted.rows.already_present:
            if self._many(sifted):
                self._compare_days(fields, paths)
            else:
                self.alike += sifted.rows.already_present
                sifted = sift(self.connection, account.staged_keys(self.connection), [])
        self._remember(sifted)
        self.last = sifted

    def settle_days(self) -> None:
        """Ask about sales without order numbers that only one side has, or do with them what was said."""
        if self.covered is None:
            return
        found = differing(self.connection, self.covered, others=self.last.rows.others)
        if self.asked.replace is None:
            if found.weighs(ASKED_FROM):
                raise SalesDiffer((found.lacking, found.lacking_revenue), (found.further, found.further_revenue))
            self.differing = found
        elif self.asked.replace:
            self.replaced = self.replaced.plus(take_out(self.connection, self.covered, self.stored))
        elif found.further:
            before = self.stored_state
            self.stored_state = StoredState(before.rows + found.further, before.revenue + found.further_listed)
            self.thin()
            self._write("import_but_further")
            self.last = sift(self.connection, account.staged_keys(self.connection), [])

    def _compare_days(self, fields: frozenset[str], paths: list[Path]) -> None:
        if self.covered is not None and self.staged.opened.mends is None:
            self.covered = compare_days(self.connection, self.covered, paths, same_sale(fields))

    def _sifted(self, fields: frozenset[str], paths: list[Path]) -> Sifted:
        key = same_sale(fields)
        show_staged(self.connection, self.staged, key)
        if not paths:
            return sift(self.connection, account.staged_keys(self.connection), [])
        self.connection.show_query("stored", keyed(self.connection.rows_of(paths), key))
        return sift(self.connection, account.staged_keys(self.connection), [account.stored_keys(self.connection)])

    def _many(self, sifted: Sifted) -> bool:
        """Whether the files overlap: one has most of what the other has on common days, or orders of the other's."""
        if self.aligned.people is not None:
            return True
        return many(self.connection, sifted.rows.already_present)

    def _left(self, paths: list[Path]) -> list[Path]:
        return [path for path in paths if path in self.stored.paths]

    def _by_sums(self, paths: list[Path], sifted: Sifted) -> bool:
        """Of orders that both tell by other rows for the same money let the finer one count; whether there are any."""
        stay, go = same_sums(self.connection)
        if stay.num_rows:
            self._stays_with(stay, sifted)
        if go.num_rows:
            self.connection.show("replaced", go)
            discounts = other_discounts(self.connection, stored=True)
            self._make_room(paths, by_line=False)
            self._take_discounts(discounts)
        return bool(stay.num_rows or go.num_rows)

    def _short(self, sifted: Sifted) -> bool:
        """Leave orders as they are stored of which the file lacks rows; whether there are any."""
        if not may_be_short(self.staged) or not (orders := whole_here(self.connection)).num_rows:
            return False
        self._stays_with(orders, sifted)
        return True

    def _stays_with(self, orders: pa.Table, sifted: Sifted) -> None:
        """Leave these orders with their stored lines, which take over what the file says became of them."""
        self.connection.show("replaced", orders)
        if self.asked.replace is not False:
            self.replaced = self.replaced.plus(taken(self.connection, self.stored))
        discounts = other_discounts(self.connection, stored=False)
        self._stays(by_line=False, others=sifted.rows.others)
        self._write("import_but_orders", by_line=False)
        self._take_discounts(discounts)

    def _take_discounts(self, number: int) -> None:
        """Put so many `discounts` beside the staged rows of their orders."""
        self.discounts += number
        if number:
            self._write("import_with_discounts")

    def _newer(self, fields: frozenset[str], paths: list[Path], sifted: Sifted) -> bool:
        """Let the newer state of orders, or of lines, take the place of the stored one; whether there is any. An order
        of which the file tells the total only stays with the lines that are stored."""
        connection, by_line = self.connection, "line" in fields
        by_total, others = "product" not in fields, sifted.rows.others
        units = connection.query("import_units", by_line=by_line, by_total=by_total, others=others)
        if not units.num_rows:
            return False
        connection.show("replaced", units)
        if by_total and not by_line and (by_sum := connection.query("import_coarser")).num_rows:
            self._stays_with(by_sum, sifted)
            self._newer(fields, paths, self._sifted(fields, paths))
            return True
        if keeps(connection, self.asked.replace, by_line=by_line):
            self._remember(sifted)
            self._stays(by_line=by_line, others=sifted.rows.others)
            self._write("import_but_orders", by_line=by_line)
            return True
        self._make_room(paths, by_line=by_line)
        return True

    def _added(self, paths: list[Path], sifted: Sifted) -> bool:
        """Note further sales of orders that are there, or leave them out as was said; whether any are left out. Where
        stored files tell other things of a line, what is further to these may be among those."""
        if not sifted.rows.kept or not paths or len(paths) < len(self.stored.paths):
            return False
        adds, come = further_sales(self.connection, self.asked.replace, others=sifted.rows.others)
        if come or not adds.orders:
            self.added = self.added.plus(adds)
            return False
        self._remember(sifted)
        self._stays(by_line=False, others=sifted.rows.others)
        self._write("import_but_orders", by_line=False)
        return True

    def _finer(self, fields: frozenset[str], paths: list[Path]) -> bool:
        """Let the same rows with their products take the place of those without; whether there are any."""
        coarse = coarser(self.staged.path, paths) if "product" not in fields else []
        if not coarse or self.asked.replace is False or self.staged.opened.mends is not None:
            return False
        units = told_finer(self.connection, coarse, same_sale(fields))
        if not units.num_rows:
            return False
        self.connection.show("replaced", units)
        self._make_room(coarse, by_line=False)
        return True

    def _make_room(self, paths: list[Path], *, by_line: bool) -> None:
        """Take what is replaced out of the stored files."""
        self.connection.show("reread", pa.table({"row_hash": arrow(np.empty(0, np.uint64))}))
        self.unchanged += self.connection.row("import_unchanged", by_line=by_line)["orders"]
        for path in paths:
            self.replaced = self.replaced.plus(without_replaced(self.connection, self.stored, path, by_line=by_line))

    def _stays(self, *, by_line: bool, others: bool) -> None:
        """Count the rows that would have come in, and remember some of the stored ones."""
        row = self.connection.row("import_kept_stored", by_line=by_line, others=others)
        before = self.stored_state
        self.stored_state = StoredState(before.rows + row["rows_kept"], before.revenue + row["revenue"])
        self.met.append(self.connection.query("import_stored_state", by_line=by_line, most=MOST_MET))

    def _remember(self, sifted: Sifted) -> None:
        """Some of the stored rows that the file has too."""
        if not sifted.rows.already_present:
            return
        met = sifted.rows.met
        self.connection.show("met_keys", pa.table({"row_key": met.column("row_hash")}))
        self.met.append(self.connection.query("import_met", most=MOST_MET))

    def _write(self, query: str, **values: object) -> None:
        """Write the staged file anew."""
        path = self.staged.path
        target = path.with_name(f"thinned-{path.name.removeprefix('thinned-')}")
        target = target if target != path else path.with_name(f"thinned-{path.name}")
        self.connection.store_named(query, target, notes=notes(path), **values)
        self.staged = replace(self.staged, path=target)
        self.changed = True
        show_staged(self.connection, self.staged, SAME_ROW)
