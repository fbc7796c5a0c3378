"""Which table holds the lines, and which others say more of them: found by keys, money at the finest grain first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from segmentation.intake.joins.alone import lists_customers
from segmentation.intake.joins.links import Link, TableStack
from segmentation.meaning.proposals import BY_VALUES
from segmentation.meaning.questions import Question
from segmentation.meaning.tables import Role, buyers, is_refunds, money, order_date, role_of

_NEAR = 0.02
_INSIDE: dict[Role, tuple[Role, ...]] = {
    "orders": ("customers",),
    "products": ("categories",),
    "customers": (),
    "categories": (),
    "other": (),
}
"""What a table of each role may point to in turn."""
_MEANING: dict[Role, str] = {
    "orders": "order",
    "customers": "customer",
    "products": "product",
    "categories": "category",
}
"""What the column that points to a table of each role means."""


@dataclass(frozen=True, slots=True)
class Step:
    """A table that says more of the rows that point to it: the table, the key, and what it is to them."""

    at: int
    link: Link
    role: Role


@dataclass(frozen=True, slots=True)
class Chain:
    """A table of lines with all that says more of them. `beside` are tables with amounts of the same orders, each with
    its key; `asked` are questions which of several keys is meant."""

    root: int
    steps: tuple[Step, ...]
    beside: tuple[tuple[int, Link], ...] = ()
    asked: tuple[Question, ...] = ()

    def step(self, role: Role) -> Step | None:
        """The first table with this role."""
        return next((step for step in self.steps if step.role == role), None)

    @property
    def tables(self) -> frozenset[int]:
        return frozenset({self.root, *(step.at for step in self.steps), *(at for at, _ in self.beside)})


def said_of(link: Link, stacks: Sequence[TableStack]) -> str:
    """A key as a person names it: table:column=table:column."""
    child, parent = stacks[link.child], stacks[link.parent]
    return f"{child.file}:{'+'.join(link.column)}={parent.file}:{'+'.join(link.key)}"


class Chains:
    """Finds chains among tables and their links; `answers` are keys that somebody chose, `nameless` says that orders
    are wanted without customers."""

    def __init__(
        self,
        stacks: Sequence[TableStack],
        links: Sequence[Link],
        answers: Sequence[str] = (),
        *,
        nameless: bool = False,
    ) -> None:
        self.stacks, self.nameless = stacks, nameless
        self.links = _answered(links, stacks, answers)
        self.passed_over = [link for link in links if link not in self.links]

    def all(self) -> list[Chain]:
        """Every chain of at least two tables, and no table in two of them but those of customers and products."""
        chains: list[Chain] = []
        used: set[int] = set()
        while (chain := self._next(used)) is not None:
            chains.append(chain)
            shared = {step.at for step in chain.steps if step.role != "orders"}
            used |= {chain.root, *(chain.tables - shared)}
        return chains

    def _next(self, used: set[int]) -> Chain | None:
        chains = [self._chain(root, used) for root in range(len(self.stacks)) if root not in used]
        whole = [chain for chain in chains if self.stands(chain) and not self.refunds(chain.root)]
        parents = {
            step.at
            for chain in whole
            for step in chain.steps
            if self._finer(chain, step) and not self._mutual(chain, step, whole)
        }
        whole = [replace(chain, beside=self._beside(chain, used)) for chain in whole if chain.root not in parents]
        whole = [chain for chain in whole if len(chain.tables) > 1 and not self._coarse(chain, chains)]
        return max(whole, key=self._fineness, default=None)

    def _finer(self, chain: Chain, step: Step) -> bool:
        """Whether the lines say more than amounts of what a table has amounts of too."""
        return self._goods(chain) or not money(self.stacks[step.at].guess)

    def _coarse(self, chain: Chain, chains: Sequence[Chain]) -> bool:
        """Whether the rows only split the amounts of orders that stand by themselves, as payments do."""
        orders = chain.step("orders")
        if orders is None or self._finer(chain, orders):
            return False
        return any(other.root == orders.at and self.stands(other) for other in chains)

    def _goods(self, chain: Chain) -> bool:
        mapping = self.stacks[chain.root].guess.mapping
        return bool(chain.step("products") or mapping.product or mapping.quantity)

    @staticmethod
    def _mutual(chain: Chain, step: Step, whole: Sequence[Chain]) -> bool:
        """Whether the table points back by a key of its own: one row of either for each order."""
        back = next((other for other in whole if other.root == step.at), None)
        return back is not None and any(one.at == chain.root and one.role == step.role for one in back.steps)

    def _fineness(self, chain: Chain) -> tuple[bool, bool, int, str]:
        stack = self.stacks[chain.root]
        return (self._goods(chain), money(stack.guess), stack.rows.count, stack.file)

    def listed(self, at: int) -> bool:
        """Whether a table is a list of customers, perhaps with what each bought in all."""
        stack = self.stacks[at]
        return lists_customers(stack.profile, stack.guess, stack.file)

    def refunds(self, at: int) -> bool:
        """Whether a table's amounts were paid back."""
        stack = self.stacks[at]
        ids = [header for header in stack.headers if stack.profile[header].variety >= 1]
        return is_refunds(stack.file, [*ids, *filter(None, [paid(stack)])])

    def stands(self, chain: Chain) -> bool:
        """Whether a chain has dates, amounts and buyers, and is no list of customers."""
        return not self.lacks(chain) and not self.listed(chain.root)

    def instead(self, chain: Chain) -> tuple[tuple[str, str, str], ...]:
        """For each key that an answer decided: the meaning, a column that was passed over, and the one that counts."""
        return tuple(
            (_MEANING[step.role], other.column[0], step.link.column[0])
            for step in chain.steps
            for other in self.passed_over
            if (other.child, other.parent) == (step.link.child, step.link.parent) and step.role in _MEANING
        )

    def lacks(self, chain: Chain) -> list[str]:
        """What a chain has not got: date, amount, customer."""
        stacks = [self.stacks[chain.root]]
        orders = chain.step("orders")
        stacks += [self.stacks[orders.at]] if orders else []
        missing = []
        if not any(order_date(one.guess) for one in stacks):
            missing.append("date")
        if not self._priced(chain, stacks):
            missing.append("amount")
        if not (chain.step("customers") or any(buyers(one.guess) for one in stacks) or self.nameless):
            missing.append("customer")
        return missing

    def _priced(self, chain: Chain, stacks: Sequence[TableStack]) -> bool:
        if any(money(one.guess) for one in stacks):
            return True
        products = chain.step("products")
        return products is not None and price_of(self.stacks[products.at]) is not None

    def alone(self, root: int) -> Chain:
        """The chain that begins with a table, whatever it lacks."""
        return self._chain(root, set())

    def _chain(self, root: int, used: set[int]) -> Chain:
        steps: list[Step] = []
        asked: list[Question] = []
        reached = {root}
        frontier: list[tuple[int, tuple[Role, ...]]] = [(root, ("orders", "customers", "products", "categories"))]
        while frontier:
            child, allowed = frontier.pop(0)
            further: list[tuple[Step, list[Link]]] = []
            for parent in range(len(self.stacks)):
                if parent in reached or parent in used:
                    continue
                fitting = sorted(
                    (link for link in self.links if (link.child, link.parent) == (child, parent)),
                    key=lambda link: link.rank,
                    reverse=True,
                )
                for link in fitting:
                    role = self._role(link)
                    if role in allowed and self._usable(link, role):
                        further.append((Step(parent, link, role), self._alternatives(link, fitting, role)))
                        break
            for step, alternatives in self._settled(further, steps):
                steps.append(step)
                reached.add(step.at)
                frontier.append((step.at, _INSIDE[step.role]))
                if len(alternatives) > 1:
                    asked.append(self._question(step, alternatives))
        return Chain(root, tuple(steps), (), tuple(asked))

    def _settled(self, further: list[tuple[Step, list[Link]]], before: list[Step]) -> list[tuple[Step, list[Link]]]:
        """One table for each role, the best; tables of orders only where they date the rows or name who ordered."""
        best: dict[Role, tuple[Step, list[Link]]] = {}
        taken = {step.role for step in before}
        for step, alternatives in further:
            if step.role in taken:
                continue
            other = best.get(step.role)
            if other is None or self._worth(step) > self._worth(other[0]):
                best[step.role] = (step, alternatives)
        return sorted(best.values(), key=lambda one: list(_INSIDE).index(one[0].role))

    def _worth(self, step: Step) -> tuple[bool, bool, tuple[int, float, float, int, tuple[str, ...], tuple[str, ...]]]:
        guess = self.stacks[step.at].guess
        dated = order_date(guess) is not None and not self.refunds(step.at)
        named = buyers(guess) is not None or any(
            link.child == step.at and self._role(link) == "customers" for link in self.links
        )
        return (dated, named, step.link.rank)

    def _usable(self, link: Link, role: Role) -> bool:
        if role == "orders":
            stack = self.stacks[link.parent]
            points = any(one.child == link.parent and self._role(one) == "customers" for one in self.links)
            useful = order_date(stack.guess) is not None or buyers(stack.guess) is not None or points
            return useful and not self.refunds(link.parent) and not self.listed(link.parent)
        if role == "customers" and self.listed(link.parent):
            return True
        # who bought is told by the order; a complete table of orders is no list of customers
        own = self.stacks[link.parent].guess
        return not (order_date(own) and money(own) and own.mapping.order)

    def _role(self, link: Link) -> Role:
        stack = self.stacks[link.parent]
        if len(link.column) > 1:
            return "orders"
        role = role_of(link.column[0], link.key[0], stack.file, stack.profile, stack.guess)
        dated = order_date(stack.guess) is not None and buyers(stack.guess) is not None
        return "orders" if link.stated and dated and role != "customers" else role

    def _alternatives(self, link: Link, fitting: Sequence[Link], role: Role) -> list[Link]:
        """The links that fit as well as this one, itself among them."""
        meaning = _MEANING[role]
        guess = self.stacks[link.child].guess
        if guess.mapping.columns().get(meaning) == link.column[0] and guess.sure.get(meaning, 0) > BY_VALUES:
            return [link]
        alternatives = [other for other in fitting if _as_well(other, link) and self._role(other) == role]
        if not link.kin:
            alternatives += [
                other
                for other in self.links
                if other.child == link.child and other.parent != link.parent and other.column == link.column
                and _as_well(other, link)
            ]  # fmt: skip
        return alternatives

    def _question(self, step: Step, alternatives: Sequence[Link]) -> Question:
        choices = []
        for link in alternatives:
            key = " + ".join(link.column)
            other = self.stacks[link.parent]
            said = f"by “{key}” = “{' + '.join(link.key)}” of {other.name}: {link.found:,} of {link.keys:,} keys found"
            choices.append((said_of(link, self.stacks), said))
        child, parent = self.stacks[step.link.child], self.stacks[step.at]
        return Question("joins", child.name, parent.name, tuple(choices))

    def _beside(self, chain: Chain, used: set[int]) -> tuple[tuple[int, Link], ...]:
        """Other tables of the same orders: each with the link to the table of orders, or to the lines."""
        orders = chain.step("orders")
        home = orders.at if orders else chain.root
        found = []
        for at in range(len(self.stacks)):
            if at in chain.tables or at in used:
                continue
            fitting = [link for link in self.links if (link.child, link.parent) == (at, home)]
            fitting = [one for one in fitting if orders is None or one.key == orders.link.key]
            if orders is not None and not fitting and self.refunds(at):
                fitting = [link for link in self.links if (link.child, link.parent) == (at, chain.root)]
            if fitting and (paid(self.stacks[at]) is not None or (fitting[0].parent == chain.root != home)):
                found.append((at, max(fitting, key=lambda link: link.rank)))
        return tuple(found)


def paid(stack: TableStack) -> str | None:
    """The column of a table beside the lines with what was paid, or paid back."""
    mapping = stack.guess.mapping
    return mapping.amount or mapping.refunded or mapping.total


def price_of(stack: TableStack) -> str | None:
    """The column of a list of products with what one costs a customer."""
    mapping = stack.guess.mapping
    return mapping.unit_price or mapping.amount


def _as_well(one: Link, other: Link) -> bool:
    same = one.kin == other.kin and one.bare == other.bare
    return same and abs(one.share - other.share) < _NEAR and (one.kin > 0 or abs(one.covered - other.covered) < 0.1)


def _answered(links: Sequence[Link], stacks: Sequence[TableStack], answers: Sequence[str]) -> list[Link]:
    """The links without those that an answer rules out."""
    left = list(links)
    for answer in answers:
        chosen = next((link for link in left if said_of(link, stacks) == answer), None)
        if chosen is not None:
            left = [link for link in left if link == chosen or not _rules_out(chosen, link)]
    return left


def _rules_out(chosen: Link, link: Link) -> bool:
    if (link.child, link.parent) == (chosen.child, chosen.parent):
        return True
    return link.child == chosen.child and link.column == chosen.column and not link.kin
