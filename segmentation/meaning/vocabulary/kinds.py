"""What a row is by its document, transaction or receipt type."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, get_args

from segmentation.meaning.vocabulary.lexicon import has_digit, lexicon, words

Kind = Literal[
    "sale", "refund", "payment", "fee", "transfer", "payout", "gift_card", "test", "cancelled", "shipping", "summary"
]
"""sale: an invoice, a receipt, a charge · refund: a credit note, a return, an invoice that takes one back · payment: of
an invoice that is a row of its own · transfer, payout, fee: between the shop and its bank or provider · gift_card: one
sold · cancelled: void · shipping: a charge for it · summary: a total of other rows."""

_KINDS: tuple[Kind, ...] = get_args(Kind)
_OUTWEIGHS: tuple[tuple[Kind, frozenset[Kind]], ...] = (
    ("test", frozenset(_KINDS)),
    ("cancelled", frozenset({"sale", "payment", "refund"})),
    ("fee", frozenset({"payment", "sale", "refund", "payout", "transfer"})),
    ("refund", frozenset({"sale", "payment"})),
    ("payment", frozenset({"sale"})),
    ("shipping", frozenset({"sale"})),
    ("gift_card", frozenset({"sale"})),
    ("summary", frozenset({"sale", "payment", "refund"})),
)
"""Which kind a text of two is: the payment of an invoice is a payment, the return of a sale a refund."""


@lru_cache(maxsize=4096)
def kind_of(text: str) -> Kind | None:
    """The kind that the type says, or None where a person would have to say: “Adjustment”, “Quote”, “Exchange”.

    Every word has to be known; numbers and codes beside the words do not matter (“Invoice INV-2033”).
    """
    kinds: set[Kind] = set()
    for part in lexicon("kinds").read(words(text)):
        if part.name in {"ask", "negation"} or (part.name is None and not has_digit(part.words[0])):
            return None
        kinds |= {kind for kind in _KINDS if kind == part.name}
    return _heaviest(kinds)


def _heaviest(kinds: set[Kind]) -> Kind | None:
    if len(kinds) == 1:
        return kinds.pop()
    for kind, lighter in _OUTWEIGHS:
        if kind in kinds and kinds <= lighter | {kind}:
            return kind
    return None
