"""Records of a delimited text, read with care: one line's fault costs that line, never its neighbours.

A quotation mark that opens and never closes would swallow every row up to the next one. So a line that strict reading
refuses is looked at with the table's width in mind: it may go on over the next lines, or have marks that were meant
literally; whichever reading gives the right number of fields with the fewest liberties is taken. A line of which none
does is broken, and says so.
"""

from __future__ import annotations

import csv
import heapq
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from segmentation.files.dialect import SPACES, Dialect

MOST_LINES_IN_A_FIELD = 200
_FEWEST_TELLING = 4
"""From so many fields on, lines of a quotation that have as many as a row are rows between two stray marks."""
_FEWEST_ALIKE = 3
_BOTH = 2
_MOST_SEPARATORS, _MOST_QUOTES = 2_000, 400  # in a line worth puzzling over
_LITERAL, _LENIENT = 2.0, 1.0  # liberties: a mark that quotes nothing; single marks inside a quoted field


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the physical line it starts on (from 1), its fields, its text, whether it is broken, and whether a
    line end follows it."""

    line: int
    fields: list[str]
    text: str
    broken: bool = False
    ended: bool = True

    @property
    def blank(self) -> bool:
        """Whether there is nothing in it."""
        return not any(field and not field.isspace() for field in self.fields)


@dataclass(frozen=True, slots=True)
class _Step:
    """The cheapest way to a place in a text: what it cost, where its last field starts, and that field."""

    cost: float
    start: int
    field: str


_Best = dict[int, dict[int, _Step]]
"""For each place where a field starts, and each number of fields before it, the cheapest way there."""


class Reader:
    """Splits lines of one dialect; `width` is how many fields a record should have, where that is known."""

    def __init__(self, dialect: Dialect, width: int | None = None) -> None:
        self.dialect = dialect
        self.width = width
        self._strict = {
            "delimiter": " " if dialect.separator == SPACES else dialect.separator,
            "quotechar": dialect.quote or None,
            "quoting": csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
            "escapechar": dialect.escape or None,
            "skipinitialspace": dialect.padded,
        }

    def records(self, lines: Iterable[str], first: int = 1) -> Iterator[Record]:
        """The records of these physical lines, which keep their line ends; `first` numbers the first of them."""
        ahead = _Ahead(lines, first)
        while (line := ahead.take()) is not None:
            number, text = ahead.number, line.rstrip("\r\n")
            fields = self.split(text)
            if fields is not None:
                yield Record(number, fields, text, ended=len(text) < len(line))
                continue
            taken, fields = self._over_lines(line, ahead)
            if fields is not None:
                more = ahead.skip(taken)
                whole = line + "".join(more)
                yield Record(number, fields, whole.rstrip("\r\n"), ended=whole.endswith("\n"))
                continue
            fields = self.puzzle(text)
            broken = self.width is not None and len(fields) != self.width
            yield Record(number, fields, text, broken, ended=len(text) < len(line))

    def split(self, text: str) -> list[str] | None:
        """The fields of a line whose marks all stand where they should; None where they do not."""
        dialect = self.dialect
        if dialect.separator == SPACES and not (dialect.quote and dialect.quote in text):
            return text.split()
        if not ((dialect.quote and dialect.quote in text) or (dialect.escape and dialect.escape in text)):
            fields = text.split(dialect.separator)
            return [field.lstrip(" ") for field in fields] if dialect.padded else fields
        try:
            found = next(csv.reader([text + "\n"], strict=True, **self._strict))  # type: ignore[arg-type]
        except csv.Error:
            return None
        return [field for field in found if field] if dialect.separator == SPACES else found

    def left_open(self, text: str) -> int:
        """How many fields a line has where the last of them opens a quotation that does not close; 0 for others."""
        quote = self.dialect.quote
        if not quote or quote not in text or self.split(text) is not None:
            return 0
        return len(self.split(text + quote) or ())

    def puzzle(self, text: str) -> list[str]:
        """The fields of a line with marks in the wrong places: the right number, else as near as can be."""
        dialect = self.dialect
        if text.count(dialect.separator) > _MOST_SEPARATORS or text.count(dialect.quote) > _MOST_QUOTES:
            return text.split(dialect.separator)
        return _fewest_liberties(text, self.dialect, self.width)

    def _over_lines(self, line: str, ahead: _Ahead) -> tuple[int, list[str] | None]:
        """How many further lines the field that `line` leaves open goes on for, and the fields of all of it."""
        text = line
        for distance in range(MOST_LINES_IN_A_FIELD):
            more = ahead.peek(distance)
            if more is None:
                break
            text += more
            if self.dialect.quote not in more:
                continue
            fields = self.split_lines(text.rstrip("\r\n"))
            if fields is not None:
                return (distance + 1, fields) if self._is_one(fields, text) else (0, None)
            if not self._still_open(text):
                break
        return 0, None

    def _is_one(self, fields: Sequence[str], text: str) -> bool:
        """Whether these lines are one record, rather than rows between two stray marks, which would each be as wide as
        a row; of a record of the wrong width, the rows that it would swallow need not all be."""
        lines = [line.rstrip("\r\n") for line in _kept_ends(text) if line.strip()]
        if self.width is None:
            return len(fields) > 1 and not self._are_alike(lines)
        cut = self._ends_at_separators(fields)
        if cut == _BOTH or (cut and len(fields) != self.width):
            return not (self._whole(lines[0]) or self._whole(lines[-1]) or self._mostly_whole(lines))
        if cut:
            return not (self._whole(lines[0]) and self._whole(lines[-1]))
        if len(fields) == self.width:
            if self.width < _FEWEST_TELLING or not (self._whole(lines[-1]) and self._whole(lines[0])):
                return True
            return not self._mostly_whole(lines[1:-1])
        swallowed = (line for line in lines[1:] if line.count(self.dialect.quote) % 2 == 0)
        if any(len(self.split(line) or ()) >= self.width for line in swallowed):
            return False
        as_long = self.width >= _FEWEST_TELLING and lines[-1].count(self.dialect.separator) >= self.width - 1
        return not (as_long and self._whole(lines[0]))

    def _ends_at_separators(self, fields: Sequence[str]) -> int:
        """At how many of its ends a field of several lines has a separator: texts hardly ever do, but a mark that is a
        field by itself opens and closes one that does."""
        mark = self.dialect.separator.strip(" ")
        over_lines = [field.strip(" ") for field in fields if mark and "\n" in field]
        return max((field.startswith(mark) + field.endswith(mark) for field in over_lines), default=0)

    def _are_alike(self, lines: Sequence[str]) -> bool:
        """Whether several lines of unknown width have as many separators as each other, as rows do and texts do not."""
        separators, often = Counter(line.count(self.dialect.separator) for line in lines).most_common(1)[0]
        return separators + 1 >= _FEWEST_TELLING and often >= _FEWEST_ALIKE and 2 * often >= len(lines)

    def _whole(self, line: str) -> bool:
        """Whether a line has as many fields as a row, its marks taken literally where they must be."""
        if self.dialect.separator == SPACES:
            return len(line.split()) == self.width
        more = line.count(self.dialect.separator) + 1 - (self.width or 0)
        return more == 0 or (more > 0 and len(self.split(line) or self.puzzle(line)) == self.width)

    def _mostly_whole(self, lines: Sequence[str]) -> bool:
        """Whether at least half of the lines are whole rows."""
        return 2 * sum(map(self._whole, lines)) >= len(lines)

    def split_lines(self, text: str) -> list[str] | None:
        """As `split`, for a text of several lines that is one record."""
        try:
            found = list(csv.reader(_kept_ends(text), strict=True, **self._strict))  # type: ignore[arg-type]
        except csv.Error:
            return None
        return found[0] if len(found) == 1 else None

    def _still_open(self, text: str) -> bool:
        """Whether the only fault of the text is that its last field is not closed."""
        try:
            list(csv.reader(_kept_ends(text + self.dialect.quote), strict=True, **self._strict))  # type: ignore[arg-type]
        except csv.Error:
            return False
        return True


def _kept_ends(text: str) -> list[str]:
    """The lines of a text with their ends; only a line feed ends a line."""
    parts = text.split("\n")
    return [*(f"{part}\n" for part in parts[:-1]), parts[-1]]


class _Ahead:
    """Physical lines with a look ahead."""

    def __init__(self, lines: Iterable[str], first: int) -> None:
        self._lines = iter(lines)
        self._waiting: deque[str] = deque()
        self.number = first - 1

    def take(self) -> str | None:
        """The next line, None at the end; `number` is its number."""
        line = self._waiting.popleft() if self._waiting else next(self._lines, None)
        self.number += line is not None
        return line

    def peek(self, distance: int) -> str | None:
        """The line `distance` lines on (0 is the next)."""
        while len(self._waiting) <= distance:
            line = next(self._lines, None)
            if line is None:
                return None
            self._waiting.append(line)
        return self._waiting[distance]

    def skip(self, count: int) -> list[str]:
        """Move past lines that were looked at."""
        self.number += count
        return [self._waiting.popleft() for _ in range(count)]


def _fewest_liberties(text: str, dialect: Dialect, width: int | None) -> list[str]:
    """Of all ways through the text the one of the right number of fields, then of the fewest liberties."""
    end = len(text)
    best: _Best = {0: {0: _Step(0.0, -1, "")}}
    waiting = [0]
    while waiting:
        position = heapq.heappop(waiting)
        for stop, value, cost in _ways(text, position, dialect):
            following = end + 1 if stop == end else stop + len(dialect.separator)
            if following not in best:
                best[following] = {}
                if following <= end:
                    heapq.heappush(waiting, following)
            for count, step in best[position].items():
                known = best[following].get(count + 1)
                if known is None or step.cost + cost < known.cost:
                    best[following][count + 1] = _Step(step.cost + cost, position, value)
    ends = best[end + 1]
    count = min(ends, key=lambda n: (abs(n - width) if width is not None else 0, ends[n].cost, n))
    fields, position = [], end + 1
    while position > 0:
        step = best[position][count]
        fields.append(step.field)
        position, count = step.start, count - 1
    return fields[::-1]


def _ways(text: str, start: int, dialect: Dialect) -> Iterator[tuple[int, str, float]]:
    """The ways a field that starts here can end: where, its value, and what liberty that takes."""
    separator, quote, end = dialect.separator, dialect.quote, len(text)
    begin = start
    while dialect.padded and text[begin : begin + 1] == " ":
        begin += 1
    stop = text.find(separator, begin)
    stop = end if stop < 0 else stop
    quoted = bool(quote) and text.startswith(quote, begin)
    yield stop, _unescaped(text[begin:stop], dialect), _LITERAL if quoted else 0.0
    if not quoted:
        return
    at = text.find(quote, begin + 1)
    while at >= 0:
        after = at + 1
        if after == end or text.startswith(separator, after):
            inner = text[begin + 1 : at]
            if not (dialect.escape and inner.endswith(dialect.escape)):
                plain = inner.replace(dialect.escape + quote, "") if dialect.escape else inner
                loose = quote in plain.replace(quote * 2, "")
                yield after, _unescaped(inner.replace(quote * 2, quote), dialect), _LENIENT if loose else 0.0
        at = text.find(quote, after)


def _unescaped(text: str, dialect: Dialect) -> str:
    if not dialect.escape or dialect.escape not in text:
        return text
    for char in (dialect.quote, "'", dialect.separator, dialect.escape):
        text = text.replace(dialect.escape + char, char)
    return text
