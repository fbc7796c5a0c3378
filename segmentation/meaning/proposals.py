"""Which column may mean what so far: a header, how sure, and why, for each meaning."""

from __future__ import annotations

CERTAIN, PROVEN, BY_NAME, BY_PART, BY_VALUES, DOUBTFUL = 1.0, 0.95, 0.9, 0.7, 0.5, 0.3
"""How sure a guess is: the export is known; arithmetic proves it; the name and the values fit; a part of the name does;
only the values do; the name does and the values do not."""


class Proposals:
    """What was found so far."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.sure: dict[str, float] = {}
        self.why: dict[str, str] = {}

    def put(self, meaning: str, header: str, sure: float, why: str) -> None:
        self.headers[meaning], self.sure[meaning], self.why[meaning] = header, sure, why

    def drop(self, meaning: str) -> None:
        for one in (self.headers, self.sure, self.why):
            one.pop(meaning, None)
