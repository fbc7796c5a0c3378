"""What the values themselves tell where no header does: an order by what shares it, a product by what differs in it, a
price by what stays the same.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from segmentation.meaning import hints
from segmentation.meaning.amount_forms import grain_by_product
from segmentation.meaning.profiles import ColumnProfile, TableProfile
from segmentation.meaning.proposals import BY_PART, BY_VALUES, CERTAIN, PROVEN, Proposals
from segmentation.meaning.questions import Question
from segmentation.meaning.registers import numbers, registers
from segmentation.meaning.vocabulary.products import row_of
from segmentation.meaning.word_columns import tells_payments
from segmentation.notation.shares import CONSISTENT

Take = Callable[[str, str | None, str], None]
"""Takes a column for a meaning, with the reason, unless there is one already."""
_SURELY = 0.9
_FEWEST_PRODUCTS = 3
"""Texts that differ within orders, unless one of them is known to stand among products: shipping, a deposit."""


def by_values(table: TableProfile, proposals: Proposals, *, named: bool) -> tuple[Question, ...]:
    """Fill in what no name spoke for: only what an import cannot do without, and the order that belongs to it. Who
    ordered is told by values alone only where no header says anything. Returns what several columns may be."""
    asked: list[Question] = []

    def take(meaning: str, header: str | None, because: str) -> None:
        if header is not None and meaning not in proposals.headers:
            proposals.put(meaning, header, BY_VALUES, because)

    def free() -> dict[str, ColumnProfile]:
        return {h: p for h, p in table.columns.items() if h not in proposals.headers.values() and not p.empty}

    if "date" not in proposals.headers:
        days = _days(free())
        take("date", next(iter(days), None), "its values are dates")
        asked += _which("date", "order date", days)
    if "email" not in proposals.headers and "customer" not in proposals.headers:
        mails = [header for header, profile in free().items() if profile.addresses >= CONSISTENT]
        take("email", next(iter(mails), None), "its values are e-mail addresses")
    asked += _list_price(proposals, free())
    if "amount" not in proposals.headers and "unit_price" in proposals.headers and "quantity" not in proposals.headers:
        proposals.put(
            "amount", proposals.headers["unit_price"], proposals.sure["unit_price"], "a row is one piece at its price"
        )
        proposals.drop("unit_price")
    amounts = [h for h, p in free().items() if p.numbers >= CONSISTENT and p.decimals > 0.2 and _money_like(h, p)]
    amounts = [header for header in amounts if not hints.list_price(header)] or amounts
    if "amount" not in proposals.headers and not {"unit_price", "quantity"} <= proposals.headers.keys():
        take("amount", amounts[-1] if amounts else None, "its values are amounts with decimals")
        asked += _which("amount", "amount that was paid for the goods", amounts)
        if proposals.sure.get("amount") == BY_VALUES and not named:
            take("quantity", _quantity(free()), "its values are small whole numbers")
    elif proposals.sure.get("amount") == BY_PART and not table[proposals.headers["amount"]].decimals:
        whole = proposals.headers["amount"]  # whole numbers beside money: they may count something else
        asked += _which("amount", "amount that was paid for the goods", [whole, *amounts])
    if not named and "customer" not in proposals.headers and "email" not in proposals.headers:
        _ids(free(), take, table.columns[proposals.headers["order"]] if "order" in proposals.headers else None)
    return tuple(asked)


def _list_price(proposals: Proposals, free: dict[str, ColumnProfile]) -> list[Question]:
    """Prefer what was paid to a price that goods are offered at; ask where it may be either."""
    meaning = "amount" if "amount" in proposals.headers else "unit_price"
    header = proposals.headers.get(meaning)
    if header is None or not hints.list_price(header) or proposals.sure[meaning] == PROVEN:
        return []
    others = [h for h, p in free.items() if p.numbers >= CONSISTENT and p.decimals > 0.2 and _money_like(h, p)]
    paid = [other for other in others if hints.whole_bill(other) or hints.says(other, "amount")]
    if len(paid) == 1:
        proposals.drop(meaning)
        proposals.put("amount", paid[0], BY_PART, f"it was paid, while {header} is what goods are offered at")
        return []
    asked = meaning if "quantity" in proposals.headers else "amount"
    return _which(asked, "amount that was paid for the goods", [header, *others])


def _which(meaning: str, what: str, headers: list[str]) -> list[Question]:
    """The question which of several columns has a meaning, where more than one may."""
    choices = tuple((f"{meaning}={header}", header) for header in headers)
    return [Question("column", headers[-1], what, choices)] if len(headers) > 1 else []


def _money_like(header: str, profile: ColumnProfile) -> bool:
    return not hints.never_money(header) and not hints.cost(header) and profile.dates < CONSISTENT


def _days(free: dict[str, ColumnProfile]) -> list[str]:
    """The columns of dates that no header rules out; else any."""
    dates = [header for header, profile in free.items() if profile.dates >= CONSISTENT]
    return [header for header in dates if not hints.other_date(header)] or dates


def _quantity(free: dict[str, ColumnProfile]) -> str | None:
    """The last column of small whole numbers among several that has a 1 in it: where nobody buys one, they are ids."""
    whole = [
        h for h, profile in free.items() if profile.share(str.isdigit) >= CONSISTENT and profile.dates < CONSISTENT
    ]
    counts = [h for h in whole if max((int(v) for v in free[h].texts if v.isdigit()), default=0) < 1_000]
    counts = [header for header in counts if "1" in free[header].texts]
    return counts[-1] if counts and len(whole) > 1 else None


def _ids(free: dict[str, ColumnProfile], take: Take, order: ColumnProfile | None) -> None:
    """The customer is the column whose values come back and are one for each order; the order, if no name told it, the
    column whose values stay together."""
    keys = {
        header: profile
        for header, profile in free.items()
        if profile.dates < CONSISTENT and profile.decimals < 0.2 and profile.distinct > 1 and profile.names < CONSISTENT
    }
    if not keys:
        return
    pool = {header: profile for header, profile in keys.items() if profile.returns > 0 or len(keys) == 1} or keys
    orders = {
        header: profile
        for header, profile in keys.items()
        if profile.returns == 0 and profile.rising > 0.9 and profile.variety > 0.2 and len(keys) > 1
    }
    told = max(orders, key=lambda header: orders[header].variety) if orders and order is None else None
    one_order = keys[told] if told else order
    if one_order is not None:
        pool = {header: profile for header, profile in pool.items() if _one_for_each(one_order, profile)}
    if pool:
        customer = max(pool, key=lambda header: (pool[header].distinct, pool[header].returns))
        take("customer", customer, "its values come back, as customers do")
        if customer == told:
            return
    take("order", told, "its values stay together and rise, as order numbers do")


def _one_for_each(order: ColumnProfile, profile: ColumnProfile) -> bool:
    """Whether the further lines of an order say what its first one does; yes where columns cannot be compared."""
    if len(order.cells) != len(profile.cells):
        return True
    first: dict[str, str] = {}
    same = sum(first.setdefault(one, value) == value for one, value in zip(order.cells, profile.cells, strict=True))
    further = len(profile.cells) - len(first)
    return same - len(first) >= _SURELY * further


def order_by_structure(table: TableProfile, proposals: Proposals) -> None:
    """The order number where no name told it: each of its values is one customer's on one day, and lines share it."""
    have = proposals.headers
    who = have.get("customer") or have.get("email") or have.get("name") or have.get("phone") or have.get("last_name")
    if "order" in have or who is None or "date" not in have:
        return
    days, people = table.codes(have["date"]), table.codes(who)
    order: tuple[bool, str] | None = None
    for header, profile in table.columns.items():
        if header in have.values() or not _may_number_orders(header, profile):
            continue
        codes = table.codes(header)
        given = codes >= 0
        rows, different = int(given.sum()), len(np.unique(codes[given]))
        told = given & ((days >= 0) | (people >= 0))  # the further rows of an order may leave out who and when
        keys = codes * (days.max(initial=0) + 2) + days + 1
        pairs = len(np.unique(np.stack([keys[told], people[told]]), axis=1).T)
        if pairs > 1.02 * different and registers(table, {**have, "order": header}):
            keys = numbers(table, {**have, "order": header})
            different = len(np.unique(keys[given]))
            pairs = len(np.unique(np.stack([keys[told], days[told], people[told]]), axis=1).T)
        shared = different < rows
        if pairs > 1.02 * different or rows < 0.95 * len(codes) or not (shared or "product" not in have):
            continue
        if order is None or shared > order[0]:
            order = (shared, header)
    if order is not None:
        proposals.put("order", order[1], BY_VALUES, "each of its values is one customer's on one day")


def product_by_structure(table: TableProfile, proposals: Proposals) -> None:
    """What was bought where no name told it: a column of texts that differ within orders and come back in others."""
    have = proposals.headers
    if "product" in have or "order" not in have:
        return
    orders = table.codes(have["order"])
    best: tuple[int, int, str] | None = None
    for header, profile in table.columns.items():
        if (
            header in have.values()
            or profile.numbers >= 0.3
            or profile.dates >= 0.3
            or profile.distinct < 2
            or profile.full < 0.9
        ):
            continue
        if profile.addresses > 0 or tells_payments(profile):
            continue
        codes = table.codes(header)
        both = (orders >= 0) & (codes >= 0)
        pairs = len(np.unique(orders[both] * (codes.max(initial=0) + 1) + codes[both]))
        further = int(both.sum()) - len(np.unique(orders[both]))
        if further < 3 or pairs - len(np.unique(orders[both])) < 0.5 * further or profile.variety > 0.9:
            continue
        known = sum(row_of(text) is not None for text in profile.texts)
        if not known and (hints.never_customer(header) or profile.distinct < _FEWEST_PRODUCTS):
            continue
        if best is None or (known, profile.distinct) > best[:2]:
            best = (known, profile.distinct, header)
    if best is not None:
        proposals.put("product", best[2], BY_VALUES, "its texts differ within orders, as products do")


def _may_number_orders(header: str, profile: ColumnProfile) -> bool:
    if (
        profile.variety < 0.2
        or profile.dates >= CONSISTENT
        or profile.decimals > 0.2
        or profile.names >= 0.5
        or profile.addresses > 0
    ):
        return False
    return profile.share(lambda text: any(map(str.isdigit, text))) >= 0.95 and not hints.has(header, _NOT_ORDERS)


_NOT_ORDERS = frozenset(
    {"zip", "postcode", "card", "phone", "tel", "points", "weight", "row", "record", "age", "iban", "vat"}
)


def piece_or_line(table: TableProfile, proposals: Proposals) -> tuple[Question, ...]:
    """Settle whether the only amount beside a quantity is the line's or one piece's: by what stays the same for a
    product, else by its name; where no name spoke, it is asked."""
    have = proposals.headers
    meaning = "amount" if "amount" in have else "unit_price"
    if "quantity" not in have or meaning not in have or ({"amount", "unit_price"} <= have.keys()):
        return ()
    if proposals.sure[meaning] == PROVEN:
        return ()
    header, quantity = have[meaning], table.numbers(have["quantity"])
    values = table.numbers(header)
    form = grain_by_product(values, quantity, table.codes(have["product"])) if "product" in have else None
    if form is None:
        telling = int(((quantity != 1) & ~np.isnan(quantity) & ~np.isnan(values)).sum())
        if proposals.sure[meaning] > BY_VALUES or hints.piece(header) or telling < 5 or "product" not in have:
            return ()
        choices = ((f"amount={header}", "the whole line's"), (f"unit_price={header}", "the price of one piece"))
        return (Question("column", header, "line total or the unit price", choices),)
    right = "unit_price" if form == "piece" else "amount"
    if right != meaning:
        proposals.drop(meaning)
        whose = "one piece" if form == "piece" else "the line"
        proposals.put(right, header, PROVEN, f"{header} is that of {whose}: only so a product has one price")
    return ()


def not_of_one_order(table: TableProfile, proposals: Proposals) -> None:
    """Drop a customer, name or phone that differs within orders: an order is one person's."""
    have = proposals.headers
    if "order" not in have:
        return
    orders = numbers(table, have)
    days = table.codes(have["date"]) if "date" in have else np.zeros(len(orders), np.int64)
    for meaning in ("customer", "name", "first_name", "last_name", "phone"):
        if meaning not in have or proposals.sure[meaning] == CERTAIN:
            continue
        who = table.codes(have[meaning])
        both = (orders >= 0) & (who >= 0)
        keys = orders[both] * (days.max(initial=0) + 2) + days[both] + 1
        different, rows = len(np.unique(keys)), int(both.sum())
        pairs = len(np.unique(np.stack([keys, who[both]]), axis=1).T) if rows else 0
        if rows - different >= 5 and pairs - different > 0.2 * (rows - different):
            header = have[meaning]
            proposals.drop(meaning)
            if meaning == "name" and "product" not in have and not tells_payments(table[header]):
                proposals.put("product", header, BY_PART, "it differs within orders, as products do and people do not")


def left_of_total(table: TableProfile, proposals: Proposals) -> None:
    """A total that stands on some rows only and is never more than another: what refunds have left of it."""
    whole = proposals.headers.get("total") or proposals.headers.get("amount")
    if whole is None or "refunded" in proposals.headers:
        return
    totals = table.numbers(whole)
    for header, profile in table.columns.items():
        if (
            header in proposals.headers.values()
            or not hints.left_over(header)
            or profile.numbers < CONSISTENT
            or profile.days
        ):
            continue
        left = table.numbers(header)
        there = ~np.isnan(left) & ~np.isnan(totals)
        if there.any() and profile.full < 0.9 and bool(np.all(left[there] <= totals[there] + 0.005)):
            proposals.put("refunded", header, BY_PART, f"it is what refunds have left of {whole}")
            return
