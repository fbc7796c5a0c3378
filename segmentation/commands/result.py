"""What a command gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SAMPLE_SHOP = "Sample shop"


@dataclass(frozen=True, slots=True)
class Result:
    """A command's answer, for a program and for a person; the exit code where it is done in part only."""

    json: dict[str, Any]
    text: str
    warnings: tuple[str, ...] = ()
    exit_code: int = 0
