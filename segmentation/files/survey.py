"""One pass over the bytes of a file: how many records it holds, and whether a plain reader would get them right.

No sample can promise that, and a plain reader raises nothing where a stray quotation mark makes it swallow rows. Marks
are looked at in pairs: the first of a pair has to stand at the start of a field, the second at its end, or beside
another mark. A file in which each does, and which has no other oddity, can be left to the engine.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from segmentation.errors import Cancelled, UnreadableFile
from segmentation.files.limits import CHUNK, LONGEST_LINE
from segmentation.files.signatures import TEXT_NEEDED

_FEED, _RETURN = 10, 13
_FEWEST_OF_A_TABLE = 2
Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Survey:
    """What every byte of a file says.

    `records` counts the records that are not blank, header and preamble included; `lines` the physical lines. `odd`
    says that quotation marks stand where they should not, `utf8` that all of it is UTF-8, `foreign` that there are
    zero bytes or lone carriage returns, and `blank` counts lines with nothing on them.
    """

    records: int
    lines: int
    blank: int
    odd: bool
    utf8: bool
    foreign: bool

    @property
    def sound(self) -> bool:
        """Whether a plain reader of UTF-8 gets it right."""
        return self.utf8 and not self.odd and not self.foreign

    @property
    def one_line_each(self) -> bool:
        """Whether every record is one physical line, and every line a record."""
        return self.records == self.lines


def survey(
    path: Path, name: str, separator: str, quote: str, stopped: Callable[[], bool] = lambda: False, *, width: int = 0
) -> Survey:
    """Read the file once; raises Cancelled when `stopped` says so, and UnreadableFile for a line without end.

    `width` is how many fields a row has, where that is known.
    """
    look = _Look(ord(separator), ord(quote) if quote else -1, width)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if stopped():
                raise Cancelled("The import")
            look.take(chunk)
            if look.unbroken > LONGEST_LINE:
                raise UnreadableFile(
                    name,
                    f"A line is longer than {LONGEST_LINE:,} bytes.",
                    evidence=f"It begins after line {look.lines:,}.",
                    next_step=TEXT_NEEDED,
                )
    return look.finish()


class _Look:
    """The state between two chunks: the last bytes seen (a line end before the first), how many marks there were."""

    def __init__(self, separator: int, quote: int, width: int) -> None:
        self.separator, self.quote, self.width = separator, quote, width
        self.before_end = 0  # separators since the last line end
        self.open = False  # whether that one stands inside a quotation
        self.lines = self.blank = self.inside = self.unbroken = self.quotes = 0
        self.odd = self.foreign = False
        self.utf8 = True
        self.tail = b"\n"
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.edge = np.zeros(256, bool)
        self.edge[[self.separator, _FEED, _RETURN, max(self.quote, 0)]] = True

    def take(self, chunk: bytes) -> None:
        """Look at the next piece of the file."""
        if not self.lines and not self.unbroken:
            chunk = chunk.removeprefix(codecs.BOM_UTF8)
        self._check_text(chunk)
        data = np.frombuffer(chunk, np.uint8)
        feeds = np.flatnonzero(data == _FEED)
        quoted = self._quoted(chunk, data, feeds)
        self._swallowed_rows(chunk, data, feeds, quoted)
        self.lines += len(feeds)
        self.inside += int(quoted.sum())
        self.blank += self._blank_lines(data, feeds, quoted)
        ended = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        self.unbroken = len(chunk) - ended if ended >= 0 else self.unbroken + len(chunk)
        self.tail = (self.tail + chunk)[-2:]

    def finish(self) -> Survey:
        """What was seen, once there is no more."""
        lines = self.lines + (self.tail[-1:] != b"\n")
        self.odd = self.odd or (self.open and self.width >= _FEWEST_OF_A_TABLE and self.before_end >= self.width - 1)
        return Survey(
            records=lines - self.inside - self.blank,
            lines=lines,
            blank=self.blank,
            odd=self.odd or bool(self.quotes % 2),
            utf8=self.utf8 and not self.decoder.getstate()[0],
            foreign=self.foreign or self.tail.endswith(b"\r"),
        )

    def _check_text(self, chunk: bytes) -> None:
        self.foreign = self.foreign or b"\0" in chunk
        if b"\r" in chunk or self.tail.endswith(b"\r"):
            joined = self.tail[-1:] + chunk.removesuffix(b"\r")  # what follows the last one is looked at with it
            self.foreign = self.foreign or joined.count(b"\r") > joined.count(b"\r\n")
        if self.utf8 and (self.decoder.getstate()[0] or not chunk.isascii()):
            try:
                self.decoder.decode(chunk)
            except UnicodeDecodeError:
                self.utf8 = False

    def _quoted(self, chunk: bytes, data: npt.NDArray[np.uint8], feeds: Positions) -> npt.NDArray[np.bool_]:
        """Which of the line ends stand inside quotations; takes note of marks in odd places."""
        inside = self.quotes % 2
        closed_before = self.quote >= 0 and self.quotes > 0 and not inside and self.tail[-1] == self.quote
        self.odd = self.odd or bool(closed_before and not self.edge[data[0]])
        if self.quote < 0 or self.quote not in chunk:
            return np.full(len(feeds), bool(inside))
        marks = np.flatnonzero(data == self.quote)
        if not self.odd:
            opening, closing = marks[inside::2], marks[1 - inside :: 2]
            before, after = data[opening - 1], data[(closing + 1) % len(data)]
            if len(opening) and opening[0] == 0:
                before[0] = self.tail[-1]
            if len(closing) and closing[-1] + 1 == len(data):
                after[-1] = _FEED  # what follows is looked at with the next chunk
            self.odd = not (self.edge[before].all() and self.edge[after].all())
        quoted: npt.NDArray[np.bool_] = (np.searchsorted(marks, feeds) + inside) % 2 == 1
        self.quotes += len(marks)
        return quoted

    def _swallowed_rows(
        self, chunk: bytes, data: npt.NDArray[np.uint8], feeds: Positions, quoted: npt.NDArray[np.bool_]
    ) -> None:
        """Take note of lines that are as wide as rows and yet begin or end inside a quotation: two stray marks pair up
        so, and so do some texts of several lines. Which of them they are is for a careful look to tell."""
        if self.width < _FEWEST_OF_A_TABLE:
            return
        mark = bytes([self.separator])
        if not len(feeds):
            self.before_end += chunk.count(mark)
            return
        if quoted.any() or self.open:
            separators = np.flatnonzero(data == self.separator)
            found = np.diff(np.searchsorted(separators, feeds), prepend=0)
            found[0] += self.before_end
            began = np.concatenate(([self.open], quoted[:-1]))
            least = self.width - 1
            self.odd = self.odd or bool((quoted & (found == least)).any() or (began & (found >= least)).any())
        self.open = bool(quoted[-1])
        self.before_end = chunk.count(mark, int(feeds[-1]) + 1)

    def _blank_lines(self, data: npt.NDArray[np.uint8], feeds: Positions, quoted: npt.NDArray[np.bool_]) -> int:
        """How many lines that end in the chunk hold nothing, those of quoted texts left out."""
        if not len(feeds):
            return 0
        ended = {b"\n": -1, b"\r": -2 if self.tail == b"\n\r" else -9}.get(self.tail[-1:], -9)
        gaps = np.diff(feeds, prepend=ended)
        if gaps.min() > 2:
            return 0
        before = np.where(feeds > 0, data[feeds - 1], self.tail[-1])
        empty = (gaps == 1) | ((gaps == 2) & (before == _RETURN))
        return int((empty & ~quoted).sum())
