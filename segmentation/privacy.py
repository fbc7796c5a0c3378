"""Pseudonyms: the rest of the system knows a customer by a keyed hash, never by an address.

HMAC-SHA-256 with the workspace's key (RFC 2104): without the key nobody can test whether an address is in the data,
which a plain hash would allow. The same address gives the same pseudonym in every import of a workspace.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Literal

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
            normal = "".join(normal_email(value).split())
        case "phone":
            digits = "".join(c for c in value if c.isdigit())
            normal = digits[-_DIGITS:] if len(digits) >= _LEAST_DIGITS else ""
        case "name":
            normal = " ".join(value.casefold().split())
    if not normal:
        return None
    return hmac.digest(key, f"erased {trace} {normal}".encode(), "sha256").hex()
