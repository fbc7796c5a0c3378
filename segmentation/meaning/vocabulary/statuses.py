"""What an order's or a payment's status says about its revenue."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from segmentation.meaning.vocabulary.lexicon import Found, camel_split, has_digit, lexicon, words

Status = Literal["sale", "cancelled", "unpaid", "failed", "refunded", "part", "test"]
"""sale: earned · cancelled, unpaid, failed: never earned · refunded: all paid back · part: a sale of which some was
paid back or cancelled · test: not meant."""

_CLAUSES = re.compile(r"[,;:()\[\]/|?!.–—]+|\s-+\s|\s-+$|->|→")
_SHARE = re.compile(r"(?<![\d.,])\d{1,2}(?:[.,]\d+)?\s?%")
_SALES = frozenset({"paid", "done", "shipped", "working"})
_EVENTS = frozenset({"refund_noun", "cancel_noun"})
_UNDONE = frozenset({"refunded", "cancelled"})
_MODIFIERS = frozenset({"negation", "partly", "later"})
_DENIED = {
    "paid": "unpaid", "done": "unpaid", "shipped": "waiting", "working": "ask", "ask": "ask",
    "waiting": "ask", "kept": "ask",
}  # fmt: skip
_PARTLY = {
    "paid": "ask", "failed": "ask", "unpaid": "ask", "refunded": "part", "cancelled": "part", "refund_noun": "part",
    "cancel_noun": "part",
}  # fmt: skip


@lru_cache(maxsize=4096)
def status_of(text: str) -> Status | None:
    """What the status says, or None where a person would have to say: “pending”, “on hold”, “authorized”, “x7”.

    Whole words and known phrases decide, with their negations (“not cancelled” is a sale) and parts (“partially
    refunded”). What is only asked for (“refund requested”) or contradicts itself (“shipped, payment failed”) is None.
    """
    facts: set[str] = set()
    spaced = camel_split(text) if " " not in text.strip() else text
    for clause in _CLAUSES.split(_SHARE.sub(" partly ", spaced)):  # “Refunded 50 %”
        said = _facts(lexicon("statuses").read(words(clause)))
        if said == {"partly"}:  # “Refunded (partially)”
            facts = {_PARTLY.get(fact, fact) for fact in facts}
        else:
            facts |= said
    return _decided(facts)


class _Clause:
    """The facts of one clause while it is read from left to right."""

    def __init__(self) -> None:
        self.facts: list[str] = []
        self.modifiers: set[str] = set()
        self.denied = False
        self.unknown = False
        self.number = ""

    def state(self, name: str) -> None:
        if self.unknown:
            name = "unclear"
        elif "later" in self.modifiers:
            name = "ask"
        elif "negation" in self.modifiers:
            name = _DENIED.get(name, "kept")
        elif "partly" in self.modifiers:
            name = _PARTLY.get(name, name)
        if name == "ask" and self.denied and self.facts[-1:] == ["kept"]:
            return  # “No refund requested”
        if name == "turned_down":
            if asked := self._asked_for():
                self.facts[-asked:] = ["kept"]  # “Cancellation request denied”
                return
            name = "failed"
        self.denied = "negation" in self.modifiers
        self.facts.append(name)
        self.modifiers.clear()

    def _asked_for(self) -> int:
        """How many of the last facts ask for a sale to be undone; a refund that was declined may be a payment's."""
        if self.facts[-1:] == ["cancel_noun"]:
            return 1
        return 2 if self.facts[-1:] == ["ask"] and self.facts[-2:][0] in _EVENTS else 0

    def modify(self, name: str) -> None:
        if name == "or":
            if self.denied and self.facts:
                self.modifiers.add("negation")
        elif name == "items":
            if self.number:
                self.modifiers.add("partly")
        elif name == "negation_after":
            if self.facts:
                self.facts[-1] = _DENIED.get(self.facts[-1], "kept")
        else:
            self.modifiers.add(name)

    def word(self, word: str) -> None:
        """Takes a word that is in no list: a number, or one that leaves what follows in doubt."""
        if word.isdigit():
            if not word.strip("0") and not self.number:
                self.facts.append("unclear")
            self.number = word
            self.modifiers.discard("negation")
        elif not has_digit(word):
            self.unknown = True
            self.modifiers.clear()

    def end(self) -> set[str]:
        if "partly" in self.modifiers:
            self.facts[-1:] = [_PARTLY.get(self.facts[-1], self.facts[-1]) if self.facts else "partly"]
        elif "negation" in self.modifiers:
            self.facts.append("unclear")
        if self.unknown:
            self.facts.append("more")
        return set(self.facts)


def _facts(parts: Iterable[Found]) -> set[str]:
    clause = _Clause()
    for part in parts:
        if part.name is None:
            clause.word(part.words[0])
        elif part.name in _MODIFIERS or part.name in {"or", "items", "negation_after"}:
            clause.modify(part.name)
        elif part.name != "filler":
            clause.state(part.name)
    return clause.end()


def _decided(facts: set[str]) -> Status | None:
    """The one status that the facts add up to; what undoes a sale counts more than the sale it undoes."""
    if "unclear" in facts:
        return None
    if "test" in facts:
        return "test"
    events = facts & _EVENTS
    if "part" in facts:
        return None if facts & _UNDONE or events or "ask" in facts else "part"
    if facts & _UNDONE:
        return "refunded" if "refunded" in facts else "cancelled"
    if events:
        if facts - events - {"done"}:
            return None
        return "refunded" if "refund_noun" in facts else "cancelled"
    if "ask" in facts:
        return None
    return _earned(facts)


def _earned(facts: set[str]) -> Status | None:
    if facts & {"failed", "unpaid"}:
        if facts & _SALES:
            return None
        return "failed" if "failed" in facts else "unpaid"
    return "sale" if facts & (_SALES | {"waiting", "kept"}) else None
