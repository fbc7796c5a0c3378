"""How one program writes amounts, dates, moments and nothing at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from .tongues import Tongue

NOTHING = ("", "", "", "", "NULL", r"\N", "None", "NaN", "n/a", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """One program's way of writing. `nothing` is its word for a missing value."""

    tongue: Tongue
    separator: str
    decimal: str
    group: str
    money: str  # how the currency is told: none, column, header, sign, code
    date: str
    clock: str | None
    nothing: str
    zero_dates: bool
    encoding: str
    quote_all: bool
    line_end: str
    minus: str = "before"  # or after, or brackets

    def plain(self, cents: int) -> str:
        """An amount without its currency."""
        whole, rest = divmod(abs(cents), 100)
        text = f"{whole:,}".replace(",", self.group)
        if self.tongue.decimals:
            text += f"{self.decimal}{rest:02d}"
        return f"-{text}" if cents < 0 else text

    def amount(self, cents: int) -> str:
        """An amount as this program writes it."""
        text = self.plain(abs(cents))
        match self.money:
            case "sign" if self.tongue.sign_first:
                text = f"{self.tongue.sign}{text}"
            case "sign":
                text = f"{text} {self.tongue.sign}"
            case "code":
                text = f"{text} {self.tongue.currency}"
        if cents >= 0:
            return text
        return {"before": f"-{text}", "after": f"{text}-", "brackets": f"({text})"}[self.minus]

    def number(self, hundredths: int) -> str:
        """A number that is no money, without needless zeros."""
        whole, rest = divmod(hundredths, 100)
        return f"{whole}{self.decimal}{rest:02d}".rstrip("0") if rest else str(whole)

    def day(self, day: date) -> str:
        """A date without a clock."""
        return _fill(self.date, datetime(day.year, day.month, day.day), self.tongue)  # noqa: DTZ001

    def moment(self, moment: datetime) -> str:
        """When an order was placed."""
        return _fill(self.clock or self.date, moment, self.tongue)

    def no_day(self) -> str:
        """A date that never came."""
        return "0000-00-00" if self.zero_dates else self.nothing


def _fill(pattern: str, moment: datetime, tongue: Tongue) -> str:
    return pattern.format(
        d=moment.day,
        dd=f"{moment.day:02d}",
        m=moment.month,
        mm=f"{moment.month:02d}",
        yyyy=moment.year,
        mon=tongue.months[moment.month - 1],
        hh=f"{moment.hour:02d}",
        mi=f"{moment.minute:02d}",
        h12=moment.hour % 12 or 12,
        ap="AM" if moment.hour < 12 else "PM",
    )


def _encoding(rng: Random, tongue: Tongue) -> str:
    local = {"pl": "cp1250", "cs": "cp1250", "tr": "cp1254", "ja": "cp932"}.get(tongue.code, "cp1252")
    return rng.choices(("utf-8", "utf-8-sig", local, "utf-16"), (60, 30, 9, 1))[0]


def any_notation(rng: Random, tongue: Tongue) -> Notation:
    """A program of that country, or one that writes dates and amounts the way databases do."""
    technical = rng.random() < 0.25
    decimal = "." if technical else tongue.decimal
    grouped = not technical and rng.random() < 0.35
    separator = rng.choice((",", ",", ";", "\t")) if technical else rng.choice(tongue.separators)
    nothing = rng.choice(NOTHING)
    money = rng.choices(("none", "column", "header", "sign", "code"), (4, 4, 2, 3, 1))[0]
    if technical and money in ("sign", "code"):
        money = "column"
    iso = "{yyyy}-{mm}-{dd}"
    return Notation(
        tongue=tongue,
        separator=separator,
        decimal=decimal,
        group=tongue.group.replace(" ", rng.choice((" ", "\u00a0"))) if grouped else "",
        money=money,
        date=iso if technical else rng.choice(tongue.dates),
        clock=rng.choice((None, rng.choice((iso + " {hh}:{mi}:00", *([] if technical else tongue.clocks))))),
        nothing=nothing,
        zero_dates=nothing == "NULL" or (technical and rng.random() < 0.2),
        encoding=_encoding(rng, tongue),
        quote_all=rng.random() < 0.15,
        line_end=rng.choice(("\r\n", "\n")),
        minus="before" if technical else rng.choices(("before", "after", "brackets"), (90, 4, 6))[0],
    )
