"""Names of shops: what may be one, and when two of them are the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from segmentation.errors import WrongCall

LONGEST_SHOP_NAME = 60
"""Characters."""
UNNAMED = "My shop"
"""A shop whose file's name is none."""
_STEERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u00ad\u200b\u2060\ufeff")
_NO_CHARACTER = frozenset({"Cc", "Cs", "Cn", "Co"})
_TELLING = ("L", "N", "So")


def shop_name(text: str) -> str:
    """The name as it is kept: one Unicode form, single spaces, nothing invisible. Raises WrongCall for what is none."""
    name = _plain(text)
    if not name:
        raise WrongCall("The name of the shop is empty.", next_step="Give it a name with letters or digits.")
    if not _tells(name):
        raise WrongCall(
            f"“{name}” is no name of a shop.", next_step="Give it a name with at least one letter or digit."
        )
    if any(_steers(sign) for sign in name):
        raise WrongCall(
            "The name of the shop holds characters that cannot be shown.",
            evidence=f"It is {name!a}.",
            next_step="Give it a name without them.",
        )
    if len(name) > LONGEST_SHOP_NAME:
        raise WrongCall(
            f"The name of the shop has {len(name):,} characters; {LONGEST_SHOP_NAME} are possible.",
            next_step="Give it a shorter name.",
        )
    return name


def name_of_file(text: str) -> str:
    """The name of a shop after this name of a file, which may be any."""
    name = "".join(sign for sign in _plain(text) if not _steers(sign))[:LONGEST_SHOP_NAME].strip()
    return name if _tells(name) else UNNAMED


def known_name(text: str, known: Iterable[str]) -> str | None:
    """The one of the `known` names that this is, in whatever Unicode form; None where it is none of them."""
    names = list(known)
    return text if text in names else next((one for one in names if _plain(one) == _plain(text)), None)


def same_name(text: str, known: Iterable[str]) -> str:
    """The one of the `known` names that this is, in whatever Unicode form, else the name as `shop_name` has it.

    Raises WrongCall where it differs from one of them only by capital letters, width or spaces, and as `shop_name`.
    """
    names = list(known)
    there = known_name(text, names)
    if there is not None:
        return there
    name = shop_name(text)
    for one in names:
        if _alike(one) == _alike(name):
            raise WrongCall(
                f"“{name}” differs from the shop “{one}” only in how it is written.",
                next_step=f"Write “{one}” to mean that shop, or choose a name that differs more.",
            )
    return name


def _plain(text: str) -> str:
    shown = "".join(sign for sign in unicodedata.normalize("NFC", text) if sign not in _INVISIBLE)
    return " ".join(shown.split())


def _alike(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def _tells(name: str) -> bool:
    return any(unicodedata.category(sign).startswith(_TELLING) for sign in name)


def _steers(sign: str) -> bool:
    return sign in _STEERING or unicodedata.category(sign) in _NO_CHARACTER
