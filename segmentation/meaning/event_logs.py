"""Logs of what became of orders: a row for each event, on which the order's amount stands again.

Such an amount counts once, and the last event says what became of the order. Lines of an order are another thing: they
share its day, and tell what was bought.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.meaning import hints
from segmentation.meaning.arithmetic import HOLDS, Codes, repeats
from segmentation.meaning.profiles import ColumnProfile, TableProfile
from segmentation.meaning.proposals import BY_VALUES, CERTAIN, Proposals
from segmentation.meaning.vocabulary.kinds import kind_of
from segmentation.meaning.vocabulary.statuses import status_of
from segmentation.notation.shares import CONSISTENT

_FEWEST = 5
"""Orders of several rows from which on it is no chance that their rows are alike."""
_SURELY, _MOST_EVENTS, _LONGEST = 0.95, 40, 60
_MOSTLY = 0.8
_ISO = re.compile(r"\d{4}-\d\d-\d\d.*")
_DETAILS = ("line", "quantity", "unit_price", "discount")
_MAY_BE = frozenset({"product", "category", "channel", "status", "refund", "test"})
"""Meanings that a column of events may have been taken for."""

Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class EventLog:
    """A log of events: the column that names them, None where none does; `sure` where its words, or the name of the
    amount, leave no doubt; `last`: the sampled rows that may be the last of their order, those of the other end of the
    file too where days do not tell which end is the later one."""

    header: str | None
    sure: bool
    last: tuple[Marks, ...]


def event_log(table: TableProfile, columns: Table[str, str]) -> EventLog | None:
    """How a table is a log of events; None where it is none."""
    about = tuple(sorted(columns.items()))
    return table.once("event log", about, lambda: _event_log(table, columns))


def events_of_orders(table: TableProfile, proposals: Proposals) -> None:
    """Take the column of events for the status of orders: it says what became of them, and not what was bought."""
    log = event_log(table, proposals.headers)
    if log is None or log.header is None or proposals.headers.get("status") == log.header:
        return
    for meaning in [meaning for meaning, header in proposals.headers.items() if header == log.header]:
        if proposals.sure[meaning] >= CERTAIN:  # somebody said so
            return
        proposals.drop(meaning)
    proposals.drop("status")
    proposals.put("status", log.header, BY_VALUES, "its texts follow each other on the rows of an order, as events do")


def _event_log(table: TableProfile, columns: Table[str, str]) -> EventLog | None:
    amount = columns.get("amount")
    if amount is None or not {"order", "date"} <= columns.keys():
        return None
    orders = table.codes(columns["order"])
    moments = [table.codes(header) for header, profile in table.columns.items() if profile.dates >= CONSISTENT]
    stand = repeats(table.numbers(amount), orders, moments)
    if stand.orders < _FEWEST or stand.constant < _MOSTLY * stand.orders or stand.amounts < 2:
        return None
    sizes = np.bincount(orders[orders >= 0])
    if stand.orders < 0.9 * (sizes > 1).sum():
        return None
    if any(one in columns and _differs(orders, table.codes(columns[one])) for one in _DETAILS):
        return None
    who = next((columns[one] for one in ("customer", "email", "name") if one in columns), None)
    if who is not None and _differs(orders, table.codes(who)):
        return None
    header = next(_events(table, columns, orders), None)
    product = columns.get("product")
    if product not in {None, header} and _differs(orders, table.codes(str(product))):
        return None
    alike = stand.constant >= HOLDS * stand.orders
    sure = alike and header is not None and _known(table[header], amount)
    return EventLog(header, sure, _ends(table, columns["date"], orders))


def _ends(table: TableProfile, date: str, orders: Codes) -> tuple[Marks, ...]:
    """The last rows of orders in the order of the file, or the first ones, or both."""
    first, last = np.zeros(len(orders), bool), np.zeros(len(orders), bool)
    first[np.unique(orders, return_index=True)[1]] = True
    last[len(orders) - 1 - np.unique(orders[::-1], return_index=True)[1]] = True
    first, last = first & (orders >= 0), last & (orders >= 0)
    texts = [(cell or "").strip() for cell in table.sampled[date]]
    if not all(_ISO.fullmatch(text) for text in texts if text):
        return first, last
    begun = {int(orders[row]): texts[row] for row in np.flatnonzero(first)}
    ended = {int(orders[row]): texts[row] for row in np.flatnonzero(last)}
    later = sum(ended[order] > begun[order] for order in begun) - sum(ended[order] < begun[order] for order in begun)
    return (last,) if later > 0 else (first,) if later < 0 else (first, last)


def _differs(orders: Codes, codes: Codes) -> bool:
    """Whether a column differs on the rows of more than a few orders."""
    both = (orders >= 0) & (codes >= 0)
    if not both.any():
        return False
    sizes = np.bincount(orders[both])
    each = np.bincount(np.unique(np.stack([orders[both], codes[both]]), axis=1)[0], minlength=len(sizes))
    several = sizes > 1
    return bool(several.any() and (each[several] > 1).mean() > 1 - _SURELY)


def _events(table: TableProfile, columns: Table[str, str], orders: Codes) -> Iterator[str]:
    """Columns of a few texts, each once in an order, that follow each other the same way in all of them."""
    taken = {header for meaning, header in columns.items() if meaning not in _MAY_BE}
    for header, profile in table.columns.items():
        if (
            header in taken
            or not profile.complete
            or not 2 <= profile.distinct <= _MOST_EVENTS
            or profile.full < _SURELY
        ):
            continue
        digits = profile.share(lambda text: any(map(str.isdigit, text)))
        if hints.says(header, "product") and not _known(profile, ""):
            continue
        if profile.longest > _LONGEST or digits > 0.05 or profile.dates >= CONSISTENT:
            continue
        if _follow(orders, table.codes(header)):
            yield header


def _follow(orders: Codes, codes: Codes) -> bool:
    """Whether each text stands once in an order, and of two texts the same one comes first in all orders."""
    both = (orders >= 0) & (codes >= 0)
    sizes = np.bincount(orders[both])
    each = np.bincount(np.unique(np.stack([orders[both], codes[both]]), axis=1)[0], minlength=len(sizes))
    if (each[sizes > 1] == sizes[sizes > 1]).mean() < _SURELY:
        return False
    pairs: Counter[tuple[int, int]] = Counter()
    before: dict[int, list[int]] = {}
    for order, code in zip(orders[both].tolist(), codes[both].tolist(), strict=True):
        pairs.update((other, code) for other in before.setdefault(order, []))
        before[order].append(code)
    against = sum(min(count, pairs[b, a]) for (a, b), count in pairs.items()) / 2
    return bool(pairs) and against <= (1 - _SURELY) * pairs.total()


def _known(profile: ColumnProfile, amount: str) -> bool:
    """Whether words say what became of orders, or the header of the amount that it is the order's."""
    known = sum(v.rows for v in profile.values if status_of(v.text) is not None or kind_of(v.text) is not None)
    return known >= 0.5 * profile.filled or hints.grain(amount) == "order"


__all__ = ["EventLog", "event_log", "events_of_orders"]
