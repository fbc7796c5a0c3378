"""What a person changed by hand in a segmentation: merged segments, pinned ones, names of their own.

Parts are the places of the segmentation before anything was changed; a pinned segment is the part PINNED and up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.customers import BoolArray, CustomerTable
from segmentation.errors import WrongCall
from segmentation.segments.conditions import Conditions

PINNED = 100
LONGEST_NAME = 40
MOST_PINS = 5
_SEPARATOR = "!"
_LIST = re.compile(r"[0-9a-f]{16}")

Lists = Callable[[str], pa.Array]
"""Gives the customer ids of a kept list, by the list's id."""


def no_lists(identity: str) -> pa.Array:
    """A `Lists` for where none are kept. Raises WrongCall."""
    raise WrongCall(f"There is no customer list “{identity}” here.")


@dataclass(frozen=True, slots=True)
class Pin:
    """A segment put together by hand: a rule, or the id of a kept list of customers."""

    rule: Conditions | None = None
    listed: str = ""

    def __post_init__(self) -> None:
        if (self.rule is None) == (not self.listed):
            raise WrongCall("A pinned segment is either a rule or a list of customers.")
        if self.listed and not _LIST.fullmatch(self.listed):
            raise WrongCall(f"“{self.listed}” does not name a customer list.")

    def mask(self, customers: CustomerTable, lists: Lists) -> BoolArray:
        """Who is in it, shape (n,)."""
        if self.rule is not None:
            return self.rule.mask(customers)
        return np.asarray(pc.is_in(customers.ids, value_set=lists(self.listed)))

    @property
    def sentence(self) -> str:
        """What holds it together, in words."""
        return self.rule.sentence() if self.rule is not None else "a list of customers"

    @property
    def text(self) -> str:
        return f"c{_safe(self.rule.text)}" if self.rule is not None else f"l{self.listed}"


@dataclass(frozen=True, slots=True)
class Edits:
    """Changes by hand: parts that are one segment, pinned segments, and names by the first part of a segment."""

    merges: tuple[tuple[int, ...], ...] = ()
    pins: tuple[Pin, ...] = ()
    names: tuple[tuple[int, str], ...] = ()

    def __post_init__(self) -> None:
        merges = tuple(sorted(tuple(sorted(set(parts))) for parts in self.merges if len(set(parts)) > 1))
        listed = [part for parts in merges for part in parts]
        if len(listed) != len(set(listed)) or any(not 0 <= part < PINNED for part in listed):
            raise WrongCall("A segment can be merged into one other only.")
        if any(part < 0 for part, _ in self.names):
            raise WrongCall("A name needs a segment to stand for.")
        if len(self.pins) > MOST_PINS:
            raise WrongCall(f"At most {MOST_PINS} segments can be pinned.", next_step="Unpin one first.")
        names = {part: cleaned(name) for part, name in self.names}
        object.__setattr__(self, "merges", merges)
        object.__setattr__(self, "names", tuple(sorted((part, name) for part, name in names.items() if name)))

    def __bool__(self) -> bool:
        return bool(self.merges or self.pins or self.names)

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the features that rules of pinned segments ask about."""
        return tuple(dict.fromkeys(name for pin in self.pins if pin.rule is not None for name in pin.rule.features))

    def merged(self, one: Iterable[int], other: Iterable[int]) -> Edits:
        """With two segments, given by their parts, made into one. A name that one of them was given goes: it is not
        that of the other."""
        together = tuple({*one, *other})
        kept = tuple(parts for parts in self.merges if not set(parts) & set(together))
        names = tuple((part, name) for part, name in self.names if part not in together)
        return replace(self, merges=(*kept, together), names=names)

    def named(self, part: int, name: str) -> Edits:
        """With a name for the segment whose first part this is; an empty one takes the usual name again."""
        return replace(self, names=(*((p, n) for p, n in self.names if p != part), (part, name)))

    def pinned(self, pin: Pin, name: str) -> Edits:
        """With one more pinned segment of this name; the same one again changes nothing but its name."""
        pins = self.pins if pin in self.pins else (*self.pins, pin)
        return replace(self, pins=pins).named(PINNED + pins.index(pin), name)

    def unpinned(self, index: int) -> Edits:
        """Without the pinned segment at this index."""
        pins = self.pins[:index] + self.pins[index + 1 :]
        moved = {part: name for part, name in self.names if part != PINNED + index}
        names = tuple((part - (part > PINNED + index), name) for part, name in moved.items())
        return replace(self, pins=pins, names=names)

    @property
    def text(self) -> str:
        """The same as short text, safe in a URL: `m0.3!n0=VIPs`."""
        merges = ["m" + ".".join(map(str, parts)) for parts in self.merges]
        names = [f"n{part}={_safe(name)}" for part, name in self.names]
        return _SEPARATOR.join([*merges, *(pin.text for pin in self.pins), *names])

    @classmethod
    def from_text(cls, text: str) -> Edits:
        """The edits a text stands for. Raises WrongCall or what a condition raises."""
        merges, pins, names = [], [], []
        for one in filter(None, text.split(_SEPARATOR)):
            kind, rest = one[0], one[1:]
            part, _, name = rest.partition("=")
            if kind == "m" and all(p.isdecimal() and len(p) < 3 for p in rest.split(".")):
                merges.append(tuple(int(p) for p in rest.split(".")))
            elif kind == "c":
                pins.append(Pin(rule=Conditions.from_text(unquote(rest))))
            elif kind == "l":
                pins.append(Pin(listed=rest))
            elif kind == "n" and part.isdecimal() and len(part) < 4:
                names.append((int(part), unquote(name)))
            else:
                raise WrongCall(f"“{one}” is no change to a segmentation.")
        return cls(tuple(merges), tuple(pins), tuple(names))


def cleaned(name: str) -> str:
    """A name somebody typed, on one line, without control characters, at most LONGEST_NAME characters."""
    visible = "".join(c if c.isprintable() else " " for c in name)
    return " ".join(visible.split())[:LONGEST_NAME].rstrip()


def _safe(text: str) -> str:
    return quote(text, safe=",.:").replace("~", "%7E")
