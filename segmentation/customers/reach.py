"""Who may be written to, and on what basis.

| the files hold | stated | who counts as reachable |
|---|---|---|
| somebody's consent | anything, or nothing | who agreed; unknown stays out |
| refusals only | a basis | everyone who did not refuse |
| refusals only | nothing | nobody |
| nothing | a basis | everyone |
| nothing | nothing | everyone, and it is said that nothing is known |

Who refused is reachable in none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from segmentation.customers.consent import BoolArray
from segmentation.customers.table import CustomerTable
from segmentation.workspace import Statement

Rule = Literal["consent_column", "stated", "refusals_only", "nothing_known"]
STATE_IT = "State on what basis you write to them, on Data health or with “tessera basis”."
_SENTENCES: dict[Rule, str] = {
    "consent_column": "Basis: the consent in the data. Who refused, or whose consent is unknown, is left out.",
    "refusals_only": "Only refusals are known and nobody's consent, so nobody counts as reachable.",
    "nothing_known": "Nothing is known of consent: every customer counts as reachable.",
    "stated": "",
}
_SHORT: dict[Rule, str] = {
    "consent_column": "Consent in the data",
    "refusals_only": "None stated; only refusals are known",
    "nothing_known": "None stated; nothing is known of consent",
}


@dataclass(frozen=True, slots=True)
class Ground:
    """The basis on which a shop may write to its customers.

    rule: the rule that applies.
    stated: what the shop has stated, whether it applies or not; None where it stated nothing.
    """

    rule: Rule
    stated: Statement | None

    @property
    def is_missing(self) -> bool:
        """Whether somebody should state a basis."""
        return self.rule in {"refusals_only", "nothing_known"}

    @property
    def sentence(self) -> str:
        """The basis in force and whom it leaves out, or that one should be stated, for people."""
        return f"{self.finding} {STATE_IT}" if self.is_missing else self.finding

    @property
    def finding(self) -> str:
        """The same without what to do."""
        if self.stated is None:
            return _SENTENCES[self.rule]
        if self.rule == "consent_column":
            return f"{_SENTENCES[self.rule]} The stated basis does not apply, because the data holds consent."
        return f"Basis: {self.stated.sentence}. Who refused is left out."

    @property
    def short(self) -> str:
        """The basis in force as a cell of a file, without the name of who stated it."""
        return self.stated.nameless if self.rule == "stated" and self.stated else _SHORT[self.rule]

    @property
    def identity(self) -> str:
        """Another text whenever another basis is in force."""
        return self.rule if self.stated is None else f"{self.rule}|{self.stated.basis}|{self.stated.at}"

    def to_json(self) -> dict[str, Any]:
        """The basis in force for a program; `basis` only where a stated one is in force."""
        said = self.stated if self.rule == "stated" else None
        return {
            "rule": self.rule,
            "basis": None if said is None else said.basis,
            "stated_at": None if said is None else said.at,
            "stated_by": None if said is None else said.by,
            "note": None if said is None else said.note,
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Who of a table's customers may be written to.

    ground: on what basis.
    may: who may be, shape (n,).
    refused: how many said no.
    """

    ground: Ground
    may: BoolArray
    refused: int

    @property
    def is_everyone(self) -> bool:
        """Whether nobody is left out because nothing is known of anybody."""
        return self.ground.rule == "nothing_known"

    def to_json(self) -> dict[str, Any]:
        """The basis in force, and how many customers it reaches."""
        return {
            **self.ground.to_json(),
            "customers": len(self.may),
            "reachable": int(self.may.sum()),
            "refused": self.refused,
        }


def ground(*, column: bool, refusals: bool, stated: Statement | None) -> Ground:
    """The basis in force where the files hold a column of consent, refusals, or neither."""
    if column:
        return Ground("consent_column", stated)
    if stated is not None:
        return Ground("stated", stated)
    return Ground("refusals_only" if refusals else "nothing_known", None)


def reach(customers: CustomerTable, stated: Statement | None) -> Reach:
    """Who may be written to under what is stated. A refusal wins over everything."""
    consent = customers.consent
    column, refusals = consent is not None and consent.column, consent is not None
    basis = ground(column=column, refusals=refusals, stated=stated)
    everyone = np.ones(customers.n, np.bool_)
    if consent is None:
        return Reach(basis, everyone, 0)
    may = {"consent_column": consent.agreed, "stated": everyone}.get(basis.rule, ~everyone)
    return Reach(basis, may & ~consent.refused, int(consent.refused.sum()))
