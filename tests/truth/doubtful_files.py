"""Order files that can be read in several ways, what each answer makes of them, and the twins that leave no doubt."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from segmentation.meaning import Choices
from tests.truth.order_files import HEADERS, MONEY_SIGNS, WORDS, Style

DOUBTS = ("date_order", "decimal", "currency")
_FEW, _MANY, _HOW_OFTEN_MANY = (3, 60), 5_000, 0.04  # so many rows that no bounded look sees them all
_CLEAR_DATES = (
    "%Y-%m-%d", "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%SZ", "%Y/%m/%d", "%Y/%m/%d %H:%M:%S", "%Y%m%d",
    "%Y%m%d", "%d %b %Y",
)  # fmt: skip
_CLEAR_MONEY = (("", ""), ("", ""), ("€ ", ""), ("", " EUR"), ("$", ""))
_SIGNS = {
    "beside": (("€", "EUR"), ("$", "$"), ("£", "GBP"), ("USD ", "USD"), ("CHF ", "CHF"), ("zł", "PLN"), ("¥", "JPY")),
    "column": (("EUR", "EUR"), ("USD", "USD"), ("gbp", "GBP"), ("€", "EUR"), ("JPY", "JPY"), ("CAD", "CAD")),
}
_FRACTION = Decimal("0.0001")


@dataclass(frozen=True)
class Said:
    """What a row says under one reading."""

    moment: datetime
    amount: Decimal


Rows = dict[str, Said | None]
"""For each order what its row says; None where the row is set aside."""


@dataclass(frozen=True)
class Doubt:
    """A file in doubt and its twin. `answers` are the choices that settle it, each with what the rows then say."""

    data: bytes
    answers: tuple[tuple[Choices, Rows], ...]
    readings: frozenset[str]
    twin: bytes
    twin_rows: Rows


@dataclass
class _Entry:
    order: str
    date: str
    amount: str
    says: dict[str, Said | None]
    currency: str = ""


@dataclass
class _File:
    """How a file is written, and its rows so far."""

    rng: random.Random
    style: Style
    priced: bool
    padding: str
    entries: list[_Entry] = field(default_factory=list)

    def add(self, says: dict[str, Said | None], date: str, amount: str, currency: str = "") -> None:
        self.entries.append(_Entry(f"R{1_000 + len(self.entries)}", date, amount, says, currency))

    def somewhere(self, entry: _Entry) -> list[_Entry]:
        """The rows with one more: the first, the last, or in between."""
        last = len(self.entries)
        at = self.rng.choice((0, last, last // 2, self.rng.randint(0, last)))
        return [*self.entries[:at], entry, *self.entries[at:]]

    def written(self, entries: list[_Entry], names: list[str]) -> bytes:
        rng = random.Random(len(self.padding) + 7)  # the same customers and products in a file and its twin
        named = HEADERS[self.style.language]
        lines = [self.style.row([named[name][0] for name in names])]
        for entry in entries:
            cells = {
                "customer": f"C{rng.randint(1, 40)}",
                "order": entry.order,
                "date": entry.date,
                "product": rng.choice(WORDS[self.style.words].split("|")),
                "quantity": "2",
                "note": self.padding,
                "currency": entry.currency,
            }
            lines.append(self.style.row([cells.get(name, entry.amount) for name in names]))
        return (self.style.ends[0].join(lines) + self.style.ends[0]).encode(self.style.encoding)


def doubt(about: str, seed: str) -> Doubt:
    """The file that this seed makes, in doubt about its date_order, its decimal mark or its currency."""
    rng = random.Random(seed)
    many = rng.random() < _HOW_OFTEN_MANY
    language = rng.choice(tuple(HEADERS))
    style = Style(
        language=language,
        words=language,
        separator=rng.choice(",;\t|"),
        quoting=rng.choice(("minimal", "minimal", "all", "text")),
        ends=(rng.choice(("\n", "\r\n")),),
        encoding=rng.choice(("utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16")),
        mark=rng.choice(".,"),
        signs=rng.choice(_CLEAR_MONEY),
        dates=rng.choice(_CLEAR_DATES),
    )
    if style.encoding == "cp1252" and style.words == "English":
        style = replace(style, encoding="utf-8")
    file = _File(rng, style, priced=rng.random() < 0.3, padding="x" * 200 if many else rng.choice(("", "", "York")))
    rows = _MANY if many else rng.randint(*_FEW)
    names = ["customer", "order", "date", "product", *(["unit_price", "quantity"] if file.priced else ["amount"])]
    names += ["note"] if file.padding else []
    return {"date_order": _dates, "decimal": _decimals, "currency": _currencies}[about](file, rows, names)


def _shuffled(file: _File, names: list[str]) -> list[str]:
    file.rng.shuffle(names)
    return names


def _times(file: _File) -> int:
    return 2 if file.priced else 1


def _clear_day(file: _File) -> tuple[datetime, str]:
    day = datetime.fromisoformat(f"{file.rng.choice((2024, 2025))}-01-01") + timedelta(days=file.rng.randrange(365))
    return day, file.style.moment(day)


def _clear_amount(file: _File) -> tuple[Decimal, str]:
    price = Decimal(100 * file.rng.randint(1, 60) + file.rng.randint(1, 99)) / 100
    return price * _times(file), file.style.money(price)


def _made(
    file: _File, names: list[str], choices: dict[str, Choices], readings: set[str], twin: list[_Entry], true: str
) -> Doubt:
    names = _shuffled(file, names)
    answers = tuple(
        (chosen, {entry.order: entry.says[name] for entry in file.entries}) for name, chosen in choices.items()
    )
    twin_rows = {entry.order: entry.says[true] for entry in twin}
    data, other = file.written(file.entries, names), file.written(twin, names)
    return Doubt(data, answers, frozenset(readings), other, twin_rows)


# Dates ----------------------------------------------------------------------------------------------------------


def _dates(file: _File, rows: int, names: list[str]) -> Doubt:
    """Days up to the 12th; the twin has one later day, after the 27th where a year has two digits as well."""
    rng = file.rng
    between, zeros, short = rng.choice("./-"), rng.random() < 0.6, rng.random() < 0.25
    clock = rng.choice(("", "", " 10:15", " 08:05:30"))

    def add(one: int, two: int, year: int, readings: tuple[str, ...] = ("dmy", "mdy")) -> None:
        width = 2 if zeros else 1
        date = f"{one:0{width}}{between}{two:0{width}}{between}{year % 100 if short else year}{clock}"
        then = datetime.fromisoformat(f"{year}-01-01{clock}")
        amount, written = _clear_amount(file)
        says: dict[str, Said | None] = {
            name: Said(then.replace(year, *((two, one) if name == "dmy" else (one, two))), amount) for name in readings
        }
        file.add(says, date, written)

    for _ in range(rows):
        add(rng.randint(1, 12), rng.randint(1, 12), rng.choice((2024, 2025)))
    add(3, 4, 2025)
    rng.shuffle(file.entries)
    true = rng.choice(("dmy", "mdy"))
    late = rng.randint(28, 30) if short else rng.randint(13, 30)
    add(*((late, 5) if true == "dmy" else (5, late)), 2025, (true,))
    twin = file.somewhere(file.entries.pop())
    choices = {order: Choices(date_order=order) for order in ("dmy", "mdy")}
    return _made(file, names, choices, {"(dmy)", "(mdy)"}, twin, true)


# Decimal marks --------------------------------------------------------------------------------------------------


def _decimals(file: _File, rows: int, names: list[str]) -> Doubt:
    """Amounts with three digits behind their only mark; or some with a point and some with a comma. The twin has one
    more amount that tells, or none of the second kind."""
    rng, style = file.rng, file.style
    marks = {"point": ".", "comma": ","}
    signs = rng.choice(MONEY_SIGNS) if style.encoding != "cp1252" else ("", "")
    written_with = rng.choice(tuple(marks))

    def add(text: str, says: dict[str, Decimal | None]) -> None:
        day, date = _clear_day(file)
        minus = rng.random() < 0.05
        found = {
            name: None if value is None else Said(day, value * _times(file) * (-1 if minus else 1))
            for name, value in says.items()
        }
        file.add(found, date, ("-" if minus else "") + signs[0] + text + signs[1])

    contradicting = rng.random() < 0.2
    for number in range(rows):
        whole, tail = rng.randint(1, 999), rng.randint(0, 999)
        if contradicting:
            mark = tuple(marks)[number % 2]
            value = Decimal(f"{whole}.{tail % 100:02}")
            add(f"{whole}{marks[mark]}{tail % 100:02}", {name: value if name == mark else None for name in marks})
        elif number and rng.random() < 0.3:
            add(str(whole), dict.fromkeys(marks, Decimal(whole)))
        else:
            value, other = Decimal(f"{whole}.{tail:03}"), Decimal(f"{whole}{tail:03}")
            add(
                f"{whole}{marks[written_with]}{tail:03}",
                {name: value if name == written_with else other for name in marks},
            )
    rng.shuffle(file.entries)
    true = rng.choice(tuple(marks))
    twin = [entry for entry in file.entries if entry.says[true] is not None]
    if not contradicting:
        text, value = _telling(rng, marks[true], marks["comma" if true == "point" else "point"])
        add(text, {true: value})
        twin = file.somewhere(file.entries.pop())
    choices = {mark: Choices(decimal=mark) for mark in marks}
    return _made(file, names, choices, {"(point)", "(comma)"}, twin, true)


def _telling(rng: random.Random, mark: str, group: str) -> tuple[str, Decimal]:
    """An amount that only one reading allows."""
    return rng.choice(
        (
            (f"12{mark}50", Decimal("12.50")),
            (f"0{mark}125", Decimal("0.125")),
            (f"1{group}234{mark}50", Decimal("1234.50")),
            (f"1{group}234{group}567", Decimal(1_234_567)),
            (f"7{mark}5", Decimal("7.5")),
            (f"1234{mark}500", Decimal("1234.5")),
        )
    )


# Currencies -----------------------------------------------------------------------------------------------------


def _currencies(file: _File, rows: int, names: list[str]) -> Doubt:
    """Rows of two currencies or three; the twin has only the rows of one."""
    rng, style = file.rng, file.style
    where = rng.choice(("beside", "column"))
    usable = [(sign, code) for sign, code in _SIGNS[where] if style.encodes(sign)]
    found = rng.sample(usable, rng.choice((2, 2, 3)))
    if len({code for _, code in found}) < len(found) or {"$", "USD"} <= {code for _, code in found}:
        found = [usable[0], usable[2]]  # one currency in two spellings is no mixture
    rates = {code: Decimal(rng.choice(("0.9", "1.1", "0.0062", "4.275"))) for _, code in found[1:]}
    base = found[0][1]
    file.style = style = replace(style, signs=("", ""))
    rare = rng.random() < 0.4
    kinds = [rng.choice(found[:1] if rare else found) for _ in range(rows)] + found[:1] * 2
    for one in found[1:]:
        at = rng.choice((0, len(kinds), len(kinds) // 2))
        kinds.insert(at, one)
    for sign, code in kinds:
        day, date = _clear_day(file)
        price = Decimal(100 * rng.randint(1, 60) + rng.randint(1, 99)) / 100
        says: dict[str, Said | None] = {
            answer: Said(day, price * _times(file)) if answer == code else None for _, answer in found
        }
        converted = (price * rates.get(code, Decimal(1))).quantize(_FRACTION, ROUND_HALF_UP)
        says["rates"] = Said(day, converted * _times(file))
        beside = replace(style, signs=("", sign) if sign in {"zł", "€"} else (sign, "")) if where == "beside" else style
        file.add(says, date, beside.money(price), sign)
    names += ["currency"] if where == "column" else []
    true = rng.choice(found)[1]
    twin = [entry for entry in file.entries if entry.says[true] is not None]
    choices = {code: Choices(currency=code) for _, code in found}
    choices["rates"] = Choices(currency=base, rates=tuple(rates.items()))
    return _made(file, names, choices, {code for _, code in found}, twin, true)
