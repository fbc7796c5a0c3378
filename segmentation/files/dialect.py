"""How a delimited text is written: a small frozen value that says everything a reader needs."""

from __future__ import annotations

from dataclasses import dataclass

SPACES = " "
"""Stands for runs of spaces: columns aligned by blanks."""

SEPARATORS = (",", ";", "\t", "|", "^", "~", "\x1f")
"""What may stand between columns, likeliest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The layout of a delimited text file.

    `quote` is the quotation mark, `escape` what makes the next mark literal besides doubling it ("" where nothing
    does), `padded` says that separators are followed by blanks. `header` counts the rows that name the columns, and
    `skip` the physical lines above the first row of data: preamble and header.
    """

    encoding: str
    separator: str
    quote: str = '"'
    escape: str = ""
    padded: bool = False
    header: int = 1
    skip: int = 1

    @property
    def plain(self) -> bool:
        """Whether the engine can read the file's own bytes."""
        return self.encoding == "utf-8" and self.separator != SPACES and not self.escape and not self.padded
