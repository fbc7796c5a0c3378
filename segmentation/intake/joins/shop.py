"""The tables of one import that belong together: joined to tables of orders, each with what became of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from segmentation.engine.importing.tables import Key, agreeing
from segmentation.engine.reading import ImportConnection
from segmentation.errors import NeedsJoin
from segmentation.intake.joins.account import Account
from segmentation.intake.joins.chain import Chain, Chains, said_of
from segmentation.intake.joins.joined import Joining
from segmentation.intake.joins.links import Keys, Link, TableStack
from segmentation.intake.joins.shown import Join
from segmentation.intake.joins.totals import total_of
from segmentation.intake.text import Text
from segmentation.meaning.guessing import Guess
from segmentation.meaning.questions import Question
from segmentation.meaning.tables import buyers, money, order_date

_ALIKE = 0.5
"""Two tables have the same orders where they say the same of this share of them."""


@dataclass(frozen=True, slots=True)
class Found:
    """What came of the tables of an import: the joined ones with what their columns mean, what became of each table,
    the places of the tables that are in it, and of those that add nothing. `instead` says for a key that somebody
    chose its meaning, the column that was passed over and the one that counts. `lacking` is why tables that belong
    together are no orders, `refuted` are keys that somebody named and that the values do not bear."""

    tables: tuple[tuple[Text, Guess], ...] = ()
    joins: tuple[Join, ...] = ()
    used: frozenset[int] = frozenset()
    idle: frozenset[int] = frozenset()
    instead: tuple[tuple[str, str, str], ...] = ()
    asked: tuple[Question, ...] = ()
    lacking: NeedsJoin | None = None
    refuted: tuple[str, ...] = ()


def stacks_of(tables: Sequence[tuple[Text, Guess]]) -> list[tuple[TableStack, tuple[int, ...]]]:
    """Tables with the same columns as one, in an order that does not depend on that of the files."""
    groups: dict[frozenset[str], list[int]] = {}
    for place, (text, _) in enumerate(tables):
        groups.setdefault(frozenset(text.opened.layout.headers), []).append(place)
    found = []
    for places in groups.values():
        ordered = sorted(places, key=lambda at: tables[at][0].opened.name)
        largest = max(ordered, key=lambda at: tables[at][0].raw.rows)
        found.append((TableStack(tuple(tables[at][0] for at in ordered), tables[largest][1]), tuple(ordered)))
    return sorted(found, key=lambda one: (sorted(one[0].headers), one[0].file))


def join_all(
    connection: ImportConnection,
    tables: Sequence[tuple[Text, Guess]],
    folder: Path,
    *,
    answers: Sequence[str] = (),
    nameless: bool = False,
    stopped: Callable[[], bool] = lambda: False,
) -> Found:
    """Join the tables that belong together; nothing where none do."""
    grouped = stacks_of(tables)
    if len(grouped) < 2:
        return Found()
    stacks = [stack for stack, _ in grouped]
    keys = Keys(connection, stacks, folder)
    links = keys.links()
    links = [link for link in links if not strangers(keys, Chains(stacks, [link], nameless=nameless), link)]
    named = {said_of(link, stacks) for link in links}
    stated = {answer: keys.stated(answer) for answer in answers if answer not in named}
    links += [link for link in stated.values() if link is not None]
    chains = Chains(stacks, links, answers, nameless=nameless)
    found = chains.all()
    joining = Joining(connection, keys, chains, folder, stopped)
    made: list[tuple[Text, Guess]] = []
    joins: list[Join] = []
    for chain in found:
        texts = joining.texts(chain)
        made += texts
        joins += Account(keys, chains, chain, texts, joining.total(chain)).joins()
    used = frozenset().union(*(chain.tables for chain in found)) if found else frozenset()
    idle = {at for at in range(len(stacks)) if found and at not in used and _adds_nothing(chains, at)}
    joins += [Join(stacks[at].name, stacks[at].rows.count, "not used") for at in sorted(idle)]
    places = [places for _, places in grouped]
    return Found(
        tuple(made),
        tuple(dict.fromkeys(joins)),
        frozenset(place for at in used for place in places[at]),
        frozenset(place for at in idle for place in places[at]),
        tuple(one for chain in found for one in chains.instead(chain)),
        tuple(question for chain in found for question in chain.asked),
        None if found else lacking(chains),
        tuple(answer for answer, link in stated.items() if link is None),
    )


def _adds_nothing(chains: Chains, at: int) -> bool:
    """Whether a table has no money, and is no list of addresses either."""
    guess = chains.stacks[at].guess
    return not money(guess) and not (guess.mapping.email and chains.listed(at))


def strangers(keys: Keys, chains: Chains, link: Link) -> bool:
    """Whether two tables which both stand by themselves have the same order numbers and other orders: of most of them
    they say another amount, another customer and another day."""
    if not (chains.stands(Chain(link.child, ())) and chains.stands(Chain(link.parent, ()))):
        return False
    chain = chains.alone(link.child)
    step = chain.step("orders")
    if step is None:
        return False
    total = total_of(keys, chain)
    sums = Account(keys, chains, chain, (), total).sums(step)
    if (total is not None and total.proof) or sums is None or sums.same >= _ALIKE * sums.orders:
        return False
    one, other = keys.stacks[link.child], keys.stacks[link.parent]
    for said in (buyers, order_date):
        mine, theirs = said(one.guess), said(other.guess)
        if mine is None or theirs is None:
            continue
        sides = [
            (stack.rows, Key(stack.columns(key), link.bare), Key(stack.columns((header,))))
            for stack, key, header in ((one, link.column, mine), (other, link.key, theirs))
        ]
        if agreeing(keys.connection, sides[0], sides[1]) >= _ALIKE:
            return False
    return True


def lacking(chains: Chains) -> NeedsJoin | None:
    """Why tables that point to one another are no orders together: what none of them has."""
    candidates = [chain for chain in map(chains.alone, range(len(chains.stacks))) if chain.steps]
    if not candidates:
        return None
    best = min(candidates, key=lambda chain: (len(chains.lacks(chain)), chain.root))
    return _needs(chains, best) if chains.lacks(best) else None


def _needs(chains: Chains, chain: Chain) -> NeedsJoin:
    stacks = chains.stacks
    listed = " and ".join(f"{stacks[step.at].name} by “{' + '.join(step.link.column)}”" for step in chain.steps)
    missing = chains.lacks(chain)
    what = {"date": "the date of the order", "amount": "what was paid", "customer": "who ordered"}
    return NeedsJoin(
        f"{stacks[chain.root].name} is joined with {listed}, and none of these tables says "
        f"{' or '.join(what[one] for one in missing)}.",
        evidence=f"The keys fit: {chain.steps[0].link.found:,} of {chain.steps[0].link.keys:,} were found.",
        next_step="Add the table that does, with a column for one of these keys, and import all of them at once; or "
        f"name the column, like --column {missing[0]}=HEADER.",
    )
