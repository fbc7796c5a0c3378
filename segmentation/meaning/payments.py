"""Accounts of a payment service: money that comes in from customers, the fee kept of it, and money that goes out.

Amount + fee = net on all rows, or a balance that each row carries on, proves such an account in any language. What
customers paid is the amount before the fee. Nobody stands on the rows that only move the shop's own money.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from segmentation.meaning.arithmetic import Numbers
from segmentation.meaning.payment_sums import AccountSums, account_sums, says_fee
from segmentation.meaning.profiles import ADDRESS, TableProfile
from segmentation.meaning.proposals import PROVEN, Proposals
from segmentation.meaning.vocabulary.kinds import kind_of
from segmentation.meaning.word_columns import few_words
from segmentation.notation.shares import CONSISTENT

Rows = npt.NDArray[np.bool_]

_CHARGED = 0.5
"""The share of the rows on which money came in that name others than the shop, where a column names customers."""
_FEWEST_OUT = 2
"""Rows of money that went to nobody, from which on they are no chance."""
_OWN, _OWN_LEAST = 0.9, 3
"""The shop's own address stands on so large a share of the rows with an address, and so often on either side."""
_ONE_SIGN, _SIGNED = 0.98, 0.9
"""A kind is of one sign on so many of its rows; a column of kinds has so many rows with kinds of one sign."""


@dataclass(frozen=True, slots=True)
class PaymentAccount:
    """An account of payments: `gross` is what came in or went out, `beside` the fee, the net and the balance.

    `kinds` is the column that says what a row is. `payer` is the column of addresses that customers stand in where they
    pay, `payee` the one they stand in where they are paid back, `own` the shop's own address. `somebody` are the rows
    on which somebody but the shop stands, None where the file names nobody at all; `parties` tells who that is (-1 is
    nobody).
    """

    gross: str
    beside: tuple[str, ...]
    kinds: str | None
    payer: str | None
    payee: str | None
    own: str | None
    charged: Rows
    parties: npt.NDArray[np.int64] | None
    proof: str

    @property
    def somebody(self) -> Rows | None:
        return None if self.parties is None else self.parties >= 0

    @property
    def proven(self) -> tuple[str, ...]:
        """The columns of money that its arithmetic explains."""
        return self.gross, *self.beside


@dataclass(frozen=True, slots=True)
class _Own:
    """The shop's own address, whether it stands on both sides, and the two columns of sides."""

    text: str
    on_both: bool
    headers: tuple[str, str]


def payment_account(table: TableProfile, names: tuple[str, ...] = ()) -> PaymentAccount | None:
    """The account of payments that a table is, None where it is none; `names` are columns that say who somebody is."""
    return table.once("payment account", names, lambda: _found(table, names))


def account_of(table: TableProfile, columns: dict[str, str]) -> PaymentAccount | None:
    """The account of payments whose amounts are those of a mapped table."""
    found = payment_account(table, _names(columns))
    return found if found is not None and columns.get("amount") == found.gross else None


def other_side(account: PaymentAccount | None, email: str | None) -> tuple[str, str] | None:
    """The column that names the customer where the column of addresses names the shop, and the shop's own address."""
    if account is None or account.payee is None or account.own is None or email != account.payer:
        return None
    return account.payee, account.own


def take_account(table: TableProfile, proposals: Proposals) -> PaymentAccount | None:
    """Take the columns of an account of payments for what they are proven to be; the account, if it is one."""
    found = payment_account(table, _names(proposals.headers))
    if found is None:
        return None
    for header in (*found.proven, *filter(None, [found.kinds, found.payer])):
        for meaning in [one for one, its in proposals.headers.items() if its == header]:
            proposals.drop(meaning)
    for meaning in ("unit_price", "total", "subtotal", "discount", "order_discount"):  # a payment is what is left
        proposals.drop(meaning)
    proposals.put("amount", found.gross, PROVEN, found.proof)
    if found.kinds is not None:
        proposals.put("refund", found.kinds, PROVEN, "its texts say which way money went in an account of payments")
    if found.payer is not None:
        proposals.put("email", found.payer, PROVEN, "the addresses that money came from, other than the shop's own")
    return found


def _names(columns: dict[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(columns[one] for one in ("customer", "name", "last_name") if one in columns))


def _found(table: TableProfile, names: tuple[str, ...]) -> PaymentAccount | None:
    addresses = [header for header, one in table.columns.items() if not one.empty and one.addresses >= CONSISTENT]
    own = _own(table, addresses)
    for money in account_sums(table):
        amounts = np.nan_to_num(table.numbers(money.gross))
        parties = _parties(table, addresses, names, own)
        if not _is_account(money, amounts, parties, both_sides=own is not None and own.on_both):
            continue
        kinds = _kinds(table, {money.gross, *money.beside, *addresses, *names}, amounts)
        payer, payee = _sides(table, own, amounts)
        mine = own.text if own is not None else None
        sums = (money.gross, money.beside)
        return PaymentAccount(*sums, kinds, payer, payee, mine, money.charged, parties, money.proof)
    return None


def _is_account(
    money: AccountSums, amounts: Numbers, parties: npt.NDArray[np.int64] | None, *, both_sides: bool
) -> bool:
    """Whether more than a sum says that money moved on an account: a balance, the shop's own address on both sides, the
    header of the fee, or money that went to nobody while it came from somebody. A discount would make the same sum."""
    runs = len(money.beside) != 2
    if both_sides or runs or (money.fee is not None and money.signed and says_fee(money.fee)):
        return True
    if parties is None:
        return False
    out, somebody = amounts < 0, parties >= 0
    nobody = out & ~somebody
    fees_out = money.charged[out].mean() if out.any() else 1.0
    return bool(nobody.sum() >= _FEWEST_OUT and somebody[amounts > 0].mean() >= _OWN and fees_out <= 1 - _OWN)


# Parties ---------------------------------------------------------------------------------------------------------


def _own(table: TableProfile, addresses: list[str]) -> _Own | None:
    """The address that stands on one side of nearly all rows: the shop's own."""
    best: _Own | None = None
    for one, other in combinations(addresses, 2):
        mine, theirs = (_folded(table, header) for header in (one, other))
        there = (mine != "") | (theirs != "")
        values, counts = np.unique(np.concatenate([mine[mine != ""], theirs[theirs != ""]]), return_counts=True)
        if not len(values):
            continue
        text = values[int(np.argmax(counts))]
        on = ((mine == text) | (theirs == text)) & ~((mine == text) & (theirs == text))
        if on.sum() >= _OWN * there.sum():
            sides = min(int((mine == text).sum()), int((theirs == text).sum())) >= _OWN_LEAST
            if best is None or sides > best.on_both:
                best = _Own(str(text), sides, (one, other))
    return best


def _folded(table: TableProfile, header: str) -> npt.NDArray[np.str_]:
    return np.array([(cell or "").strip().lower() for cell in table.sampled[header]], dtype=np.str_)


def _parties(
    table: TableProfile, addresses: list[str], names: tuple[str, ...], own: _Own | None
) -> npt.NDArray[np.int64] | None:
    """Who stands on each row beside the shop: by name where there is one, else by address."""
    mine = own.text if own is not None else None
    columns = [_folded(table, header) for header in (*names, *addresses)]
    if not columns:
        return None
    who = np.full(len(columns[0]), "", dtype=object)
    for cells in columns:
        free = (who == "") & (cells != "") & (cells != (mine or ""))
        who[free] = cells[free]
    if not (who != "").any():
        return None
    codes = np.unique(who.astype(str), return_inverse=True)[1].astype(np.int64)
    codes[who == ""] = -1
    return codes


def _sides(table: TableProfile, own: _Own | None, amounts: Numbers) -> tuple[str | None, str | None]:
    """The column of addresses in which others than the shop stand where money came in, and the one beside it."""
    if own is None:
        return None, None
    one, other = sorted(own.headers, key=lambda header: -_others(table, header, own.text, amounts > 0))
    return (one, other) if _others(table, one, own.text, amounts > 0) >= _CHARGED else (None, None)


def _others(table: TableProfile, header: str, own: str, rows: Rows) -> float:
    """The share of these rows on which a column holds an address that is not the shop's own."""
    cells = _folded(table, header)[rows]
    return float(np.mean([bool(ADDRESS.fullmatch(cell)) and cell != own for cell in cells] or [0]))


# Kinds -----------------------------------------------------------------------------------------------------------


def _kinds(table: TableProfile, taken: set[str], amounts: Numbers) -> str | None:
    """The column of few words most of whose rows bear a word that is of one sign, those of most words first."""
    found = []
    for header, profile in table.columns.items():
        if header in taken or not few_words(profile) or profile.dates >= CONSISTENT:
            continue
        signs = sign_of_texts(table, header, amounts, _SIGNED)
        rows = {value.text: value.rows for value in profile.values}
        signed = sum(rows.get(text, 0) for text, sign in signs.items() if sign != 0)
        both = {-1, 1} <= {*signs.values()}
        named = {1} == {*signs.values()} and any(kind_of(text) in {"sale", "payment"} for text in signs)
        if signed >= _SIGNED * profile.filled and (both or named):
            found.append((both, profile.distinct, header))
    return max(found)[2] if found else None


def sign_of_texts(table: TableProfile, header: str, amounts: Numbers, least: float = _ONE_SIGN) -> dict[str, int]:
    """For each text of a column 1 where its money came in, -1 where it went out, 0 where it did both."""
    codes, texts = table.codes(header), table.texts(header)
    signs = {}
    for code, text in enumerate(texts):
        rows = (codes == code) & (amounts != 0)
        up = float((amounts[rows] > 0).mean()) if rows.any() else 0.5
        signs[text] = 1 if up >= least else -1 if up <= 1 - least else 0
    return signs


__all__ = ["PaymentAccount", "account_of", "other_side", "payment_account", "sign_of_texts", "take_account"]
