"""Remembered mappings name customers where somebody said who is a guest and who is none: these go with the customer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from segmentation.meaning.mapping import Mapping


def named_in(text: str) -> frozenset[str]:
    """The ids, addresses and names that a mapping says something of."""
    choices = Mapping.from_toml(text).choices
    return frozenset((*choices.guests, *choices.not_guests))


def without(text: str, people: Collection[str]) -> str:
    """The mapping without these people, whatever the case."""
    mapping, known = Mapping.from_toml(text), {one.casefold() for one in people}
    choices = replace(
        mapping.choices,
        guests=tuple(one for one in mapping.choices.guests if one.casefold() not in known),
        not_guests=tuple(one for one in mapping.choices.not_guests if one.casefold() not in known),
    )
    return text if choices == mapping.choices else replace(mapping, choices=choices).to_toml()
