"""Ways of paying: cards, cash, transfers, providers, gift cards."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from segmentation.meaning.vocabulary.lexicon import has_digit, lexicon, words

Pays = Literal["way", "maybe"]
"""way: pays and is hardly anything else: a credit card, cash, a transfer · maybe: a gift card, which is sold too, or
an invoice, which is a document too."""


@lru_cache(maxsize=4096)
def way_of_paying(text: str) -> Pays | None:
    """Whether a text says how something was paid, or None where a word of it is unknown.

    Numbers beside the words do not matter (“Visa 4242”, “Gift card 50”); “Card holder” and “Cash box” are products.
    """
    parts = lexicon("payments").read(words(text))
    names = {part.name for part in parts}
    if any(part.name is None and not has_digit(part.words[0]) for part in parts):
        return None
    if "way" in names:
        return "way"
    return "maybe" if "maybe" in names else None


def says_payment(header: str) -> bool:
    """Whether a header says that its column tells how was paid: “payment_method”, “Zahlungsart”, “tender”."""
    return lexicon("payments").whole(words(header)) == "header"
