"""What became of each table of a join: what it was taken for, the key, and how many of its values were found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_TAKEN = {
    "lines": "order lines",
    "orders": "orders",
    "customers": "customers",
    "products": "products",
    "categories": "categories",
    "refunds": "refunds",
    "payments": "payments",
    "not used": "not used",
}


@dataclass(frozen=True, slots=True)
class Join:
    """One table of a join. `to` is the table that points to it by its column `key`; `keys` are the different values of
    that column, `found` those of them that the table has. `said` holds further sentences about it, `warned` those that
    are worth a warning."""

    table: str
    rows: int
    taken_for: str
    to: str = ""
    key: str = ""
    their_key: str = ""
    keys: int = 0
    found: int = 0
    said: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The table in one line."""
        what = _TAKEN[self.taken_for]
        parts = [what]
        if self.key:
            other = "" if self.their_key == self.key else f" = {self.their_key}"
            how = "compared" if self.taken_for == "payments" else "joined"
            parts.append(f"{how} by {self.key}{other}")
            parts.append(f"{self.found:,} of {self.keys:,} keys found")
        return " ".join([f"{self.table}: {', '.join(parts)}.", *self.said, *self.warned])

    def to_json(self) -> dict[str, Any]:
        """The join as `tessera import --json` prints it."""
        return {
            "table": self.table,
            "rows": self.rows,
            "taken_for": self.taken_for,
            "to": self.to,
            "key": self.key,
            "their_key": self.their_key,
            "keys": self.keys,
            "found": self.found,
            "said": list(self.said),
            "warned": list(self.warned),
        }

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Join:
        """What `to_json` wrote."""
        return cls(**{**raw, "said": tuple(raw["said"]), "warned": tuple(raw["warned"])})
