"""What stands where there is no value, and what only looks like it."""

from __future__ import annotations

from functools import cache

import duckdb
import pytest

from segmentation.engine.casts import missing
from segmentation.notation.missing import MISSING, NO_DATES, NO_WORDS, is_missing

WRITTEN = (
    "", " ", "NULL", "Null", "\\N", "None", "NaN", "NaT", "nil", "n/a", "N/A", "#N/A", "N.A.", "-", "--", "—", "–", "?",
    "???", "(null)", "(blank)", "(Empty)", "undefined", "not set", "(not set)", "k. A.", "k.A.", "s/d", "s.o.", "nvt",
    "n.v.t.", "bd", "brak", "yok", "0000-00-00", "0000-00-00 00:00:00", "00/00/0000", "1900-01-00", " null ", "YOK",
    "Нет данных", "...", "<NA>", "#NULL!", *MISSING, *NO_DATES,
)  # fmt: skip
VALUES = ("0", "0.00", "Nell", "Nadine", "Null & Co", "naan", "Nanna", "a", "-1", "--5", "x", "2026-01-31", "N", "K.",
          "1900-01-01", "Brakel", "?x", "- -5", "none of it", "false", "No", "nein")  # fmt: skip


@cache
def engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def seen(text: str, *, in_dates: bool = False) -> bool:
    """What the engine says of this text."""
    row = engine().execute(f"SELECT {missing('c0', in_dates=in_dates)} FROM (SELECT $1 AS c0)", [text]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("text", dict.fromkeys(WRITTEN))
def test_a_word_for_nothing_is_missing_whatever_its_case(text: str) -> None:
    for written in (text, text.upper(), text.lower(), f" {text} "):
        assert is_missing(written)
        assert seen(written)


@pytest.mark.parametrize("text", VALUES)
def test_what_says_something_is_not_missing(text: str) -> None:
    assert not is_missing(text)
    assert not seen(text)


@pytest.mark.parametrize("text", NO_WORDS)
def test_a_no_is_missing_only_among_dates(text: str) -> None:
    assert not is_missing(text)
    assert not seen(text)
    assert is_missing(text.upper(), in_dates=True)
    assert seen(text.upper(), in_dates=True)


def test_nothing_at_all_is_missing() -> None:
    row = engine().execute(f"SELECT {missing('c0')} FROM (SELECT CAST(NULL AS VARCHAR) AS c0)").fetchone()
    assert row == (True,)
