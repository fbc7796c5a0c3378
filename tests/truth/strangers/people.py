"""Customers, as people: an id, a name, an address, a phone, and what they said about marketing."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from .tongues import Tongue

ID_STYLES = ("number", "letter", "hex", "float")
PLAIN = str.maketrans({"ø": "o", "ł": "l", "ı": "i", "æ": "ae", "ß": "ss", "đ": "d", "å": "a"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One customer. `agrees` is None where the person was never asked."""

    number: str
    first: str
    last: str
    email: str
    digits: str  # the phone number without country and trunk
    agrees: bool | None
    asked_on: date  # the day of that word
    born: date
    zip_code: str
    card: str

    @property
    def name(self) -> str:
        """First and last name in one."""
        return f"{self.first} {self.last}"


def _latin(text: str) -> str:
    """What is left of a name in an address."""
    spelled = unicodedata.normalize("NFKD", text.lower().translate(PLAIN))
    return "".join(letter for letter in spelled if letter.isascii() and letter.isalnum())


def _number(rng: Random, style: str, n: int) -> str:
    match style:
        case "number":
            return str(10200 + n * 7)
        case "float":
            return f"{10200 + n * 7}.0"
        case "letter":
            return f"C{1000 + n * 3:05d}"
        case _:
            return f"{rng.getrandbits(40):010x}z"


def crowd(rng: Random, tongue: Tongue, how_many: int) -> tuple[Person, ...]:
    """`how_many` customers with names, addresses and numbers of their own."""
    names = [(first, last) for first in tongue.first for last in tongue.last]
    hosts = ("example.org", "example.com", "mail.example.net", f"post.example.{tongue.code[-2:].lower()}")
    style = rng.choice(ID_STYLES)
    people = []
    for n, (first, last) in enumerate(rng.sample(names, how_many)):
        local = f"{_latin(first)}.{_latin(last)}".strip(".") or "kyaku"
        people.append(
            Person(
                number=_number(rng, style, n + 1),
                first=first,
                last=last,
                email=f"{local}{n}@{rng.choice(hosts)}",
                digits=f"{tongue.mobile}{100 + n:04d}",
                agrees=rng.choices((True, False, None), (5, 4, 2))[0],
                asked_on=date(2022, 1, 1) + timedelta(days=rng.randrange(300)),
                born=date(1955, 1, 1) + timedelta(days=rng.randrange(17000)),
                zip_code=f"{rng.randrange(10000, 99999)}",
                card=f"{rng.randrange(1000, 9999)}",
            )
        )
    return tuple(people)


def mail_spellings(rng: Random, email: str) -> str:
    """The address as somebody typed it."""
    local, host = email.split("@")
    return rng.choice((email, email, email.upper(), f"{local.title()}@{host}", f"{email} ", f" {email}"))


def phone_spellings(rng: Random, tongue: Tongue, digits: str) -> str:
    """The number as somebody typed it: with and without the country, in groups or in one."""
    a, b, c = digits[:3], digits[3:6], digits[6:]
    national = f"{tongue.trunk}{a} {b} {c}"
    return rng.choice(
        (
            national,
            national,
            f"{tongue.trunk}{digits}",
            f"+{tongue.country} {a} {b} {c}",
            f"+{tongue.country}{digits}",
            f"00{tongue.country}{digits}",
            f"{tongue.trunk}{a}-{b}-{c}",
        )
    )
