"""How far work is, told by whoever does it."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float, str], None]
"""Takes the share done, 0 to 1, and what is happening, in a few words."""


def silent(_share: float, _text: str) -> None:
    """A `Progress` for whoever does not watch."""
