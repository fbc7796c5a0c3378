"""Encodings of two bytes a character: told by whether a text reads as common characters that stand together."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable

_MOST = 200_000
_COMMON, _APART, _LEAST = 0.9, 0.3, 4
_SYLLABLES, _HALF_WIDTH = 0.3, 0.05


def _kana(char: str) -> bool:
    return "\u3041" <= char <= "\u30ff" and char != "\u30fb"


def _leads(low: int, high: int, name: str) -> Callable[[str], bool]:
    """Whether the first byte of a character in the encoding is within these: where its common ones are."""

    def test(char: str) -> bool:
        encoded = char.encode(name, errors="ignore")
        return len(encoded) == 2 and low <= encoded[0] <= high

    return test


_JIS = _leads(0x88, 0x97, "cp932")
_ENCODINGS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("cp932", lambda char: _kana(char) or _JIS(char)),
    ("euc_jp", lambda char: _kana(char) or _JIS(char)),
    ("cp949", lambda char: "\uac00" <= char <= "\ud7a3"),
    ("gb18030", _leads(0xB0, 0xD7, "gb2312")),
    ("big5", _leads(0xA4, 0xC6, "big5")),
)


def two_byte_encoding(data: bytes) -> str | None:
    """The encoding in which this text, which is no UTF-8, reads as Japanese, Korean or Chinese; None for other texts.

    Letters of a text in an eight-bit encoding stand among those of ASCII, and read as rare characters: neither is so
    here.
    """
    best: tuple[float, str] | None = None
    for name, common in _ENCODINGS:
        try:
            text = codecs.getincrementaldecoder(name)().decode(data[:_MOST])
        except UnicodeDecodeError:
            continue
        if name == "cp932" and _syllables(text):
            return name
        score = _score(text, common)
        if score is not None and (best is None or score > best[0]):
            best = (score, name)
    return best[1] if best is not None else None


def _score(text: str, common: Callable[[str], bool]) -> float | None:
    """The share of common characters beyond ASCII; None where there are few, or they stand among letters."""
    wide = [at for at, char in enumerate(text) if char > "\x7f" and unicodedata.category(char)[0] == "L"]
    if len(wide) < _LEAST:
        return None
    apart = sum(_among_letters(text, at) for at in wide)
    share = sum(common(text[at]) for at in wide) / len(wide)
    narrow = sum("\uff61" <= text[at] <= "\uff9f" for at in wide)
    if apart > _APART * len(wide) or share < _COMMON or narrow > _APART * len(wide):
        return None
    return share


def _syllables(text: str) -> bool:
    """Whether runs of full-width Japanese syllables stand in the text, as they do in no other language's bytes."""
    wide = [char for char in text if char > "\x7f" and unicodedata.category(char)[0] == "L"]
    kana = sum(map(_kana, wide))
    narrow = sum("\uff61" <= char <= "\uff9f" for char in wide)
    return len(wide) >= _LEAST and kana >= _SYLLABLES * len(wide) and narrow <= _HALF_WIDTH * len(wide)


def _among_letters(text: str, at: int) -> bool:
    sides = text[at - 1 : at] + text[at + 1 : at + 2]
    return any(char.isascii() and char.isalpha() for char in sides)
