"""Where the values of a column speak against the meaning that it was given: what they are, with an example."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from segmentation.meaning.mapping import MEANINGS, NUMBERS
from segmentation.meaning.naming import may_be_customer, plausible
from segmentation.meaning.profiles import ColumnProfile
from segmentation.meaning.vocabulary.consent import consent_of, is_date
from segmentation.meaning.vocabulary.flags import flag_of
from segmentation.meaning.word_columns import answer
from segmentation.notation import looks_like_date, looks_like_number
from segmentation.notation.currencies import ISO_CODES, currency_code
from segmentation.notation.numbers import currency_beside
from segmentation.notation.shares import CONSISTENT

_HALF, _MOST_OF_IT = 0.5, 0.8
_FEW_ROWS = 20
"""From so many rows on it says something how often a column's values come back."""
_MOST_WORDS, _WORD_ROWS = 50, 20
_MOST_CODES, _CODE_ROWS = 20, 100
_MOST_SMALL, _SMALL_ROWS = 20, 10
"""Few values on many rows each: words (countries), codes, and small numbers (quantities)."""
_LONG_CODE, _SHORTEST_CODE = re.compile(r"\d{9,}"), 3
_EIGHT = re.compile(r"(?:19|20)\d{6}")
_SOMEBODY = ("name", "first_name", "last_name")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The column, what it is or holds (“holds no numbers”), and one of its texts, "" where it has none."""

    header: str
    fact: str
    example: str = ""

    @property
    def sentence(self) -> str:
        """The same as a plain sentence."""
        return f"“{self.header}” {self.fact}{f', for example “{self.example[:60]}”' if self.example else ''}."


def contradiction(meaning: str, seen: ColumnProfile) -> Contradiction | None:
    """What speaks against this meaning of a column; None where nothing does."""
    if seen.empty:
        return Contradiction(seen.header, "is empty")
    test = _TESTS.get(meaning, _numbers if meaning in NUMBERS else _other(meaning))
    fact = test(seen)
    if fact is None:
        return None
    return Contradiction(seen.header, fact, _odd_one(meaning, seen))


def _odd_one(meaning: str, seen: ColumnProfile) -> str:
    """A text that shows it: where some fit and some do not, one that does not."""
    fits: dict[str, Callable[[str], bool]] = dict.fromkeys(NUMBERS, looks_like_number)
    fits |= {"date": looks_like_date, "email": lambda text: "@" in text}
    return next((text for text in seen.texts if meaning in fits and not fits[meaning](text)), seen.texts[0])


def _numbers(seen: ColumnProfile) -> str | None:
    if max(seen.numbers, seen.percents) < _MOST_OF_IT:
        return _only(seen.numbers, "numbers")
    if seen.days:
        return "holds dates"
    if seen.share(_EIGHT.fullmatch) >= CONSISTENT and seen.dates >= CONSISTENT:
        return "holds dates"
    return "holds codes of many digits" if seen.share(_LONG_CODE.fullmatch) >= CONSISTENT else None


def _money(seen: ColumnProfile) -> str | None:
    if (fact := _numbers(seen)) is not None:
        return fact
    counts_up = (
        seen.share(str.isdigit) >= CONSISTENT
        and seen.variety >= CONSISTENT
        and seen.rising >= 1
        and len(seen.cells) > 1
    )
    return "counts up from row to row, as numbers of rows or orders do" if counts_up and _many(seen) else None


def _quantity(seen: ColumnProfile) -> str | None:
    if (fact := _numbers(seen)) is not None:
        return fact
    return "holds amounts of money" if seen.share(currency_beside) >= CONSISTENT else None


def _date(seen: ColumnProfile) -> str | None:
    share = seen.share(looks_like_date)
    if seen.dates == 0 or 0 < share < _MOST_OF_IT:
        return _only(share, "dates")
    return None


def _cancelled(seen: ColumnProfile) -> str | None:
    return "holds no dates" if seen.dates == 0 and seen.share(_is_flag) < _HALF else None


def _customer(seen: ColumnProfile) -> str | None:
    if seen.dates >= CONSISTENT and not may_be_customer(seen):
        return "holds dates"
    if not may_be_customer(seen):
        return "holds amounts"
    if seen.distinct <= 3 and seen.share(_is_flag) >= CONSISTENT:
        return "holds yes and no"
    small = all(text.isdigit() for text in seen.texts) and seen.longest < _SHORTEST_CODE
    return _few_values(seen, _MOST_SMALL, _SMALL_ROWS) if small else _few_values(seen)


def _order(seen: ColumnProfile) -> str | None:
    if seen.distinct == 1 and seen.filled > 1:
        return "is the same on every row"
    if seen.days:
        return "holds dates"
    return "holds amounts" if seen.decimals >= CONSISTENT else _few_values(seen)


def _few_values(seen: ColumnProfile, most: int = _MOST_CODES, least: int = _CODE_ROWS) -> str | None:
    """Whether far fewer values come back than a shop has customers, or orders: at most so many, on so many rows each;
    more where they are words."""
    each = seen.filled / max(1, seen.distinct)
    if seen.share(lambda text: any(map(str.isdigit, text)) or "@" in text) < _HALF:
        most, least = _MOST_WORDS, _WORD_ROWS
    if seen.distinct > most or each < least or not _many(seen):
        return None
    values = "one value" if seen.distinct == 1 else f"{seen.distinct:,} different values"
    return f"holds only {values} on {seen.filled:,} rows"


def _email(seen: ColumnProfile) -> str | None:
    return _only(seen.addresses, "e-mail addresses") if seen.addresses < _HALF else None


def _product(seen: ColumnProfile) -> str | None:
    if seen.decimals >= CONSISTENT:
        return "holds amounts"
    if seen.numbers >= CONSISTENT and any(len(text) < _SHORTEST_CODE for text in seen.texts):
        return "holds only numbers"
    return "holds dates" if seen.dates >= CONSISTENT and seen.share(_EIGHT.fullmatch) < CONSISTENT else None


def _person(seen: ColumnProfile) -> str | None:
    for share, what in ((seen.numbers, "numbers"), (seen.dates, "dates"), (seen.addresses, "e-mail addresses")):
        if share >= CONSISTENT:
            return f"holds {what}"
    return None


def _currency(seen: ColumnProfile) -> str | None:
    share = seen.share(lambda text: currency_code(text) in ISO_CODES or currency_beside(f"1 {text}"))
    return _only(share, "currencies") if share < _HALF else None


def _consent(seen: ColumnProfile) -> str | None:
    clear = seen.share(
        lambda text: (
            _is_flag(text)
            or consent_of(text) is not None
            or is_date(text)
            or (len(text) == 1 and answer(seen, text) is not None)
        )
    )
    return _only(clear, "yes or no") if clear < _HALF else None


def _is_flag(text: str) -> bool:
    return flag_of(text) is not None


def _many(seen: ColumnProfile) -> bool:
    return seen.filled >= _FEW_ROWS


def _only(share: float, what: str) -> str:
    """“holds no dates”, “holds dates on only 40 % of its rows”."""
    if share < 0.01:
        return f"holds no {what}"
    return f"holds {what} on only {share:.0%} of its rows".replace("%", " %")


def _other(meaning: str) -> Callable[[ColumnProfile], str | None]:
    what = {"time": "no clock times", "phone": "no phone numbers"}.get(meaning, f"nothing like {MEANINGS[meaning]}")
    return lambda seen: None if plausible(meaning, seen) else f"holds {what}"


_TESTS: dict[str, Callable[[ColumnProfile], str | None]] = {
    "date": _date,
    "cancelled": _cancelled,
    "customer": _customer,
    "order": _order,
    "amount": _money,
    "unit_price": _money,
    "quantity": _quantity,
    "email": _email,
    "product": _product,
    "category": _product,
    "currency": _currency,
    "consent": _consent,
    "refusal": _consent,
    **dict.fromkeys(_SOMEBODY, _person),
}
"""What each meaning is tested by; the others by what their names need to be believed."""
