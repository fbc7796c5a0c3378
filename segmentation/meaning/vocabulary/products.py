"""Lines of an order that are no products: shipping, gift cards, discounts, tips, fees, deposits, taxes, totals."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, get_args

from segmentation.meaning.vocabulary.lexicon import Found, has_digit, lexicon, words
from segmentation.notation.currencies import NAMES

Row = Literal["shipping", "fee", "tip", "gift_card", "coupon", "tax", "total", "deposit"]

_ROWS: tuple[Row, ...] = get_args(Row)
_CODE = re.compile(r"\b(?=[\w-]*\d)(?=[\d_-]*[A-Za-z])[A-Za-z0-9][\w-]{2,}\b")
_SHOUTED = re.compile(r"\b[A-Z]{3,}\b")
_CURRENCIES = frozenset(word for name in NAMES for word in words(name)) | {"ft", "lei"}
_TAKES_CODE: frozenset[Row] = frozenset({"coupon", "gift_card"})
_OUTWEIGHS: tuple[tuple[Row, frozenset[Row]], ...] = (
    ("coupon", frozenset({"shipping", "total", "gift_card"})),
    ("total", frozenset({"shipping", "tax"})),
    ("fee", frozenset({"shipping"})),
    ("tax", frozenset({"shipping", "fee"})),
)
"""Which row a line of two is: a discount on shipping is a discount, the total of shipping a total."""


@lru_cache(maxsize=65_536)
def row_of(product: str) -> Row | None:
    """What a line is by its product's name, or None for a product and for all that may be one.

    The whole text has to say it, beside nothing but carriers, countries, amounts, percents, and a code of a coupon or
    gift card: “DHL Paket”, “Gutschein 50 €”, “Coupon WELCOME5”; never “Shipping container toy” or “Porto wine”.
    """
    parts = lexicon("products").read(words(product))
    rows: set[Row] = {row for part in parts for row in _ROWS if part.name == row}
    if any(part.name == "carrier" for part in parts):
        rows.add("shipping")
    row = _heaviest(rows)
    if row is None:
        return None
    codes = _codes(product) if row in _TAKES_CODE else frozenset()
    if any(has_digit(word) for part in parts for word in part.words):
        codes |= _CURRENCIES
    return row if all(_accounted(part, codes) for part in parts) else None


def _heaviest(rows: set[Row]) -> Row | None:
    if len(rows) == 1:
        return next(iter(rows))
    for row, lighter in _OUTWEIGHS:
        if row in rows and rows <= lighter | {row}:
            return row
    return None


def _codes(product: str) -> frozenset[str]:
    """The words that are codes: with a digit, or in capitals where the rest is not (“Coupon WELCOME”)."""
    found = _CODE.findall(product)
    if not product.isupper():
        found += _SHOUTED.findall(product)
    return frozenset(word for text in found for word in words(text))


def _accounted(part: Found, codes: frozenset[str]) -> bool:
    """Whether a part of the text is a known phrase, a figure or a code, so that nothing is left to be a product."""
    word = part.words[0]
    return (
        part.name is not None or word.isdigit() or (has_digit(word) and word.rstrip("€$£").isdigit()) or word in codes
    )
