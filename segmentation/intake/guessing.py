"""Which column means what, guessed from header names and checked against values.

Without a header the values alone decide: one column of dates, one of amounts with decimals, one of small whole
numbers, and the customer is the column left over that repeats.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from segmentation.files.dialect import Layout
from segmentation.intake.mapping import Mapping
from segmentation.intake.words import HEADER_WORDS
from segmentation.notation.evidence import looks_like_date, looks_like_number, mostly, share

_LONGEST_FLAG = 24
_SHORTEST_PART = 4
_ESSENTIAL = ("date", "customer", "amount")
"""Found by name even where their values cannot be read: the import then says so, with an example."""
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l"})
_TWO_LETTERS = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_GUESSING_ORDER = (
    "email", "consent", "date", "customer", "order", "line", "unit_cost", "unit_price", "amount", "discount",
    "quantity", "currency", "product", "category", "channel", "status", "refund",
)  # fmt: skip


def guess(layout: Layout) -> Mapping:
    """The best guess at the mapping; what nothing speaks for stays None."""
    if not layout.dialect.header:
        return _from_values(layout)
    found: dict[str, str] = {}
    names = {header: plain(header) for header in layout.headers}
    for exact, checked in ((True, True), (False, True), (True, False)):
        for meaning in _GUESSING_ORDER if checked else _ESSENTIAL:
            if meaning not in found:
                taken = set(found.values())
                free = {h: name for h, name in names.items() if h not in taken}
                header = _pick(layout, free, meaning, exact=exact, checked=checked)
                if header is not None:
                    found[meaning] = header
    return Mapping(**found)


def plain(header: str) -> str:
    """A header as it is compared: lower case, letters and digits only, no accents, single spaces."""
    split_camel = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", header)
    lowered = split_camel.lower().translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare.translate(_TWO_LETTERS)).split())


def _pick(layout: Layout, free: dict[str, str], meaning: str, *, exact: bool, checked: bool) -> str | None:
    """The header whose name fits best, by the whole name or by a part of it, with values that fit where `checked`."""
    for word in HEADER_WORDS[meaning]:
        if not exact and len(word) < _SHORTEST_PART:
            continue
        for header, name in free.items():
            fits = name.replace(" ", "") == word.replace(" ", "") if exact else f" {word} " in f" {name} "
            if fits and (not checked or _plausible(meaning, layout.column(header))):
                return header
    return None


def _plausible(meaning: str, values: Sequence[str]) -> bool:
    """Whether the sampled values may have this meaning; an empty column may have none."""
    filled = [value.strip() for value in values if value.strip()]
    if not filled:
        return False
    tests: dict[str, Callable[[Sequence[str]], bool]] = {
        "email": lambda cells: mostly(cells, _ADDRESS.fullmatch),
        "date": _may_be_dates,
        "amount": _are_numbers,
        "quantity": _are_numbers,
        "unit_price": _are_numbers,
        "discount": _are_numbers,
        "unit_cost": _are_numbers,
        "consent": _are_flags,
        "refund": lambda cells: _are_flags(cells) and not mostly(cells, _has_decimals),
        "status": _are_labels,
        "channel": _are_labels,
        "currency": lambda cells: mostly(cells, lambda cell: len(cell) <= 4 and not cell.isdigit()),
        "customer": lambda cells: not mostly(cells, looks_like_date) or mostly(cells, str.isdigit),
    }
    test = tests.get(meaning)
    return test is None or test(filled)


def _may_be_dates(cells: Sequence[str]) -> bool:
    """Dates, or texts that are not numbers: unreadable dates are told apart from no date column at all."""
    return mostly(cells, looks_like_date) or not mostly(cells, looks_like_number)


def _are_numbers(cells: Sequence[str]) -> bool:
    return mostly(cells, looks_like_number)


def _are_flags(cells: Sequence[str]) -> bool:
    return len(set(cells)) <= 12 and max(map(len, cells)) <= _LONGEST_FLAG


def _are_labels(cells: Sequence[str]) -> bool:
    return len(set(cells)) <= max(50, len(cells) // 10)


def _has_decimals(cell: str) -> bool:
    return looks_like_number(cell) and ("." in cell or "," in cell)


def _from_values(layout: Layout) -> Mapping:
    columns = {header: layout.column(header) for header in layout.headers}
    dates = [h for h, cells in columns.items() if mostly(cells, looks_like_date)]
    emails = [h for h, cells in columns.items() if mostly(cells, _ADDRESS.fullmatch)]
    rest = [h for h in columns if h not in {*dates[:1], *emails[:1]}]
    amounts = [h for h in rest if mostly(columns[h], looks_like_number) and share(columns[h], _has_decimals) > 0.2]
    amount = amounts[-1] if amounts else None
    whole = [h for h in rest if h != amount and mostly(columns[h], str.isdigit)]
    counts = [h for h in whole if max((int(c) for c in columns[h] if c.strip().isdigit()), default=0) < 1_000]
    quantity = counts[-1] if counts and len(whole) > 1 else None
    keys = [h for h in rest if h not in {amount, quantity} and len(set(columns[h])) > 1]
    customer = max(keys, key=lambda h: len(set(columns[h])), default=None)
    return Mapping(
        customer=customer,
        date=dates[0] if dates else None,
        amount=amount,
        quantity=quantity,
        email=emails[0] if emails else None,
    )
