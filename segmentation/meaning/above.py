"""Which cells rows leave to a row above them: told by where cells are filled, whatever the columns are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from segmentation.engine.importing.above import Above
from segmentation.notation import decimal_mark, looks_like_date, looks_like_number
from segmentation.notation.amounts import amount_of
from segmentation.notation.shares import CONSISTENT

Marks = npt.NDArray[np.bool_]
Cells = Sequence[Sequence[str | None]]
_FEWEST = 3
"""Groups, or orders of several lines, from which on it is no chance where cells are filled."""
_SURELY, _HARDLY = 0.95, 0.02
_LONGEST_BLOCK = 3
"""A last group this many times as long as any other holds something else as well."""
_CENT = 0.0151
_MANY = 0.25
"""The share of rows from which on those that say nothing of their order are its lines without other evidence."""
_MARK = re.compile("[.,]")


def left_to_above(cells: Cells, block: npt.NDArray[np.int64]) -> Above | None:
    """What rows leave to a row above them, by sampled rows: `cells` are those of each column in order, and `block`
    tells apart rows that do not follow each other. None where every row says all, or it is not certain."""
    sheet = _Sheet(cells, block)
    if not sheet.dates:
        return None
    date = max(sheet.dates, key=lambda at: int(sheet.filled[:, at].sum()))  # others may be of birth
    return _orders(sheet, date) or _headings(sheet, date) or _groups(sheet, date)


class _Sheet:
    """Sampled rows as texts, and which cells of them are filled."""

    def __init__(self, cells: Cells, block: npt.NDArray[np.int64]) -> None:
        self.texts = [[(cell or "").strip() for cell in column] for column in cells]
        self.filled: Marks = np.array([[bool(text) for text in column] for column in self.texts], bool).T
        if not cells:
            self.filled = np.zeros((0, 0), bool)
        self.starts = np.flatnonzero(np.diff(block, prepend=block[:1] - 1)) if len(block) else np.zeros(0, np.int64)

    @cached_property
    def dates(self) -> list[int]:
        """The columns of days."""
        return [at for at in range(len(self.texts)) if self.share(at, looks_like_date) >= CONSISTENT]

    def share(self, at: int, test: object, rows: Marks | None = None) -> float:
        """The share of the filled cells of a column that pass; 0 where there are none."""
        assert callable(test)
        told = [text for n, text in enumerate(self.texts[at]) if text and (rows is None or rows[n])][:400]
        return sum(bool(test(text)) for text in told) / len(told) if told else 0.0

    def numbers(self, at: int) -> npt.NDArray[np.float64]:
        """A column as amounts, NaN where there is none."""
        told = [text for text in self.texts[at] if looks_like_number(text)]
        decimal = "comma" if str(decimal_mark(told).value) == "comma" else "point"
        found = [amount_of(text, decimal) if text else None for text in self.texts[at]]
        return np.array([np.nan if one is None else one for one in found], np.float64)

    def mostly(self, at: int, rows: Marks) -> float:
        """The share of these rows in which a column is filled."""
        return float(self.filled[rows, at].mean()) if rows.any() else 0.0

    def after(self, starts: Marks, stops: Marks) -> npt.NDArray[np.int64]:
        """For each row the number of the last start at or above it in its block, counted from 1; 0 where a stop, or
        the edge of the block, came between."""
        found = np.zeros(len(starts), np.int64)
        edges = set(self.starts.tolist())
        number = current = 0
        for row, (begins, ends) in enumerate(zip(starts.tolist(), stops.tolist(), strict=True)):
            if row in edges or ends:
                current = 0
            if begins:
                number += 1
                current = number
            found[row] = current
        return found


# An order stated on its first line --------------------------------------------------------------------------------


def _orders(sheet: _Sheet, date: int) -> Above | None:
    """Orders whose number, day and customer stand on their first line only."""
    first = sheet.filled[:, date]
    content: Marks = sheet.filled.sum(axis=1) > 0
    rest = ~first & content
    if first.sum() < _FEWEST or rest.sum() < _FEWEST:
        return None
    if any(sheet.mostly(at, rest) > _HARDLY for at in sheet.dates):
        return None
    columns = range(len(sheet.texts))
    stated = [at for at in columns if sheet.mostly(at, first) >= _SURELY and sheet.mostly(at, rest) <= _HARDLY]
    lines = [at for at in columns if sheet.mostly(at, first) >= 0.9 and sheet.mostly(at, rest) >= 0.9]
    money = [at for at in lines if sheet.share(at, looks_like_number) >= CONSISTENT]
    if len(stated) < 2 or len(lines) < 2 or not money:
        return None
    whose = sheet.after(first, ~content)
    further = rest & sheet.filled[:, lines].all(axis=1)
    sums = _totals(sheet, lines, money, first, further & (whose > 0), whose)
    further &= ~sums
    sizes = np.bincount(whose[further & (whose > 0)], minlength=int(whose.max(initial=0)) + 1)[1:]
    lost = (rest & ~further & ~sums).sum()
    if (sizes > 0).sum() < _FEWEST or lost > 0.2 * rest.sum() or _swollen(sizes):
        return None
    key = next((at for at in stated if _numbers_orders(sheet, at, first)), None)
    if key is None and further.sum() < _MANY * content.sum() and not _repeats_above(sheet, lines, further, whose):
        return None
    texts = [at for at in columns if at == date or _is_text(sheet, at, first, rest)]
    if key is None:
        whole = [at for at in stated if at not in texts and not _has_decimals(sheet, at)]
        texts = [*whole[:1], *texts]
    filled = sorted({*texts, *([] if key is None else [key])})
    if len(filled) < 2:
        return None
    texts_of = [at for at in lines if at not in money]
    but = tuple(
        (f"c{at}", text)
        for at in texts_of[:1]
        for text in sorted({sheet.texts[at][row] for row in np.flatnonzero(sums)})
    )
    return Above(
        holds="order",
        columns=_named(filled),
        date=f"c{date}",
        lines=_named(lines),
        but=but,
        summed=bool(sums.any()) and not lost,
    )


def _totals(
    sheet: _Sheet, lines: list[int], money: list[int], first: Marks, further: Marks, whose: npt.NDArray[np.int64]
) -> Marks:
    """Rows that sum up the lines above them, of their order or of all: those whose text does so wherever it stands."""
    found = np.zeros(len(first), bool)
    told = next((at for at in lines if at not in money), None)
    if told is None:
        return found
    for at in money:
        amounts = np.nan_to_num(sheet.numbers(at))
        rows = np.flatnonzero(first | further)
        good: dict[str, list[int]] = {}
        order = every = 0.0
        size, current = 0, -1
        for row in rows.tolist():
            if whose[row] != current:
                order, size, current = 0.0, 0, int(whose[row])
            text = sheet.texts[told][row]
            if further[row] and row > rows[0]:
                counts = good.setdefault(text, [0, 0, 0, 0])
                same = abs(amounts[row] - order) <= _CENT
                counts[0] += 1
                counts[1] += same
                counts[2] += same and size > 1
                counts[3] += abs(amounts[row] - every) <= _CENT and current > _FEWEST
                if (same and size > 1) or counts[3]:
                    continue
            order, every, size = order + amounts[row], every + amounts[row], size + 1
        totals = {t for t, (n, same, sure, all_) in good.items() if all_ == n or (sure >= _FEWEST and same >= 0.8 * n)}
        named: Marks = np.array([text in totals for text in sheet.texts[told]], np.bool_)
        found |= further & named
    return found


def _swollen(sizes: npt.NDArray[np.int64]) -> bool:
    """Whether the last order has far more lines than any other: what stands below the table is no order."""
    return bool(len(sizes) > 1 and sizes[-1] > 5 and sizes[-1] > _LONGEST_BLOCK * sizes[:-1].max())


def _repeats_above(sheet: _Sheet, lines: list[int], further: Marks, whose: npt.NDArray[np.int64]) -> bool:
    """Whether a column repeats on further lines what the first line of their order says, and says something else on the
    next first line, as order numbers do. Rows that were cut short say something of their own everywhere."""
    led = np.flatnonzero(whose > 0)
    firsts = {number: row for row, number in zip(led[::-1].tolist(), whose[led[::-1]].tolist(), strict=True)}
    rows = [row for row in np.flatnonzero(further).tolist() if whose[row] > 0]
    for at in lines:
        texts = sheet.texts[at]
        same = sum(texts[row] == texts[firsts[int(whose[row])]] for row in rows)
        heads = [texts[row] for _, row in sorted(firsts.items())]
        changes = sum(one != other for one, other in pairwise(heads))
        if same >= _SURELY * len(rows) and changes >= _SURELY * (len(heads) - 1):
            return True
    return False


def _numbers_orders(sheet: _Sheet, at: int, first: Marks) -> bool:
    """Whether a column has another value on each first line, as order numbers do."""
    told = [text for text, there in zip(sheet.texts[at], first.tolist(), strict=True) if there and text]
    digits = sum(any(map(str.isdigit, text)) for text in told)
    if len(set(told)) < _SURELY * len(told) or digits < _SURELY * len(told) or _has_decimals(sheet, at):
        return False
    return sheet.share(at, looks_like_date) < CONSISTENT and sheet.share(at, lambda text: "@" in text) < 0.5


def _has_decimals(sheet: _Sheet, at: int) -> bool:
    """Whether a column holds amounts. Ids that a spreadsheet has made numbers (“10235.0”) are none."""
    return sheet.share(at, lambda text: looks_like_number(text) and _MARK.search(text.removesuffix(".0"))) > 0.2


def _is_text(sheet: _Sheet, at: int, first: Marks, rest: Marks) -> bool:
    """Whether a column holds texts that stand on first lines only, on all of them or on some."""
    if sheet.mostly(at, first) == 0 or sheet.mostly(at, rest) > _HARDLY:
        return False
    return sheet.share(at, looks_like_number) < 0.5 or sheet.share(at, looks_like_date) >= CONSISTENT


# A customer above a group ------------------------------------------------------------------------------------------


def _headings(sheet: _Sheet, date: int) -> Above | None:
    """Groups under a row of which one column alone is filled, which their own rows leave empty."""
    dated, alone = sheet.filled[:, date], sheet.filled.sum(axis=1) == 1
    if dated.sum() < _FEWEST:
        return None
    for at in range(len(sheet.texts)):
        heads = alone & sheet.filled[:, at]
        told = [text for text, there in zip(sheet.texts[at], heads.tolist(), strict=True) if there]
        if at == date or sheet.mostly(at, dated) > 0 or len(set(told)) < _FEWEST:
            continue
        if sheet.share(at, looks_like_number, heads) > 0.2:
            continue
        whose = sheet.after(heads, sheet.filled[:, at])
        led = np.unique(whose[dated & (whose > 0)])
        if len(led) < 0.8 * len(told) or len(led) < _FEWEST or _orphans(sheet, dated, whose):
            continue
        summed = _summed(sheet, dated, whose)
        return Above(
            holds="heading", columns=_named([at]), date=f"c{date}", prefix=_prefix(told), summed=summed is True
        )
    return None


def _orphans(sheet: _Sheet, dated: Marks, whose: npt.NDArray[np.int64]) -> bool:
    """Whether many dated rows stand under no heading, but for those before the first one of a block."""
    edges = [*sheet.starts.tolist(), len(dated)]
    lost = 0
    for start, end in pairwise(edges):
        led = np.flatnonzero(whose[start:end] > 0)
        from_ = start + int(led[0]) if len(led) else end
        lost += int((dated[from_:end] & (whose[from_:end] == 0)).sum())
    return bool(lost > _HARDLY * dated.sum())


def _prefix(told: list[str]) -> str:
    """What stands in front of every heading up to a colon: “Customer: ”."""
    word, colon, rest = told[0].partition(":")
    front = word + colon + rest[: len(rest) - len(rest.lstrip())]
    return front if colon and all(text.startswith(front) for text in told) else ""


def _groups(sheet: _Sheet, date: int) -> Above | None:
    """Groups whose first row alone says whose they are: the sum of each stands below it."""
    dated = sheet.filled[:, date]
    if dated.sum() < 2 * _FEWEST:
        return None
    for at in range(len(sheet.texts)):
        heads = dated & sheet.filled[:, at]
        if at == date or not _FEWEST <= heads.sum() <= 0.6 * dated.sum():
            continue
        if sheet.share(at, looks_like_number, heads) > 0.5 or sheet.share(at, looks_like_date, heads) > 0.2:
            continue
        whose = sheet.after(heads, ~dated)
        before = np.roll(dated, 1)
        before[sheet.starts] = False
        if (heads & before).sum() > _HARDLY * heads.sum() or _orphans(sheet, dated, whose):
            continue
        if _summed(sheet, dated, whose):
            return Above(holds="group", columns=_named([at]), date=f"c{date}", summed=True)
    return None


def _summed(sheet: _Sheet, dated: Marks, whose: npt.NDArray[np.int64]) -> bool:
    """Whether amounts in rows without a date are the sums of the groups above them, or of all groups."""
    for at in range(len(sheet.texts)):
        if sheet.share(at, looks_like_number) < CONSISTENT or not _has_decimals(sheet, at):
            continue
        amounts = sheet.numbers(at)
        held = judged = 0
        for kind, right in _sums(dated, whose, amounts, sheet.starts):
            judged += kind
            held += right
        if judged >= _FEWEST and held >= _SURELY * judged:
            return True
    return False


def _sums(
    dated: Marks, whose: npt.NDArray[np.int64], amounts: npt.NDArray[np.float64], starts: npt.NDArray[np.int64]
) -> Iterator[tuple[int, int]]:
    """For each amount in a row without a date: 1, and 1 where it is the sum of the group above, or of all rows."""
    group = every = 0.0
    rows, edges = 0, set(starts.tolist())
    for row in range(len(dated)):
        if row in edges:
            group, rows = 0.0, 0
        if np.isnan(amounts[row]):
            if not dated[row] and rows:
                group, rows = 0.0, 0
            continue
        if dated[row]:
            if row and whose[row] != whose[row - 1]:
                group, rows = 0.0, 0
            group, every, rows = group + amounts[row], every + amounts[row], rows + 1
        else:
            told = min(abs(amounts[row] - group), abs(amounts[row] - every))
            yield 1, int(told <= _CENT)
            group, rows = 0.0, 0


def _named(columns: Sequence[int]) -> tuple[str, ...]:
    return tuple(f"c{at}" for at in columns)


__all__ = ["left_to_above"]
