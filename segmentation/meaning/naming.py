"""What headers propose: whole names, then parts of them, where the values agree and no other word rules it out."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as Table
from functools import lru_cache

import numpy as np

from segmentation.meaning import hints
from segmentation.meaning.arithmetic import CENT
from segmentation.meaning.mapping import NUMBERS
from segmentation.meaning.profiles import ColumnProfile, TableProfile
from segmentation.meaning.proposals import BY_NAME, BY_PART, DOUBTFUL, Proposals
from segmentation.meaning.questions import Question
from segmentation.meaning.vocabulary.consent import agreed, polarity
from segmentation.meaning.vocabulary.flags import flag_of
from segmentation.meaning.vocabulary.kinds import kind_of
from segmentation.meaning.vocabulary.statuses import status_of
from segmentation.meaning.words import HEADER_WORDS, WHOLE_ONLY, plain
from segmentation.notation import looks_like_number
from segmentation.notation.currencies import ISO_CODES
from segmentation.notation.shares import CONSISTENT

_LONGEST_FLAG, _MOST_FLAGS = 40, 60
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}.*|\d{3,6}")
_SHORTEST_PART = 4
_FEWEST_NAMES = 4
_ESSENTIAL = ("date", "customer", "amount")
"""Found by name even where their values cannot be read: the import then says so, with an example."""
_IDS = ("customer", "order")
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
WEAK_CUSTOMER = frozenset({"user", "account", "member", "username", "contact", "card"})
"""Words for a customer that as often mean somebody else: believed only where nothing better is there."""
_ID_WORDS = frozenset({
    "number", "code", "key", "ref", "reference", "num", "numero", "nummer", "kennung", "identifier", "uid", "uuid",
    "guid", "unique", "bill", "ship", "shop", "web", "crm", "erp", "sap", "external", "internal", "hash", "hashed",
    "del", "der", "des", "per", "the", "till", "numer", "cislo", "no1", "nro", "codigo", "codice", "kod", "kodu",
    "kode", "identificador", "identificativo", "identifiant", "anonymous", "anonymized", "pseudonym", "konto",
    })  # fmt: skip
"""Words beside “customer” that leave it the customer: “Customer since” is another thing."""


def by_names(profiles: Table[str, ColumnProfile], proposals: Proposals) -> None:
    """Propose a column for each meaning by its header."""
    names = {header: _without_unit(plain(header)) for header in profiles}
    passes = ((True, True, BY_NAME), (False, True, BY_PART), (True, False, DOUBTFUL))
    for exact, checked, how_sure in passes:
        for meaning in _GUESSING_ORDER if checked else _ESSENTIAL:
            if meaning in proposals.headers or (not exact and meaning in _NEVER_BY_PART):
                continue
            free = {header: name for header, name in names.items() if header not in proposals.headers.values()}
            header = _pick(profiles, free, meaning, exact=exact, checked=checked)
            if header is not None:
                proposals.put(meaning, header, how_sure, _because(exact=exact, checked=checked))


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
            if exact and meaning == "customer" and word in WEAK_CUSTOMER:
                continue
            if meaning == "tax" and (hints.net(header) or hints.gross(header)):
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
        return word in WEAK_CUSTOMER or not all(len(one) <= 2 or one in _ID_WORDS for one in rest)
    if meaning == "date":
        return hints.other_date(header)
    if meaning in NUMBERS and meaning != "quantity":
        beside = any(part != meaning and hints.says(header, part) for part in ("shipping", "discount"))
        beside |= meaning != "tax" and hints.says(header, "tax") and not (hints.net(header) or hints.gross(header))
        return hints.never_money(header) or (meaning != "unit_cost" and hints.cost(header)) or beside
    return False


def plausible(meaning: str, profile: ColumnProfile) -> bool:
    """Whether the values may have this meaning; an empty column may have none."""
    if profile.empty:
        return False
    numbers = profile.numbers >= CONSISTENT
    dates = profile.dates >= CONSISTENT
    few = profile.distinct <= max(50, profile.filled // 10)
    flags = profile.distinct <= _MOST_FLAGS and profile.longest <= _LONGEST_FLAG
    tests: dict[str, Callable[[], bool]] = {
        "email": lambda: profile.addresses >= 0.3,
        "phone": lambda: profile.phones >= CONSISTENT,
        # texts that are not numbers: unreadable dates are told apart from no date column
        "date": lambda: dates or profile.dates > 0 or not numbers,
        "cancelled": lambda: dates or profile.dates > 0 or not numbers,
        "time": lambda: profile.share(_CLOCK.fullmatch) >= CONSISTENT,
        "consent": lambda: (flags and not _names_people(profile)) or dates,
        "refusal": lambda: (flags and not _names_people(profile)) or dates,
        "test": lambda: flags,
        "refund": lambda: flags and profile.decimals < CONSISTENT and not dates,
        "status": lambda: few and not dates and profile.decimals < CONSISTENT,
        "channel": lambda: few and not dates,
        "discount": lambda: (numbers or profile.percents >= CONSISTENT) and not profile.days,
        "order": lambda: not profile.days,
        "line": lambda: not profile.days and profile.share(lambda text: any(map(str.isdigit, text))) >= CONSISTENT,
        "currency": lambda: profile.share(lambda cell: len(cell) <= 4 and not cell.isdigit()) >= CONSISTENT,
        "customer": lambda: may_be_customer(profile),
        "name": lambda: not numbers and not dates and profile.share(flag_of) < CONSISTENT,
        "product": lambda: profile.decimals < CONSISTENT and not dates,
        "category": lambda: profile.decimals < CONSISTENT and not dates,
        "first_name": lambda: not numbers and not dates,
        "last_name": lambda: not numbers and not dates,
    }
    tests = dict.fromkeys(NUMBERS, lambda: numbers and not profile.days) | tests
    test = tests.get(meaning)
    return test is None or test()


def _names_people(profile: ColumnProfile) -> bool:
    """Whether values are full names of which none says whether somebody agreed: “subscriber” is a customer too."""
    if profile.names < CONSISTENT or profile.distinct <= _FEWEST_NAMES:
        return False
    return not any(agreed(profile.header, text) is not None for text in profile.texts)


def may_be_customer(profile: ColumnProfile) -> bool:
    """Whether values may name customers: no dates, no sums of money, no yes and no."""
    if profile.days:
        return False
    if profile.rows >= 10 and profile.share(flag_of) >= CONSISTENT and profile.distinct <= 3:
        return False
    sums = profile.share(lambda text: looks_like_number(text) and re.search(r"[.,](?!0+\D*$)\d{1,2}\D*$", text))
    return sums < CONSISTENT


def _may_be_id(profile: ColumnProfile) -> bool:
    """Whether values may be ids where only a part of the header says so: no sums of money (“Order total”), no dates."""
    sums = profile.share(lambda cell: looks_like_number(cell) and _SUM.search(cell) is not None)
    return sums < CONSISTENT and not profile.days


def by_vocabulary(table: TableProfile, proposals: Proposals) -> None:
    """Columns whose header says what they are in other words than those listed: a cost, a day of cancellation."""
    for header, profile in table.columns.items():
        if header in proposals.headers.values() or profile.empty:
            continue
        asks = polarity(header)
        meaning = {"agrees": "consent", "refuses": "refusal", None: None}[asks]
        if meaning is not None and meaning not in proposals.headers and plausible(meaning, profile):
            proposals.put(meaning, header, BY_PART, "its name asks whether somebody may be written to")
        elif "unit_cost" not in proposals.headers and hints.goods_cost(header) and plausible("unit_cost", profile):
            proposals.put("unit_cost", header, BY_PART, "its name says what goods cost")
        elif (part := hints.part_of(header)) and part not in proposals.headers and _beside(header, profile):
            proposals.put(part, header, BY_PART, "a part of its name and its values say so")
        elif "refunded" not in proposals.headers and _pieces_back(table, proposals, header):
            proposals.put("refunded", header, BY_PART, "its name says how many pieces came back")
        elif "refunded" not in proposals.headers and plausible("refunded", profile) and not hints.never_money(header):
            if not returned_pieces(header) and any(status_of(word) == "refunded" for word in plain(header).split()):
                proposals.put("refunded", header, BY_PART, "its name says what was paid back")
        elif (
            "cancelled" not in proposals.headers
            and profile.dates >= CONSISTENT
            and profile.full < 0.9
            and any(status_of(word) == "cancelled" for word in plain(header).split())
        ):
            proposals.put("cancelled", header, BY_PART, "its name says when an order was cancelled")


def _pieces_back(table: TableProfile, proposals: Proposals, header: str) -> bool:
    """Whether a column counts the pieces of a row that came back, of those that its quantity still holds."""
    if not returned_pieces(header) or "quantity" not in proposals.headers or table[header].whole < CONSISTENT:
        return False
    sold, back = table.numbers(proposals.headers["quantity"]), np.nan_to_num(table.numbers(header))
    if np.any(np.abs(back) > np.abs(np.nan_to_num(sold))):
        return False
    if not {"amount", "unit_price"} <= proposals.headers.keys():
        return True
    price, amount = table.numbers(proposals.headers["unit_price"]), table.numbers(proposals.headers["amount"])
    some = (back != 0) & ~np.isnan(price * amount * sold)
    left = np.abs((sold - np.abs(back)) * price - amount) <= CENT
    return not (some.any() and bool(np.all(left[some])))


def returned_pieces(header: str) -> bool:
    """Whether the header counts pieces that came back: “Returned qty”, “Retourmenge”."""
    if not hints.says_quantity(header):
        return False
    words = plain(header).split()
    return any(status_of(word) == "refunded" or kind_of(word) == "refund" or _RETURN.match(word) for word in words)


_RETURN = re.compile(r"retour|return|refund|rucksend|ruckgabe|erstatt|devol|reso|zwrot|zwroc|vrat|palautu|iade|返品")


def paid_back_on(table: TableProfile, proposals: Proposals) -> tuple[Question, ...]:
    """The question what a day on which money was paid back says of an order, where nothing says how much it was."""
    if {"refunded", "cancelled"} & proposals.headers.keys():
        return ()
    words = [profile for header, profile in table.columns.items() if profile.dates < CONSISTENT and profile.complete]
    if any(status_of(value.text) in {"refunded", "part"} for profile in words for value in profile.values):
        return ()
    for header, profile in table.columns.items():
        if (
            header in proposals.headers.values()
            or profile.dates < CONSISTENT
            or not 0 < profile.filled < 0.9 * profile.rows
        ):
            continue
        if any(status_of(word) == "refunded" for word in plain(header).split()):
            choices = (
                (f"cancelled={header}", "such orders were paid back whole"),
                ("cancelled=", "they count in full"),
            )
            return (Question("column", header, "day on which an order was paid back whole", choices),)
    return ()


def percent_off(table: TableProfile, proposals: Proposals) -> tuple[Question, ...]:
    """The question whether percents that no header explains are discounts, where quantity × price is all there is: a
    discount is nothing on some rows, which a rate of tax or a margin is not."""
    have = proposals.headers.keys()
    if {"amount", "discount", "order_discount"} & have or not {"quantity", "unit_price"} <= have:
        return ()
    for header, profile in table.columns.items():
        free = header not in proposals.headers.values() and profile.percents >= CONSISTENT
        if not free or hints.part_of(header) or hints.says(header, "tax") or hints.cost(header) or hints.fee(header):
            continue
        off = table.numbers(header)
        signed = profile.share(lambda text: text.rstrip().endswith("%")) > 0.5
        if signed and np.any(off == 0) and np.any(off > 0) and float(np.nanmax(off)) <= 100:
            choices = ((f"discount={header}", "it is taken off the price"), ("discount=", "it is something else"))
            return (Question("column", header, "discount", choices),)
    return ()


def _beside(header: str, profile: ColumnProfile) -> bool:
    """Whether a column may hold amounts beside the goods: numbers that are no codes and no sums with tax."""
    amounts = 0.0 if profile.days else max(profile.numbers, profile.percents)
    return amounts >= CONSISTENT and not (hints.code(header) or hints.net(header) or hints.gross(header))
