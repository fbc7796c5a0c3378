"""Exports that are known by their headers: each platform is one small file that says what its columns mean.

The files beside this module come with Tessera; those in the workspace's `platforms/` folder are a user's own, and win.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

from segmentation.errors import WrongCall
from segmentation.meaning.mapping import MEANINGS, Mapping

Holds = Literal["orders", "contacts", "campaigns"]
PARTS = ("shipping", "tax", "gift_sales")
"""Amounts beside the goods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Rows of which a column contains one of some words, whatever their case, and none of others."""

    column: str
    contains: tuple[str, ...]
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
    row's own. `included`: such amounts that the line totals hold already. `sales`: the rows that are sales or refunds.
    `spends_too`: what is negative and no refund was spent by the shop. `never_sold`: statuses of orders that were never
    paid. `guests`: customer ids that are nobody. `nobody`: the export names no customers. `decimal` and `date_order`
    count only where the values leave it open. `agreed_when_filled`: the column that says who agreed to marketing.
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
    found = dict(_ours())
    for file in sorted(folder.glob("*.toml")) if folder and folder.is_dir() else []:
        found[file.stem] = parse(file.stem, file.read_text(encoding="utf-8"))
    return found


@cache
def _ours() -> dict[str, Platform]:
    home = files("segmentation.meaning") / "platforms"
    names = sorted(file.name for file in home.iterdir() if file.name.endswith(".toml"))
    return {name[:-5]: parse(name[:-5], (home / name).read_text(encoding="utf-8")) for name in names}


def parse(key: str, text: str) -> Platform:
    """A platform from its file; raises WrongCall where an entry is missing or unknown."""
    where = f"platforms/{key}.toml"
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongCall(f"{where} is not valid TOML.", evidence=f"{error}.") from error
    known = {one.name for one in fields(Platform)} - {"key"}
    for name in raw.keys() - known:
        raise WrongCall(f"{where} has an unknown entry “{name}”.", next_step=f"Use {', '.join(sorted(known))}.")
    for name in {"name", "holds", "requires", "columns"} - raw.keys():
        raise WrongCall(f"{where} has no entry “{name}”.")
    if raw["holds"] not in get_args(Holds):
        raise WrongCall(f"{where}: “holds” must be one of {', '.join(get_args(Holds))}.")
    parts: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
    parts["columns"] = {
        meaning: tuple(value) if isinstance(value, list) else (value,) for meaning, value in raw["columns"].items()
    }
    for name in ("sales", "gift_cards", "test_orders"):
        if name in raw:
            rule: dict[str, Any] = {part: tuple(v) if isinstance(v, list) else v for part, v in raw[name].items()}
            parts[name] = Rule(**rule)
    if "packed" in raw:
        parts["packed"] = Packed(**raw["packed"])
    try:
        return Platform(key=key, **parts)
    except TypeError as error:
        raise WrongCall(f"{where} cannot be read.", evidence=f"{error}.") from error


__all__ = ["Holds", "Packed", "Platform", "Rule", "parse", "plain_header", "platforms", "recognise"]
