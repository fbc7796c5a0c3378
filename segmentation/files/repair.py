"""Records and physical lines: where quoted newlines stand, and which lines have a quotation mark that never closes.

Only called where the engine's count of records does not agree with the count of lines. A quote that opens and never
closes would swallow every row up to the next quote; here it costs its own line only, which is set aside.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from segmentation.errors import Cancelled

MOST_LINES_IN_A_FIELD = 200
_LOOK = 1_000


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its first physical line (from 1), its text, and whether a quote in it never closes."""

    line: int
    text: str
    broken: bool


@dataclass(frozen=True, slots=True)
class Damage:
    """What a repair found: how many records are sound, and the broken lines with their numbers and texts."""

    sound: int
    broken: tuple[tuple[int, str], ...]


def records(path: Path, separator: str, quote: str, width: int) -> Iterator[Record]:
    """The records of a UTF-8 file, blank lines left out."""
    with path.open(encoding="utf-8-sig", errors="replace", newline=None) as file:
        lines = _Lines(file)
        while line := lines.take():
            number = lines.number
            if quote not in line or not shape(line, separator, quote).open:
                if line.strip("\n"):
                    yield Record(number, line, broken=False)
                continue
            more = _rest_of_record(line, lines, separator, quote, width)
            if more:
                lines.skip(more)
            yield Record(number, line + "".join(lines.skipped), broken=not more)


class _Lines:
    """Physical lines with a look ahead."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._ahead: deque[str] = deque()
        self.number = 0
        self.skipped: list[str] = []

    def take(self) -> str:
        """The next line, or nothing at the end; `number` counts it."""
        self.skipped = []
        line = self._ahead.popleft() if self._ahead else self._file.readline()
        self.number += bool(line)
        return line

    def peek(self, distance: int) -> str:
        """The line `distance` lines on (0 is the next)."""
        while len(self._ahead) <= distance:
            line = self._file.readline()
            if not line:
                return ""
            self._ahead.append(line)
        return self._ahead[distance]

    def skip(self, count: int) -> None:
        """Move past lines that were looked at."""
        self.skipped = [self._ahead.popleft() for _ in range(count)]
        self.number += count


def _rest_of_record(line: str, lines: _Lines, separator: str, quote: str, width: int) -> int:
    """How many further lines close the field that `line` leaves open; 0 where none does."""
    text = line
    for distance in range(MOST_LINES_IN_A_FIELD):
        more = lines.peek(distance)
        if not more:
            return 0
        text += more
        if quote in more:
            seen = shape(text, separator, quote)
            if seen.odd or seen.fields > width:
                return 0
            if not seen.open:
                return distance + 1
    return 0


def repair(
    path: Path,
    target: Path,
    separator: str,
    quote: str,
    width: int,
    first_line: int,
    stopped: Callable[[], bool] = lambda: False,
) -> Damage:
    """Write the sound records to `target`; `first_line` is where the rows start (1 without a header or preamble)."""
    sound, broken = 0, []
    with target.open("w", encoding="utf-8", newline="") as out:
        for record in records(path, separator, quote, width):
            if record.line >= first_line:
                sound += not record.broken
                if sound % _LOOK == 0 and stopped():
                    raise Cancelled("The import")
            if record.broken:
                broken.append((record.line, record.text.rstrip("\n")))
            else:
                out.write(record.text if record.text.endswith("\n") else record.text + "\n")
    return Damage(sound, tuple(broken))


def line_numbers(
    path: Path, separator: str, quote: str, width: int, first_line: int, wanted: Sequence[int]
) -> list[int]:
    """The physical line of each wanted record (counted from 0 at `first_line`, sound ones only), in order."""
    found, position, index = [], 0, -1
    for record in records(path, separator, quote, width):
        if record.line < first_line or record.broken:
            continue
        index += 1
        while position < len(wanted) and wanted[position] == index:
            found.append(record.line)
            position += 1
        if position == len(wanted):
            break
    return found


@dataclass(frozen=True, slots=True)
class Shape:
    """What the quotes of a text say: how many fields, whether one is open at the end, whether one closed too early."""

    fields: int
    open: bool
    odd: bool


def shape(text: str, separator: str, quote: str) -> Shape:
    """Walk through the text; a quote opens only at the start of a field, and closes properly only at its end."""
    count, inside, at_start, odd, index = 1, False, True, False, 0
    while index < len(text):
        char = text[index]
        follower = text[index + 1 : index + 2]
        if inside and char == quote and follower == quote:
            index += 1
        elif inside and char == quote:
            inside = False
            odd = odd or follower not in {separator, "\n", "\r", ""}
        elif not inside and at_start and char == quote:
            inside = True
        elif not inside and char == separator:
            count += 1
        at_start = not inside and char == separator
        index += 1
    return Shape(count, inside, odd)
