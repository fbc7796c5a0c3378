"""What is told of a join: each table with its key, what was not found, and whether two tables hold the same money."""

from __future__ import annotations

from collections.abc import Sequence

from segmentation.engine.importing.by_order import Sums, compare
from segmentation.engine.importing.money import PaysBack
from segmentation.engine.importing.tables import Key
from segmentation.intake.joins.chain import Chain, Chains, Step, paid, price_of
from segmentation.intake.joins.links import Keys, Link
from segmentation.intake.joins.paid_back import among_payments, counts
from segmentation.intake.joins.shown import Join
from segmentation.intake.joins.totals import Total, amount_of, goods_of
from segmentation.intake.text import Text
from segmentation.meaning.guessing import Guess
from segmentation.meaning.tables import money

_GAP, _SAME = 0.01, 0.95
"""Sums that differ by less are the same money, and so are those that agree on this share of the orders."""


class Account:
    """Tells what became of the tables of one chain; `texts` are what was made of it."""

    def __init__(
        self, keys: Keys, chains: Chains, chain: Chain, texts: Sequence[tuple[Text, Guess]], total: Total | None
    ) -> None:
        self.keys, self.chains, self.chain, self.texts, self.total = keys, chains, chain, texts, total
        self.stacks = keys.stacks
        self.root = self.stacks[chain.root]

    def joins(self) -> list[Join]:
        """What each table was taken for."""
        found = [Join(self.root.name, self.root.rows.count, "lines", warned=self._orphans())]
        for step in self.chain.steps:
            said, warned = self._unread(step.at), list[str]()
            for sentence, is_warning in (*self._repeated(step), *self._of_orders(step), *self._priced(step)):
                (warned if is_warning else said).append(sentence)
            found.append(self._join(step.at, step.role, step.link, said, warned))
        for at, link in self.chain.beside:
            said, warned = self._unread(at), list[str]()
            refunds = self.chains.refunds(at)
            for sentence, is_warning in () if refunds else (*self._paid_back(at), *self._compared(at, link)):
                (warned if is_warning else said).append(sentence)
            found.append(self._join(at, "refunds" if refunds else "payments", link, said, warned))
        return found

    def _join(self, at: int, taken: str, link: Link, said: Sequence[str], warned: Sequence[str]) -> Join:
        stack, other = self.stacks[at], self.stacks[link.child if link.parent == at else link.parent]
        mine, theirs = (link.key, link.column) if link.parent == at else (link.column, link.key)
        return Join(
            table=stack.name,
            rows=stack.rows.count,
            taken_for=taken,
            to=other.name,
            key=" + ".join(theirs),
            their_key=" + ".join(mine),
            keys=link.keys,
            found=link.found,
            said=tuple(said),
            warned=tuple(warned),
        )

    def _orphans(self) -> tuple[str, ...]:
        step = self.chain.step("orders")
        if step is None or step.link.found == step.link.keys:
            return ()
        missing = step.link.keys - step.link.found
        return (f"{missing:,} of its orders are not in {self.stacks[step.at].name}.",)

    def _unread(self, at: int) -> list[str]:
        aside = sum(len(text.opened.aside) for text in self.stacks[at].members)
        return [f"{aside:,} of its records could not be read."] if aside else []

    def _repeated(self, step: Step) -> list[tuple[str, bool]]:
        facts = self.keys.facts(step.at, step.link.key, bare=step.link.bare)
        if not facts.repeated:
            return []
        how = "say the same: they count once" if step.link.strict else "say other things: the last one counts"
        return [(f"{facts.repeated:,} of its rows repeat a key and {how}.", not step.link.strict)]

    def _of_orders(self, step: Step) -> list[tuple[str, bool]]:
        """What is told of a table of orders: those without lines, and whether its money is that of the lines."""
        if step.role != "orders":
            return []
        stack = self.stacks[step.at]
        header = stack.guess.mapping.amount
        without = step.link.parent_keys - step.link.found
        said = []
        if without:
            kept = sum(text.raw.rows for text, _ in self.texts[len(self.root.members) :])
            how = f"{kept:,} rows of them are taken with their own amounts" if kept else "they add nothing"
            said.append((f"{without:,} of its orders have no lines: {how}.", False))
        if self.total is not None and self.total.proof and header:
            if self.total.proof.startswith(f"sum of {goods_of(self.root)[0][0]} = "):
                proof = self.total.proof.removeprefix("sum of ")
                return [*said, (f"It holds the same money as {self.root.name}, which counts once: {proof}.", False)]
            return [*said, (f"{self.total.proof[:1].upper()}{self.total.proof[1:]}.", False)]
        sums = self._sums(step.at, step.link.key, header) if header else None
        if sums is None or header is None:
            return said
        explained = any(_explained(guess, header) for _, guess in self.texts)
        return [*said, *_told(sums, self.root.name, explained=explained)]

    def _priced(self, step: Step) -> list[tuple[str, bool]]:
        """That prices of a list stand for what was paid."""
        price = price_of(self.stacks[step.at]) if step.role == "products" else None
        if price is None or not any(price in header for _, guess in self.texts for header in _prices(guess)):
            return []
        if money(self.root.guess):
            return []
        orders = self.chain.step("orders")
        if orders is not None and money(self.stacks[orders.at].guess):
            return []
        return [(f"Only it has prices, so “{price}” stands for what was paid.", True)]

    def _refunds_among(self, at: int) -> PaysBack | None:
        """Which rows of a table of payments were taken off."""
        return among_payments(self.stacks[at]) if counts(self.chains, self.chain) else None

    def _paid_back(self, at: int) -> list[tuple[str, bool]]:
        """That some of its rows pay back."""
        stack = self.stacks[at]
        if self._refunds_among(at) is not None:
            return [("What it says was paid back is taken off.", False)]
        if among_payments(stack) is not None:
            return [("What it says was paid back counts as the lines or orders say it.", False)]
        return []

    def _compared(self, at: int, link: Link) -> list[tuple[str, bool]]:
        stack = self.stacks[at]
        header = paid(stack)
        sums = self._sums(at, link.column, header) if header else None
        if sums is None:
            return [("Its amounts are not counted.", True)]
        told = _told(sums, self.root.name, explained=False)
        if sums.only_other and abs(sums.lost) > _GAP * abs(sums.other):
            lost = f"{sums.only_other:,} of its orders, of {sums.lost:,.2f}, have no lines and are not counted."
            told.append((lost, True))
        return told

    def sums(self, step: Step) -> Sums | None:
        """What the lines and a table of orders say of the same orders."""
        header = paid(self.stacks[step.at])
        return self._sums(step.at, step.link.key, header) if header else None

    def _sums(self, at: int, key: tuple[str, ...], header: str) -> Sums | None:
        other, orders = self.stacks[at], self.chain.step("orders")
        own = orders.link.column if orders else next((link.key for one, link in self.chain.beside if one == at), None)
        mapping = self.root.guess.mapping
        if own is None or not money(self.root.guess):
            return None
        bare = orders.link.bare if orders else True
        beside = [amount_of(self.root, one) for one in (mapping.shipping, mapping.tax) if one]
        fine = (self.root.rows, Key(self.root.columns(own), bare), goods_of(self.root)[0][1], beside)
        paid = (other.rows, Key(other.columns(key), bare), amount_of(other, header), self._refunds_among(at))
        return compare(self.keys.connection, fine, paid)


def _prices(guess: Guess) -> list[str]:
    return [header for header in (guess.mapping.unit_price, guess.mapping.amount) if header is not None]


def _explained(guess: Guess, header: str) -> bool:
    """Whether the file's own figures prove what the total of an order is."""
    names = {header, f"order {header}"}
    return any(one.total in names for one in guess.proven.identities)


def _told(sums: Sums, fine: str, *, explained: bool) -> list[tuple[str, bool]]:
    """What is told of two tables with money of the same orders, and whether it is a warning."""
    if not sums.orders:
        return []
    if sums.same >= _SAME * sums.orders or sums.gap <= _GAP:
        same = f"{sums.same:,} of {sums.orders:,} orders"
        return [(f"It holds the same money as {fine} on {same}: that counts once.", False)]
    if explained:
        return []
    differ = (
        f"Its amounts differ: it says {sums.other:,.2f} where {fine} adds up to {sums.goods:,.2f} for the same "
        f"{sums.orders:,} orders. Only those of {fine} count."
    )
    return [(differ, True)]
