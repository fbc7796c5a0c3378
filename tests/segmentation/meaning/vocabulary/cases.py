"""How the tables of these tests are written: texts between bars."""

from __future__ import annotations


def listed(texts: str) -> list[str]:
    """The texts between the bars; an empty one is a case too."""
    return texts.split("|")
