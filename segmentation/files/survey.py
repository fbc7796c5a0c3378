"""One pass over the bytes of a file: what it is, for the record, and what no sample can promise."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from segmentation.errors import Cancelled

CHUNK = 1024 * 1024
_FEED = 10
_RUN_OF_SPACES = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class Survey:
    """What every byte of a file says. `lines` counts physical lines; `nulls` says whether there are zero bytes."""

    size: int
    lines: int
    nulls: bool
    utf8: bool


def survey(path: Path, stopped: Callable[[], bool] = lambda: False) -> Survey:
    """Read the file once; raises Cancelled when `stopped` says so."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    size = feeds = returns = 0
    nulls, utf8, last, pending = False, True, b"", False
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if stopped():
                raise Cancelled("The import")
            size += len(chunk)
            feeds += int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == _FEED))
            nulls = nulls or b"\0" in chunk
            if not feeds:
                returns += chunk.count(b"\r")
            if utf8 and (pending or not chunk.isascii()):
                utf8, pending = _still_utf8(decoder, chunk)
            last = chunk[-1:]
    breaks = feeds or returns
    return Survey(
        size=size,
        lines=breaks + (last not in {b"\n", b"\r"}),
        nulls=nulls,
        utf8=utf8 and not pending,
    )


def transcode(
    path: Path, target: Path, encoding: str, *, join_spaces: bool, stopped: Callable[[], bool] = lambda: False
) -> None:
    """Write the file as UTF-8 with `\\n` line ends and no NULs; `join_spaces` turns each run of spaces into one tab.

    Works in chunks of lines. A byte without a meaning in `encoding` becomes U+FFFD, which stays visible.
    """
    with (
        path.open(encoding=encoding, errors="replace", newline=None) as source,
        target.open("w", encoding="utf-8", newline="\n") as out,
    ):
        first = True
        while lines := source.readlines(CHUNK):
            if stopped():
                raise Cancelled("The import")
            if first:
                lines[0] = lines[0].removeprefix("\ufeff")
                first = False
            if join_spaces:
                out.writelines(_RUN_OF_SPACES.sub("\t", line.strip()).replace("\0", "") + "\n" for line in lines)
            else:
                out.write("".join(lines).replace("\0", ""))


def _still_utf8(decoder: codecs.IncrementalDecoder, chunk: bytes) -> tuple[bool, bool]:
    """Whether everything up to this chunk is UTF-8, and whether it ends inside a character."""
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return False, False
    return True, bool(decoder.getstate()[0])
