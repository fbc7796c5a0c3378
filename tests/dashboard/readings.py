"""Figures as they are rendered: read by their labels from the text of screens, the report and the command line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from streamlit.testing.v1 import AppTest

_NUMBER = re.compile(r"[-−]?\s?(?:[€$£]\s?)?[-−]?\d[\d,]*(?:\.\d+)?\s?(?:k|M|bn)?(?:\s?%)?")
_STEPS = {"k": 1e3, "M": 1e6, "bn": 1e9}


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as it is shown.

    where: on which screen, file or command, and beside which label.
    value: the number.
    unsure: half of its last digit: by so much it may be rounded.
    """

    where: str
    value: float
    unsure: float = 0.0

    def agrees(self, other: Shown) -> bool:
        return abs(self.value - other.value) <= self.unsure + other.unsure + 1e-6 * max(1.0, abs(self.value))


def plain(text: str) -> str:
    """Text without the marks that keep it letter by letter, or on one line."""
    return text.replace("\\", "").replace("\u2060", "").replace("\u00a0", " ").replace("\u202f", " ")


def number(text: str, where: str) -> Shown:
    """The first number of a text: "€ 12.3k" is 12,300, give or take 50; "<0.1 %" is between 0 and 0.001."""
    text = plain(text).strip()
    found = _NUMBER.search(text)
    assert found is not None, f"No number in {text!r} ({where})."
    said = found[0].replace("−", "-").strip()
    digits = re.sub(r"[^\d.]", "", said)
    scale = next((step for sign, step in _STEPS.items() if said.rstrip(" %").endswith(sign)), 1.0)
    if said.endswith("%"):
        scale = 0.01
    decimals = len(digits.partition(".")[2])
    value = float(digits) * scale * (-1 if said.startswith("-") else 1)
    unsure = 0.5 * 10.0**-decimals * scale
    if scale == 0.01 and decimals == 0 and float(digits) < 10 and "<" not in text:
        unsure = 0.0005  # below ten percent a whole number is one whose decimal is 0
    if scale == 0.01 and "<" in text:
        return Shown(where, 0.0, value)
    counted = scale == 1.0 and not decimals and not re.search(r"[€$£]", text)
    return Shown(where, value, 0.0 if counted else unsure)


@dataclass
class Figures:
    """Every figure of a shop as it is shown in several places."""

    of: dict[str, list[Shown]] = field(default_factory=lambda: defaultdict(list))

    def add(self, what: str, where: str, text: str | float | None) -> None:
        """Note that this is shown there; a number is exact."""
        assert text is not None, f"{where} does not show {what}."
        self.of[what].append(Shown(where, float(text)) if isinstance(text, (int, float)) else number(text, where))

    def disagreements(self) -> list[str]:
        """A sentence for each figure of which two places say different things."""
        return [
            f"{what}: {'; '.join(f'{one.where} {one.value:,.6g}' for one in shown)}"
            for what, shown in self.of.items()
            if any(not one.agrees(shown[0]) or not one.agrees(min(shown, key=lambda s: s.unsure)) for one in shown)
        ]


def metrics(app: AppTest) -> dict[str, str]:
    """The big figures of a screen by their labels; the first of each."""
    found: dict[str, str] = {}
    for one in app.metric:
        found.setdefault(plain(one.label), plain(one.value))
    return found


def said(app: AppTest) -> str:
    """Everything a screen says in words."""
    texts = [*app.markdown, *app.caption, *app.info, *app.success, *app.warning, *app.title, *app.subheader]
    return plain("\n".join(one.value for one in texts))


def tables(app: AppTest) -> Iterator[Any]:
    """The tables of a screen."""
    return (one.value for one in app.dataframe)


def table(app: AppTest, *columns: str) -> Any:
    """The first table of a screen that has these columns."""
    return next(one for one in tables(app) if set(columns) <= set(one.columns))


def first(pattern: str, text: str) -> str | None:
    """What the first group of the pattern matches in the text."""
    found = re.search(pattern, text, re.MULTILINE | re.DOTALL)
    return None if found is None else found[1]


def page_text(page: str) -> str:
    """The words of an HTML page, cells apart."""
    body = re.sub(r"<(style|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return plain(unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " | ", body))))
