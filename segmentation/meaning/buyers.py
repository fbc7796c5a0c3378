"""Who ordered: the columns that name buyers, and what customers are known by where they have no ids."""

from __future__ import annotations

import re

import numpy as np

from segmentation.meaning.mapping import CONTACTS, Mapping
from segmentation.meaning.naming import WEAK_CUSTOMER, may_be_customer
from segmentation.meaning.profiles import ColumnProfile, TableProfile
from segmentation.meaning.proposals import BY_NAME, BY_VALUES, DOUBTFUL, Proposals
from segmentation.meaning.registers import days, joined, numbers
from segmentation.meaning.vocabulary.placeholders import placeholder
from segmentation.meaning.words import plain
from segmentation.notation.shares import CONSISTENT

_SURELY = 0.9
_CODED = re.compile(r"[\d@]")
_MOST_BUYERS, _LONGEST_ID = 4, 60
EMAIL_OR_NAME = "email or name"


def who(table: TableProfile, proposals: Proposals) -> None:
    """Propose the customer where neither an id nor an address was found: a full name, a name in two columns, a phone,
    and last a column whose name as often means somebody else."""
    have = proposals.headers
    if "customer" in have or ("email" in have and table[have["email"]].full >= 0.5):
        return
    _two_names(table, proposals)
    if "first_name" in have and "last_name" in have:
        return
    if "name" not in have and "first_name" in have and _names_people(table[have["first_name"]]):
        proposals.put("name", have["first_name"], BY_NAME, "it holds first and last names")
        proposals.drop("first_name")
        have = proposals.headers
    if "name" in have and _names_people(table[have["name"]]):
        proposals.put("customer", have["name"], DOUBTFUL, "there is no other sign of who ordered than a name")
        return
    if "email" in have:
        return
    proposals.drop("name")
    if "phone" not in have:
        _phone(table, proposals)
    if "phone" not in have:
        _last_of_all(table, proposals)


def _two_names(table: TableProfile, proposals: Proposals) -> None:
    """A column called “name” beside first names holds the last ones, and the other way round."""
    have = proposals.headers
    for one, other in (("first_name", "last_name"), ("last_name", "first_name")):
        if one in have and other not in have and "name" in have and not _names_people(table[have["name"]]):
            proposals.put(other, have["name"], BY_NAME, "it stands beside the other half of the name")
            proposals.drop("name")


def _phone(table: TableProfile, proposals: Proposals) -> None:
    for header, profile in table.columns.items():
        if header in proposals.headers.values() or profile.phones < _SURELY or profile.variety >= 1:
            continue
        if any(text.startswith(("+", "0")) for text in profile.texts):
            proposals.put("phone", header, BY_VALUES, "its values are phone numbers")
            return


def _last_of_all(table: TableProfile, proposals: Proposals) -> None:
    for header, profile in table.columns.items():
        word = plain(header)
        if header in proposals.headers.values() or word.replace(" id", "").replace(" number", "") not in WEAK_CUSTOMER:
            continue
        if word in WEAK_CUSTOMER and profile.share(_CODED.search) < _SURELY:
            continue  # first names: as well those who sold
        if may_be_customer(profile) and profile.distinct > max(3, 0.01 * profile.filled):
            proposals.put("customer", header, DOUBTFUL, "nothing else in the file may say who ordered")
            return


def may_be_buyers(table: TableProfile, mapping: Mapping) -> tuple[str, ...]:
    """Columns without a meaning whose values are one for each order: somebody may know them for buyers."""
    taken = set(mapping.columns().values())
    orders = numbers(table, mapping.columns()) if mapping.order else None
    if orders is not None and mapping.date is not None:  # numbers may begin anew every day
        orders = joined(orders, days(table, mapping.date))
    found = []
    for header, profile in table.columns.items():
        whole = profile.dates < CONSISTENT and profile.decimals < 0.05 and profile.longest <= _LONGEST_ID
        if header in taken or profile.distinct < 3 or profile.full < 0.5 or not whole:
            continue
        codes = table.codes(header)
        if orders is not None:
            both = (orders >= 0) & (codes >= 0)
            pairs = len(np.unique(np.stack([orders[both], codes[both]]), axis=1).T) if both.any() else 0
            if pairs > 1.05 * len(np.unique(orders[both])):
                continue
        found.append((profile.distinct, header))
    return tuple(header for _, header in sorted(found, key=lambda one: -one[0])[:_MOST_BUYERS])


def _names_people(profile: ColumnProfile) -> bool:
    """Whether a column may hold people's names: two words for most of them, or few at least."""
    people = [value for value in profile.values if placeholder(value.text) is None]
    named = sum(value.rows for value in people if len(value.text.split()) > 1 and not any(map(str.isdigit, value.text)))
    return bool(people) and named >= 0.5 * sum(value.rows for value in people)


def personal(mapping: Mapping, table: TableProfile) -> str | None:
    """What customers are known by where they have no ids: email, name, phone, or “email or name” (names do not tell
    people apart as addresses do). None where they have ids."""
    if mapping.customer is None:
        if mapping.email:
            named = mapping.name or (mapping.first_name and mapping.last_name)
            return EMAIL_OR_NAME if named and table[mapping.email].full < CONSISTENT else "email"
        if mapping.name or mapping.last_name:
            return "name"
        return "phone" if mapping.phone else None
    for meaning in CONTACTS:
        if getattr(mapping, meaning) == mapping.customer:
            return EMAIL_OR_NAME if meaning == "name" and mapping.email else meaning
    profile = table[mapping.customer]
    if profile.addresses >= CONSISTENT:
        return "email"
    if profile.names >= CONSISTENT:
        return EMAIL_OR_NAME if mapping.email else "name"
    return "phone" if profile.share(re.compile(r"\+[\d\s()./-]{7,20}").fullmatch) >= CONSISTENT else None
