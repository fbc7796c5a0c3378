"""Segments made by hand: conditions on features, combined, and the same said in words, in a link and in SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from segmentation import formats
from segmentation.customers import BoolArray, CustomerTable, FloatArray, catalogue
from segmentation.errors import SettingOutOfRange, WrongCall

MOST = 12
"""Conditions of one segment; nobody reads more."""

LONGEST = 1_000
"""Characters of a segment's text."""

_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?(e-?[0-9]{1,3})?")
_OPEN, _NOT, _BETWEEN = "x", "not-", "~"
_LIKE_THIS = "It looks like all~recency_days~x~90~spend~200~x."


@dataclass(frozen=True, slots=True)
class Condition:
    """A feature from `low` to `high`, ends included, in its natural unit (a share of 25 % is 0.25).

    `outside` asks for values below `low` or above `high` instead, so that `outside` with one end is a strict
    comparison: low=100 is "at least 100", and with `outside` "less than 100". A customer for whom the feature is
    undefined never meets a condition, not even with `outside`. Raises FeatureNotFound, WrongCall without any end,
    SettingOutOfRange for a number that is none or ends in the wrong order.
    """

    feature: str
    low: float | None = None
    high: float | None = None
    outside: bool = False

    def __post_init__(self) -> None:
        catalogue().get(self.feature)
        for end, value in (("low", self.low), ("high", self.high)):
            if value is None:
                continue
            if not isfinite(value):
                raise SettingOutOfRange(f"{self.feature} ({end})", value, low="minus a lot", high="a lot")
            object.__setattr__(self, end, float(value) + 0.0)  # + 0.0: no minus before a zero
        if self.low is None and self.high is None:
            raise WrongCall(f"The condition on {self.feature} has no end.", next_step="Give a low or a high value.")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise SettingOutOfRange(f"{self.feature} (low)", self.low, low="anything", high=self.high)

    def met_by(self, customers: CustomerTable) -> BoolArray:
        """Who meets it, shape (n,). Raises FeatureUnavailable."""
        return self.met(customers.raw(self.feature))

    def met(self, values: FloatArray) -> BoolArray:
        """Which values meet it, shape (n,); NaN never does."""
        low = -np.inf if self.low is None else self.low
        high = np.inf if self.high is None else self.high
        inside = (values < low) | (values > high) if self.outside else (values >= low) & (values <= high)
        return np.asarray(inside)

    def sql(self) -> str:
        """The condition over a column named like the feature that is NULL where undefined."""
        below, above = ("<", ">") if self.outside else (">=", "<=")
        ends = [f"{self.feature} {below} {_literal(self.low)}"] if self.low is not None else []
        ends += [f"{self.feature} {above} {_literal(self.high)}"] if self.high is not None else []
        return f"({' OR '.join(ends)})" if self.outside and len(ends) == 2 else " AND ".join(ends)

    @property
    def text(self) -> str:
        """`spend~200~x`: the feature and its ends, `x` for an open one."""
        ends = [_OPEN if end is None else _plain(end) for end in (self.low, self.high)]
        return _BETWEEN.join([f"{_NOT if self.outside else ''}{self.feature}", *ends])


@dataclass(frozen=True, slots=True)
class Conditions:
    """Customers who meet all of `all_of` and, where `either` is not empty, at least one of `either`."""

    all_of: tuple[Condition, ...] = ()
    either: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        count = len(self.all_of) + len(self.either)
        if not 1 <= count <= MOST:
            raise SettingOutOfRange("number of conditions", count, low=1, high=MOST)

    def mask(self, customers: CustomerTable) -> BoolArray:
        """Who meets the conditions, shape (n,). Raises FeatureUnavailable."""
        met = np.ones(customers.n, dtype=np.bool_)
        for condition in self.all_of:
            met &= condition.met_by(customers)
        if self.either:
            met &= np.logical_or.reduce([condition.met_by(customers) for condition in self.either])
        return met

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the features it asks about."""
        return tuple(dict.fromkeys(condition.feature for condition in (*self.all_of, *self.either)))

    def sentence(self, currency: str | None = None) -> str:
        """ "ordered within the last 90 days and spent at least € 200", in lower case and without a full stop."""
        parts = phrases(self.all_of, currency)
        if self.either:
            choices = [phrases((condition,), currency)[0] for condition in self.either]
            said = " or ".join(choices)
            parts.append(f"either {said}" if len(choices) > 1 else said)
        return " and ".join(parts)

    def sql(self) -> str:
        """What stands behind WHERE, over columns named like the features that are NULL where undefined."""
        parts = [condition.sql() for condition in self.all_of]
        if self.either:
            parts.append(f"({' OR '.join(condition.sql() for condition in self.either)})")
        return " AND ".join(parts)

    @property
    def text(self) -> str:
        """A short stable text that says the same, of letters that need no escape in a URL."""
        parts = [["all", *(c.text for c in self.all_of)]] if self.all_of else []
        parts += [["any", *(c.text for c in self.either)]] if self.either else []
        return _BETWEEN.join(word for part in parts for word in part)

    @classmethod
    def from_text(cls, text: str) -> Conditions:
        """The conditions a text stands for.

        Raises WrongCall where it is none, FeatureNotFound, and SettingOutOfRange where a number or the count is off.
        """
        if len(text) > LONGEST:
            raise SettingOutOfRange("length of the segment's text", len(text), low=1, high=LONGEST)
        words = text.split(_BETWEEN)
        found: dict[str, list[Condition]] = {"all": [], "any": []}
        if words[0] not in found:
            raise _not_conditions(text)
        at, group = 0, words[0]
        while at < len(words):
            if words[at] in found:
                group, at = words[at], at + 1
                continue
            if at + 3 > len(words):
                raise _not_conditions(text)
            found[group].append(_condition(*words[at : at + 3]))
            at += 3
        return cls(tuple(found["all"]), tuple(found["any"]))


# In words -------------------------------------------------------------------------------------------------------

_PLAIN = {
    "recency_days": "last ordered {} ago",
    "tenure_days": "first ordered {} ago",
    "active_days": "had {} between the first and the last order",
    "orders": "ordered {}",
    "spend": "spent {}",
    "average_order": "spent {} per order",
    "gap_days": "left {} between orders on average",
    "breadth": "bought from {}",
    "discount_share": "used a discount on {} of orders",
    "refund_share": "sent back {} of what they bought",
    "weekend_share": "placed {} of orders at weekends",
    "season_share": "placed {} of orders in the peak season",
    "main_channel_share": "placed {} of orders in the main channel",
    "expected_orders": "are likely to place {} orders in a year",
    "expected_spend": "are likely to spend {} in a year",
    "order_chance": "have a chance to order within 90 days of {}",
    "lost_risk": "have a risk of being lost of {}",
}

_BETTER = {
    ("orders", "at most", 1.0): "ordered only once",
    ("orders", "exactly", 1.0): "ordered only once",
    ("breadth", "at most", 1.0): "bought from one category only",
    ("active_days", "at most", 0.0): "ordered on one day only",
    ("active_days", "more than", 0.0): "ordered on different days",
    ("discount_share", "at most", 0.0): "never used a discount",
    ("discount_share", "more than", 0.0): "used a discount at least once",
    ("discount_share", "at least", 1.0): "used a discount on every order",
    ("refund_share", "at most", 0.0): "sent nothing back",
    ("refund_share", "more than", 0.0): "sent something back",
    ("weekend_share", "at most", 0.0): "never ordered at a weekend",
    ("weekend_share", "more than", 0.0): "ordered at a weekend at least once",
    ("weekend_share", "at least", 1.0): "ordered only at weekends",
    ("season_share", "at most", 0.0): "never ordered in the peak season",
    ("season_share", "more than", 0.0): "ordered in the peak season at least once",
    ("season_share", "at least", 1.0): "ordered only in the peak season",
    ("main_channel_share", "at most", 0.0): "never used the main channel",
    ("main_channel_share", "more than", 0.0): "used the main channel at least once",
    ("main_channel_share", "at least", 1.0): "used only the main channel",
}

_NOUNS = {"days": ("day", "days"), "orders": ("time", "times"), "categories": ("category", "categories")}
_TIMES = {"1 time": "once", "2 times": "twice"}


@dataclass(frozen=True, slots=True)
class _End:
    word: str
    value: float


def phrases(conditions: Sequence[Condition], currency: str | None) -> list[str]:
    """One phrase for each feature that must meet these conditions, in the order in which they come."""
    ends: dict[str, list[_End]] = {}
    apart: dict[str, list[str]] = {}
    for condition in conditions:
        own = list(_ends(condition))
        if condition.outside and len(own) == 2:
            unit = catalogue().get(condition.feature).unit
            said = " or ".join(f"{end.word} {in_numbers(end.value, unit, currency)}" for end in own)
            apart.setdefault(condition.feature, []).append(_sentence(condition.feature, said))
        else:
            ends.setdefault(condition.feature, []).extend(own)
    order = dict.fromkeys(condition.feature for condition in conditions)
    return [
        phrase
        for name in order
        for phrase in ([_phrase(name, ends[name], currency)] if name in ends else []) + apart.get(name, [])
    ]


def in_numbers(value: float, unit: str, currency: str | None = None, *, bare: bool = False) -> str:
    """A limit as exact as it is compared, to two decimals; `bare` leaves the noun away."""
    if unit == "money":
        return formats.money(value, currency, cents=not value.is_integer())
    if unit == "share":
        return f"{_trimmed(value * 100)}{formats.SPACE}%"
    number = _trimmed(value)
    if bare or unit not in _NOUNS:
        return number
    one, many = _NOUNS[unit]
    said = f"{number} {one if number == '1' else many}"
    return _TIMES.get(said, said) if unit == "orders" else said


def _ends(condition: Condition) -> Iterator[_End]:
    if condition.low is not None:
        yield _End("less than" if condition.outside else "at least", condition.low)
    if condition.high is not None:
        yield _End("more than" if condition.outside else "at most", condition.high)


def _phrase(name: str, ends: list[_End], currency: str | None) -> str:
    """The phrase of the tightest ends: of those that pull the same way the stricter one counts."""
    unit = catalogue().get(name).unit
    floors = [end for end in ends if end.word in {"at least", "more than"}]
    roofs = [end for end in ends if end.word in {"at most", "less than"}]
    floor = max(floors, key=lambda end: (end.value, end.word == "more than"), default=None)
    roof = min(roofs, key=lambda end: (end.value, end.word == "at most"), default=None)
    if floor is not None and roof is not None:
        only = _BETTER.get((name, "exactly", floor.value)) if floor.value == roof.value else None
        return only or _sentence(name, _between(floor, roof, unit, currency))
    end = floor or roof
    assert end is not None
    if (name, end.word, end.value) in _BETTER:
        return _BETTER[name, end.word, end.value]
    said = in_numbers(end.value, unit, currency)
    if end.word == "at most" and name in {"recency_days", "tenure_days"}:
        return f"{'first ' if name == 'tenure_days' else ''}ordered within the last {said}"
    return _sentence(name, f"{end.word} {said}")


def _between(floor: _End, roof: _End, unit: str, currency: str | None) -> str:
    low, high = in_numbers(floor.value, unit, currency, bare=True), in_numbers(roof.value, unit, currency)
    if floor.word == "at least" and roof.word == "at most":
        return f"exactly {high}" if floor.value == roof.value else f"{low} to {high}"
    if unit == "share" and (floor.word, floor.value) == ("more than", 0):
        return f"some but {roof.word} {high}"
    return f"{floor.word} {low} but {roof.word} {high}"


def _sentence(name: str, said: str) -> str:
    plain = _PLAIN.get(name)
    return plain.format(said) if plain else f"had a {catalogue().get(name).label.lower()} of {said}"


def _trimmed(value: float) -> str:
    text = formats.number(value, decimals=2)
    return text.rstrip("0").rstrip(".") if "." in text else text


# In text and SQL --------------------------------------------------------------------------------------------------


def _condition(feature: str, low: str, high: str) -> Condition:
    name = feature.removeprefix(_NOT)
    return Condition(name, _number(low, name), _number(high, name), outside=name != feature)


def _number(text: str, feature: str) -> float | None:
    if text == _OPEN:
        return None
    if not _NUMBER.fullmatch(text):
        raise WrongCall(f"“{text[:40]}” is no number for {feature}.", next_step=_LIKE_THIS)
    return float(text)


def _not_conditions(text: str) -> WrongCall:
    return WrongCall(f"“{text[:60]}” does not describe a segment.", next_step=_LIKE_THIS)


def _plain(value: float) -> str:
    """The shortest text that reads back as the same number, without a plus sign."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value).replace("+", "")


def _literal(value: float | None) -> str:
    assert value is not None
    return _plain(value)
