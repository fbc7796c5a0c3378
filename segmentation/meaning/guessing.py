"""Which column means what: known by its export, else guessed from header names and checked against values.

Every guess says how sure it is and why. Where no name speaks, the values do: a column of dates, one of amounts with
decimals, one of numbers that stay together and rise (orders), one of values that come back (customers).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from pathlib import Path

from segmentation.files.table import Layout
from segmentation.meaning.mapping import CONTACTS, NUMBERS, Choices, Mapping
from segmentation.meaning.platforms import Platform, recognise
from segmentation.meaning.profiles import PHONE, ColumnProfile, profile
from segmentation.meaning.words import HEADER_WORDS
from segmentation.notation.shares import CONSISTENT, share

_LONGEST_FLAG, _MOST_FLAGS = 24, 12
_CLOCK = re.compile(r"\d{1,2}:\d{2}.*")
_SHORTEST_PART = 4
_ESSENTIAL = ("date", "customer", "amount")
"""Found by name even where their values cannot be read: the import then says so, with an example."""
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l"})
_TWO_LETTERS = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})
_GUESSING_ORDER = (
    "email", "consent", "phone", "cancelled", "date", "time", "customer", "order", "line", "unit_cost", "unit_price",
    "refunded", "order_discount", "amount", "discount", "quantity", "currency", "product", "category", "channel",
    "status", "refund", "test", "name",
)  # fmt: skip
_NEVER_BY_PART = ("time", "name", "phone", "test", "line", "order_discount")
"""Meanings whose words stand in too many other headers."""
CERTAIN, BY_NAME, BY_PART, BY_VALUES, DOUBTFUL = 1.0, 0.9, 0.7, 0.5, 0.3
"""How sure a guess is: the export is known; the name and the values fit; a part of the name does; only the values do;
the name does and the values do not."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A mapping, and for each of its meanings how sure it is (0 to 1) and why. `platform` is the export's, if known."""

    mapping: Mapping
    sure: Table[str, float] = field(default_factory=dict)
    why: Table[str, str] = field(default_factory=dict)
    platform: Platform | None = None


def guess(layout: Layout, folder: Path | None = None) -> Guess:
    """The best guess at the mapping; what nothing speaks for stays None. `folder` holds a user's own platforms."""
    platform = recognise(layout.headers, folder)
    if platform is not None:
        mapping = platform.mapping(layout.headers)
        return Guess(
            replace(mapping, choices=Choices(guests=platform.guests)),
            dict.fromkeys(mapping.columns(), CERTAIN),
            dict.fromkeys(mapping.columns(), f"it is an export of {platform.name}"),
            platform,
        )
    profiles = {header: profile(layout.column(header)) for header in layout.headers}
    found: dict[str, str] = {}
    sure: dict[str, float] = {}
    why: dict[str, str] = {}
    if layout.dialect.header:
        _by_names(profiles, found, sure, why)
    _by_values(profiles, found, sure, why)
    if "customer" not in found and "email" not in found and "name" in found:
        found["customer"], sure["customer"] = found["name"], DOUBTFUL
        why["customer"] = "there is no other sign of who ordered than a name"
    return Guess(Mapping(**found), sure, why)  # type: ignore[arg-type]


def plain(header: str) -> str:
    """A header as it is compared: lower case, letters and digits only, no accents, single spaces."""
    split_camel = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", header)
    lowered = split_camel.lower().translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare.translate(_TWO_LETTERS)).split())


def _by_names(
    profiles: Table[str, ColumnProfile], found: dict[str, str], sure: dict[str, float], why: dict[str, str]
) -> None:
    names = {header: plain(header) for header in profiles}
    passes = ((True, True, BY_NAME), (False, True, BY_PART), (True, False, DOUBTFUL))
    for exact, checked, how_sure in passes:
        for meaning in _GUESSING_ORDER if checked else _ESSENTIAL:
            if meaning in found or (not exact and meaning in _NEVER_BY_PART):
                continue
            free = {header: name for header, name in names.items() if header not in found.values()}
            header = _pick(profiles, free, meaning, exact=exact, checked=checked)
            if header is not None:
                found[meaning], sure[meaning] = header, how_sure
                why[meaning] = _because(exact=exact, checked=checked)


def _because(*, exact: bool, checked: bool) -> str:
    if not checked:
        return "its name says so, though its values do not look like it"
    return "its name and its values say so" if exact else "a part of its name and its values say so"


def _pick(
    profiles: Table[str, ColumnProfile], free: dict[str, str], meaning: str, *, exact: bool, checked: bool
) -> str | None:
    """The header whose name fits best, by the whole name or by a part of it, with values that fit where `checked`."""
    for word in HEADER_WORDS[meaning]:
        if not exact and len(word) < _SHORTEST_PART:
            continue
        for header, name in free.items():
            fits = name.replace(" ", "") == word.replace(" ", "") if exact else f" {word} " in f" {name} "
            if fits and (not checked or plausible(meaning, profiles[header])):
                return header
    return None


def plausible(meaning: str, seen: ColumnProfile) -> bool:
    """Whether the sampled values may have this meaning; an empty column may have none."""
    if seen.empty:
        return False
    numbers = seen.numbers >= CONSISTENT
    dates = seen.dates >= CONSISTENT
    few = len(set(seen.values))
    tests: dict[str, Callable[[], bool]] = {
        "email": lambda: seen.addresses >= CONSISTENT,
        "phone": lambda: share(seen.values, PHONE.fullmatch) >= CONSISTENT,
        # texts that are not numbers: unreadable dates are told apart from no date column
        "date": lambda: dates or seen.dates > 0 or not numbers,
        "cancelled": lambda: dates or seen.dates > 0 or not numbers,
        "time": lambda: share(seen.values, _CLOCK.fullmatch) >= CONSISTENT,
        "consent": lambda: few <= _MOST_FLAGS and seen.longest <= _LONGEST_FLAG,
        "test": lambda: few <= _MOST_FLAGS and seen.longest <= _LONGEST_FLAG,
        "refund": lambda: few <= _MOST_FLAGS and seen.longest <= _LONGEST_FLAG and seen.decimals < CONSISTENT,
        "status": lambda: few <= max(50, len(seen.values) // 10),
        "channel": lambda: few <= max(50, len(seen.values) // 10),
        "currency": lambda: share(seen.values, lambda cell: len(cell) <= 4 and not cell.isdigit()) >= CONSISTENT,
        "customer": lambda: not dates or all(map(str.isdigit, seen.values)),
        "name": lambda: not numbers and not dates,
    }
    tests |= dict.fromkeys(NUMBERS, lambda: numbers)
    test = tests.get(meaning)
    return test is None or test()


def _by_values(
    profiles: Table[str, ColumnProfile], found: dict[str, str], sure: dict[str, float], why: dict[str, str]
) -> None:
    """Fill in what no name spoke for: only what an import cannot do without, and the order that belongs to it."""

    def take(meaning: str, header: str | None, because: str) -> None:
        if header is not None and meaning not in found:
            found[meaning], sure[meaning], why[meaning] = header, BY_VALUES, because

    def free() -> dict[str, ColumnProfile]:
        return {h: p for h, p in profiles.items() if h not in found.values() and not p.empty}

    if "date" not in found:
        dates = [header for header, seen in free().items() if seen.dates >= CONSISTENT]
        take("date", next(iter(dates), None), "its values are dates")
    if "email" not in found and "customer" not in found:
        mails = [header for header, seen in free().items() if seen.addresses >= CONSISTENT]
        take("email", next(iter(mails), None), "its values are e-mail addresses")
    if "amount" not in found and not {"unit_price", "quantity"} <= found.keys():
        amounts = [header for header, seen in free().items() if seen.numbers >= CONSISTENT and seen.decimals > 0.2]
        take("amount", amounts[-1] if amounts else None, "its values are amounts with decimals")
        if "amount" in sure and sure["amount"] == BY_VALUES:
            take("quantity", _quantity(free()), "its values are small whole numbers")
    if "customer" not in found and "email" not in found:
        _ids(free(), take, with_order="order" not in found)


def _quantity(free: dict[str, ColumnProfile]) -> str | None:
    whole = [h for h, seen in free.items() if share(seen.values, str.isdigit) >= CONSISTENT and seen.dates < CONSISTENT]
    counts = [h for h in whole if max((int(v) for v in free[h].values if v.isdigit()), default=0) < 1_000]
    return counts[-1] if counts and len(whole) > 1 else None


def _ids(free: dict[str, ColumnProfile], take: object, *, with_order: bool) -> None:
    """The customer is the column whose values come back; the order, if any, the one whose values stay together."""
    keys = {
        header: seen
        for header, seen in free.items()
        if seen.dates < CONSISTENT and seen.decimals < 0.2 and len(set(seen.values)) > 1 and seen.names < CONSISTENT
    }
    assert callable(take)
    if not keys:
        return
    several = len(keys) > 1
    coming_back = {h: seen for h, seen in keys.items() if seen.returns > 0} if several else keys
    pool = coming_back or keys
    customer = max(pool, key=lambda header: (len(set(pool[header].values)), pool[header].returns))
    take("customer", customer, "its values come back, as customers do")
    if not with_order:
        return
    orders = {
        header: seen
        for header, seen in keys.items()
        if header != customer and seen.returns == 0 and seen.rising > 0.9 and seen.distinct > 0.2
    }
    if orders:
        order = max(orders, key=lambda header: orders[header].distinct)
        take("order", order, "its values stay together and rise, as order numbers do")


def personal(mapping: Mapping, layout: Layout) -> str | None:
    """What kind of contact the customer column holds (email, name or phone), None where it holds ids."""
    if mapping.customer is None:
        return "email" if mapping.email else None
    for meaning in CONTACTS:
        if getattr(mapping, meaning) == mapping.customer:
            return meaning
    seen = profile(layout.column(mapping.customer))
    if seen.addresses >= CONSISTENT:
        return "email"
    if seen.names >= CONSISTENT:
        return "name"
    return "phone" if share(seen.values, re.compile(r"\+[\d\s()./-]{7,20}").fullmatch) >= CONSISTENT else None
