"""What a table of a shop is beside others, and whether two columns are one key by their names: names only propose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from segmentation.meaning import hints
from segmentation.meaning.guessing import Guess
from segmentation.meaning.profiles import ColumnProfile, TableProfile
from segmentation.meaning.proposals import BY_VALUES
from segmentation.meaning.vocabulary.consent import polarity
from segmentation.meaning.vocabulary.statuses import status_of
from segmentation.meaning.words import plain
from segmentation.notation.shares import CONSISTENT

Role = Literal["orders", "customers", "products", "categories", "other"]
"""What a table is to the rows that point to it."""

_MEANT: dict[str, Role] = {
    "order": "orders",
    "customer": "customers",
    "category": "categories",
    "product": "products",
}
_IDS = frozenset({
    "id", "ids", "no", "nr", "num", "number", "code", "key", "pk", "fk", "uuid", "guid", "nummer", "numero", "numer",
    "cislo", "kod", "kode", "codigo", "codice", "cod", "identifier", "identifiant", "ref", "reference", "index", "idx",
    "unique", "uid", "番号", "コード", "编号", "번호", "номер", "код", "sk", "n", "szam", "numarasi", "column",
})  # fmt: skip
"""Words of a key that do not say what it is of."""
_PERSON = frozenset({"unique", "person", "persona", "personne", "uid", "household", "master", "golden"})
_LONGEST_KEY = 80
_NO_KEYS = frozenset(
    {"amount", "quantity", "unit_price", "discount", "unit_cost", "refunded", "order_discount", "subtotal", "shipping",
     "tax", "total", "gross", "currency", "status", "refund", "cancelled", "test", "consent", "refusal", "date", "time",
     "gift_sales", "phone"}
)  # fmt: skip
"""Meanings whose columns point nowhere, unless both are called the same."""


def may_be_key(profile: ColumnProfile) -> bool:
    """Whether the values of a column may tell rows apart: no dates, no sums of money, no long texts."""
    digits = all(text.isdigit() for text in profile.texts[:200])
    whole = profile.decimals < 0.2 or profile.whole >= CONSISTENT
    return not profile.empty and whole and (digits or profile.dates < CONSISTENT) and profile.longest <= _LONGEST_KEY


def points_nowhere(header: str, guess: Guess) -> bool:
    """Whether what a column means rules out that it points to another table."""
    meant = {meaning for meaning, its in guess.mapping.columns().items() if its == header}
    sure = [meaning for meaning in meant & _NO_KEYS if guess.sure.get(meaning, 0) > BY_VALUES]
    return bool(sure)


def meanings_of(header: str) -> frozenset[str]:
    """Which keys a header names: order, customer, product, category."""
    return frozenset(meaning for meaning in _MEANT if hints.says(header, meaning))


def meanings_of_file(name: str) -> frozenset[str]:
    """Which keys the name of a file or a sheet is about."""
    found: set[str] = set()
    for word in _stem(name):
        for one in {word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("en"),
                    re.sub("ies$", "y", word), word.removesuffix("n")}:  # fmt: skip
            found |= meanings_of(one)
    return frozenset(found)


def _stem(name: str) -> list[str]:
    bare = name.rsplit("›", 1)[-1].strip().rsplit(".", 1)[0] if "." in name else name.rsplit("›", 1)[-1]
    return plain(bare).split()


def kinship(child: str, parent: str, parent_file: str) -> int:
    """How far names say that a column of one table is the key of another: 3 outright, 2 by its words, 1 by what it
    means, 0 not at all, -1 that it is something else."""
    one, other = plain(child), plain(parent)
    mine, theirs = set(one.split()) - _IDS, set(other.split()) - _IDS
    if one == other and theirs:
        return 3
    meant, called = (
        meanings_of(child),
        meanings_of(parent) or (frozenset() if theirs else meanings_of_file(parent_file)),
    )
    if meant and called and not meant & called:
        return -1
    if hints.never_customer(child) and "customer" in called and not meant:
        return -1
    if mine and mine == theirs:
        return 2
    if not theirs and any(_alike(word, part) for word in mine for part in _stem(parent_file)):
        return 2
    return 1 if meant & called else 0


def kinship_by_rows(child: str, parent: str, guess: Guess) -> int:
    """How far a column is the key of a table by what it means and what that table's rows are, where names say nothing:
    1 where it names orders, and the bare id of a table with their days and buyers is the key; else 0."""
    bare = not set(plain(parent).split()) - _IDS and guess.mapping.order in {None, parent}
    are_orders = order_date(guess) is not None and buyers(guess) is not None
    return int(bare and are_orders and "order" in meanings_of(child))


def _alike(word: str, other: str) -> bool:
    """Whether two words begin alike, as one and many of a thing do: category, categories."""
    common = 0
    for a, b in zip(word, other, strict=False):
        if a != b:
            break
        common += 1
    return common >= max(3, 0.6 * max(len(word), len(other)))


def role_of(child: str, parent: str, parent_file: str, table: TableProfile, guess: Guess) -> Role:
    """What a table is that this column of another one points to: by the names of the key, else by what it holds."""
    for said in (meanings_of(child), meanings_of(parent)):
        for meaning, role in _MEANT.items():
            if meaning in said:
                return _checked(role, table, guess)
    if hints.never_customer(child):
        return "other"
    for meaning, role in _MEANT.items():
        if meaning in meanings_of_file(parent_file):
            return _checked(role, table, guess)
    if _names_people(table, guess):
        return "customers"
    if order_date(guess) is not None:
        return "orders"
    return "products" if naming_column(table, [parent]) is not None else "other"


def _checked(role: Role, table: TableProfile, guess: Guess) -> Role:
    """A table of people is none of products, whatever its key is called."""
    if role in {"products", "categories"} and _names_people(table, guess) and order_date(guess) is None:
        return "customers"
    return role


def _names_people(table: TableProfile, guess: Guess) -> bool:
    """Whether most rows have an e-mail, a phone or a full name of their own, and no order."""
    mapping = guess.mapping
    own = [one for one in (mapping.email, mapping.phone) if one is not None]
    if any(table[one].variety >= 0.9 and table[one].full >= 0.3 for one in own) and order_date(guess) is None:
        return True
    return bool(mapping.first_name and mapping.last_name) and order_date(guess) is None


def order_date(guess: Guess) -> str | None:
    """The column with the day of an order, not one of another day such as that of delivery."""
    header = guess.mapping.date
    return None if header is None or hints.other_date(header) else header


def money(guess: Guess) -> bool:
    """Whether rows have an amount of their own."""
    mapping = guess.mapping
    return mapping.amount is not None or (mapping.unit_price is not None and mapping.quantity is not None)


def buyers(guess: Guess) -> str | None:
    """The column that names who ordered, where more than its values says so."""
    mapping = guess.mapping
    for meaning in ("customer", "email", "name", "last_name", "phone"):
        header = getattr(mapping, meaning)
        if header is not None and guess.sure.get(meaning, 1.0) >= BY_VALUES:
            return str(header)
    return None


def is_refunds(name: str, headers: Iterable[str]) -> bool:
    """Whether the name of a table, or those of its amount and its own ids, say that its amounts were paid back."""
    words = [*_stem(name), *(word for header in headers for word in plain(header).split())]
    forms = (word.removesuffix(end) for word in words for end in ("", "s", "n", "en", "es", "er"))
    return any(status_of(form) in {"refunded", "refund"} for form in forms)


def is_person(header: str, key: str) -> bool:
    """Whether a column of a table of customers tells people where the key tells only their orders."""
    return header != key and hints.says(header, "customer") and bool(set(plain(header).split()) & _PERSON)


def naming_column(table: TableProfile, keys: Iterable[str]) -> str | None:
    """The column of texts that names the rows of a table of products or categories."""
    taken = set(keys)
    texts = [
        header
        for header, profile in table.columns.items()
        if header not in taken
        and not profile.empty
        and profile.numbers < 0.5
        and profile.dates < 0.5
        and profile.addresses == 0
    ]
    named = [one for one in texts if hints.says(one, "product") or hints.says(one, "name") or _is_title(one)]
    pool = [one for one in named or texts if table[one].full >= 0.5]
    if named:
        return pool[0] if pool else None
    return max(pool, key=lambda one: table[one].variety) if pool else None


_TITLES = frozenset({"name", "title", "bezeichnung", "titel", "titre", "nom", "nombre", "nome", "naam", "nazwa", "navn",
                     "namn", "nazev", "libelle", "descripcion", "descrizione", "description", "label", "denominazione",
                     "omschrijving", "benennung", "名称", "名前", "ad", "adi", "nimi", "nev", "denumire", "название",
                     "designation", "descricao", "opis", "artikelbezeichnung"})  # fmt: skip


def _is_title(header: str) -> bool:
    return bool(set(plain(header).split()) & _TITLES)


def says_consent(header: str) -> bool:
    """Whether a column says who may be written to."""
    return polarity(header) is not None


__all__ = [
    "Role", "buyers", "is_person", "is_refunds", "kinship", "kinship_by_rows", "may_be_key", "meanings_of",
    "meanings_of_file", "money", "naming_column", "order_date", "points_nowhere", "role_of", "says_consent",
]  # fmt: skip
