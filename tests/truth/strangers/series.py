"""Series number `seed`: a shop that exports three times, windows that overlap, each written by another program or by a
later version of the same one; and what all of them come to."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from .notation import Notation, any_notation
from .tongues import CODES, Tongue, tongue

SERIES = 200
NUMBERS = ("none", "unique", "padded", "yearly", "daily", "tagged")
PEOPLE = ("tagged", "padded", "mail")
_LAST = date(2026, 10, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the shop's books; `cents` below zero pay back."""

    number: str
    who: str
    moment: datetime
    product: str
    pieces: int
    cents: int

    @property
    def day(self) -> date:
        return self.moment.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Three files in the order in which they are imported, and what they come to together."""

    seed: int
    numbers: str
    people: str
    files: tuple[bytes, ...]
    cents: int
    orders: int
    customers: int
    traits: frozenset[str] = field(default_factory=frozenset)


def series(seed: int) -> Series:
    """The series that this seed makes."""
    rng = Random(f"series {seed}")
    numbers, people = NUMBERS[seed % len(NUMBERS)], rng.choice(PEOPLE)
    speech = tongue(rng.choice(CODES))
    lines = _books(rng, speech, numbers, people)
    first = lines[0].day
    span = (lines[-1].day - first).days + 1
    low, high = sorted(rng.sample(range(span // 4, 3 * span // 4), 2))
    windows = [(0, high), (low, span - rng.choice((0, span // 8))), (rng.choice((0, high // 2)), span)]
    rng.shuffle(windows)
    traits: set[str] = set()
    base = any_notation(rng, speech)
    files, seen = [], set[int]()
    for low, high in windows:
        inside = [at for at, line in enumerate(lines) if low <= (line.day - first).days <= high]
        seen |= set(inside)
        files.append(_written(rng, base, [lines[at] for at in inside], numbers, people, traits))
    told = [lines[at] for at in sorted(seen)]
    sales = [line for line in told if line.cents > 0]
    return Series(
        seed=seed,
        numbers=numbers,
        people=people,
        files=tuple(files),
        cents=sum(line.cents for line in told),
        orders=len({(line.number, line.who, line.day) for line in sales}),
        customers=len({line.who for line in sales}),
        traits=frozenset(traits),
    )


def _books(rng: Random, speech: Tongue, numbers: str, people: str) -> list[Line]:
    """What the shop sold, in order of time: nobody buys twice on a day."""
    crowd = [_person(people, number) for number in rng.sample(range(12, 900), rng.randint(12, 40))]
    span = rng.randint(20, 45) if numbers == "daily" else rng.randint(420, 700)
    days = [_LAST - timedelta(back) for back in range(span, -1, -1)]
    if numbers != "daily":
        days = sorted(rng.sample(days, rng.randint(60, 110)))
    found: list[Line] = []
    count, year = rng.choice((0, 0, 998, 4711)), 0
    if numbers == "yearly":
        count = 0
    for day in days:
        if (numbers == "yearly" and day.year != year) or numbers == "daily":
            count, year = 0, day.year
        for who in rng.sample(crowd, rng.randint(2, 6) if numbers == "daily" else rng.choice((1, 1, 1, 2))):
            count += 1
            number = {"padded": f"{count:07d}", "tagged": f"ORD-{count}"}.get(numbers, str(count))
            moment = datetime(day.year, day.month, day.day, rng.randint(8, 20), rng.randint(0, 59))  # noqa: DTZ001
            for product in rng.sample(speech.products, rng.choice((1, 1, 2, 3))):
                pieces = rng.choice((1, 1, 1, 2, 3))
                price = speech.price_level * rng.randint(40, 900)
                cents = pieces * (price if speech.decimals else 100 * (price // 100 + 1))
                found.append(Line(number=number, who=who, moment=moment, product=product, pieces=pieces, cents=cents))
    back = [line for line in found if (_LAST - line.day).days > 90 and rng.random() < 0.04]
    found += [
        replace(line, moment=line.moment + timedelta(rng.randint(9, 80)), cents=-line.cents, pieces=-line.pieces)
        for line in back
        if numbers in {"unique", "padded", "tagged"}
    ]
    return sorted(found, key=lambda line: line.moment)


def _person(people: str, number: int) -> str:
    return {"tagged": f"C{number}", "padded": f"{number:06d}", "mail": f"buyer{number}@mail.example"}[people]


def _written(rng: Random, base: Notation, lines: list[Line], numbers: str, people: str, traits: set[str]) -> bytes:
    """The lines as one program writes them: the same one as before, a later version of it, or a spreadsheet."""
    speech = base.tongue
    notation = base
    if rng.random() < 0.6:
        traits.add("another notation")
        notation = replace(any_notation(rng, speech), encoding="utf-8", nothing="")
    bare = rng.random() < 0.25
    if bare:
        traits.add("zeros lost")
    columns = ["date", "customer", "product", "line_total"]
    columns += ["order"] if numbers != "none" else []
    columns += [name for name in ("quantity", "store") if rng.random() < 0.4]
    if rng.random() < 0.4:
        traits.add("other columns in order")
        rng.shuffle(columns)
    headers = {name: rng.choice(speech.headers[_HEADINGS[people] if name == "customer" else name]) for name in columns}
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if notation.quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=notation.separator, lineterminator=notation.line_end, quoting=quoting)
    writer.writerow([headers[name] for name in columns])
    shop = rng.choice(speech.shops)
    for line in lines:
        cells = {
            "date": notation.moment(line.moment),
            "customer": line.who.lstrip("0") if bare else line.who,
            "order": line.number.lstrip("0") if bare else line.number,
            "product": line.product,
            "line_total": notation.amount(line.cents),
            "quantity": str(line.pieces),
            "store": shop,
        }
        writer.writerow([cells[name] for name in columns])
    return out.getvalue().encode("utf-8")


_HEADINGS = {"tagged": "customer_id", "padded": "customer_id", "mail": "email"}
