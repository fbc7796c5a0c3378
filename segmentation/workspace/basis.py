"""On what basis a shop writes to its customers, where its files hold no consent: every statement is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from segmentation import formats
from segmentation.errors import SettingOutOfRange, WrongCall
from segmentation.workspace.folder import Workspace
from segmentation.workspace.unchanged import unless_changed

Basis = Literal["consent", "existing_customers", "legitimate_interest"]
"""consent: they agreed, and it is recorded elsewhere · existing_customers: they bought, and are written to about
similar goods of the shop's own (soft opt-in) · legitimate_interest: the shop has weighed its interest against theirs.
"""
BASES: tuple[Basis, ...] = get_args(Basis)
LONGEST_NOTE, LONGEST_NAME = 200, 60

LABELS: dict[Basis, str] = {
    "consent": "Consent, recorded elsewhere",
    "existing_customers": "Existing customers, about similar goods of our own",
    "legitimate_interest": "Legitimate interest",
}
ABOUT: dict[Basis, str] = {
    "consent": "They agreed to marketing, and the proof is kept outside these files.",
    "existing_customers": "They bought here, were told at the time, and can object in every message (soft opt-in).",
    "legitimate_interest": "The shop has weighed its interest against theirs and kept the result.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One entry of the log. `basis` is None where the statement before it was withdrawn; `by` is who said so, "" where
    nobody gave a name; `at` is an ISO time in UTC."""

    basis: Basis | None
    note: str
    by: str
    at: str

    @property
    def sentence(self) -> str:
        """What was stated, by whom and when: "Legitimate interest, stated on 3 May 2026 by Ann"."""
        return f"{self.nameless} by {self.by}" if self.by else self.nameless

    @property
    def nameless(self) -> str:
        """What was stated and when, for files that leave the shop."""
        label = "Withdrawn" if self.basis is None else f"{LABELS[self.basis]}, stated"
        return f"{label} on {formats.day(datetime.fromisoformat(self.at).date())}"


class BasisLog:
    """The statements about one dataset, oldest first. An entry is never changed or removed while the dataset exists."""

    def __init__(self, workspace: Workspace, dataset_id: str) -> None:
        self._workspace = workspace
        self._dataset_id = dataset_id

    def state(self, basis: str, *, at: str, note: str = "", by: str = "") -> Statement:
        """Add a statement, which is in force from now on.

        Raises SettingOutOfRange for a basis that is none, WrongCall for a note that is too long.
        """
        known = next((one for one in BASES if one == basis), None)
        if known is None:
            raise SettingOutOfRange("basis", basis, allowed=BASES)
        return self._add(Statement(basis=known, note=_note(note), by=_line(by)[:LONGEST_NAME], at=at))

    def withdraw(self, *, at: str, note: str = "", by: str = "") -> Statement:
        """Take back what is stated; the log keeps it. Raises WrongCall where nothing is stated."""
        said = Statement(basis=None, note=_note(note), by=_line(by)[:LONGEST_NAME], at=at)
        return self._add(said)

    def current(self) -> Statement | None:
        """The statement in force; None where there is none, or it was withdrawn."""
        log = self.all()
        return log[-1] if log and log[-1].basis is not None else None

    def all(self) -> tuple[Statement, ...]:
        """Every statement and withdrawal, oldest first."""
        return unless_changed(self._workspace, ("bases", self._dataset_id), self._read)

    def _read(self) -> tuple[Statement, ...]:
        with self._workspace.registry() as registry:
            rows = registry.execute(
                "SELECT basis, note, stated_by, stated_at FROM bases WHERE dataset_id = ? ORDER BY number",
                (self._dataset_id,),
            ).fetchall()
        return tuple(Statement(basis=basis, note=note, by=by, at=at) for basis, note, by, at in rows)

    def _add(self, said: Statement) -> Statement:
        with self._workspace.registry() as registry:
            registry.execute("BEGIN IMMEDIATE")
            last = registry.execute(
                "SELECT basis FROM bases WHERE dataset_id = ? ORDER BY number DESC LIMIT 1", (self._dataset_id,)
            ).fetchone()
            if said.basis is None and (last is None or last[0] is None):
                raise WrongCall("No basis is stated, so there is nothing to withdraw.")
            registry.execute(
                "INSERT INTO bases (dataset_id, basis, note, stated_by, stated_at) VALUES (?, ?, ?, ?, ?)",
                (self._dataset_id, said.basis, said.note, said.by, said.at),
            )
        return said


def _note(text: str) -> str:
    note = _line(text)
    if len(note) > LONGEST_NOTE:
        raise WrongCall(f"The note has {len(note)} characters; {LONGEST_NOTE} are kept.", next_step="Shorten it.")
    return note


def _line(text: str) -> str:
    """The text on one line, without what cannot be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
