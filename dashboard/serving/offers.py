"""Files that pages offer: each has an address that only its visitor's browser may ask, as long as the page is open.

Streamlit keeps the files of a page from the beginning of one run to the beginning of the next, and forgets them when
other visitors' runs end: a click could find its file gone. So it is given a receipt to keep, and files are made when
they are asked for (`handing_out`). A page that is drawn again offers the same file under the same address.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

_SECRET = secrets.token_bytes(32)
"""Without it nobody can say what the address of a file is."""
MOST = 100
"""Files that are offered on one page at most; older ones are forgotten first."""
AWAY = 120.0
"""Seconds for which files are offered after a sweep first found that their page was closed."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that is made when it is asked for: what makes it, what it is called, and whose page offers it. `visitor`
    is None for a browser without a cookie; then the address alone says who may have it."""

    make: Callable[[], bytes]
    file_name: str
    mime: str
    session: str
    visitor: str | None

    def is_for(self, visitor: str | None) -> bool:
        """Whether this browser may have it."""
        return self.visitor is None or (visitor is not None and secrets.compare_digest(self.visitor, visitor))


def receipt_for(session: str, visitor: str | None, file_name: str, identity: str) -> bytes:
    """What stands for a file in Streamlit's memory: 256 bits that differ with the page, the visitor and the file.
    `identity` differs whenever the content does."""
    told = "\0".join((session, visitor or "", file_name, identity))
    return hmac.new(_SECRET, told.encode(), hashlib.sha256).hexdigest().encode()


class Offers:
    """The files that the pages of one server offer, by address. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._offers: dict[str, Offer] = {}
        self._left: dict[str, float] = {}

    def put(self, address: str, offer: Offer) -> None:
        """Offer a file; the newest way to make it counts."""
        with self._lock:
            self._offers.pop(address, None)
            self._offers[address] = offer
            own = [name for name, one in self._offers.items() if one.session == offer.session]
            for name in own[:-MOST]:
                del self._offers[name]

    def get(self, address: str, visitor: str | None) -> Offer | None:
        """What is offered there to this browser; None where that is nothing."""
        with self._lock:
            offer = self._offers.get(address)
        return offer if offer is not None and offer.is_for(visitor) else None

    def sweep(self, *, now: float, active: Callable[[str], bool], away: float = AWAY) -> None:
        """Forget what pages offered that were closed, at this POSIX time; `active` says whether one is open."""
        with self._lock:
            closed = {one.session for one in self._offers.values() if not active(one.session)}
            self._left = {session: self._left.get(session, now) for session in closed}
            gone = {session for session, at in self._left.items() if now - at > away}
            self._offers = {name: one for name, one in self._offers.items() if one.session not in gone}


OFFERS = Offers()
"""What the pages of this server offer."""
