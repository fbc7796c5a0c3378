"""The tables of one import, each by itself, and those of them that belong together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from segmentation.engine.reading import ImportConnection
from segmentation.errors import WrongCall
from segmentation.files.opened import Opened
from segmentation.intake.joins.shop import Found, join_all
from segmentation.intake.joins.shown import Join
from segmentation.intake.joins.twice import sold_twice
from segmentation.intake.text import Text
from segmentation.meaning.guessing import CERTAIN, Guess
from segmentation.meaning.mapping import Choices, Mapping, header_key
from segmentation.workspace import Workspace

MEMORY = "800MB"
_KEYS = "keys of "
Stopped = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class GuessedTable:
    """A table as it is by itself: its text with its profile, and the best guess at what its columns mean. `instead` is
    what the choice of a key says of them (meaning, column passed over, column that counts)."""

    opened: Opened
    guess: Guess
    text: Text | None = None
    instead: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person said: mappings, choices, other headers for some meanings; and whether platforms are known by their
    headers."""

    mappings: tuple[Mapping, ...] = ()
    choices: Choices = field(default_factory=Choices)
    columns: Table[str, str | None] = field(default_factory=dict)
    recognise: bool = True

    @property
    def joins(self) -> tuple[str, ...]:
        """The keys that were chosen."""
        return tuple(dict.fromkeys([*self.choices.joins, *(key for one in self.mappings for key in one.choices.joins)]))

    @property
    def nameless(self) -> bool:
        """Whether files are wanted without their buyers."""
        return "none" in {self.choices.customers, *(one.choices.customers for one in self.mappings)}


@dataclass(frozen=True, slots=True)
class Together:
    """The joined tables of an import, and what became of each table in them."""

    joined: Found
    guessed: tuple[GuessedTable, ...] = ()
    answered: str = ""
    """What answers about the keys of these tables are remembered under, "" where there are no such tables."""


def joined(
    workspace: Workspace,
    connection: ImportConnection,
    guessed: Sequence[GuessedTable],
    folder: Path,
    given: Given,
    stopped: Stopped,
) -> tuple[Together, list[GuessedTable]]:
    """The tables that belong together, joined, and the others."""
    orders = [one for one in guessed if one.text is not None]
    if len({frozenset(one.opened.layout.headers) for one in orders}) < 2:
        return Together(Found()), list(guessed)
    may = [one for one in orders if one.guess.platform is None]
    answered = header_key(sorted({_KEYS + header_key(one.opened.layout.headers) for one in may}))
    answers = given.joins or _remembered(workspace, answered)
    tables = [(one.text, _corrected(one.guess, one.opened, given)) for one in may if one.text is not None]
    shop = join_all(connection, tables, folder, answers=answers, nameless=given.nameless, stopped=stopped)
    if given.joins and shop.refuted:
        raise _no_key(shop.refuted[0], may)
    gone = {id(may[at]) for at in shop.used | shop.idle}
    rest = [one for one in guessed if id(one) not in gone]
    rest, twice = _lines_first(connection, rest, folder)
    made = tuple(GuessedTable(text.opened, guess_, text, shop.instead) for text, guess_ in shop.tables)
    return Together(replace(shop, joins=tuple(dict.fromkeys([*shop.joins, *twice]))), made, answered), rest


def _no_key(answer: str, tables: Sequence[GuessedTable]) -> WrongCall:
    """Why tables are not joined as somebody said: a name is wrong, or the values are no key."""
    listed = "; ".join(
        f"{one.opened.name} has {', '.join(f'“{h}”' for h in one.opened.layout.headers)}" for one in tables
    )
    return WrongCall(
        f"No tables can be joined by {answer}.",
        evidence=f"{listed}.",
        next_step="Name two of these columns, like orders.csv:buyer=people.csv:id. The second has to tell the rows of "
        "its table apart, and hold most values of the first.",
    )


def _remembered(workspace: Workspace, answered: str) -> tuple[str, ...]:
    """The keys that were chosen when tables with these headers were last imported."""
    kept = workspace.recall_mapping(answered)
    return () if kept is None else Mapping.from_toml(kept).choices.joins


def _corrected(guess: Guess, opened: Opened, given: Given) -> Guess:
    """What a table's columns mean, with what somebody said of them."""
    said = there(given.columns, opened.layout.headers)
    if not said:
        return guess
    sure = {**guess.sure, **dict.fromkeys(said, CERTAIN)}
    return replace(guess, mapping=guess.mapping.corrected(said), sure=sure)


def _lines_first(
    engine: ImportConnection, guessed: Sequence[GuessedTable], folder: Path
) -> tuple[list[GuessedTable], list[Join]]:
    """The tables, orders after those that hold the same sales by item, and what is told of that."""
    orders = [one for one in guessed if one.text is not None]
    found = sold_twice(engine, [(one.text, one.guess) for one in orders if one.text is not None], folder)
    later = {one.coarse for one in found}
    coarse = [one for at, one in enumerate(orders) if at in later]
    left = [one for one in guessed if all(one is not other for other in coarse)]
    return [*left, *coarse], [join for one in found for join in one.joins]


def refuse_unknown(columns: Table[str, str | None], tables: Sequence[Sequence[str]], files: int) -> None:
    """Raise WrongCall where somebody named a column that none of the tables, told by their headers, has."""
    headers = list(dict.fromkeys(header for table in tables for header in table))
    for meaning, header in columns.items():
        if header is None or header in headers:
            continue
        near = get_close_matches(header.lower(), [one.lower() for one in headers], n=1)
        meant = next((f" Did you mean “{one}”?" for one in headers if [one.lower()] == near), "")
        raise WrongCall(
            f"{'The file has no' if files == 1 else 'None of the files has a'} column “{header}”.{meant}",
            evidence=f"The columns are {', '.join(f'“{one}”' for one in headers)}.",
            next_step=f"Name one of them for {meaning}, like --column {meaning}=HEADER.",
        )


def there(columns: Table[str, str | None], headers: Sequence[str]) -> dict[str, str | None]:
    """The corrections that concern this table."""
    return {meaning: header for meaning, header in columns.items() if header is None or header in headers}
