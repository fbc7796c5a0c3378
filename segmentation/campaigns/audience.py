"""An audience: customers that a list of any kind names, without those who are not to be written to.

| left out | who that is |
|---|---|
| gone | customers who are not in the shop's data any more: they were erased |
| refused | who refused, or whose address is also that of somebody who refused |
| no_basis | whose consent is unknown, or where no basis is stated |
| no_address | who has no usable address on the channel |
| repeated | who has the address of an earlier customer of the list |

Each customer is left out for one reason, the first that applies, so that the counts add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentation import formats
from segmentation.customers import Addresses, BoolArray, CustomerTable, Reach

Channel = Literal["email", "phone", "none"]
"""email, phone: a list of addresses of this kind · none: a list of customer numbers, for a tool that knows them."""
CHANNELS: tuple[Channel, ...] = get_args(Channel)
Reason = Literal["gone", "refused", "no_basis", "no_address", "repeated"]
REASONS: tuple[Reason, ...] = get_args(Reason)

_SAID: dict[Reason, str] = {
    "gone": "erased since",
    "refused": "refused",
    "no_basis": "without a known basis",
    "no_address": "without an address",
    "repeated": "with the address of another",
}
_ADDRESSES: dict[Channel, str] = {"email": "an e-mail address", "phone": "a phone number", "none": "an address"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Audience:
    """Customers as they leave the house.

    how: how the list was made, in words.
    shop, as_of: of which shop, and the day up to but not including which orders count.
    basis, rule: on what basis they are written to, in words and as `Ground.rule` says it.
    channel: how they are reached.
    members: their ids, in the order of the list.
    asked: how many customers the list named.
    left_out: how many of them were left out, by the reason; only reasons that apply.
    """

    how: str
    shop: str
    as_of: date
    basis: str
    rule: str
    channel: Channel
    members: pa.Array
    asked: int
    left_out: Mapping[Reason, int]

    @property
    def size(self) -> int:
        """How many customers are in it."""
        return len(self.members)

    @property
    def sentence(self) -> str:
        """How many of how many, and who is left out: "1,204 of 1,330: 96 refused, 30 without an e-mail address"."""
        counted = f"{formats.number(self.size)} of {formats.number(self.asked)}"
        said = [f"{formats.number(n)} {self._said(reason)}" for reason, n in self.left_out.items()]
        return f"{counted}: {', '.join(said)}" if said else f"{counted}: nobody is left out"

    def _said(self, reason: Reason) -> str:
        if reason == "no_address":
            return f"without {_ADDRESSES[self.channel]}"
        if reason == "no_basis" and self.rule == "consent_column":
            return "whose consent is unknown"
        return _SAID[reason]

    def places(self, customers: CustomerTable) -> pa.Array:
        """Where the members stand in the table."""
        return pc.index_in(self.members, value_set=customers.ids)

    def to_json(self) -> dict[str, Any]:
        """The audience for a program, without its members."""
        return {
            "how": self.how,
            "shop": self.shop,
            "as_of": self.as_of.isoformat(),
            "basis": self.basis,
            "channel": self.channel,
            "customers": self.asked,
            "members": self.size,
            "left_out": dict(self.left_out),
        }


def audience(
    customers: CustomerTable,
    named: pa.Array,
    who: Reach,
    addresses: Addresses,
    *,
    how: str,
    shop: str,
    channel: Channel,
) -> Audience:
    """Those of the `named` customers, ids in the order of the list, who may be written to and can be.

    `addresses` are aligned with the table.
    """
    named = pc.unique(named)
    at = pc.index_in(named, value_set=customers.ids)
    here = np.asarray(pc.is_valid(at))
    rows = np.asarray(at.drop_null(), dtype=np.intp)
    refused = np.zeros(customers.n, np.bool_) if customers.consent is None else customers.consent.refused
    address, shared = _on(channel, addresses)
    no_address = np.zeros(customers.n, np.bool_) if address is None else ~np.asarray(pc.is_valid(address))
    left: dict[Reason, BoolArray] = {
        "refused": (refused | shared)[rows],
        "no_basis": ~who.may[rows],
        "no_address": no_address[rows],
    }
    stays = np.ones(len(rows), np.bool_)
    counts: dict[Reason, int] = {"gone": int((~here).sum())}
    for reason, out in left.items():
        counts[reason] = int((stays & out).sum())
        stays &= ~out
    rows = rows[stays]
    if address is not None:
        first = _first(address.take(pa.array(rows)))
        counts["repeated"] = int((~first).sum())
        rows = rows[first]
    return Audience(
        how=how,
        shop=shop,
        as_of=customers.as_of,
        basis=who.ground.short,
        rule=who.ground.rule,
        channel=channel,
        members=customers.ids.take(pa.array(rows)),
        asked=len(named),
        left_out={reason: n for reason, n in counts.items() if n},
    )


def usual_channel(addresses: Addresses) -> Channel:
    """E-mail where anybody has an address, else the phone where anybody has one, else neither."""
    if addresses.email.null_count < len(addresses.email):
        return "email"
    return "phone" if addresses.phone.null_count < len(addresses.phone) else "none"


def _on(channel: Channel, addresses: Addresses) -> tuple[pa.Array | None, BoolArray]:
    """The addresses of a channel, and whose is that of somebody who refused."""
    if channel == "email":
        return addresses.email, addresses.email_refused
    if channel == "phone":
        return addresses.phone, addresses.phone_refused
    return None, np.zeros(len(addresses.email), np.bool_)


def _first(addresses: pa.Array) -> BoolArray:
    """Whether each address stands there for the first time."""
    codes = np.asarray(addresses.dictionary_encode().indices)
    first = np.zeros(len(codes), np.bool_)
    first[np.unique(codes, return_index=True)[1]] = True
    return first


__all__ = ["CHANNELS", "REASONS", "Audience", "Channel", "Reason", "audience", "usual_channel"]
