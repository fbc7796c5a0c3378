"""The sums of an account of payments: what moved, the fee kept of it, what is left, and the balance that runs on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import numpy.typing as npt

from segmentation.meaning import hints
from segmentation.meaning.arithmetic import CENT, HOLDS, LEAST_ROWS, Numbers
from segmentation.meaning.profiles import ColumnProfile, TableProfile
from segmentation.meaning.vocabulary.kinds import kind_of
from segmentation.meaning.words import plain
from segmentation.notation.shares import CONSISTENT

Rows = npt.NDArray[np.bool_]

_MOST_MONEY = 8
_FEE_SHARE, _CHARGED = 0.2, 0.5
"""A fee is at most so much of what came in, and stands on so large a share of the rows on which money came in."""
_FEWEST = 2
"""Rows on which money came in, and on which it went out, where a balance is that of an account."""


@dataclass(frozen=True, slots=True)
class AccountSums:
    """The columns that are proven to hold what moved, what is kept of it, and what is left; whether the fee bears a
    sign, so that it cannot be what customers paid beside the goods."""

    gross: str
    beside: tuple[str, ...]
    charged: Rows
    proof: str
    fee: str | None = None
    signed: bool = True


def account_sums(table: TableProfile) -> Iterator[AccountSums]:
    """The columns whose arithmetic is that of an account: amount, fee and net."""
    numbers = {h: table.numbers(h) for h, profile in table.columns.items() if _may_be_money(h, profile)}
    numbers = dict(list(numbers.items())[:_MOST_MONEY])
    for gross, fee, net in permutations(numbers, 3):
        found = _with_fee(numbers[gross], numbers[fee], numbers[net])
        if found is not None:
            sign, held, judged = found
            said = f"{gross} {'+' if sign > 0 else '−'} {fee} = {net} on {held:,} of {judged:,} rows"
            running = tuple(
                h for h in numbers if h not in {gross, fee, net} and _runs_on(numbers[h], numbers[net], table.block)
            )
            yield AccountSums(gross, (fee, net, *running), np.nan_to_num(numbers[fee]) != 0, said, fee, signed=sign > 0)
    for moved, balance in permutations(numbers, 2):
        if _goes_both_ways(numbers[moved]) and _runs_on(numbers[balance], numbers[moved], table.block):
            said = f"{balance} is that of the row before it and {moved}"
            yield AccountSums(moved, (balance,), np.zeros(len(numbers[moved]), bool), said)


def _may_be_money(header: str, profile: ColumnProfile) -> bool:
    return (
        not profile.empty
        and profile.numbers >= CONSISTENT
        and not profile.days
        and profile.decimals > 0
        and not hints.says_quantity(header)
    )


def _with_fee(gross: Numbers, fee: Numbers, net: Numbers) -> tuple[int, int, int] | None:
    """Whether the third is the first less a fee, on how many rows of how many, and the sign the fee is written with: a
    small part of what came in, on most rows on which money did, and on few of the others."""
    judged = ~np.isnan(gross) & ~np.isnan(net)
    kept = np.nan_to_num(fee)
    coming, charged = judged & (gross > 0), judged & (kept != 0)
    count = int(judged.sum())
    if count < LEAST_ROWS or (coming & charged).sum() < max(LEAST_ROWS, _CHARGED * coming.sum()):
        return None
    for sign in (1, -1):
        held = int((np.abs(gross + sign * kept - net)[judged] <= CENT).sum())
        if held < HOLDS * count:
            continue
        off = -sign * kept[coming & charged]
        if (off > 0).mean() >= HOLDS and np.median(off / gross[coming & charged]) <= _FEE_SHARE:
            return sign, held, count
    return None


def _goes_both_ways(moved: Numbers) -> bool:
    """Whether money came in and went out."""
    return min(int((moved > 0).sum()), int((moved < 0).sum())) >= _FEWEST


def _runs_on(balance: Numbers, moved: Numbers, block: npt.NDArray[np.int64]) -> bool:
    """Whether a column is what each row's money leaves on the account, from the top down or from the bottom up."""
    steps, beside = np.diff(balance), block[1:] == block[:-1]
    for change in (moved[1:], -moved[:-1]):
        usable = beside & ~np.isnan(steps) & ~np.isnan(change) & (change != 0)
        good = np.abs(steps - change)[usable] <= CENT
        if usable.sum() >= LEAST_ROWS and good.mean() >= HOLDS:
            return True
    return False


def says_fee(header: str) -> bool:
    """Whether a header names a fee, and nothing that goods cost."""
    return hints.fee(header) or any(kind_of(word) == "fee" for word in plain(header).split())


__all__ = ["AccountSums", "account_sums", "says_fee"]
