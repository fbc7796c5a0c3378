"""What other tables say was paid back: refunds of an order, refunds of its lines, and refunds among its payments."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from segmentation.engine.importing.money import PaysBack, Texts
from segmentation.engine.importing.tables import Attached, Key, added_over
from segmentation.intake.joins.chain import Chain, Chains, paid
from segmentation.intake.joins.columns import Added, Plan
from segmentation.intake.joins.links import Link, TableStack
from segmentation.intake.joins.totals import amount_of
from segmentation.meaning.profiles import ColumnProfile
from segmentation.meaning.vocabulary.kinds import kind_of
from segmentation.meaning.vocabulary.statuses import status_of
from segmentation.meaning.word_columns import few_words

REFUNDED, RETURNED = "amount refunded", "returned quantity"
"""What refunds of an order are called among its lines, and pieces of a line that came back."""
_FAILED = frozenset({"failed", "cancelled", "unpaid"})
_NO_REFUND = frozenset({"fee", "payout", "transfer"})
_MOSTLY = 0.5
"""The share of amounts below nothing from which on they are no exception."""


def among_payments(stack: TableStack) -> PaysBack | None:
    """Which rows of a table of payments pay back: those of such a kind, those below nothing that are no fees or
    payouts, or those of such a status; never those that failed. None where no row does."""
    header = paid(stack)
    if header is None:
        return None
    words = [profile for one, profile in stack.profile.columns.items() if one != header and few_words(profile)]
    kinds = [profile for profile in words if not _of_states(profile)]
    back = _said(stack, kinds, lambda text: kind_of(text) == "refund" and status_of(text) != "part")
    share = float((stack.profile.numbers(header) < 0).mean())
    below = amount_of(stack, header) if 0 < share < _MOSTLY else None
    if not back and below is None:
        back = _said(stack, words, lambda text: status_of(text) == "refunded")
    if not back and below is None:
        return None
    return PaysBack(
        said=back,
        below=below,
        others=_said(stack, words, lambda text: kind_of(text) in _NO_REFUND),
        failed=_said(stack, words, lambda text: status_of(text) in _FAILED),
    )


def _of_states(profile: ColumnProfile) -> bool:
    """Whether a column says what became of payments, and not what kind they are."""
    return any(status_of(value.text) is not None and kind_of(value.text) is None for value in profile.values)


def _said(stack: TableStack, columns: Iterable[ColumnProfile], test: Callable[[str], bool]) -> tuple[Texts, ...]:
    """The columns that have such texts, with these."""
    found = ((stack.column(one.header), tuple(v.text for v in one.values if test(v.text))) for one in columns)
    return tuple((column, texts) for column, texts in found if texts)


def says_so_itself(stack: TableStack) -> bool:
    """Whether a table of lines or orders has what was paid back already, as a column or as rows below nothing."""
    mapping = stack.guess.mapping
    if mapping.refunded is not None:
        return True
    signed = [header for header in (mapping.amount, mapping.quantity) if header is not None]
    return any(bool((stack.profile.numbers(header) < 0).any()) for header in signed)


class Refunds:
    """The tables beside a chain that say what was paid back, as they are attached to its lines."""

    def __init__(self, chains: Chains, chain: Chain, plan: Plan) -> None:
        self.chains, self.chain, self.plan = chains, chain, plan
        self.stacks, self.root = chains.stacks, chains.stacks[chain.root]

    def attached(self) -> list[Attached]:
        """Each of them, added up for what it names; the plan gets the columns that say so."""
        found = []
        for at, link in self.chain.beside:
            one = self._attached(at, link)
            if one is not None:
                found.append(one)
        return found

    def _attached(self, at: int, link: Link) -> Attached | None:
        stack = self.stacks[at]
        by_line, refunds = named_by_line(self.chain, link), self.chains.refunds(at)
        header = paid(stack)
        only = None
        if not refunds:
            only = among_payments(stack) if counts(self.chains, self.chain) else None
            if only is None:
                return None
        if "refunded" in self.plan.meant:
            return None
        pieces = stack.guess.mapping.quantity if header is None and by_line else None
        counted = header or pieces
        if counted is None:
            return None
        column, orders = stack.column(counted), self.chain.step("orders")
        key = link.key if by_line or orders is None else orders.link.column
        value = f"t{at}.{column}"
        whose = (*orders.link.column,) if orders else tuple(filter(None, [self.root.guess.mapping.order]))
        if by_line and pieces is None and whose:
            order = Key(self.root.columns(whose), orders.link.bare if orders else True)
            value = added_over(value, order, "f")
        called = RETURNED if pieces else REFUNDED
        taken = {*self.root.headers, *(one.header for one in self.plan.added)}
        name = called if called not in taken else f"{called} of {stack.name}"
        self.plan.added.append(Added(name, value))
        self.plan.meant["refunded"] = (name, f"{stack.name} says what was paid back")
        return Attached(
            alias=f"t{at}",
            rows=stack.rows,
            key=Key(stack.columns(link.column), link.bare),
            at="f",
            at_key=Key(self.root.columns(key), link.bare),
            columns=(),
            sums=(amount_of(stack, counted),),
            only=only,
        )


def named_by_line(chain: Chain, link: Link) -> bool:
    """Whether a table beside the lines names them, and not their orders."""
    return chain.step("orders") is not None and link.parent == chain.root


def counts(chains: Chains, chain: Chain) -> bool:
    """Whether refunds among payments are to be taken off: neither lines nor orders have them already."""
    steps = [chain.root, *(step.at for step in chain.steps if step.role == "orders")]
    return not any(says_so_itself(chains.stacks[at]) for at in steps)


__all__ = ["Refunds", "among_payments", "counts", "named_by_line"]
