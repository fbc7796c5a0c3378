"""How much a stranger's file may ask of this machine. Beyond it, it is refused, and told which limit it met."""

from __future__ import annotations

MOST_COLUMNS = 2_000
LONGEST_LINE = 1_000_000
"""Bytes of one line. A longer one is no order line, and would have to be held in memory whole."""

UNPACKED_TIMES, UNPACKED_FREE = 100, 64 * 1024 * 1024
"""How many times its size an archive may unpack to, and what it may unpack to whatever its size."""
MOST_MEMBERS = 1_000
"""Files in one archive."""

MOST_WORKBOOK_BYTES = 1_500_000_000
"""Unpacked size of a workbook, which has to be held in memory whole."""
WORKBOOK_MEMORY, WORKBOOK_SECONDS = 6_000_000_000, 600
"""Address space in bytes and processor seconds for the process that reads a workbook."""

CHUNK = 1024 * 1024
"""Bytes read at a time."""
