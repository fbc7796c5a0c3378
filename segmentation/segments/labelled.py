"""Segments, and who is in which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from segmentation.customers import BoolArray, CodeArray, CustomerTable, Scaling
from segmentation.profiles import GroupProfile
from segmentation.segments.edits import Lists, no_lists
from segmentation.segments.models import Mixture, Neighbours
from segmentation.segments.naming import Name
from segmentation.segments.settings import SegmentSettings


class Model(Protocol):
    """Whatever can say which group each customer of a table is in."""

    @property
    def groups(self) -> int:
        """How many groups there are."""
        ...

    def assign(self, customers: CustomerTable) -> CodeArray:
        """Group of each customer, shape (n,)."""
        ...


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment.

    index: its place.
    name: what it is called.
    colour: its slot in the palette.
    play: what to do with it, in a sentence.
    rule: the rule that made it, in words; "" where none did.
    parts: numbers of what it is made of, which stay the same; several where segments were merged.
    words: the keys of the words in its name, see `vocabulary`; none in a figure and in a name given by hand.
    evidence: why it is called so, in sentences.
    typed: whether a person gave the name.
    """

    index: int
    name: str
    colour: int
    play: str
    rule: str = ""
    parts: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    typed: bool = False

    @property
    def called(self) -> Name:
        """Its name with what is known of it."""
        return Name(self.name, self.play, self.words, self.evidence, self.typed)

    @property
    def part(self) -> int:
        """What a name given by hand is kept under: the first of its parts."""
        return self.parts[0] if self.parts else self.index


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """Every customer of a table in exactly one segment. Pinned segments come last, and take their customers from the
    others.

    settings: how it was made.
    labels: the place of each customer's segment, shape (n,).
    segments: in order of place.
    model: what puts a customer into a group.
    profiles: of the segments, in order of place.
    shown_at: the place of each of the model's groups, shape (groups,).
    table: which customer table was labelled.
    lists: gives the customers of a pinned list.
    scalings: those of the table fitted on, where that was another one.
    """

    settings: SegmentSettings
    labels: CodeArray
    segments: tuple[Segment, ...]
    model: Model
    profiles: tuple[GroupProfile, ...]
    shown_at: CodeArray = field(repr=False)
    table: str = ""
    lists: Lists = field(default=no_lists, repr=False)
    scalings: Mapping[str, Scaling] | None = field(default=None, repr=False)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Customers in each segment, in order of place."""
        return tuple(profile.customers for profile in self.profiles)

    def assign(self, customers: CustomerTable) -> CodeArray:
        """Place of each customer of another table, shape (n,); the table must be scaled like the one fitted on."""
        return self.placed(self.model.assign(self.alike(customers)), customers)

    def alike(self, customers: CustomerTable) -> CustomerTable:
        """The customers on the scales the model was made in."""
        return customers if self.scalings is None else customers.scaled_like(self.scalings)

    def unsure(self, customers: CustomerTable) -> BoolArray | None:
        """Who stands in no dense place and was given to the nearest group, shape (n,); None beside density groups."""
        return self.model.unsure(self.alike(customers)) if isinstance(self.model, Neighbours) else None

    def membership(self, customers: CustomerTable, row: int) -> tuple[float, ...] | None:
        """How probable each segment is for one customer, in order of place; None beside a mixture."""
        if not isinstance(self.model, Mixture):
            return None
        point = self.model.space.points(self.alike(customers))[row : row + 1]
        odds = np.bincount(
            self.shown_at, weights=self.model.membership(point)[0].astype(np.float64), minlength=len(self.segments)
        )
        return tuple(float(share) for share in odds)

    def placed(self, groups: CodeArray, customers: CustomerTable) -> CodeArray:
        """Place of each customer of a table, shape (n,), from the model's groups for them."""
        labels = np.asarray(self.shown_at[groups])
        first = len(self.segments) - len(self.settings.edits.pins)
        for place, pin in enumerate(self.settings.edits.pins, start=first):
            labels[pin.mask(customers, self.lists)] = place
        return labels
