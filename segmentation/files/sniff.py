"""Which separator and which quotation mark a text has: the pair under which its rows agree and its cells make sense."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from segmentation.files.dialect import SEPARATORS, SPACES, Dialect
from segmentation.files.records import Reader, Record
from segmentation.files.sample import lines_of
from segmentation.notation import looks_like_date, looks_like_number

_RECORDS, _CELLS = 400, 2_000
_SAME_SCORE = 1e-9
_LIKE_ROWS = re.compile(r"[;|\t]|,(?=\S)")
_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AaPp][Mm])?")
_LEAST_AGREEMENT, _LEAST_AGREEMENT_OF_SPACES = 0.3, 0.9


def dialect_of(head: str, encoding: str) -> Dialect:
    """The dialect of a text that starts with `head`; where nothing divides it, a single column."""
    lines = lines_of(head)
    best, most = Dialect(encoding=encoding, separator=","), 0.0
    for separator in (*SEPARATORS, SPACES):
        if separator not in head:
            continue
        quote = _quote(head, separator)
        padded = separator != SPACES and _is_padded(head, separator, quote)
        candidate = Dialect(encoding=encoding, separator=separator, quote=quote, padded=padded)
        candidate = _with_escape(candidate, lines, head)
        least = _LEAST_AGREEMENT
        if separator == SPACES and f"{quote} {quote}" not in head:  # any prose has spaces
            least = _LEAST_AGREEMENT_OF_SPACES
        score = _score(list(islice(Reader(candidate).records(lines), _RECORDS)), separator, least)
        if score > most + _SAME_SCORE:
            best, most = candidate, score
    return best


def common_width(records: Sequence[Record]) -> int:
    """The number of fields most records have; of two equally common ones the larger."""
    widths = Counter(len(record.fields) for record in records if not record.blank)
    wide = {width: count for width, count in widths.items() if width > 1}
    return max(wide or widths or {1: 1}, key=lambda width: ((wide or widths).get(width, 0), width))


def _score(records: Sequence[Record], separator: str, least: float) -> float:
    filled = [record for record in records if not record.blank]
    width = common_width(filled)
    if width < 2 or (separator == SPACES and width < 3):
        return 0.0
    agreement = sum(len(record.fields) == width for record in filled) / len(filled)
    if agreement < least:
        return 0.0
    cells = [cell for record in filled for cell in record.fields][:_CELLS]
    sense = sum(_makes_sense(cell) for cell in cells) / len(cells)
    rare = 1.0 if separator in {",", ";", "\t", "|"} else 0.8
    return rare * agreement * (1 - 1 / width) * sense**2


def _makes_sense(cell: str) -> bool:
    """Whether a cell may be one value, rather than a piece of one or several."""
    text = cell.strip()
    if not text or looks_like_number(text) or looks_like_date(text) or _TIME.fullmatch(text):
        return True
    if text.startswith(("http://", "https://")):
        return True
    return _LIKE_ROWS.search(text) is None


def _quote(head: str, separator: str) -> str:
    """The mark that stands beside separators and line ends; the double one unless the single one clearly does."""
    beside = {
        mark: sum(
            head.count(pair)
            for pair in (
                f"{separator}{mark}",
                f"{separator} {mark}",
                f"{mark}{separator}",
                f"\n{mark}",
                f"{mark}\n",
                f"{mark}\r",
            )
        )
        for mark in ('"', "'")
    }
    lines = head.count("\n") + head.count("\r")
    return "'" if beside["'"] > 2 * beside['"'] and 2 * beside["'"] > lines else '"'


def _is_padded(head: str, separator: str, quote: str) -> bool:
    """Whether blanks stand between separators and quotation marks, which would then not be seen for what they are."""
    return head.count(f"{separator} {quote}") > 2 * head.count(f"{separator}{quote}")


def _with_escape(dialect: Dialect, lines: Sequence[str], head: str) -> Dialect:
    """The dialect with a backslash as its escape, where that leaves fewer lines that make no sense."""
    if f"\\{dialect.quote}" not in head:
        return dialect
    escaped = replace(dialect, escape="\\")
    faults = [sum(Reader(each).split(line.rstrip("\r\n")) is None for line in lines) for each in (dialect, escaped)]
    return escaped if faults[1] < faults[0] else dialect
