"""How customers can be reached: e-mail address, phone number and name, without what belongs to somebody who refused.

An address is usable where a mail tool takes it and no spreadsheet takes it for a formula. Where one address is that of
several contacts and one of them refused, nobody has it: a letter to it would reach who refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.customers.consent import BoolArray
from segmentation.engine.protocol import Engine
from segmentation.workspace import DatasetVersion

_FIRST = r"[^\s@,;:<>()\[\]\\\"'=+＝＋－＠\x{200b}-\x{200f}\x{2060}\x{feff}-]"
_OTHER = r"[^\s@,;:<>()\[\]\\\"\x{200b}-\x{200f}\x{2060}\x{feff}]"
EMAIL = rf"^{_FIRST}{_OTHER}*@(?:{_OTHER}+\.)+[^\s@,;:<>()\[\]\\\".]{{2,}}$"
"""An address as mail tools take it: RFC 5322 without quoted names, comments and what begins like a formula."""
LONGEST_EMAIL = 254
PHONE = r"^[+0-9(][0-9 ()./\x{a0}-]{4,30}[0-9]$"
"""Digits, with what people write between them."""


@dataclass(frozen=True, slots=True, eq=False)
class Addresses:
    """Of each customer, aligned with the ids that were asked for, shape (n,); null where there is none to use.

    email: trimmed, in lower case.
    phone, name: as stored, trimmed.
    email_refused, phone_refused: whose address is also that of a contact who refused; it is null here.
    """

    email: pa.Array
    phone: pa.Array
    name: pa.Array
    email_refused: BoolArray
    phone_refused: BoolArray

    def take(self, places: pa.Array) -> Addresses:
        """The same for the customers at these places."""
        rows = np.asarray(places)
        return Addresses(
            self.email.take(places),
            self.phone.take(places),
            self.name.take(places),
            self.email_refused[rows],
            self.phone_refused[rows],
        )


def read_addresses(engine: Engine, version: DatasetVersion, ids: pa.Array) -> Addresses:
    """How the customers with these ids can be reached."""
    with engine.reading(version) as run:
        known = run.query("contact_addresses").combine_chunks()
    table = {name: _whole(known[name]) for name in ("customer_id", "email", "phone", "name", "consent")}
    refused = pc.fill_null(pc.invert(table["consent"]), False)
    email, phone = _usable_email(table["email"]), _usable_phone(table["phone"])
    # What no tool takes may still be the address of somebody who refused: it is compared before it is judged.
    email_no = _of_a_refusal(_spelled(table["email"]), refused)
    phone_no = _of_a_refusal(_digits(table["phone"]), refused)
    at = pc.index_in(ids, value_set=table["customer_id"])
    return Addresses(
        email=_unless(email, email_no).take(at),
        phone=_unless(phone, phone_no).take(at),
        name=_filled(pc.utf8_trim_whitespace(table["name"])).take(at),
        email_refused=np.asarray(pc.fill_null(email_no.take(at), False)),
        phone_refused=np.asarray(pc.fill_null(phone_no.take(at), False)),
    )


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _spelled(emails: pa.Array) -> pa.Array:
    return _filled(pc.utf8_lower(pc.utf8_trim_whitespace(emails)))


def _digits(phones: pa.Array) -> pa.Array:
    """The last nine digits, whichever way country and area are written; null where there are fewer."""
    bare = pc.replace_substring_regex(phones, r"\D", "")
    ends = pc.utf8_slice_codeunits(bare, start=-9, stop=None)
    return pc.if_else(pc.greater_equal(pc.utf8_length(bare), 7), ends, pa.scalar(None, ends.type))


def _usable_email(emails: pa.Array) -> pa.Array:
    spelled = _spelled(emails)
    short = pc.less_equal(pc.binary_length(spelled), LONGEST_EMAIL)
    return _unless(spelled, pc.invert(pc.and_(pc.match_substring_regex(spelled, EMAIL), short)))


def _usable_phone(phones: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(phones)
    return _unless(trimmed, pc.invert(pc.match_substring_regex(trimmed, PHONE)))


def _of_a_refusal(addresses: pa.Array, refused: pa.Array) -> pa.Array:
    """Whether each is that of somebody who refused."""
    theirs = addresses.filter(refused).drop_null()
    return pc.and_(pc.is_valid(addresses), pc.is_in(addresses, value_set=theirs))


def _filled(texts: pa.Array) -> pa.Array:
    return _unless(texts, pc.equal(texts, ""))


def _unless(texts: pa.Array, gone: pa.Array) -> pa.Array:
    """The texts, null where `gone` is true."""
    return pc.if_else(pc.fill_null(gone, True), pa.scalar(None, texts.type), texts)


__all__ = ["EMAIL", "PHONE", "Addresses", "read_addresses"]
