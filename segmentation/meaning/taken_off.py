"""What an order's total leaves out of its goods, where no header says so: a coupon, a voucher, points that were used.

Sum of the lines + shipping − X = total proves that X was taken off. A coupon lowers what the goods cost, a deposit or a
gift card only pays for them: which of the two it is the header says, or a person.
"""

from __future__ import annotations

import numpy as np

from segmentation.meaning import hints
from segmentation.meaning.arithmetic import LEAST_ROWS, Identity
from segmentation.meaning.money import prove
from segmentation.meaning.order_codes import order_codes
from segmentation.meaning.profiles import ColumnProfile, TableProfile
from segmentation.meaning.proposals import PROVEN, Proposals
from segmentation.meaning.questions import Question
from segmentation.meaning.vocabulary.headers import tokens

_MOST_TRIED = 6
_MOSTLY = 0.5
"""Where so large a part of the orders that have it are left nothing to pay, it is how they were paid."""
_COUPONS = (
    "coupon", "cupon", "cupom", "kupon", "kupong", "voucher", "promo", "points", "punkte", "puntos", "punti", "pontos",
    "punten", "punkty", "puan", "poang", "pisteet", "reward", "loyalty", "treue", "fidelite", "fedelta", "купон",
    "промокод", "балл", "κουπόν", "クーポン", "ポイント", "쿠폰", "포인트", "优惠券", "优惠", "积分",
)  # fmt: skip
_PAYMENTS = (
    "gift", "geschenk", "deposit", "prepaid", "prepayment", "anzahlung", "acompte", "arrhes", "anticipo", "acconto",
    "zaliczk", "zadatek", "zaloha", "forskud", "forskott", "ennakko", "eloleg", "avans", "kapora", "paid", "payment",
    "bezahlt", "paye", "pagado", "pagato", "pago", "betaald", "betald", "betalt", "zaplacen", "zaplaten", "odenen",
    "fizetve", "credit", "cash", "card", "karte", "wallet", "balance", "received", "аванс", "предоплат", "оплачен",
    "前払", "内金", "入金", "선금", "已付", "定金",
)  # fmt: skip
"""Words that headers of either begin with; those without blanks between words may hold them anywhere."""


def taken_off(table: TableProfile, proposals: Proposals) -> tuple[Question, ...]:
    """Take a column for the discount of orders that their totals prove to be taken off, where its header names a
    coupon; return the question where it names nothing that is known."""
    have = proposals.headers
    if "order_discount" in have or "date" not in have:
        return ()
    may_be = [header for header, profile in table.columns.items() if _may_be(header, profile, proposals)]
    for header in sorted(may_be, key=lambda header: not _begins(header, _COUPONS))[:_MOST_TRIED]:
        known = _begins(header, _COUPONS) or hints.part_of(header) == "discount"
        one = _proof(table, proposals, header)
        if one is None or not (known or one.summed):
            continue
        if known:
            proposals.put("order_discount", header, PROVEN, one.proof)
            return ()
        if not _paid_by(table, proposals, header, one):
            choices = (
                (f"order_discount={header}", "it is taken off what the goods cost"),
                ("order_discount=", "it is a way of paying for them, or something else"),
            )
            return (Question("column", header, "discount on the order", choices),)
    return ()


def _may_be(header: str, profile: ColumnProfile, proposals: Proposals) -> bool:
    """Whether a column without a meaning may hold amounts that were taken off: numbers of one sign, on some rows."""
    if header in proposals.headers.values() or profile.empty or profile.numbers < 0.9 or profile.days:
        return False
    if profile.distinct == 1 and profile.full == 1:
        return False
    if hints.fee(header) or hints.cost(header) or hints.gross(header) or hints.net(header) or hints.total(header):
        return False
    if _begins(header, _PAYMENTS) or hints.part_of(header) in {"shipping", "tax"} or hints.says(header, "shipping"):
        return False
    signs = {text.strip().startswith(("-", "(", "−")) for text in profile.texts if any(c in "123456789" for c in text)}
    return len(signs) == 1


def _proof(table: TableProfile, proposals: Proposals, header: str) -> Identity | None:
    """The total that holds only with the column taken off it, on orders enough."""
    proven = prove(table, {**proposals.headers, "order_discount": header})
    for one in proven.identities:
        if any(term.header == header and term.sign < 0 and term.form == "money" for term in one.terms):
            given = np.nan_to_num(table.numbers(header)) != 0
            rows = order_codes(table, proposals.headers)[given] if one.summed else np.flatnonzero(given)
            return one if len(np.unique(rows)) >= LEAST_ROWS else None
    return None


def _paid_by(table: TableProfile, proposals: Proposals, header: str, one: Identity) -> bool:
    """Whether it leaves nothing to pay on most of the orders that have it."""
    orders, left = order_codes(table, proposals.headers), np.nan_to_num(table.numbers(one.total))
    given = np.unique(orders[(np.nan_to_num(table.numbers(header)) != 0) & (orders >= 0)])
    nothing = np.unique(orders[(left == 0) & (orders >= 0)])
    return len(np.intersect1d(given, nothing)) >= _MOSTLY * len(given)


def _begins(header: str, stems: tuple[str, ...]) -> bool:
    return any(
        word.startswith(stem) or (stem >= "\u3040" and stem in word) for word in tokens(header) for stem in stems
    )


__all__ = ["taken_off"]
