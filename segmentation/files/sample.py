"""A bounded look at a text file: its head and blocks spread through it, decoded. Never the whole file."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

from segmentation.errors import UnreadableFile
from segmentation.files.encoding import decoded_line, eight_bit_encoding, encoding_of, odd_bytes
from segmentation.files.limits import LONGEST_LINE
from segmentation.files.signatures import HEAD, TEXT_NEEDED

BLOCK, BLOCKS = 16 * 1024, 12
MOJIBAKE = {code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)}
"""Windows' own characters, where a program took them for Latin-1's control codes: nobody types those."""
_CONTROL_CODES = re.compile("[\x80-\x9f]")


@dataclass(frozen=True, slots=True)
class Sample:
    """Decoded pieces of a file: `head` from its first byte, `blocks` from further on; `whole` if that is all of it.
    `garbled` says that control codes stand where Windows' characters were meant."""

    file: str
    encoding: str
    head: str
    blocks: tuple[str, ...]
    whole: bool
    garbled: bool

    def texts(self) -> list[str]:
        """Every piece cut to complete lines, the head first."""
        head = self.head if self.whole else _complete(self.head)
        inner = (_complete(block.partition("\n")[2]) for block in self.blocks)
        return [head or self.head, *(text for text in inner if text)]


def take(path: Path, name: str) -> Sample:
    """Look at a text file, called `name` in messages; raises UnreadableFile where its first line never ends."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD)
        if size > HEAD and not re.search(rb"[\r\n]", head):
            head += file.read(LONGEST_LINE)
            if not re.search(rb"[\r\n]", head):
                raise UnreadableFile(name, f"A line is longer than {LONGEST_LINE:,} bytes.", next_step=TEXT_NEEDED)
        blocks = []
        step = (size - len(head)) // BLOCKS
        for index in range(BLOCKS if step > BLOCK else 0):
            file.seek((len(head) + index * step) & ~3)  # a wide character starts there
            blocks.append(file.read(BLOCK))
        if not blocks and size > len(head):
            file.seek(len(head))
            blocks = [b"\n" + file.read()] if step <= BLOCK else []
    encoding = _encoding(head, blocks)
    decoded = [_decoded(data, encoding).replace("\0", "") for data in (head, *blocks)]
    garbled = encoding == "utf-8" and any(map(_CONTROL_CODES.search, decoded))
    if garbled:
        decoded = [text.translate(MOJIBAKE) for text in decoded]
    return Sample(name, encoding, decoded[0].removeprefix("\ufeff"), tuple(decoded[1:]), size <= len(head), garbled)


def lines_of(text: str) -> list[str]:
    """The physical lines of a text with their ends, which become `\\n`; other separators are characters like any."""
    return list(io.StringIO(text, newline=None))


def _complete(text: str) -> str:
    end = max(text.rfind("\n"), text.rfind("\r"))
    return text[: end + 1] if end >= 0 else ""


def _decoded(data: bytes, encoding: str) -> str:
    """A piece as text; where lines of another encoding stand among lines of UTF-8, each as it was written."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            return data.decode(encoding, errors="replace")
    lines = data.splitlines(keepends=True)
    other = eight_bit_encoding(b"\n".join(odd_bytes(line) for line in lines if decoded_line(line, "") is None))
    return "".join(decoded_line(line, other) or "" for line in lines)


def _encoding(head: bytes, blocks: list[bytes]) -> str:
    """UTF-8 if every piece is, but for characters cut at its ends."""
    found = encoding_of(head)
    if found != "utf-8":
        return found if not blocks or found.startswith("utf") else encoding_of(b"\n".join((head, *blocks)))
    pieces = (block.lstrip(bytes(range(0x80, 0xC0))) for block in blocks)
    for piece in pieces:
        if (other := encoding_of(piece)) != "utf-8" and not other.startswith("utf"):
            return encoding_of(b"\n".join((head, *blocks)))
    return "utf-8"
