"""Customer ids, names and addresses that stand for nobody: walk-in customers, guests, zeros."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal

from segmentation.meaning.vocabulary.lexicon import (
    Words,
    classes,
    folded,
    has_digit,
    lexicon,
    spelt,
    sub_lexicon,
    words,
)

Strength = Literal["sure", "maybe"]
"""sure: nobody is called this · maybe: somebody may be, so that a person or the number of orders has to say."""

_SURE_ID = re.compile(r"[#-]?0+(?:[.,]0+)?|0+(?:[ ./()-]+0+)+|-1(?:[.,]0+)?|-?(?:x{3,}|\?+|-+|\.+|\*+|_+)|-9{2,}")
_MAYBE_ID = re.compile(
    r"9{4,}(?:[.,]0+)?|(\d)\1{5,}|[xX]{1,2}|-\d+|x{2,}[ ./-]x{2,}(?:[ ./-]x+)*|[a-zA-Z]{1,4}[-_]?0{2,}"
)
_GUEST = frozenset({"guest", "gast", "invite", "invitado", "ospite", "convidado", "gosc", "host", "misafir", "gaest"})
_WALK_IN = (("walk", "in"), ("walkin",))
_ERRORS = frozenset({"#n/a", "#ref!", "#value!", "#name?", "#null!", "#div/0!", "<na>"})


def is_placeholder(text: str) -> bool:
    """Whether the text surely stands for nobody; `placeholder` knows those that may."""
    return placeholder(text) == "sure"


@lru_cache(maxsize=65_536)
def placeholder(text: str) -> Strength | None:
    """How surely a customer's id, name or e-mail address stands for nobody; None for a customer and for no text.

    “Walk-in customer”, “0”, “guest-184” and “noemail@shop.com” do. “Gast” and “Cash” are surnames too, “9999” may be
    the id of a customer, and test@ somebody's address: these are maybe.
    """
    bare = text.strip().strip("\"'").strip()
    if not bare:
        return None
    if "@" in bare:
        return _address(bare)
    if bare.lower() in _ERRORS or _SURE_ID.fullmatch(bare.lower()):
        return "sure"
    if _MAYBE_ID.fullmatch(bare.lower()):
        return "maybe"
    return _name(bare)


def _name(text: str) -> Strength | None:
    found = words(text)
    if not found:
        return None
    if text == "NA":
        return "sure"
    strength = _strength(found)
    if strength is None and len(found) > 1:
        strength = "sure" if _denied(found) else _numbered(found)
    if strength is None and len(found) == 2 and found[0] == found[1] and _strength(found[:1]):
        return "sure"  # “Cash Cash”: a first and a last name that were made up to fill a form
    return strength


def _denied(words: Words) -> bool:
    """“Bez zákazníka”, “Ohne Kunde”: a customer and a no, and nothing else."""
    read = [part.name for part in sub_lexicon("consent", ("negation",)).read(words)]
    rest = tuple(word for word, name in zip(words, read, strict=False) if name is None)
    return "negation" in read and len(read) == len(words) and rest in _customers()


@cache
def _customers() -> frozenset[Words]:
    """The words for a customer."""
    return frozenset(spelt(entry for entries in classes("headers")["customer"].values() for entry in entries))


def _numbered(words: Words) -> Strength | None:
    """A guest or a walk-in customer with a number or a code behind; “Unknown 3” may be a name given to somebody."""
    if not has_digit("".join(words[1:])):
        return None
    if words[0] in _GUEST or words[:1] in _WALK_IN or words[:2] in _WALK_IN:
        return "sure"
    front = tuple(word for word in words if not has_digit(word))
    return "maybe" if len(words) == len(front) + 1 and _strength(front) == "sure" else None


def _strength(words: Words) -> Strength | None:
    names = lexicon("placeholders")
    if words in _names("sure") or (len(words) == 2 and words[::-1] in _names("sure")):
        return "sure"
    return "maybe" if names.whole(words) == "maybe" else None


@cache
def _names(name: str) -> frozenset[Words]:
    return lexicon("placeholders").of(name)


def _address(text: str) -> Strength | None:
    """An address stands for nobody by what is before its @, or by a domain where nobody has an address."""
    local, _, domain = folded(text.replace("-", "~").replace("_", "~")).replace("~", "-").rpartition("@")
    if not local:
        return None if domain else "sure"  # “@anna” is how a shop on a social network knows her
    if domain in classes("placeholders")["domain"]["any"] or domain.endswith((".invalid", ".local")):
        return "sure"
    before = re.sub(r"\d+$", "", local.partition("+")[0]).strip("._-")
    if not before:
        return "sure" if not local.strip("0") else None
    spoken = tuple(re.findall(r"[^\W_]+", before))
    if spoken in _mails("sure_mail") or (spoken in _names("sure") and spoken not in _mails("maybe_mail")):
        return "sure"
    if local == domain.split(".")[0] and spoken in _names("maybe"):
        return "sure"  # gast@gast.de
    if re.fullmatch(r"x{3,}", before) or set(local) == set(domain.partition(".")[0]) == {local[0]}:  # a@a.com
        return "sure"
    return "maybe" if spoken in _mails("maybe_mail") else None


@cache
def _mails(name: str) -> frozenset[Words]:
    """The words before the @, written apart and in one word."""
    lists = classes("placeholders")[name].values()
    return frozenset(tuple(re.findall(r"[^\W_]+", folded(entry))) for entries in lists for entry in entries)
