"""How much a stranger's file may ask of this machine. Beyond it, it is refused, and told which limit it met."""

from __future__ import annotations

MOST_COLUMNS = 2_000
LONGEST_LINE = 1_000_000
"""Bytes of one line. A longer one is no order line, and would have to be held in memory whole."""

MOST_SHORT_LINES, MOST_EMPTY_CELLS = 600_000, 50_000_000
"""Lines, and cells of them, of a text whose lines are on average too short to be rows of its table."""
MOST_SHEETS = 100
"""Sheets of one workbook."""
MOST_TABLES = 50
"""Tables with different columns that are looked at in one import."""

UNPACKED_TIMES, UNPACKED_FREE = 100, 64 * 1024 * 1024
"""How many times its size an archive may unpack to, and what it may unpack to whatever its size."""
MOST_MEMBERS = 1_000
"""Files in one archive."""

TEXT_TIMES, TEXT_FREE = 30, 16 * 1024 * 1024
"""How many times its size a file that is no text may come to as text, and what it may whatever its size."""
APART_MEMORY, APART_TIMES, APART_MOST = 380_000_000, 15, 6_000_000_000
"""Memory in bytes of the process that reads such a file: what it may take whatever the file's size, how many times that
size on top, and never more than this."""
APART_SECONDS, APART_SECONDS_A_MEGABYTE = 4.0, 6.0
"""Its processor seconds, likewise."""

CHUNK = 1024 * 1024
"""Bytes read at a time."""


def most_text(size: int) -> int:
    """Characters of text that a file of `size` bytes may come to."""
    return max(TEXT_FREE, TEXT_TIMES * size)


def most_memory(size: int) -> int:
    """Bytes of memory that reading it may take."""
    return min(APART_MEMORY + APART_TIMES * size, APART_MOST)


def most_seconds(size: int) -> float:
    """Processor seconds that reading it may take."""
    return APART_SECONDS + APART_SECONDS_A_MEGABYTE * size / 1e6


def too_short(lines: int, width: int, size: int) -> bool:
    """Whether so many lines in `size` bytes are no rows of a table of `width` columns, and more than worth reading: a
    row has a separator for each of its columns."""
    many = lines > MOST_SHORT_LINES or lines * width > MOST_EMPTY_CELLS
    return many and size < lines * width / 2
