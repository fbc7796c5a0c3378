"""Pseudonyms: the rest of the system knows a customer by a keyed hash, never by an address.

HMAC-SHA-256 with the workspace's key (RFC 2104): without the key nobody can test whether an address is in the data,
which a plain hash would allow. The same address gives the same pseudonym in every import of a workspace.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

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
