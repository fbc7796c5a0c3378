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
from segmentation.notation import looks_like_number
from segmentation.notation.shares import CONSISTENT, share

_LONGEST_FLAG, _MOST_FLAGS = 24, 12
_CLOCK = re.compile(r"\d{1,2}:\d{2}.*")
_SHORTEST_PART = 4
Take = Callable[[str, str | None, str], None]
"""Takes a column for a meaning, with the reason, unless there is one already."""

_ESSENTIAL = ("date", "customer", "amount")
"""Found by name even where their values cannot be read: the import then says so, with an example."""
_IDS = ("customer", "order")
_SURELY = 0.9
_SUM = re.compile(r"\d[.,]\d{1,2}\D*$")
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l"})
_TWO_LETTERS = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})
_GUESSING_ORDER = (
    "email", "consent", "phone", "cancelled", "date", "time", "customer", "order", "line", "unit_cost", "unit_price",
    "refunded", "order_discount", "amount", "discount", "quantity", "currency", "product", "category", "channel",
    "status", "refund", "test", "name", "shipping", "tax",
)  # fmt: skip
_NEVER_BY_PART = ("time", "name", "phone", "test", "line", "order_discount", "shipping", "tax")
"""Meanings whose words stand in too many other headers."""
EMAIL_OR_NAME = "email or name"
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
            if not fits or (checked and not plausible(meaning, profiles[header])):
                continue
            if exact or meaning not in _IDS or _may_be_id(profiles[header]):
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


def _may_be_id(seen: ColumnProfile) -> bool:
    """Whether values may be ids where only a part of the header says so: no sums of money (“Order total”), no dates."""
    sums = share(seen.values, lambda cell: looks_like_number(cell) and _SUM.search(cell) is not None)
    return sums < CONSISTENT and (seen.dates < CONSISTENT or all(map(str.isdigit, seen.values)))


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
        _ids(free(), take, profiles[found["order"]] if "order" in found else None)


def _quantity(free: dict[str, ColumnProfile]) -> str | None:
    """The last column of small whole numbers among several; one that has 1 in it before one that has not."""
    whole = [h for h, seen in free.items() if share(seen.values, str.isdigit) >= CONSISTENT and seen.dates < CONSISTENT]
    counts = [h for h in whole if max((int(v) for v in free[h].values if v.isdigit()), default=0) < 1_000]
    counts = [header for header in counts if "1" in free[header].values] or counts
    return counts[-1] if counts and len(whole) > 1 else None


def _ids(free: dict[str, ColumnProfile], take: Take, order: ColumnProfile | None) -> None:
    """The customer is the column whose values come back and are one for each order; the order, if no name told it, the
    column whose values stay together."""
    keys = {
        header: seen
        for header, seen in free.items()
        if seen.dates < CONSISTENT and seen.decimals < 0.2 and len(set(seen.values)) > 1 and seen.names < CONSISTENT
    }
    if not keys:
        return
    pool = {header: seen for header, seen in keys.items() if seen.returns > 0 or len(keys) == 1} or keys
    orders = {
        header: seen
        for header, seen in keys.items()
        if seen.returns == 0 and seen.rising > 0.9 and seen.distinct > 0.2 and len(keys) > 1
    }
    told = max(orders, key=lambda header: orders[header].distinct) if orders and order is None else None
    one_order = keys[told] if told else order
    if one_order is not None:
        pool = {header: seen for header, seen in pool.items() if _one_for_each(one_order, seen)}
    if pool:
        customer = max(pool, key=lambda header: (len(set(pool[header].values)), pool[header].returns))
        take("customer", customer, "its values come back, as customers do")
        if customer == told:
            return
    take("order", told, "its values stay together and rise, as order numbers do")


def _one_for_each(order: ColumnProfile, seen: ColumnProfile) -> bool:
    """Whether the further lines of an order say what its first one does; yes where columns cannot be compared."""
    if len(order.values) != len(seen.values):
        return True
    first: dict[str, str] = {}
    same = sum(first.setdefault(one, value) == value for one, value in zip(order.values, seen.values, strict=True))
    further = len(seen.values) - len(first)
    return same - len(first) >= _SURELY * further


def personal(mapping: Mapping, layout: Layout) -> str | None:
    """What customers are known by where they have no ids: email, name, phone, or “email or name” (names do not tell
    people apart as addresses do). None where they have ids."""
    if mapping.customer is None:
        return "email" if mapping.email else None
    for meaning in CONTACTS:
        if getattr(mapping, meaning) == mapping.customer:
            return EMAIL_OR_NAME if meaning == "name" and mapping.email else meaning
    seen = profile(layout.column(mapping.customer))
    if seen.addresses >= CONSISTENT:
        return "email"
    if seen.names >= CONSISTENT:
        return EMAIL_OR_NAME if mapping.email else "name"
    return "phone" if share(seen.values, re.compile(r"\+[\d\s()./-]{7,20}").fullmatch) >= CONSISTENT else None
