"""Currencies as people write them beside amounts: ISO codes, signs and words, and what each of them stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ISO = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY
COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS
INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP
MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND
VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
ANG BGN CUC HRK SLL ZWL
"""
ISO_CODES = frozenset(_ISO.split())
"""Every active ISO 4217 code that people pay with, and in the last line those given up since 2021, which older orders
have. Metals, funds and codes for tests are no currencies of a shop."""

SYMBOLS = {
    "€": "EUR", "£": "GBP", "￡": "GBP", "¥": "JPY", "￥": "JPY", "円": "JPY", "₹": "INR", "₺": "TRY", "₩": "KRW",
    "￦": "KRW", "원": "KRW", "₽": "RUB", "₴": "UAH", "₪": "ILS", "₫": "VND", "đ": "VND", "฿": "THB", "₱": "PHP",
    "₦": "NGN", "₵": "GHS", "GH₵": "GHS", "₲": "PYG", "Gs": "PYG", "₡": "CRC", "₸": "KZT", "₾": "GEL", "₼": "AZN",
    "֏": "AMD", "৳": "BDT", "៛": "KHR", "₭": "LAK", "₮": "MNT", "ден": "MKD", "грн": "UAH", "руб": "RUB", "р": "RUB",
    "лв": "BGN", "дин": "RSD", "zł": "PLN", "Kč": "CZK", "Ft": "HUF", "lei": "RON", "kn": "HRK", "TL": "TRY",
    "RM": "MYR", "Rp": "IDR", "S/": "PEN", "B/": "PAB", "KSh": "KES", "Ksh": "KES", "TSh": "TZS", "USh": "UGX",
    "Dhs": "AED", "LE": "EGP", "£E": "EGP", "E£": "EGP", "Fr": "CHF", "SFr": "CHF", "sFr": "CHF", "RMB": "CNY",
    "人民币": "CNY", "ر.س": "SAR", "﷼": "SAR", "د.إ": "AED", "ج.م": "EGP", "د.م": "MAD", "د.ك": "KWD", "ر.ق": "QAR",
    "د.ب": "BHD", "ر.ع": "OMR", "د.ا": "JOD", "R": "ZAR", "Q": "GTQ",
    "R$": "BRL", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "SG$": "SGD", "US$": "USD", "U$S": "USD", "NT$": "TWD", "MX$": "MXN", "Mex$": "MXN", "$U": "UYU", "UY$": "UYU",
    "CL$": "CLP", "COL$": "COP", "CO$": "COP", "AR$": "ARS", "RD$": "DOP", "J$": "JMD", "TT$": "TTD", "EC$": "XCD",
    "FJ$": "FJD", "N$": "NAD", "Bds$": "BBD", "BZ$": "BZD", "MOP$": "MOP",
    "$": "$", "＄": "$", "kr": "kr", "Kr": "kr", "Rs": "Rs", "Bs": "Bs", "Br": "Br", "元": "元", "Dh": "Dh", "DH": "Dh",
    "FCFA": "CFA", "CFA": "CFA", "L": "L", "K": "K",
}  # fmt: skip
"""What stands beside amounts, and the ISO code it means; a sign that several currencies share stays itself.

¥, lei, Fr and Dhs mean the currency of most who write them (JPY, RON, CHF, AED) until a code says otherwise.
"""

SHARED: dict[str, tuple[str, ...]] = {
    "$": (
        "USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN", "CLP", "COP", "ARS", "UYU", "DOP", "JMD", "TTD", "XCD",
        "FJD", "NAD", "BBD", "BZD", "BSD", "BMD", "BND", "KYD", "GYD", "LRD", "SBD", "SRD",
    ),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "Rs": ("INR", "PKR", "LKR", "NPR", "MUR", "SCR"),
    "Bs": ("BOB", "VES"),
    "Br": ("BYN", "ETB"),
    "元": ("CNY", "TWD", "HKD"),
    "Dh": ("AED", "MAD"),
    "CFA": ("XOF", "XAF"),
    "L": ("HNL", "ALL", "MDL"),
    "K": ("PGK", "ZMW", "MMK"),
}  # fmt: skip
"""Signs that mean one of several currencies."""

NAMES = {
    "euro": "EUR", "euros": "EUR", "eur": "EUR", "usd": "USD", "gbp": "GBP", "chf": "CHF", "jpy": "JPY", "aud": "AUD",
    "cad": "CAD", "nzd": "NZD", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "czk": "CZK", "huf": "HUF",
    "brl": "BRL", "inr": "INR", "mxn": "MXN", "rub": "RUB", "dollar": "$", "dollars": "$", "pound": "GBP",
    "pounds": "GBP", "rupee": "Rs", "rupees": "Rs", "rupiah": "IDR", "ringgit": "MYR", "baht": "THB", "yen": "JPY",
    "yuan": "CNY", "won": "KRW", "rand": "ZAR", "real": "BRL", "reais": "BRL", "soles": "PEN", "zloty": "PLN",
    "złoty": "PLN", "złotych": "PLN", "forint": "HUF", "kronor": "SEK", "kroner": "kr", "rubles": "RUB",
    "рублей": "RUB", "гривень": "UAH", "тенге": "KZT", "dirham": "Dh", "dirhams": "Dh", "naira": "NGN", "rmb": "CNY",
}  # fmt: skip
"""Names of currencies, and the codes that people also write in lower case, since they are no words beside numbers."""
_WRITTEN = {
    written for word in NAMES for written in (word, word.capitalize(), word.upper())
    if written not in ISO_CODES
}  # fmt: skip

_NO_CENTS = """
BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF CFA
AMD COP CRC HUF IDR IRR KHR LAK LBP MMK MNT TWD TZS UZS
"""
NO_CENTS = frozenset(_NO_CENTS.split())
"""Currencies of which three digits behind a single mark are thousands and no fraction: those without cents by
ISO 4217, and in the second line those whose cents nobody uses any more."""

_FRAGILE = "KLQR"
"""Letters that stand in too many other things: they count only before an amount, and all but R only with its cents."""
CODE_AND_SIGN = r"^([A-Z]{3})[$€£¥]$|^[$€£¥]([A-Z]{3})$"
_PAIR = re.compile(CODE_AND_SIGN)


def either(words: Iterable[str]) -> str:
    """The words as a pattern, longest first, gathered by their first letter so that few are tried."""
    by_first: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        by_first.setdefault(word[0], []).append(word[1:])
    branches = (
        re.escape(first) + (f"(?:{'|'.join(map(re.escape, rest))})" if any(rest) else "")
        for first, rest in sorted(by_first.items())
    )
    return f"(?:{'|'.join(branches)})".replace("\\ ", " ")


_SIGNS = {*ISO_CODES, *SYMBOLS, *_WRITTEN} - set(_FRAGILE)
_SPACED = {f"{sign[:-1]} $" for sign in _SIGNS if re.fullmatch(r"[A-Z]{1,3}\$", sign)}
_DOLLARS = {f"{code}{blank}$" for code in SHARED["$"] for blank in ("", " ")}
CURRENCY = either(_SIGNS | _SPACED | _DOLLARS | {"F CFA", "EUR €", "GBP £"})
"""A currency beside an amount, without the dot that may end it."""
LONE_LETTER = f"[{_FRAGILE}]"


def currency_code(text: str) -> str:
    """A currency as its ISO code: “€”, “eur” and “Euro” are EUR; what is not known stays, in capitals."""
    stripped = re.sub(r"[\s\u200e\u200f]", "", text).strip(".")
    if (known := SYMBOLS.get(stripped) or NAMES.get(stripped.lower())) is not None:
        return known
    return _PAIR.sub(r"\1\2", stripped).upper()


def no_cents(code: str | None) -> bool:
    """Whether amounts in this currency have no cents, so that “121.500” of it are more than a hundred thousand."""
    return code in NO_CENTS


def one_currency(before: str, after: str) -> str:
    """The currency of an amount with one on either side, as in “$5.00 CAD”; both where they contradict each other."""
    if not before or not after or before == after or after in SHARED.get(before, ()):
        return after or before
    return before if before in SHARED.get(after, ()) else f"{before}/{after}"


def shared_signs(codes: Iterable[str], *, elsewhere: Iterable[str] = ()) -> dict[str, str]:
    """What the signs among these currencies mean that several share: the only one of them that is there.

    Dollars are another matter. Beside USD alone $ is the same; but beside CAD (or C$, which is the same) it is another
    dollar: who marks Canadian dollars as such writes $ for different ones. That stays open, unless the shop says
    `elsewhere`, of all its amounts, which dollars it takes: the heading of the column, or the currency that the dataset
    is in. It decides for every sign.
    """
    found, said = set(codes), set(elsewhere)
    meant: dict[str, str] = {}
    for sign, several in SHARED.items():
        if sign in found:
            here = said.intersection(several) or found.intersection(several)
            if len(here) == 1 and (sign != "$" or here <= {"USD", *said}):
                meant[sign] = next(iter(here))
    return meant
