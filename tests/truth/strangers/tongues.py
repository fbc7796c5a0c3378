"""Words and notations of one locale, read from `tongues/<code>.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "tongues"
CODES = ("en-US", "en-GB", "de", "fr", "es", "it", "nl", "pt-BR", "pl", "sv", "da", "cs", "tr", "ja")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """What a shop of one country writes: its header words, marks and names."""

    code: str
    currency: str
    sign: str
    sign_is_plain: bool  # the sign alone tells the currency
    sign_first: bool
    decimal: str
    group: str
    decimals: int
    separators: tuple[str, ...]
    dates: tuple[str, ...]
    clocks: tuple[str, ...]
    months: tuple[str, ...]
    country: str
    trunk: str
    mobile: str
    yes_no: tuple[tuple[str, str], ...]
    walk_in: tuple[str, ...]
    no_mail: tuple[str, ...]
    first: tuple[str, ...]
    last: tuple[str, ...]
    staff: tuple[str, ...]
    shops: tuple[str, ...]
    products: tuple[str, ...]
    headers: dict[str, tuple[str, ...]]
    status: dict[str, tuple[str, ...]]
    words: dict[str, tuple[str, ...]]
    price_level: int  # what a cheap thing costs, in whole units of the currency


def _raw(code: str) -> dict[str, object]:
    """The file's tables; what a locale leaves out it has from the one it names under `like`."""
    tables = tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
    if "like" not in tables:
        return tables
    whole = _raw(str(tables.pop("like")))
    for name, value in tables.items():
        both = isinstance(value, dict) and isinstance(whole.get(name), dict)
        whole[name] = {**whole[name], **value} if both else value  # type: ignore[dict-item]
    return whole


@cache
def tongue(code: str) -> Tongue:
    """The locale called `code`, for example `de`."""
    raw = _raw(code)

    def split(name: str, mark: str) -> tuple[str, ...]:
        return tuple(str(raw[name]).split(mark))

    def table(name: str) -> dict[str, tuple[str, ...]]:
        return {key: tuple(str(value).split("|")) for key, value in dict(raw[name]).items()}  # type: ignore[call-overload]

    def texts(name: str) -> tuple[str, ...]:
        return tuple(str(value) for value in list(raw[name]))  # type: ignore[call-overload]

    pairs = [text.split("|") for text in texts("yes_no")]
    return Tongue(
        code=code,
        currency=str(raw["currency"]),
        sign=str(raw["sign"]),
        sign_is_plain=bool(raw["sign_is_plain"]),
        sign_first=bool(raw["sign_first"]),
        decimal=str(raw["decimal"]),
        group=str(raw["group"]),
        decimals=int(str(raw.get("decimals", 2))),
        separators=texts("separators"),
        dates=texts("dates"),
        clocks=texts("clocks"),
        months=split("months", " "),
        country=str(raw["country"]),
        trunk=str(raw["trunk"]),
        mobile=str(raw["mobile"]),
        yes_no=tuple((yes, no) for yes, no in pairs),
        walk_in=texts("walk_in"),
        no_mail=texts("no_mail"),
        first=split("first", " "),
        last=split("last", " "),
        staff=split("staff", "|"),
        shops=split("shops", "|"),
        products=split("products", "|"),
        headers=table("headers"),
        status=table("status"),
        words=table("words"),
        price_level=int(str(raw.get("price_level", 4))),
    )
