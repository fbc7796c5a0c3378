"""Which column means what: known by its export, else proposed by names, proven by arithmetic, checked against values.

Every proposal says how sure it is and why. A name that the values or the arithmetic contradict is not believed; where
no name speaks at all, the values do.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from segmentation.meaning import hints
from segmentation.meaning.arithmetic import grain_by_product
from segmentation.meaning.mapping import CONTACTS, NUMBERS, Choices, Mapping
from segmentation.meaning.money import Proven, prove
from segmentation.meaning.platforms import Platform, recognise
from segmentation.meaning.profiles import PHONE, ColumnProfile, TableProfile
from segmentation.meaning.questions import Question
from segmentation.meaning.vocabulary.consent import polarity
from segmentation.meaning.vocabulary.flags import flag_of
from segmentation.meaning.vocabulary.placeholders import placeholder
from segmentation.meaning.vocabulary.products import row_of
from segmentation.meaning.vocabulary.statuses import status_of
from segmentation.meaning.words import HEADER_WORDS, WHOLE_ONLY, plain
from segmentation.notation import looks_like_number
from segmentation.notation.currencies import ISO_CODES
from segmentation.notation.shares import CONSISTENT

_LONGEST_FLAG, _MOST_FLAGS = 40, 60
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}.*|\d{3,6}")
_SHORTEST_PART = 4
Take = Callable[[str, str | None, str], None]
"""Takes a column for a meaning, with the reason, unless there is one already."""

_ESSENTIAL = ("date", "customer", "amount")
"""Found by name even where their values cannot be read: the import then says so, with an example."""
_IDS = ("customer", "order")
_SURELY = 0.9
_SUM = re.compile(r"\d[.,]\d{1,2}\D*$")
_GUESSING_ORDER = (
    "email", "refusal", "consent", "phone", "cancelled", "date", "time", "customer", "order", "line", "unit_cost",
    "unit_price", "refunded", "order_discount", "amount", "discount", "quantity", "currency", "product", "category",
    "channel", "status", "refund", "test", "first_name", "last_name", "name", "shipping", "tax",
)  # fmt: skip
_NEVER_BY_PART = (
    "time", "name", "phone", "test", "line", "order_discount", "shipping", "tax", "first_name", "last_name",
)  # fmt: skip
"""Meanings whose words stand in too many other headers."""
_WEAK_CUSTOMER = frozenset({"user", "account", "member", "username", "contact", "card"})
"""Words for a customer that as often mean somebody else: believed only where nothing better is there."""
_ID_WORDS = frozenset({
    "number", "code", "key", "ref", "reference", "num", "numero", "nummer", "kennung", "identifier", "uid", "uuid", "guid",
    "unique", "bill", "ship", "shop", "web", "crm", "erp", "sap", "external", "internal", "hash", "hashed", "del", "der",
    "des", "per", "the", "till", "numer", "cislo", "no1", "nro", "codigo", "codice", "kod", "kodu", "kode", "identificador", "identificativo", "identifiant", "anonymous", "anonymized", "pseudonym", "konto",
})  # fmt: skip
"""Words beside “customer” that leave it the customer: “Customer since” is another thing."""
EMAIL_OR_NAME = "email or name"
CERTAIN, PROVEN, BY_NAME, BY_PART, BY_VALUES, DOUBTFUL = 1.0, 0.95, 0.9, 0.7, 0.5, 0.3
"""How sure a guess is: the export is known; arithmetic proves it; the name and the values fit; a part of the name does;
only the values do; the name does and the values do not."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A mapping, and for each of its meanings how sure it is (0 to 1) and why. `platform` is the export's, if known;
    `proven` is what the arithmetic of the file says, `open` which columns only a person can tell."""

    mapping: Mapping
    sure: Table[str, float] = field(default_factory=dict)
    why: Table[str, str] = field(default_factory=dict)
    platform: Platform | None = None
    proven: Proven = Proven()
    open: tuple[Question, ...] = ()


class _Found:
    """What was found so far."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.sure: dict[str, float] = {}
        self.why: dict[str, str] = {}

    def put(self, meaning: str, header: str, sure: float, why: str) -> None:
        self.headers[meaning], self.sure[meaning], self.why[meaning] = header, sure, why

    def drop(self, meaning: str) -> None:
        for one in (self.headers, self.sure, self.why):
            one.pop(meaning, None)  # type: ignore[attr-defined]


def guess(table: TableProfile, folder: Path | None = None, *, known: bool = True) -> Guess:
    """The best guess at the mapping; what nothing speaks for stays None. `folder` holds a user's own platforms; where
    they are not to be `known`, evidence alone decides."""
    platform = recognise(table.headers, folder) if known else None
    if platform is not None:
        mapping = platform.mapping(table.headers)
        return Guess(
            replace(mapping, choices=Choices(guests=platform.guests)),
            dict.fromkeys(mapping.columns(), CERTAIN),
            dict.fromkeys(mapping.columns(), f"it is an export of {platform.name}"),
            platform,
        )
    found = _Found()
    profiles = table.columns
    if table.layout.dialect.header:
        _by_names(profiles, found)
    named = bool(found.headers)
    proven = prove(table, found.headers)
    for meaning, header in proven.columns.items():
        if header is None:
            found.drop(meaning)
        elif found.headers.get(meaning) != header:
            for other in [m for m, h in found.headers.items() if h == header and m != meaning]:
                found.drop(other)
            found.put(meaning, header, PROVEN, proven.why[meaning])
        else:
            found.put(meaning, header, max(PROVEN, found.sure[meaning]), proven.why[meaning])
    _by_values(table, found, named=named)
    _order_by_structure(table, found)
    if named:
        _product_by_structure(table, found)
    asked = _piece_or_line(table, found)
    _by_vocabulary(table, found)
    _not_of_one_order(table, found)
    _who(table, found)
    return Guess(Mapping(**found.headers), found.sure, found.why, None, proven, asked)  # type: ignore[arg-type]


# By names -------------------------------------------------------------------------------------------------------


def _by_names(profiles: Table[str, ColumnProfile], found: _Found) -> None:
    names = {header: _without_unit(plain(header)) for header in profiles}
    passes = ((True, True, BY_NAME), (False, True, BY_PART), (True, False, DOUBTFUL))
    for exact, checked, how_sure in passes:
        for meaning in _GUESSING_ORDER if checked else _ESSENTIAL:
            if meaning in found.headers or (not exact and meaning in _NEVER_BY_PART):
                continue
            free = {header: name for header, name in names.items() if header not in found.headers.values()}
            header = _pick(profiles, free, meaning, exact=exact, checked=checked)
            if header is not None:
                found.put(meaning, header, how_sure, _because(exact=exact, checked=checked))


def _without_unit(name: str) -> str:
    """A header without the currency that may stand at its end: “Total (EUR)”."""
    front, _, last = name.rpartition(" ")
    return front if front and last.upper() in ISO_CODES else name


def _because(*, exact: bool, checked: bool) -> str:
    if not checked:
        return "its name says so, though its values do not look like it"
    return "its name and its values say so" if exact else "a part of its name and its values say so"


def _pick(
    profiles: Table[str, ColumnProfile], free: dict[str, str], meaning: str, *, exact: bool, checked: bool
) -> str | None:
    """The header whose name fits best, by the whole name or by a part of it, with values that fit where `checked`."""
    joined, said = {key for name in free.values() for key in _keys(name)}, f" {' | '.join(free.values())} "
    for word in HEADER_WORDS[meaning]:
        if not (_keys(word) & joined if exact else f" {word} " in said):
            continue
        if not exact and (len(word) < _SHORTEST_PART or word in WHOLE_ONLY[meaning]):
            continue
        for header, name in free.items():
            fits = bool(_keys(name) & _keys(word)) if exact else f" {word} " in f" {name} "
            if not fits or (checked and not plausible(meaning, profiles[header])):
                continue
            if exact and meaning == "customer" and word in _WEAK_CUSTOMER:
                continue
            if not exact and _ruled_out(meaning, header, word):
                continue
            if exact or meaning not in _IDS or _may_be_id(profiles[header]):
                return header
    return None


@lru_cache(maxsize=65_536)
def _keys(name: str) -> frozenset[str]:
    """What a header is told by as a whole: its letters whatever its blanks, and its words whatever their order."""
    return frozenset({name.replace(" ", ""), " ".join(sorted(name.split()))})


def _ruled_out(meaning: str, header: str, word: str) -> bool:
    """Whether another word of the header says that it is something else."""
    if meaning == "customer":
        rest = set(f" {plain(header)} ".replace(f" {word} ", " ").split())
        return word in _WEAK_CUSTOMER or not all(len(one) <= 2 or one in _ID_WORDS for one in rest)
    if meaning == "date":
        return hints.other_date(header)
    if meaning in NUMBERS and meaning != "quantity":
        beside = any(part != meaning and hints.says(header, part) for part in ("shipping", "discount"))
        beside |= meaning != "tax" and hints.says(header, "tax") and not (hints.net(header) or hints.gross(header))
        return hints.never_money(header) or (meaning != "unit_cost" and hints.cost(header)) or beside
    return False


def plausible(meaning: str, seen: ColumnProfile) -> bool:
    """Whether the values may have this meaning; an empty column may have none."""
    if seen.empty:
        return False
    numbers = seen.numbers >= CONSISTENT
    dates = seen.dates >= CONSISTENT
    few = seen.distinct <= max(50, seen.filled // 10)
    flags = seen.distinct <= _MOST_FLAGS and seen.longest <= _LONGEST_FLAG
    tests: dict[str, Callable[[], bool]] = {
        "email": lambda: seen.addresses >= 0.3,
        "phone": lambda: seen.phones >= CONSISTENT,
        # texts that are not numbers: unreadable dates are told apart from no date column
        "date": lambda: dates or seen.dates > 0 or not numbers,
        "cancelled": lambda: dates or seen.dates > 0 or not numbers,
        "time": lambda: seen.share(_CLOCK.fullmatch) >= CONSISTENT,
        "consent": lambda: flags or dates,
        "refusal": lambda: flags or dates,
        "test": lambda: flags,
        "refund": lambda: flags and seen.decimals < CONSISTENT and not dates,
        "status": lambda: few and not dates and seen.decimals < CONSISTENT,
        "channel": lambda: few and not dates,
        "currency": lambda: seen.share(lambda cell: len(cell) <= 4 and not cell.isdigit()) >= CONSISTENT,
        "customer": lambda: _may_be_customer(seen),
        "name": lambda: not numbers and not dates,
        "product": lambda: seen.decimals < CONSISTENT and not dates,
        "category": lambda: seen.decimals < CONSISTENT and not dates,
        "first_name": lambda: not numbers and not dates,
        "last_name": lambda: not numbers and not dates,
    }
    tests |= dict.fromkeys(NUMBERS, lambda: numbers)
    test = tests.get(meaning)
    return test is None or test()


def _may_be_customer(seen: ColumnProfile) -> bool:
    """Whether values may name customers: no dates, no sums of money, no yes and no."""
    if seen.dates >= CONSISTENT and not all(text.isdigit() for text in seen.texts):
        return False
    if seen.rows >= 10 and seen.share(flag_of) >= CONSISTENT and seen.distinct <= 3:
        return False
    sums = seen.share(lambda text: looks_like_number(text) and re.search(r"[.,](?!0+\D*$)\d{1,2}\D*$", text))
    return sums < CONSISTENT


def _may_be_id(seen: ColumnProfile) -> bool:
    """Whether values may be ids where only a part of the header says so: no sums of money (“Order total”), no dates."""
    sums = seen.share(lambda cell: looks_like_number(cell) and _SUM.search(cell) is not None)
    return sums < CONSISTENT and (seen.dates < CONSISTENT or all(map(str.isdigit, seen.texts)))


# By values ------------------------------------------------------------------------------------------------------


def _by_values(table: TableProfile, found: _Found, *, named: bool) -> None:
    """Fill in what no name spoke for: only what an import cannot do without, and the order that belongs to it. Who
    ordered is told by values alone only where no header says anything."""

    def take(meaning: str, header: str | None, because: str) -> None:
        if header is not None and meaning not in found.headers:
            found.put(meaning, header, BY_VALUES, because)

    def free() -> dict[str, ColumnProfile]:
        return {h: p for h, p in table.columns.items() if h not in found.headers.values() and not p.empty}

    if "date" not in found.headers:
        take("date", _first_day(table, free()), "its values are dates")
    if "email" not in found.headers and "customer" not in found.headers:
        mails = [header for header, seen in free().items() if seen.addresses >= CONSISTENT]
        take("email", next(iter(mails), None), "its values are e-mail addresses")
    if "amount" not in found.headers and "unit_price" in found.headers and "quantity" not in found.headers:
        found.put("amount", found.headers["unit_price"], found.sure["unit_price"], "a row is one piece at its price")
        found.drop("unit_price")
    if "amount" not in found.headers and not {"unit_price", "quantity"} <= found.headers.keys():
        amounts = [h for h, p in free().items() if p.numbers >= CONSISTENT and p.decimals > 0.2 and _money_like(h, p)]
        take("amount", amounts[-1] if amounts else None, "its values are amounts with decimals")
        if found.sure.get("amount") == BY_VALUES and not named:
            take("quantity", _quantity(free()), "its values are small whole numbers")
    if not named and "customer" not in found.headers and "email" not in found.headers:
        _ids(free(), take, table.columns[found.headers["order"]] if "order" in found.headers else None)


def _money_like(header: str, seen: ColumnProfile) -> bool:
    return not hints.never_money(header) and not hints.cost(header) and seen.dates < CONSISTENT


def _first_day(table: TableProfile, free: dict[str, ColumnProfile]) -> str | None:
    """The column of dates that no header rules out; else any."""
    dates = [header for header, seen in free.items() if seen.dates >= CONSISTENT]
    fitting = [header for header in dates if not hints.other_date(header)]
    return next(iter(fitting or dates), None)


def _quantity(free: dict[str, ColumnProfile]) -> str | None:
    """The last column of small whole numbers among several; one that has 1 in it before one that has not."""
    whole = [h for h, seen in free.items() if seen.share(str.isdigit) >= CONSISTENT and seen.dates < CONSISTENT]
    counts = [h for h in whole if max((int(v) for v in free[h].texts if v.isdigit()), default=0) < 1_000]
    counts = [header for header in counts if "1" in free[header].texts] or counts
    return counts[-1] if counts and len(whole) > 1 else None


def _ids(free: dict[str, ColumnProfile], take: Take, order: ColumnProfile | None) -> None:
    """The customer is the column whose values come back and are one for each order; the order, if no name told it, the
    column whose values stay together."""
    keys = {
        header: seen
        for header, seen in free.items()
        if seen.dates < CONSISTENT and seen.decimals < 0.2 and seen.distinct > 1 and seen.names < CONSISTENT
    }
    if not keys:
        return
    pool = {header: seen for header, seen in keys.items() if seen.returns > 0 or len(keys) == 1} or keys
    orders = {
        header: seen
        for header, seen in keys.items()
        if seen.returns == 0 and seen.rising > 0.9 and seen.variety > 0.2 and len(keys) > 1
    }
    told = max(orders, key=lambda header: orders[header].variety) if orders and order is None else None
    one_order = keys[told] if told else order
    if one_order is not None:
        pool = {header: seen for header, seen in pool.items() if _one_for_each(one_order, seen)}
    if pool:
        customer = max(pool, key=lambda header: (pool[header].distinct, pool[header].returns))
        take("customer", customer, "its values come back, as customers do")
        if customer == told:
            return
    take("order", told, "its values stay together and rise, as order numbers do")


def _one_for_each(order: ColumnProfile, seen: ColumnProfile) -> bool:
    """Whether the further lines of an order say what its first one does; yes where columns cannot be compared."""
    if len(order.cells) != len(seen.cells):
        return True
    first: dict[str, str] = {}
    same = sum(first.setdefault(one, value) == value for one, value in zip(order.cells, seen.cells, strict=True))
    further = len(seen.cells) - len(first)
    return same - len(first) >= _SURELY * further


def _by_vocabulary(table: TableProfile, found: _Found) -> None:
    """Columns whose header says what they are in other words than those listed: a cost, a day of cancellation."""
    for header, seen in table.columns.items():
        if header in found.headers.values() or seen.empty:
            continue
        asks = polarity(header)
        meaning = {"agrees": "consent", "refuses": "refusal", None: None}[asks]
        if meaning is not None and meaning not in found.headers and plausible(meaning, seen):
            found.put(meaning, header, BY_PART, "its name asks whether somebody may be written to")
        elif "unit_cost" not in found.headers and hints.goods_cost(header) and plausible("unit_cost", seen):
            found.put("unit_cost", header, BY_PART, "its name says what goods cost")
        elif (part := hints.part_of(header)) and part not in found.headers and _beside(header, seen):
            found.put(part, header, BY_PART, "a part of its name and its values say so")
        elif "refunded" not in found.headers and seen.numbers >= CONSISTENT and not hints.never_money(header):
            if any(status_of(word) == "refunded" for word in plain(header).split()):
                found.put("refunded", header, BY_PART, "its name says what was paid back")
        elif "cancelled" not in found.headers and seen.dates >= CONSISTENT and seen.full < 0.9:
            if any(status_of(word) == "cancelled" for word in plain(header).split()):
                found.put("cancelled", header, BY_PART, "its name says when an order was cancelled")


def _beside(header: str, seen: ColumnProfile) -> bool:
    """Whether a column may hold amounts beside the goods: numbers that are no codes and no sums with tax."""
    return seen.numbers >= CONSISTENT and not (hints.code(header) or hints.net(header) or hints.gross(header))


def _order_by_structure(table: TableProfile, found: _Found) -> None:
    """The order number where no name told it: each of its values is one customer's on one day, and lines share it."""
    have = found.headers
    who = have.get("customer") or have.get("email") or have.get("name") or have.get("phone") or have.get("last_name")
    if "order" in have or who is None or "date" not in have:
        return
    days, people = table.codes(have["date"]), table.codes(who)
    order: tuple[bool, str] | None = None
    for header, seen in table.columns.items():
        if header in have.values() or not _may_number_orders(header, seen):
            continue
        codes = table.codes(header)
        rows, different = int((codes >= 0).sum()), len(np.unique(codes[codes >= 0]))
        keys = codes * (days.max(initial=0) + 2) + days + 1
        pairs = len(np.unique(np.stack([keys[codes >= 0], people[codes >= 0]]), axis=1).T)
        shared = different < rows
        if pairs > 1.02 * different or rows < 0.95 * len(codes) or not (shared or "product" not in have):
            continue
        if order is None or shared > order[0]:
            order = (shared, header)
    if order is not None:
        found.put("order", order[1], BY_VALUES, "each of its values is one customer's on one day")


def _product_by_structure(table: TableProfile, found: _Found) -> None:
    """What was bought where no name told it: a column of texts that differ within orders and come back in others."""
    have = found.headers
    if "product" in have or "order" not in have:
        return
    orders = table.codes(have["order"])
    best: tuple[int, int, str] | None = None
    for header, seen in table.columns.items():
        if header in have.values() or seen.numbers >= 0.3 or seen.dates >= 0.3 or seen.distinct < 3 or seen.full < 0.9:
            continue
        if seen.addresses > 0 or (False):
            continue
        codes = table.codes(header)
        both = (orders >= 0) & (codes >= 0)
        pairs = len(np.unique(orders[both] * (codes.max(initial=0) + 1) + codes[both]))
        further = int(both.sum()) - len(np.unique(orders[both]))
        if further < 3 or pairs - len(np.unique(orders[both])) < 0.5 * further or seen.variety > 0.9:
            continue
        known = sum(row_of(text) is not None for text in seen.texts)
        if not known and hints.never_customer(header):
            continue
        if best is None or (known, seen.distinct) > best[:2]:
            best = (known, seen.distinct, header)
    if best is not None:
        found.put("product", best[2], BY_VALUES, "its texts differ within orders, as products do")


def _may_number_orders(header: str, seen: ColumnProfile) -> bool:
    if seen.variety < 0.2 or seen.dates >= CONSISTENT or seen.decimals > 0.2 or seen.names >= 0.5 or seen.addresses > 0:
        return False
    return seen.share(lambda text: any(map(str.isdigit, text))) >= 0.95 and not hints.has(header, _NOT_ORDERS)


_NOT_ORDERS = frozenset(
    {"zip", "postcode", "card", "phone", "tel", "points", "weight", "row", "record", "age", "iban", "vat"}
)


def _piece_or_line(table: TableProfile, found: _Found) -> tuple[Question, ...]:
    """Settle whether the only amount beside a quantity is the line's or one piece's: by what stays the same for a
    product, else by its name; where no name spoke, it is asked."""
    have = found.headers
    meaning = "amount" if "amount" in have else "unit_price"
    if "quantity" not in have or meaning not in have or ({"amount", "unit_price"} <= have.keys()):
        return ()
    if found.sure[meaning] == PROVEN:
        return ()
    header, quantity = have[meaning], table.numbers(have["quantity"])
    values = table.numbers(header)
    form = grain_by_product(values, quantity, table.codes(have["product"])) if "product" in have else None
    if form is None:
        telling = int(((quantity != 1) & ~np.isnan(quantity) & ~np.isnan(values)).sum())
        if found.sure[meaning] > BY_VALUES or hints.piece(header) or telling < 5 or "product" not in have:
            return ()
        choices = ((f"amount={header}", "the whole line's"), (f"unit_price={header}", "the price of one piece"))
        return (Question("column", header, "line total or the unit price", choices),)
    right = "unit_price" if form == "piece" else "amount"
    if right != meaning:
        found.drop(meaning)
        whose = "one piece" if form == "piece" else "the line"
        found.put(right, header, PROVEN, f"{header} is that of {whose}: only so a product has one price")
    return ()


# Who ------------------------------------------------------------------------------------------------------------


def _who(table: TableProfile, found: _Found) -> None:
    """The customer, where neither an id nor an address was found: a full name, a name in two columns, a phone, and last
    a column whose name as often means somebody else."""
    have = found.headers
    if "customer" in have or ("email" in have and table[have["email"]].full >= 0.5):
        return
    if "last_name" in have and "first_name" not in have and "name" in have and not _names_people(table[have["name"]]):
        found.put("first_name", have["name"], BY_NAME, "it stands beside last names")
        found.drop("name")
    if "first_name" in have and "last_name" not in have and "name" in have and not _names_people(table[have["name"]]):
        found.put("last_name", have["name"], BY_NAME, "it stands beside first names")
        found.drop("name")
    if "first_name" in have and "last_name" in have:
        return
    if "name" in have and _names_people(table[have["name"]]):
        found.put("customer", have["name"], DOUBTFUL, "there is no other sign of who ordered than a name")
        return
    found.drop("name") if "name" in have and "email" not in have else None
    if "email" in have:
        return
    if "phone" not in have:
        phones = [
            h for h, p in table.columns.items() if h not in have.values() and p.phones >= _SURELY and p.variety < 1
        ]
        phones = [h for h in phones if any(text.startswith(("+", "0")) for text in table[h].texts)]
        if phones:
            found.put("phone", phones[0], BY_VALUES, "its values are phone numbers")
    if "phone" in have:
        return
    for header, seen in table.columns.items():
        word = plain(header)
        if header in have.values() or word.replace(" id", "").replace(" number", "") not in _WEAK_CUSTOMER:
            continue
        if _may_be_customer(seen) and seen.distinct > max(3, 0.01 * seen.filled):
            found.put("customer", header, DOUBTFUL, "nothing else in the file may say who ordered")
            return


def _not_of_one_order(table: TableProfile, found: _Found) -> None:
    """Drop a customer, name or phone that differs within orders: an order is one person's."""
    have = found.headers
    if "order" not in have:
        return
    orders = table.codes(have["order"])
    days = table.codes(have["date"]) if "date" in have else np.zeros(len(orders), np.int64)
    for meaning in ("customer", "name", "first_name", "last_name", "phone"):
        if meaning not in have or found.sure[meaning] == CERTAIN:
            continue
        who = table.codes(have[meaning])
        both = (orders >= 0) & (who >= 0)
        keys = orders[both] * (days.max(initial=0) + 2) + days[both] + 1
        different, rows = len(np.unique(keys)), int(both.sum())
        pairs = len(np.unique(np.stack([keys, who[both]]), axis=1).T) if rows else 0
        if rows - different >= 5 and pairs - different > 0.2 * (rows - different):
            header = have[meaning]
            found.drop(meaning)
            if meaning == "name" and "product" not in have:
                found.put("product", header, BY_PART, "it differs within orders, as products do and people do not")


def _names_people(seen: ColumnProfile) -> bool:
    """Whether a column may hold people's names: two words for most of them, or few at least."""
    people = [value for value in seen.values if placeholder(value.text) is None]
    named = sum(value.rows for value in people if len(value.text.split()) > 1 and not any(map(str.isdigit, value.text)))
    return bool(people) and named >= 0.5 * sum(value.rows for value in people)


def personal(mapping: Mapping, table: TableProfile) -> str | None:
    """What customers are known by where they have no ids: email, name, phone, or “email or name” (names do not tell
    people apart as addresses do). None where they have ids."""
    if mapping.customer is None:
        if mapping.email:
            named = mapping.name or (mapping.first_name and mapping.last_name)
            return EMAIL_OR_NAME if named and table[mapping.email].full < CONSISTENT else "email"
        if mapping.name or mapping.last_name:
            return "name"
        return "phone" if mapping.phone else None
    for meaning in CONTACTS:
        if getattr(mapping, meaning) == mapping.customer:
            return EMAIL_OR_NAME if meaning == "name" and mapping.email else meaning
    seen = table[mapping.customer]
    if seen.addresses >= CONSISTENT:
        return "email"
    if seen.names >= CONSISTENT:
        return EMAIL_OR_NAME if mapping.email else "name"
    return "phone" if seen.share(re.compile(r"\+[\d\s()./-]{7,20}").fullmatch) >= CONSISTENT else None


__all__ = ["EMAIL_OR_NAME", "PHONE", "Guess", "guess", "personal", "plain", "plausible"]
