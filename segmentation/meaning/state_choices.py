"""What a text that nobody knows may stand for, as it is asked."""

from __future__ import annotations

_YES_OR_NO = (
    ("sale", "it is a sale"),
    ("unpaid", "it was not paid, or not yet"),
    ("cancelled", "it was cancelled"),
    ("refunded", "it was a sale and was paid back"),
    ("refund", "it pays back another row"),
)
_PAYMENT = ("aside", "it is a payment, or no sale at all")
_GOODS_OR_NOT = (
    ("sale", "it is money for goods, or taken off it"),
    ("aside", "it is none: shipping, tax, a fee"),
)


def state_choices(text: str, *, of_money: bool, marks: bool, ledger: bool) -> tuple[tuple[str, str], ...]:
    """The answers and what each says, the likeliest first: of a kind of money, of a mark whose rows repeat sales, of a
    kind in a ledger, or of any other word."""
    choices: tuple[tuple[str, str], ...] = _GOODS_OR_NOT
    if not of_money:
        choices = (_YES_OR_NO[-1], *_YES_OR_NO[:-1]) if marks or ledger else _YES_OR_NO
        choices = (choices[0], _PAYMENT, *choices[1:]) if ledger else choices
    return tuple((f"{text}={state}", said) for state, said in choices)
