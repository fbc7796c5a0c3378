"""The rows of lines with what other tables say of them, as one table that is imported like any other."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from segmentation.engine.importing import tables as engine
from segmentation.engine.importing.facts import column_facts, sample_rows
from segmentation.engine.importing.raw import RawTable, store_raw
from segmentation.engine.importing.tables import Attached, Key
from segmentation.engine.reading import ImportConnection
from segmentation.files.opened import rewrite
from segmentation.files.table import FIRST_ROWS, Layout
from segmentation.intake.joins.chain import Chain, Chains, Step
from segmentation.intake.joins.columns import Columns, Plan
from segmentation.intake.joins.links import Keys
from segmentation.intake.joins.paid_back import Refunds
from segmentation.intake.joins.totals import Total, total_of
from segmentation.intake.text import Text
from segmentation.meaning.guessing import Guess, guess
from segmentation.meaning.mapping import Mapping
from segmentation.meaning.profiles import TableProfile, table_profile
from segmentation.meaning.proposals import BY_VALUES, PROVEN
from segmentation.meaning.questions import Question
from segmentation.meaning.tables import money


class Joining:
    """Joins the tables of one chain."""

    def __init__(
        self, connection: ImportConnection, keys: Keys, chains: Chains, folder: Path, stopped: Callable[[], bool]
    ) -> None:
        self.connection, self.keys, self.chains = connection, keys, chains
        self.stacks, self.folder, self.stopped = keys.stacks, folder, stopped
        self._totals: dict[Chain, Total | None] = {}

    def texts(self, chain: Chain) -> list[tuple[Text, Guess]]:
        """Each table of lines joined, with what its columns mean; then what orders have no lines, where they stand by
        themselves."""
        columns = Columns(self.stacks, chain)
        plan = columns.planned()
        _take_off(self.total(chain), columns, plan)
        attached = [self._attached(columns, step) for step in chain.steps] + Refunds(
            self.chains, chain, plan
        ).attached()
        found = []
        for text in self.stacks[chain.root].members:
            text = numbered(self.connection, text, self.folder, self.stopped)
            raw = self._store(text, text.raw, attached, plan, chain.root)
            found.append(self._understood(text, raw, plan, chain))
        return found + self._without_lines(chain)

    def total(self, chain: Chain) -> Total | None:
        """What the totals of the orders hold."""
        if chain not in self._totals:
            self._totals[chain] = total_of(self.keys, chain)
        return self._totals[chain]

    def _store(self, text: Text, raw: RawTable, attached: Sequence[Attached], plan: Plan, root: int) -> RawTable:
        stack, target = self.stacks[root], self.folder / f"joined-{uuid.uuid4().hex}.parquet"
        headers = text.opened.layout.headers
        facts = replace(raw, columns=tuple(raw.columns[headers.index(header)] for header in stack.headers))
        first, added = text.opened.first_line, [one.sql for one in plan.added]
        return engine.store_joined(self.connection, facts, first, attached, added, target)

    def _attached(self, columns: Columns, step: Step) -> Attached:
        stack, link = self.stacks[step.at], step.link
        return Attached(
            alias=columns.alias(step.at),
            rows=stack.rows,
            key=Key(stack.columns(link.key), link.bare),
            at=columns.alias(link.child),
            at_key=Key(self.stacks[link.child].columns(link.column), link.bare),
            columns=stack.columns(stack.headers),
        )

    def _understood(self, text: Text, raw: RawTable, plan: Plan, chain: Chain) -> tuple[Text, Guess]:
        root = self.stacks[chain.root]
        headers = (*root.headers, *(one.header for one in plan.added))
        exact = frozenset(one.header for one in plan.added if one.exact)
        joined = profiled(self.connection, text, raw, headers, exact)
        return joined, settled(joined.table, root.guess, plan, chain)

    def _without_lines(self, chain: Chain) -> list[tuple[Text, Guess]]:
        """Orders that stand by themselves and have no lines, with what is said of their customers."""
        step = chain.step("orders")
        if step is None:
            return []
        steps = tuple(one for one in chain.steps if one.link.child == step.at)
        alone = Chain(step.at, steps)
        if not self.chains.stands(alone) or not money(self.stacks[step.at].guess):
            return []
        facts = self.keys.facts(chain.root, step.link.column, bare=step.link.bare)
        key = self.keys.key(step.at, step.link.key, bare=step.link.bare)
        found = []
        for text in self.stacks[step.at].members:
            text = numbered(self.connection, text, self.folder, self.stopped)
            headers = text.opened.layout.headers
            own = Key(tuple(text.raw.columns[headers.index(one)] for one in step.link.key), key.bare)
            target = self.folder / f"alone-{uuid.uuid4().hex}.parquet"
            raw = engine.store_without(self.connection, text.raw, text.opened.first_line, own, facts, target)
            if raw.rows:
                columns = Columns(self.stacks, alone)
                plan = columns.planned()
                attached = [self._attached(columns, one) for one in steps]
                found.append(self._understood(text, self._store(text, raw, attached, plan, step.at), plan, alone))
        return found


def numbered(connection: ImportConnection, text: Text, folder: Path, stopped: Callable[[], bool]) -> Text:
    """A table whose rows can be told the lines of their file."""
    if text.opened.numbered or text.opened.one_line_each:
        return text
    opened = rewrite(text.opened, folder, stopped)
    raw = store_raw(connection, opened.source, opened.records, folder / f"raw-{uuid.uuid4().hex}.parquet")
    return text if raw is None else Text(opened, raw, text.table)


def profiled(
    connection: ImportConnection, text: Text, raw: RawTable, headers: tuple[str, ...], exact: frozenset[str]
) -> Text:
    """Rows made from those of a table, with what is in their columns."""
    sample = sample_rows(connection, raw)
    cells = [sample.column(name).to_pylist() for name in raw.columns[: sample.num_columns - 1]]
    rest = len(headers) - len(cells)
    rows = tuple((*(cell or "" for cell in row), *[""] * rest) for row in zip(*cells, strict=True))
    before = text.opened.layout
    layout = Layout(
        dialect=before.dialect,
        named=headers,
        headers=headers,
        first_rows=rows[:FIRST_ROWS],
        rows=rows,
        exact=before.exact | exact,
        header_rows=before.header_rows,
    )
    opened = replace(text.opened, path=raw.path, layout=layout, numbered=True, records=raw.rows)
    return Text(opened, raw, table_profile(layout, column_facts(connection, raw, sample), raw.rows, sample))


def _take_off(total: Total | None, columns: Columns, plan: Plan) -> None:
    """Settle what becomes of a discount that stands beside the total of the orders."""
    if total is None or total.discount is None:
        return
    header = columns.called(total.discount)
    if header is None:
        return
    plan.meant["discount"] = (columns.root.guess.mapping.discount, "it is a column of the lines")
    why = total.proof or "it is a column of the orders"
    plan.meant["order_discount"] = (header if total.taken_off else None, why)


def _by_the_lines(guess: Guess, own: Guess, lines: set[str]) -> bool:
    """Whether what the lines say of their amounts by themselves holds: where the joined table takes them from others,
    or takes them otherwise and is no surer."""
    amounts = ("amount", "unit_price", "quantity")
    if any(getattr(guess.mapping, one) not in {None, *lines} for one in amounts):
        return True
    if all(getattr(guess.mapping, one) == getattr(own.mapping, one) for one in amounts):
        return False
    sure = [max((one.sure.get(meaning, 0.0) for meaning in amounts[:2]), default=0.0) for one in (own, guess)]
    return sure[0] >= sure[1]


def settled(table: TableProfile, own: Guess, plan: Plan, chain: Chain) -> Guess:
    """What the columns of a joined table mean: by all its rows, then what the keys and the tables settle. Amounts that
    the lines have of their own stay theirs."""
    guessed = guess(table, known=False)
    meant = dict(plan.meant)
    lines = set(own.mapping.columns().values())
    if money(own) and _by_the_lines(guessed, own, lines):
        for one in ("amount", "unit_price", "quantity", "discount"):
            if one != "discount" or one not in meant:
                meant[one] = (getattr(own.mapping, one), "it is a column of the lines")
    elif "unit_price" in meant:
        meant["amount"] = (None, meant["unit_price"][1])
    mapping = guessed.mapping.corrected({meaning: header for meaning, (header, _) in meant.items()})
    columns = mapping.columns()
    sure = {meaning: PROVEN if meaning in meant else guessed.sure.get(meaning, PROVEN) for meaning in columns}
    why = {meaning: meant[meaning][1] if meaning in meant else guessed.why.get(meaning, "") for meaning in columns}
    open_ = [q for q in guessed.open if not {value.split("=")[0] for value, _ in q.choices} & meant.keys()]
    return replace(guessed, mapping=mapping, sure=sure, why=why, open=(*chain.asked, *open_, *_grain(mapping, own)))


def _grain(mapping: Mapping, own: Guess) -> list[Question]:
    """Whether an amount is the line's or a piece's, where no name and no product tells."""
    header = mapping.amount
    told = own.sure.get("amount", PROVEN) > BY_VALUES or mapping.product is not None
    if header is None or told or mapping.quantity is None or mapping.unit_price is not None:
        return []
    choices = ((f"amount={header}", "the whole line's"), (f"unit_price={header}", "the price of one piece"))
    return [Question("column", header, "line total or the unit price", choices)]
