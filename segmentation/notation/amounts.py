"""One amount as a number, for arithmetic on a sample; what is stored is read by the engine."""

from __future__ import annotations

import re

from segmentation.notation.numbers import NEGATIVE, looks_like_number

_NEGATIVE = re.compile(re.sub(r"\\x\{([0-9a-f]{4})\}", r"\\u\1", NEGATIVE))
_MOST = 1e14  # what the stored amounts can hold
_MARKS = {"point": (",", "."), "comma": (".", ",")}


def amount_of(text: str, decimal: str) -> float | None:
    """The amount a text says, given its decimal mark (point or comma); None where it is no amount."""
    if not looks_like_number(text):
        return None
    thousands, mark = _MARKS[decimal]
    digits = re.sub(r"[^\d.,eE]", "", text).replace(thousands, "").replace(mark, ".").strip("eE.")
    power = re.search(r"[eE]\+?(-?\d+)", text)
    try:
        found = float(re.split("[eE]", digits)[0]) * (10.0 ** int(power[1]) if power else 1.0)
    except (ValueError, OverflowError):
        return None
    if not found < _MOST:
        return None
    return -found if _NEGATIVE.search(text) else found
