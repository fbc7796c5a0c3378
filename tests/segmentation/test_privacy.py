"""Pseudonyms: the same person, and nobody who has not the key."""

from __future__ import annotations

import hmac
import re

import pytest

from segmentation.privacy import erased_mark, normal_email, pseudonym, pseudonyms

KEY = b"k" * 32


def test_the_same_address_gives_the_same_pseudonym_whatever_its_case() -> None:
    assert pseudonym(KEY, " Ann@Example.com ") == pseudonym(KEY, "ann@example.com")


def test_another_key_gives_another_pseudonym() -> None:
    assert pseudonym(KEY, "ann@example.com") != pseudonym(b"x" * 32, "ann@example.com")


def test_a_pseudonym_shows_nothing_of_the_address() -> None:
    assert re.fullmatch(r"p-[0-9a-f]{24}", pseudonym(KEY, "ann@example.com"))


def test_pseudonyms_come_in_the_order_of_their_addresses() -> None:
    assert pseudonyms(KEY, ["a@example.com", "b@example.com"]) == [
        pseudonym(KEY, "a@example.com"),
        pseudonym(KEY, "b@example.com"),
    ]


def test_an_address_is_compared_in_lower_case_and_without_spaces_around_it() -> None:
    assert normal_email("  Zoë@Example.ORG ") == "zoë@example.org"


@pytest.mark.parametrize("key", [bytes(range(32)), b"k", bytes(64)])
def test_a_mark_is_the_hmac_of_what_it_stands_for(key: bytes) -> None:
    assert (
        erased_mark(key, "email", "Ada@Example.com")
        == hmac.digest(key, b"erased email ada@example.com", "sha256").hex()
    )
    assert erased_mark(key, "name", " Zoe\u0308  B ") == hmac.digest(key, "erased name zoë b".encode(), "sha256").hex()
