"""Audiences: whom a list leaves out and how many for each reason; nobody who refused is ever in one."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from segmentation.campaigns import CHANNELS, Audience, Channel, audience, usual_channel
from segmentation.customers import CustomerTable, Reach, prepare, reach, read_addresses
from segmentation.customers.addresses import Addresses
from segmentation.engine import DuckEngine
from segmentation.exports import safe_text
from segmentation.workspace import Statement, Workspace
from tests.segmentation.shops import Line, line, store

STATED = Statement(basis="existing_customers", note="", by="Ann", at="2026-11-01T10:00:00+00:00")
People = list[Line]


def person(customer: str, email: str | None, consent: bool | None, phone: str | None = None) -> Line:
    return {"customer_id": customer, "email": email, "consent": consent, "phone": phone, "name": customer.title()}


def shop(folder: Path, people: People, buyers: list[str]) -> tuple[CustomerTable, Addresses]:
    """The customers of a shop with these contacts, and how they can be reached."""
    workspace = Workspace.open(folder)
    engine = DuckEngine.open(workspace.root)
    lines = [line(one, str(n), "2026-01-10", "40") for n, one in enumerate(buyers)]
    version = store(workspace, lines, people)
    customers = prepare(workspace, engine, version)
    return customers, read_addresses(engine, version, customers.ids)


def made(customers: CustomerTable, addresses: Addresses, channel: Channel, who: Reach | None = None) -> Audience:
    named = pa.array(sorted(customers.ids.to_pylist()))
    found = who or reach(customers, None)
    return audience(customers, named, found, addresses, how="All", shop="Shop", channel=channel)


PEOPLE = [
    person("ann", "Ann@Shop.example ", True, "+49 30 123456"),
    person("bob", "bob@shop.example", False, "0171 7654321"),
    person("cy", "cy@shop.example", None, "+49 40 9876543"),
    person("dee", None, True, "+49 171 7654321"),
    person("eve", "not an address", True, "call me"),
    person("flo", "ann@shop.example", True),
    person("gus", "bob@shop.example", True, "+49 89 5554433"),
    person("=1+1", "=cmd@shop.example", True),
]
BUYERS = [str(one["customer_id"]) for one in PEOPLE]


def test_each_customer_is_left_out_for_one_reason_and_the_counts_add_up(tmp_path: Path) -> None:
    customers, addresses = shop(tmp_path, PEOPLE, BUYERS)
    found = made(customers, addresses, "email")
    assert found.members.to_pylist() == ["ann"]
    assert found.left_out == {"refused": 2, "no_basis": 1, "no_address": 3, "repeated": 1}
    assert found.size + sum(found.left_out.values()) == found.asked == 8
    assert found.sentence == (
        "1 of 8: 2 refused, 1 whose consent is unknown, 3 without an e-mail address, 1 with the address of another"
    )


def test_a_phone_that_somebody_who_refused_has_too_is_not_called(tmp_path: Path) -> None:
    """Dee's number is Bob's with its country's code, and Bob refused."""
    customers, addresses = shop(tmp_path, PEOPLE, BUYERS)
    found = made(customers, addresses, "phone")
    assert found.members.to_pylist() == ["ann", "gus"]
    assert found.left_out == {"refused": 2, "no_basis": 1, "no_address": 3}
    assert "3 without a phone number" in found.sentence


def test_a_list_of_customer_numbers_needs_no_address_but_consent(tmp_path: Path) -> None:
    customers, addresses = shop(tmp_path, PEOPLE, BUYERS)
    assert made(customers, addresses, "none").members.to_pylist() == ["=1+1", "ann", "dee", "eve", "flo", "gus"]


def test_a_contact_who_never_ordered_and_refused_keeps_the_address_out(tmp_path: Path) -> None:
    people = [person("ann", "ann@shop.example", True), person("reader", "ANN@shop.example", False)]
    customers, addresses = shop(tmp_path, people, ["ann"])
    found = made(customers, addresses, "email")
    assert (found.size, found.left_out) == (0, {"refused": 1})


def test_whoever_was_erased_since_is_counted_and_not_in_the_list(tmp_path: Path) -> None:
    customers, addresses = shop(tmp_path, PEOPLE, BUYERS)
    named = pa.array(["zoe", "ann", "yan"])
    found = audience(customers, named, reach(customers, None), addresses, how="Kept", shop="Shop", channel="email")
    assert (found.members.to_pylist(), found.left_out, found.asked) == (["ann"], {"gone": 2}, 3)
    assert found.sentence == "1 of 3: 2 erased since"


def test_the_order_of_a_list_is_kept(tmp_path: Path) -> None:
    people = [person(f"c{n}", f"c{n}@shop.example", True) for n in range(9)]
    customers, addresses = shop(tmp_path, people, [str(one["customer_id"]) for one in people])
    wanted = ["c5", "c1", "c8", "c0"]
    found = audience(customers, pa.array(wanted), reach(customers, None), addresses, how="", shop="", channel="email")
    assert found.members.to_pylist() == wanted
    assert customers.ids.take(found.places(customers)).to_pylist() == wanted


@pytest.mark.parametrize(
    ("consents", "stated", "expected", "said"),
    [
        ([False, None], None, 0, "1 refused, 1 without a known basis"),
        ([False, None], STATED, 1, "1 refused"),
        ([None, None], None, 2, "nobody is left out"),
        ([True, None], STATED, 1, "1 whose consent is unknown"),
    ],
)
def test_the_basis_decides_who_is_in_as_everywhere(
    tmp_path: Path, consents: list[bool | None], stated: Statement | None, expected: int, said: str
) -> None:
    people = [person(f"c{n}", f"c{n}@shop.example", one) for n, one in enumerate(consents)]
    customers, addresses = shop(tmp_path, people, ["c0", "c1"])
    found = made(customers, addresses, "email", reach(customers, stated))
    assert found.size == expected
    assert said in found.sentence


def test_the_usual_channel_is_the_one_that_anybody_has(tmp_path: Path) -> None:
    people = [person("ann", None, True), person("bob", None, True)]
    assert usual_channel(shop(tmp_path / "a", people, ["ann", "bob"])[1]) == "none"
    people[1] = person("bob", None, True, "030 123456")
    assert usual_channel(shop(tmp_path / "b", people, ["ann", "bob"])[1]) == "phone"
    people[0] = person("ann", "ann@shop.example", True)
    assert usual_channel(shop(tmp_path / "c", people, ["ann", "bob"])[1]) == "email"


def test_a_shop_that_knows_no_contacts_has_a_list_of_customer_numbers(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path)
    engine = DuckEngine.open(workspace.root)
    version = store(workspace, [line("ann", "1", "2026-01-10", "40")])
    customers = prepare(workspace, engine, version)
    addresses = read_addresses(engine, version, customers.ids)
    assert made(customers, addresses, "email").left_out == {"no_address": 1}
    assert made(customers, addresses, "none").members.to_pylist() == ["ann"]


EMAILS = ["a@x.example", "A@X.example", "b@x.example", " b@x.example", "bad", "=c@x.example", "", None]
PHONES = ["+49 30 1234567", "030 1234567", "0049301234567", "+1 202 555 0100", "12", "", None]


@pytest.mark.parametrize("seed", range(12))
def test_nobody_who_refused_and_no_address_of_theirs_is_in_any_audience(tmp_path: Path, seed: int) -> None:
    """Random shops, every channel, with and without a stated basis."""
    chance = random.Random(seed)
    answers = chance.choice([[True, False, None], [False, None], [True, False]])
    people = [person(f"c{n}", chance.choice(EMAILS), chance.choice(answers), chance.choice(PHONES)) for n in range(40)]
    buyers = [str(one["customer_id"]) for one in people if chance.random() < 0.8] or ["c0"]
    customers, addresses = shop(tmp_path, people, buyers)
    refused = [one for one in people if one["consent"] is False]
    ids = {one["customer_id"] for one in refused}
    emails = {str(one["email"]).strip().lower() for one in refused if one["email"]}
    ends = {digits(str(one["phone"])) for one in refused if one["phone"]}
    for channel, stated in itertools.product(CHANNELS, (None, STATED)):
        found = made(customers, addresses, channel, reach(customers, stated))
        assert found.size + sum(found.left_out.values()) == found.asked
        assert not ids & set(found.members.to_pylist())
        theirs = addresses.take(found.places(customers))
        assert not emails & set(theirs.email.to_pylist())
        assert not (ends & {digits(one) for one in theirs.phone.to_pylist() if one}) - {""}
        if channel == "email":
            assert len(set(theirs.email.to_pylist())) == found.size


def digits(phone: str) -> str:
    """The end of a number, by which two ways of writing it are one; nothing where it is too short to be one."""
    bare = "".join(sign for sign in phone if sign.isdigit())
    return bare[-9:] if len(bare) >= 7 else ""


NO_ADDRESS = (
    "=1+1@x.example", "+a@x.example", "-a@x.example", "@x.example", "'=a@x.example", "＝a@x.example",
    "\u200b=a@x.example", "a;=b@x.example", "a b@x.example", "a@x", "a@x.", "a@@x.example", "a\t@x.example",
    "Ann <a@x.example>", "a@x.example, b@x.example", f"{'a' * 250}@x.example",
)  # fmt: skip
ADDRESS = ("ann@shop.example", "ann.o'hara+news@mail.shop.example", "ann_1@xn--bcher-kva.example", "ñ@shop.example")


def test_what_no_mail_tool_takes_or_a_spreadsheet_runs_is_no_address(tmp_path: Path) -> None:
    people = [person(f"c{n:02}", text, True) for n, text in enumerate(NO_ADDRESS + ADDRESS)]
    customers, addresses = shop(tmp_path, people, [str(one["customer_id"]) for one in people])
    found = dict(zip(customers.ids.to_pylist(), addresses.email.to_pylist(), strict=True))
    assert [found[customer] for customer in sorted(found)] == [None] * len(NO_ADDRESS) + list(ADDRESS)
    assert [safe_text(text) for text in ADDRESS] == list(ADDRESS)


def test_addresses_are_aligned_with_the_ids_that_are_asked_for(tmp_path: Path) -> None:
    customers, addresses = shop(tmp_path, PEOPLE, BUYERS)
    by_id = dict(zip(customers.ids.to_pylist(), addresses.name.to_pylist(), strict=True))
    assert by_id == {one["customer_id"]: one["name"] for one in PEOPLE}
    assert np.array_equal(addresses.email_refused, [one in {"bob", "gus"} for one in customers.ids.to_pylist()])
