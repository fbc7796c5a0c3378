"""Amounts in several currencies beside the same amounts in one: amount × rate = other amount, row by row.

The rate stays near one figure for each currency, and is 1 for the one that the shop counts in. Where the rows prove
that, one of the two columns is the shop's money, and nobody has to give rates. Which of the two it is the header says
that names the currency, or what the currencies are about worth; else it is asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import numpy.typing as npt

from segmentation.meaning import hints
from segmentation.meaning.arithmetic import CENT, HOLDS, LEAST_ROWS, Codes, Numbers
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.proposals import PROVEN, Proposals
from segmentation.meaning.questions import Question
from segmentation.meaning.vocabulary.headers import tokens
from segmentation.notation.currencies import ISO_CODES, currency_code

_NEAR = 0.15
"""So far the rate of a currency strays from its usual one within a file."""
_ROUNDED = 0.001
"""What a rate written with few digits makes of an amount."""
_MOST = 12
_OTHER_MONEY = ("discount", "order_discount", "refunded", "subtotal", "gift_sales")
"""Meanings that change what an amount comes to, and are in the currency of the row."""
_BESIDE = ("unit_price", "unit_cost", "shipping", "tax", "total", "gross")
_DOLLARS_FOR_100 = {
    "USD": 100, "EUR": 112, "GBP": 130, "CHF": 115, "SEK": 10, "NOK": 9.6, "DKK": 15, "PLN": 26, "CZK": 4.5,
    "HUF": 0.28, "RON": 22, "BGN": 57, "TRY": 3, "ISK": 0.75, "UAH": 2.5, "RUB": 1.2, "JPY": 0.68, "CNY": 14,
    "KRW": 0.073, "INR": 1.2, "THB": 3, "HKD": 12.8, "SGD": 75, "TWD": 3.2, "IDR": 0.0062, "MYR": 23, "PHP": 1.75,
    "VND": 0.004, "AED": 27, "SAR": 26.7, "ILS": 28, "ZAR": 5.6, "BRL": 18, "MXN": 5.4, "CLP": 0.106, "COP": 0.025,
    "PEN": 27, "CAD": 73, "AUD": 66, "NZD": 60,
}  # fmt: skip
"""About what 100 units were worth around 2025: enough to tell a rate from its inverse where they are far apart."""
_FAR_APART = 0.2


@dataclass(frozen=True, slots=True)
class _Pair:
    """`one` × `rate` = `other` on `held` of the `judged` rows; `par` is the currency whose rate is 1, None where no row
    has it; `rates` gives the usual one of each currency."""

    one: str
    rate: str
    other: str
    par: str | None
    rates: dict[str, float]
    proof: str

    @property
    def in_one_currency(self) -> str | None:
        """The column that is in one currency on all rows; None where it may be either."""
        named = [header for header in (self.one, self.other) if _names(header, self.par)]
        if len(named) == 1:
            return named[0]
        worth = _DOLLARS_FOR_100.get(self.par or "")
        expected = {
            code: math.log(_DOLLARS_FOR_100[code] / worth)
            for code in self.rates
            if worth and code != self.par and code in _DOLLARS_FOR_100
        }
        forward = {math.log(self.rates[code]) * way > 0 for code, way in expected.items() if abs(way) > _FAR_APART}
        return None if len(forward) != 1 else self.other if forward == {True} else self.one


def converted(table: TableProfile, proposals: Proposals) -> tuple[str | None, tuple[Question, ...]]:
    """Take the amounts in one currency for the amounts of a table in several. Returns their currency where their header
    does not name it, and the question where two columns may be they."""
    have = proposals.headers
    if "currency" not in have or any(meaning in have for meaning in _OTHER_MONEY):
        return None, ()
    codes, names = _currencies(table, have["currency"])
    if len(names) < 2:
        return None, ()
    meaning = "amount" if "amount" in have or not {"unit_price", "quantity"} <= have.keys() else "unit_price"
    pairs = [
        one
        for one in _pairs(table, codes, names, (have["currency"], have.get("quantity")))
        if _about(one, have.get(meaning))
    ]
    if not pairs:
        return None, ()
    pair = pairs[0]
    money = pair.in_one_currency
    header = money or pair.other
    code = next(iter(_codes(header)), pair.par)
    for other in [m for m, h in have.items() if h in {header, pair.rate} or m in {"currency", *_BESIDE}]:
        proposals.drop(other)
    proposals.put(meaning, header, PROVEN, pair.proof)
    choices = tuple((f"{meaning}={one}", f"“{one}” is in {code} on all rows") for one in (pair.one, pair.other))
    asked = () if money else (Question("column", header, f"amount in {code}, the shop's own currency", choices),)
    return (None if money and _codes(money) else code), asked


def _about(one: _Pair, amount: str | None) -> bool:
    """Whether it is about the amounts that were found, where some were, and says which currency."""
    known = one.par is not None or len({*_codes(one.one), *_codes(one.other)}) == 1
    return known and (amount is None or amount in {one.one, one.other})


def _currencies(table: TableProfile, header: str) -> tuple[Codes, list[str]]:
    """A number for the currency of each sampled row, -1 for none, and the currencies."""
    names: dict[str, int] = {}
    places = [names.setdefault(currency_code(text), len(names)) for text in table.texts(header)]
    return np.array([*places, -1], np.int64)[table.codes(header)], list(names)


def _pairs(table: TableProfile, codes: Codes, names: Sequence[str], but: tuple[str | None, ...]) -> Iterator[_Pair]:
    """The columns of which one is the other times a rate: a column, or none where a header names the currency."""
    headers = [
        h for h, profile in table.columns.items() if profile.numbers >= 0.9 and not profile.days and h not in but
    ]
    numbers = {header: table.numbers(header) for header in headers[:_MOST]}
    for rate, values in numbers.items():
        usual = _by_currency(values, codes, names)
        if usual is None or hints.says(rate, "tax") or hints.part_of(rate) is not None:
            continue
        par = next((code for code, one in usual.items() if one == 1), None)
        for one, other in permutations([header for header in numbers if header != rate], 2):
            held, judged = _holds(numbers[one] * values, numbers[other], (codes >= 0) & (np.abs(values - 1) > 1e-9))
            if judged >= LEAST_ROWS and held >= HOLDS * judged:
                said = f"{one} × {rate} = {other} on {held:,} of {judged:,} rows in other currencies"
                yield _Pair(one, rate, other, par, usual, said)
    for one, other in permutations(numbers, 2):
        usual = _by_currency(_divided(numbers[other], numbers[one]), codes, names)
        par = next((code for code, rate in (usual or {}).items() if rate == 1), None)
        if usual is not None and par is not None and _names(other, par) and not _codes(one):
            yield _Pair(
                one, "", other, par, usual, f"{other} is {one} on all rows in {par}, at one rate for each other"
            )


def _by_currency(rates: Numbers, codes: Codes, names: Sequence[str]) -> dict[str, float] | None:
    """The usual rate of each currency, 1 for one of them at most; None where rates do not keep to currencies."""
    usable = (codes >= 0) & ~np.isnan(rates) & (rates > 0)
    if usable.sum() < LEAST_ROWS:
        return None
    found: dict[str, float] = {}
    for code in np.unique(codes[usable]):
        mine = rates[usable & (codes == code)]
        usual = float(np.median(mine))
        if np.mean(np.abs(mine - usual) <= _NEAR * usual) < HOLDS:
            return None
        if usual == 1 and not np.all(np.abs(mine - 1) <= 1e-6):
            return None
        found[names[code]] = usual
    return found if len(set(found.values())) == len(found) > 1 else None


def _holds(value: Numbers, money: Numbers, judged: npt.NDArray[np.bool_]) -> tuple[int, int]:
    rows = judged & ~np.isnan(value) & ~np.isnan(money) & (money != 0)
    good = np.abs(value - money) <= CENT + _ROUNDED * np.abs(np.nan_to_num(money))
    return int((good & rows).sum()), int(rows.sum())


def _divided(one: Numbers, other: Numbers) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.abs(other) > 0.005, one / other, np.nan)


def _names(header: str, code: str | None) -> bool:
    """Whether a header names a currency: this one, or any where it is not known."""
    found = _codes(header)
    return code in found if code is not None else bool(found)


def _codes(header: str) -> set[str]:
    """The currencies that a header names: “Betrag EUR”, “amount_usd”, “Total (€)”."""
    words = (*tokens(header), *(word.strip("()[]") for word in header.split()))
    return {code for word in words if (code := currency_code(word)) in ISO_CODES}


__all__ = ["converted"]
