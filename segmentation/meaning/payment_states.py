"""What the kinds of rows in an account of payments are, by which way their money went, and whose it was."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from segmentation.meaning.payments import PaymentAccount, sign_of_texts
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.vocabulary.kinds import kind_of
from segmentation.meaning.vocabulary.statuses import status_of

_MOSTLY, _SELDOM = 0.5, 0.1
_PAID_BACK, _ALIKE = 0.9, 0.5
"""The share of rows that go to somebody who had paid as much, and that are exactly as much as a payment, from which on
they pay back."""
_FEWEST_ALIKE = 2
_OWED = 0.3
"""Payments that come to so large a part of what customers were charged pay for it, on an account of what they owe."""
_LEFT = frozenset({"cancelled", "test", "gift_card", "summary"})
"""Kinds that say more than which way money went."""
_MOVES = frozenset({"transfer", "payout", "fee"})

Rows = npt.NDArray[np.bool_]


def states_of_payments(table: TableProfile, account: PaymentAccount, header: str) -> dict[str, tuple[str, bool]]:
    """For texts of the column of kinds what their rows are, and whether that is no guess."""
    if header != account.kinds:
        return {}
    amounts = np.nan_to_num(table.numbers(account.gross))
    signs = sign_of_texts(table, header, amounts)
    codes, found = table.codes(header), {}
    for code, text in enumerate(table.texts(header)):
        kind = "refund" if status_of(text) == "refunded" else kind_of(text)
        if kind in _LEFT:
            continue
        rows = codes == code
        if signs[text] > 0:
            found[text] = _came_in(account, rows, kind)
        elif signs[text] < 0:
            found[text] = _went_out(account, amounts, rows, kind)
        else:
            found[text] = _both_ways(account, amounts, rows, kind)
    return found


def as_chosen(
    table: TableProfile, account: PaymentAccount | None, header: str, states: dict[str, str], chosen: Collection[str]
) -> dict[str, str]:
    """The states of a column's texts; those of money out that somebody said to be sales (`chosen`, in small letters)
    count with their sign, as no other money out does."""
    if account is None or header != account.kinds or not chosen:
        return states
    signs = sign_of_texts(table, header, np.nan_to_num(table.numbers(account.gross)))
    said = {text for text in states if signs.get(text, 0) < 0 and text.strip().lower() in chosen}
    return {text: "counts" if text in said and state == "sale" else state for text, state in states.items()}


def moves_unnamed(table: TableProfile, account: PaymentAccount) -> bool:
    """Whether money that goes to nobody is the shop's own, in an account where no column says what a row is."""
    if account.kinds is not None or account.somebody is None:
        return False
    amounts = np.nan_to_num(table.numbers(account.gross))
    rows = (amounts < 0) & ~account.somebody
    return bool(rows.any()) and not _repeat_payments(amounts, rows)


def deposits_unnamed(table: TableProfile, account: PaymentAccount) -> bool:
    """Whether money that comes from nobody is the shop's own, in an account where no column says what a row is: no fee
    is kept of it, as one is of what customers pay. Where no fee is kept of anything, hardly any other row names nobody.
    """
    if account.kinds is not None or account.somebody is None:
        return False
    came = np.nan_to_num(table.numbers(account.gross)) > 0
    rows, named = came & ~account.somebody, came & account.somebody
    if not rows.any() or not named.any():
        return False
    if not account.charged.any():
        return bool(rows.sum() <= _SELDOM * came.sum())
    return bool(account.charged[rows].mean() <= _SELDOM and account.charged[named].mean() >= _MOSTLY)


def _came_in(account: PaymentAccount, rows: Rows, kind: str | None) -> tuple[str, bool]:
    """Money of customers is charged with a fee; what nobody paid and bears none is the shop's own."""
    somebody = account.somebody
    if account.charged[rows].mean() >= _MOSTLY:
        return "sale", kind not in _MOVES | {"refund"}
    if somebody is None:
        return ("aside", True) if kind in _MOVES else ("sale", kind in {"sale", "payment"})
    if somebody[rows].mean() <= _SELDOM:
        return "aside", True
    return "sale", kind in {"sale", "payment"}


def _went_out(
    account: PaymentAccount, amounts: npt.NDArray[np.float64], rows: Rows, kind: str | None
) -> tuple[str, bool]:
    """Money goes back to those who paid it; what goes to nobody is the shop's own, and to others is spent."""
    if kind == "refund":
        return "refund", True
    if account.somebody is None or account.parties is None:
        return "aside", kind in _MOVES
    if account.somebody[rows].mean() <= _SELDOM:
        return "aside", kind in _MOVES or not _repeat_payments(amounts, rows)
    paid, exactly = _paid_before(account.parties, amounts, rows)
    if kind in _MOVES:
        return "aside", paid < _PAID_BACK
    if paid >= _PAID_BACK and kind in {"payment", "sale"}:
        owed = not account.charged.any() and -amounts[rows].sum() >= _OWED * amounts[amounts > 0].sum()
        return "aside", bool(owed) and kind == "payment"
    if paid >= _PAID_BACK:
        return "refund", exactly >= _ALIKE
    return "aside", paid <= _SELDOM and kind in {"payment", "sale"}


def _both_ways(
    account: PaymentAccount, amounts: npt.NDArray[np.float64], rows: Rows, kind: str | None
) -> tuple[str, bool]:
    """Money that moves both ways and is nobody's is exchanged or held; customers pay, and the shop pays others."""
    if kind in _MOVES or (account.somebody is not None and account.somebody[rows].mean() <= _SELDOM):
        return "aside", True
    if account.parties is None or kind == "refund":
        return ("refund", True) if kind == "refund" else ("sale", False)
    paid, _ = _paid_before(account.parties, amounts, rows & (amounts < 0))
    return "sale", paid <= _SELDOM and bool(account.charged[rows & (amounts > 0)].mean() >= _MOSTLY)


def _paid_before(parties: npt.NDArray[np.int64], amounts: npt.NDArray[np.float64], rows: Rows) -> tuple[float, float]:
    """The share of rows of money out that go to somebody who paid as much, and the share that is just as much."""
    most: dict[int, float] = {}
    sums: set[tuple[int, float]] = set()
    for who, amount in zip(parties[amounts > 0].tolist(), amounts[amounts > 0].tolist(), strict=True):
        if who >= 0:
            most[who] = most.get(who, 0.0) + amount
            sums.add((who, round(amount, 2)))
    out = [(int(who), -float(amount)) for who, amount in zip(parties[rows], amounts[rows], strict=True)]
    if not out:
        return 0.0, 0.0
    enough = sum(most.get(who, 0.0) + 0.005 >= amount for who, amount in out) / len(out)
    return enough, sum((who, round(amount, 2)) in sums for who, amount in out) / len(out)


def _repeat_payments(amounts: npt.NDArray[np.float64], rows: Rows) -> bool:
    """Whether money that went out is as much as single payments that came in, as what pays them back is."""
    came = {round(float(amount), 2) for amount in amounts[amounts > 0]}
    went = [round(-float(amount), 2) for amount in amounts[rows]]
    return len({*went} & came) >= _FEWEST_ALIKE and sum(one in came for one in went) >= _ALIKE * len(went)


__all__ = ["as_chosen", "deposits_unnamed", "moves_unnamed", "states_of_payments"]
