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


def contradiction(meaning: str, profile: ColumnProfile) -> Contradiction | None:
    """What speaks against this meaning of a column; None where nothing does."""
    if profile.empty:
        return Contradiction(profile.header, "is empty")
    test = _TESTS.get(meaning, _numbers if meaning in NUMBERS else _other(meaning))
    fact = test(profile)
    if fact is None:
        return None
    return Contradiction(profile.header, fact, _odd_one(meaning, profile))


def _odd_one(meaning: str, profile: ColumnProfile) -> str:
    """A text that shows it: where some fit and some do not, one that does not."""
    fits: dict[str, Callable[[str], bool]] = dict.fromkeys(NUMBERS, looks_like_number)
    fits |= {"date": looks_like_date, "email": lambda text: "@" in text}
    return next((text for text in profile.texts if meaning in fits and not fits[meaning](text)), profile.texts[0])


def _numbers(profile: ColumnProfile) -> str | None:
    if max(profile.numbers, profile.percents) < _MOST_OF_IT:
        return _only(profile.numbers, "numbers")
    if profile.days:
        return "holds dates"
    if profile.share(_EIGHT.fullmatch) >= CONSISTENT and profile.dates >= CONSISTENT:
        return "holds dates"
    return "holds codes of many digits" if profile.share(_LONG_CODE.fullmatch) >= CONSISTENT else None


def _money(profile: ColumnProfile) -> str | None:
    if (fact := _numbers(profile)) is not None:
        return fact
    counts_up = (
        profile.share(str.isdigit) >= CONSISTENT
        and profile.variety >= CONSISTENT
        and profile.rising >= 1
        and len(profile.cells) > 1
    )
    return "counts up from row to row, as numbers of rows or orders do" if counts_up and _many(profile) else None


def _quantity(profile: ColumnProfile) -> str | None:
    if (fact := _numbers(profile)) is not None:
        return fact
    return "holds amounts of money" if profile.share(currency_beside) >= CONSISTENT else None


def _date(profile: ColumnProfile) -> str | None:
    share = profile.share(looks_like_date)
    if profile.dates == 0 or 0 < share < _MOST_OF_IT:
        return _only(share, "dates")
    return None


def _cancelled(profile: ColumnProfile) -> str | None:
    return "holds no dates" if profile.dates == 0 and profile.share(_is_flag) < _HALF else None


def _customer(profile: ColumnProfile) -> str | None:
    if profile.dates >= CONSISTENT and not may_be_customer(profile):
        return "holds dates"
    if not may_be_customer(profile):
        return "holds amounts"
    if profile.distinct <= 3 and profile.share(_is_flag) >= CONSISTENT:
        return "holds yes and no"
    small = all(text.isdigit() for text in profile.texts) and profile.longest < _SHORTEST_CODE
    return _few_values(profile, _MOST_SMALL, _SMALL_ROWS) if small else _few_values(profile)


def _order(profile: ColumnProfile) -> str | None:
    if profile.distinct == 1 and profile.filled > 1:
        return "is the same on every row"
    if profile.days:
        return "holds dates"
    return "holds amounts" if profile.decimals >= CONSISTENT else _few_values(profile)


def _few_values(profile: ColumnProfile, most: int = _MOST_CODES, least: int = _CODE_ROWS) -> str | None:
    """Whether far fewer values come back than a shop has customers, or orders: at most so many, on so many rows each;
    more where they are words."""
    each = profile.filled / max(1, profile.distinct)
    if profile.share(lambda text: any(map(str.isdigit, text)) or "@" in text) < _HALF:
        most, least = _MOST_WORDS, _WORD_ROWS
    if profile.distinct > most or each < least or not _many(profile):
        return None
    values = "one value" if profile.distinct == 1 else f"{profile.distinct:,} different values"
    return f"holds only {values} on {profile.filled:,} rows"


def _email(profile: ColumnProfile) -> str | None:
    return _only(profile.addresses, "e-mail addresses") if profile.addresses < _HALF else None


def _product(profile: ColumnProfile) -> str | None:
    if profile.decimals >= CONSISTENT:
        return "holds amounts"
    if profile.numbers >= CONSISTENT and any(len(text) < _SHORTEST_CODE for text in profile.texts):
        return "holds only numbers"
    return "holds dates" if profile.dates >= CONSISTENT and profile.share(_EIGHT.fullmatch) < CONSISTENT else None


def _person(profile: ColumnProfile) -> str | None:
    for share, what in (
        (profile.numbers, "numbers"),
        (profile.dates, "dates"),
        (profile.addresses, "e-mail addresses"),
    ):
        if share >= CONSISTENT:
            return f"holds {what}"
    return None


def _currency(profile: ColumnProfile) -> str | None:
    share = profile.share(lambda text: currency_code(text) in ISO_CODES or currency_beside(f"1 {text}"))
    return _only(share, "currencies") if share < _HALF else None


def _consent(profile: ColumnProfile) -> str | None:
    clear = profile.share(
        lambda text: (
            _is_flag(text)
            or consent_of(text) is not None
            or is_date(text)
            or (len(text) == 1 and answer(profile, text) is not None)
        )
    )
    return _only(clear, "yes or no") if clear < _HALF else None


def _is_flag(text: str) -> bool:
    return flag_of(text) is not None


def _many(profile: ColumnProfile) -> bool:
    return profile.filled >= _FEW_ROWS


def _only(share: float, what: str) -> str:
    """“holds no dates”, “holds dates on only 40 % of its rows”."""
    if share < 0.01:
        return f"holds no {what}"
    return f"holds {what} on only {share:.0%} of its rows".replace("%", " %")


def _other(meaning: str) -> Callable[[ColumnProfile], str | None]:
    what = {"time": "no clock times", "phone": "no phone numbers"}.get(meaning, f"nothing like {MEANINGS[meaning]}")
    return lambda profile: None if plausible(meaning, profile) else f"holds {what}"


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
