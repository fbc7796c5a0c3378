"""Exports that are known by their headers: each platform is one small file that says what its columns mean.

The files beside this module come with Tessera; those in the workspace's `platforms/` folder are a user's own, and win.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

from segmentation.choices import DATE_ORDERS, DECIMALS
from segmentation.errors import WrongCall
from segmentation.meaning.mapping import MEANINGS, ORDER_LEVEL, STATES, Mapping

Holds = Literal["orders", "contacts", "campaigns"]
CAMPAIGN_MEANINGS = (
    "campaign", "campaign_id", "subject", "list", "channel", "sent_at", "recipients", "orders", "revenue", "opens",
    "clicks", "unsubscribes",
)  # fmt: skip
"""What the columns of a list of campaigns can mean."""

NAMELESS = "(no name)"
"""How a description calls the first column whose header is blank."""
_NAMELESS = re.compile(r"column \d+")
_FLAGS = ("fill_down", "spends_too", "nobody", "ask_states", "left_of_total")
_LISTS = (
    "requires",
    "per_row",
    "included",
    "never_sold",
    "guests",
    "contains",
    "but_not",
    "withdrawn_when_filled",
    "of_line",
    "from_above",
)
_RULES = ("sales", "gift_cards", "test_orders")
_ONE_OF = {
    "holds": get_args(Holds),
    "decimal": DECIMALS,
    "date_order": DATE_ORDERS,
    "per_row": ORDER_LEVEL,
    "included": ("shipping", "tax"),
    "from_above": tuple(MEANINGS),
    "heading": tuple(MEANINGS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Rows of which a column contains one of some words, whatever their case, and none of others; without words, those
    of which it contains anything."""

    column: str
    contains: tuple[str, ...] = ()
    but_not: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Items packed into the columns whose names begin with `columns`: pairs of name and value with a sign between."""

    columns: str
    between: str
    product: str
    quantity: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One kind of export. `requires` are headers that only it has all of; `columns` give for each meaning the headers
    that may have it, best first.

    `fill_down`: what belongs to an order stands on its first row. `per_row`: amounts beside the goods that are each
    row's own. `included`: such amounts that the line totals hold already. `sales`: the rows that are sales or refunds;
    what the others say of their order still holds, and their amounts of it count before those of its rows.
    `spends_too`: what is negative and no refund was spent by the shop. `never_sold`: statuses of orders that were never
    paid; `states` what other words of a status or a type stand for, and where `ask_states` says so, words that neither
    knows are asked about; `also_says` what texts of further columns stand for. `of_line`: unit_cost, where that is what
    the whole line cost. `left_of_total`: the column of refunds says what they have left of the total. `heading`: the
    meaning whose column is filled alone in rows that stand above those it holds for; `from_above`: meanings that a row
    takes from the row above where it has none. `guests`: customer ids that are nobody. `nobody`: the export names no
    customers; `buyers_in` which one does, where this is to be refused. `decimal` and `date_order` count only where the
    values leave it open. `agreed_when_filled`: the column that says who agreed to marketing;
    `withdrawn_when_filled`: those that say who no longer does.
    """

    key: str
    name: str
    holds: Holds
    requires: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    about: str = ""
    fill_down: bool = False
    per_row: tuple[str, ...] = ()
    included: tuple[str, ...] = ()
    sales: Rule | None = None
    spends_too: bool = False
    never_sold: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    nobody: bool = False
    gift_cards: Rule | None = None
    test_orders: Rule | None = None
    packed: Packed | None = None
    decimal: str | None = None
    date_order: str | None = None
    agreed_when_filled: str | None = None
    withdrawn_when_filled: tuple[str, ...] = ()
    states: dict[str, str] = field(default_factory=dict)
    also_says: dict[str, dict[str, str]] = field(default_factory=dict)
    ask_states: bool = False
    of_line: tuple[str, ...] = ()
    left_of_total: bool = False
    heading: str | None = None
    from_above: tuple[str, ...] = ()
    buyers_in: str = ""

    @property
    def does_without(self) -> tuple[str, ...]:
        """Meanings that have no column of their own: customers that are not named, amounts packed with their items."""
        return (*(["customer"] if self.nobody else []), *(["amount"] if self.packed else []))

    def recognises(self, headers: Iterable[str]) -> bool:
        """Whether a file with these headers is such an export."""
        return {plain_header(one) for one in self.requires} <= {plain_header(one) for one in headers}

    def mapping(self, headers: Iterable[str]) -> Mapping:
        """What the columns of such a file mean."""
        found = {meaning: self.header(meaning, headers) for meaning in self.columns if meaning in MEANINGS}
        return Mapping(**found, platform=self.key)  # type: ignore[arg-type]

    def header(self, meaning: str, headers: Iterable[str]) -> str | None:
        """The file's column with this meaning, None where it has none."""
        have = {plain_header(one): one for one in headers}
        nameless = next((one for one in headers if _NAMELESS.fullmatch(one)), None)
        have |= {} if nameless is None else {NAMELESS: nameless}
        wanted = (have.get(plain_header(one)) for one in self.columns.get(meaning, ()))
        return next((one for one in wanted if one is not None), None)


def plain_header(header: str) -> str:
    """A header as platforms are told by: one blank between words, lower case."""
    return " ".join(header.split()).lower()


def recognise(headers: Iterable[str], folder: Path | None = None) -> Platform | None:
    """The platform whose export has these headers; of several the one that asks for most."""
    listed = tuple(headers)
    fitting = [platform for platform in platforms(folder).values() if platform.recognises(listed)]
    return max(fitting, key=lambda platform: len(platform.requires), default=None)


def platforms(folder: Path | None = None) -> dict[str, Platform]:
    """Every known platform by its key, those in `folder` before ours. Raises WrongCall for a broken file."""
    by_name = dict(_ours())
    for file in sorted(folder.glob("*.toml")) if folder and folder.is_dir() else []:
        try:
            by_name[file.stem] = parse(file.stem, file.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            raise WrongCall(f"platforms/{file.name} cannot be read.", evidence=f"{error}.") from error
    return by_name


@cache
def _ours() -> dict[str, Platform]:
    home = files("segmentation.meaning") / "platforms"
    names = sorted(file.name for file in home.iterdir() if file.name.endswith(".toml"))
    return {name[:-5]: parse(name[:-5], (home / name).read_text(encoding="utf-8")) for name in names}


def parse(key: str, text: str) -> Platform:
    """A platform from its file; raises WrongCall where an entry is missing, unknown, or not what it must be."""
    where = f"platforms/{key}.toml"
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongCall(f"{where} is not valid TOML.", evidence=f"{error}.") from error
    _only(where, raw, {one.name for one in fields(Platform)} - {"key"}, ("columns", "holds", "name", "requires"))
    parts: dict[str, Any] = {name: _entry(f"{where}: “{name}”", name, value) for name, value in raw.items()}
    _only(f"{where}: “columns”", parts["columns"], CAMPAIGN_MEANINGS if raw["holds"] == "campaigns" else MEANINGS)
    return Platform(key=key, **parts)


def _entry(where: str, name: str, value: object) -> object:
    """The value of an entry as Platform holds it."""
    if name == "columns":
        return {meaning: _texts(f"{where}, “{meaning}”", headers) for meaning, headers in _table(where, value).items()}
    if name == "states":
        return _states(where, value)
    if name == "also_says":
        return {header: _states(f"{where}, “{header}”", said) for header, said in _table(where, value).items()}
    if name in _RULES:
        return _record(Rule, where, _table(where, value), ("column",) if name == "sales" else ("column", "contains"))
    if name == "packed":
        return _record(Packed, where, _table(where, value), [one.name for one in fields(Packed)])
    if name in _FLAGS:
        if not isinstance(value, bool):
            raise WrongCall(f"{where} must be true or false.")
        return value
    allowed = _ONE_OF.get(name, ())
    return _texts(where, value, allowed, one_too=False) if name in _LISTS else _text(where, value, allowed)


def _states(where: str, value: object) -> dict[str, str]:
    """The state that each word stands for, the words in lower case."""
    listed = _table(where, value)
    return {word.strip().lower(): _text(f"{where}, “{word}”", state, STATES) for word, state in listed.items()}


def _record(kind: type[Rule] | type[Packed], where: str, raw: dict[str, Any], needed: Iterable[str]) -> Rule | Packed:
    _only(where, raw, [one.name for one in fields(kind)], needed)
    parts: dict[str, Any] = {
        name: (_texts if name in _LISTS else _text)(f"{where}, “{name}”", value) for name, value in raw.items()
    }
    return kind(**parts)


def _only(where: str, raw: Iterable[str], known: Iterable[str], needed: Iterable[str] = ()) -> None:
    """Raise where an entry is none of the known ones, or a needed one is missing."""
    for name in sorted(set(raw) - set(known)):
        raise WrongCall(f"{where} has an unknown entry “{name}”.", next_step=f"Use {', '.join(sorted(known))}.")
    for name in sorted(set(needed) - set(raw)):
        raise WrongCall(f"{where} has no entry “{name}”.")


def _table(where: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise WrongCall(f"{where} must be a table of its own, with a name in brackets above it.")
    return value


def _text(where: str, value: object, allowed: tuple[str, ...] = ()) -> str:
    if not isinstance(value, str) or not value.strip():
        raise WrongCall(f"{where} must be a text in quotes.")
    if allowed and value not in allowed:
        raise WrongCall(f"{where} must be one of {', '.join(allowed)}.")
    return value


def _texts(where: str, value: object, allowed: tuple[str, ...] = (), *, one_too: bool = True) -> tuple[str, ...]:
    """Texts in quotes and brackets; a single one may stand without brackets where `one_too` says so."""
    if one_too and isinstance(value, str):
        return (_text(where, value, allowed),)
    if not isinstance(value, list) or not value:
        raise WrongCall(f"{where} must be a list of texts in brackets.")
    return tuple(_text(where, one, allowed) for one in value)


__all__ = ["Holds", "Packed", "Platform", "Rule", "parse", "plain_header", "platforms", "recognise"]
