"""Which columns each table of a chain adds to the lines, what they are called there, and what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from segmentation.engine.importing.tables import Key, first_filled
from segmentation.intake.joins.chain import Chain, Step, price_of
from segmentation.intake.joins.links import TableStack
from segmentation.meaning import hints
from segmentation.meaning.mapping import CONTACTS
from segmentation.meaning.tables import buyers, is_person, money, naming_column, order_date, says_consent

_ROOT = "f"
_PREFIX = {"orders": "order", "customers": "customer", "products": "product", "categories": "category"}


@dataclass(frozen=True, slots=True)
class Added:
    """A column of another table: the header it gets, what fills it, and whether a program wrote its numbers."""

    header: str
    sql: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The columns that are added to the lines, and the meanings that the keys and the tables settle, each with why."""

    added: list[Added] = field(default_factory=list)
    meant: dict[str, tuple[str | None, str]] = field(default_factory=dict)


class Columns:
    """Works out a `Plan`."""

    def __init__(self, stacks: Sequence[TableStack], chain: Chain) -> None:
        self.stacks, self.chain = stacks, chain
        self.root = stacks[chain.root]
        self.plan = Plan()
        self._headers = set(self.root.headers)
        self._twins: dict[tuple[int, str], str] = {}

    def planned(self) -> Plan:
        """The columns of every table of the chain."""
        for step in self.chain.steps:
            {
                "orders": self._orders,
                "customers": self._customers,
                "products": self._products,
                "categories": self._categories,
            }[step.role](step)
        return self.plan

    def alias(self, at: int) -> str:
        """The alias of a table in the join."""
        return _ROOT if at == self.chain.root else f"t{at}"

    def key_header(self, step: Step) -> str | None:
        """The header under which the key of a step stands among the lines."""
        header = step.link.column[0]
        return header if step.link.child == self.chain.root else self._of(step.link.child, header)

    def called(self, header: str) -> str | None:
        """The header that a column of the orders has among the lines."""
        step = self.chain.step("orders")
        return None if step is None else self._of(step.at, header)

    def _of(self, at: int, header: str) -> str | None:
        sql = f"{self.alias(at)}.{self.stacks[at].column(header)}"
        if at == self.chain.root:
            return header
        return next((one.header for one in self.plan.added if one.sql == sql), self._twins.get((at, header)))

    def _add(self, step: Step, header: str, *, sql: str | None = None, called: str | None = None) -> str:
        """Take a column; returns the header it gets."""
        stack = self.stacks[step.at]
        name = called or header
        if name in self._headers:
            name = f"{_PREFIX[step.role]} {header}"
        number, base = 1, name
        while name in self._headers:
            number += 1
            name = f"{base} ({number})"
        self._headers.add(name)
        exact = any(header in one.opened.layout.exact for one in stack.members)
        self.plan.added.append(Added(name, sql or f"{self.alias(step.at)}.{stack.column(header)}", exact))
        return name

    def _orders(self, step: Step) -> None:
        stack, why = self.stacks[step.at], f"it is the key of {self.stacks[step.at].name}"
        mapping = stack.guess.mapping
        if len(step.link.column) > 1:
            key = Key(self.root.columns(step.link.column), step.link.bare)
            name = self._add(step, "order key", sql=key.shown(_ROOT))
            self.plan.meant["order"] = (name, why)
        else:
            self.plan.meant["order"] = (step.link.column[0], why)
        for header in stack.headers:
            if header in step.link.key:
                continue
            if header in self.root.headers and self._as_known(step, header):
                self._twins[step.at, header] = header
                continue
            self._add(step, header)
        date = order_date(stack.guess)
        if date is not None and order_date(self.root.guess) is None:
            self.plan.meant["date"] = (self._of(step.at, date), f"{stack.name} says when orders were placed")
        who = buyers(stack.guess)
        unnamed = buyers(self.root.guess) is None and not self.chain.step("customers")
        if who is not None and unnamed and mapping.customer:
            self.plan.meant["customer"] = (self._of(step.at, mapping.customer), f"{stack.name} says who ordered")

    def _as_known(self, step: Step, header: str) -> bool:
        """Whether a column of the orders says no more than the lines' own of that name: ids, days and texts that both
        have; amounts and states are each one's own."""
        mine, theirs = self.root.guess.mapping.columns(), self.stacks[step.at].guess.mapping.columns()
        meant = {m for m, h in mine.items() if h == header} & {m for m, h in theirs.items() if h == header}
        return bool(meant & {"order", "customer", "date", "currency", "channel", "email", "name", "phone"})

    def _customers(self, step: Step) -> None:
        stack, key = self.stacks[step.at], step.link.key[0]
        child = self.stacks[step.link.child]
        foreign = self.key_header(step)
        sql = f"{self.alias(step.link.child)}.{child.column(step.link.column[0])}"
        person = next((one for one in stack.headers if is_person(one, key)), None)
        why = f"{step.link.found:,} of {step.link.keys:,} are keys of {stack.name}"
        if person is not None and child.profile[step.link.column[0]].variety >= 0.9:
            theirs = f"{self.alias(step.at)}.{stack.column(person)}"
            name = self._add(step, person, sql=first_filled(theirs, sql))
            self.plan.meant["customer"] = (name, f"it tells people in {stack.name}, where {key} tells their orders")
        elif child.profile[step.link.column[0]].addresses < 0.5:
            self.plan.meant["customer"] = (foreign, why)
        self._contacts(step, {key, person})

    def _contacts(self, step: Step, taken: set[str | None]) -> None:
        """What a list of customers says of each: how to reach them, and whether they agreed."""
        stack = self.stacks[step.at]
        have = set(self.root.guess.mapping.columns()) | set(self.stacks[step.link.child].guess.mapping.columns())
        columns: dict[str, str] = {
            meaning: header
            for meaning, header in stack.guess.mapping.columns().items()
            if meaning in {*CONTACTS, "consent", "refusal"}
        }
        if not {"name", "last_name"} & columns.keys() and (name := self._full_name(stack, taken)) is not None:
            columns["name"] = name
        for meaning, header in columns.items():
            if header not in taken and meaning not in have - {"consent", "refusal"}:
                self.plan.meant[meaning] = (self._add(step, header), f"{stack.name} has it")
        for header in stack.headers:
            if header not in columns.values() and says_consent(header):
                self._add(step, header)

    @staticmethod
    def _full_name(stack: TableStack, taken: set[str | None]) -> str | None:
        header = naming_column(stack.profile, [one for one in taken if one is not None])
        if header is None or not (hints.says(header, "name") or stack.profile[header].names > 0.5):
            return None
        return header

    def _products(self, step: Step) -> None:
        stack, key = self.stacks[step.at], step.link.key[0]
        mapping, own = stack.guess.mapping, self.root.guess.mapping
        named = naming_column(stack.profile, [key, *filter(None, [mapping.category])])
        if named is not None:
            self.plan.meant["product"] = (self._add(step, named), f"{stack.name} names the products")
        elif own.product is None:
            self.plan.meant["product"] = (self.key_header(step), f"it is the key of {stack.name}")
        category = mapping.category
        if category is not None and category != named:
            self.plan.meant["category"] = (self._add(step, category), f"{stack.name} has it")
        cost = mapping.unit_cost or next((one for one in stack.headers if hints.goods_cost(one)), None)
        if cost is not None and own.unit_cost is None:
            self.plan.meant["unit_cost"] = (self._add(step, cost), f"{stack.name} has it")
        price = price_of(stack)
        orders = self.chain.step("orders")
        priced = money(self.root.guess) or (orders is not None and money(self.stacks[orders.at].guess))
        if price is not None and not priced:
            meaning = "unit_price" if own.quantity else "amount"
            self.plan.meant[meaning] = (self._add(step, price), f"only {stack.name} has prices")

    def _categories(self, step: Step) -> None:
        stack = self.stacks[step.at]
        named = naming_column(stack.profile, step.link.key)
        if named is not None:
            self.plan.meant["category"] = (self._add(step, named), f"{stack.name} names the categories")
