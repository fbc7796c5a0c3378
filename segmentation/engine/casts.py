"""Text to typed values in DuckDB's SQL: every cast gives NULL where it cannot read, never an error.

The arguments are column references (c0, c1, …) or SQL of ours, never text from a file.
"""

from __future__ import annotations

from collections.abc import Sequence

from segmentation.columns import MONEY
from segmentation.engine.duckdb import literal

_SIGN = r"\s*[(+-]?\s*(?:[A-Za-z]{0,2}[€$£¥]|[A-Z]{3}|kr|Kr|Rs|Fr)?\.?\s*[+-]?\s*"
_END = r"\s*(?:[€$£¥]|[A-Z]{3}|kr|Kr|zł|Ft|Kč|lei|лв)?\s*[)-]?\s*"
_GROUPS = {"point": r"[,'’ \x{00a0}\x{202f}]", "comma": r"[.'’ \x{00a0}\x{202f}]"}
_MARKS = {"point": ".", "comma": ","}
_ZONE = r"\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})$"

TRUE_WORDS = ("yes", "y", "true", "t", "1", "ja", "j", "wahr", "oui", "o", "vrai", "si", "sí", "s", "vero", "waar",
              "subscribed", "opted in", "opt-in", "accepted", "x")  # fmt: skip
FALSE_WORDS = ("no", "n", "false", "f", "0", "nein", "falsch", "non", "faux", "falso", "nee", "onwaar",
               "unsubscribed", "opted out", "opt-out", "declined", "never subscribed", "not subscribed")  # fmt: skip


def text(column: str) -> str:
    """Trimmed text; NULL where nothing is left. Only a text that begins or ends with a blank is worth trimming."""
    return f"CASE WHEN {column} < '!' OR ends_with({column}, ' ') THEN nullif(trim({column}), '') ELSE {column} END"


def number(column: str, decimal: str) -> str:
    """A number as DECIMAL(18,4), whatever its currency sign, thousands marks or way of writing a minus.

    `decimal` is point or comma. The plain spelling is read by a bare cast; only what that cannot read is looked at
    closely. A thousands mark counts only where it stands between groups of three, so that 1,50 is never 150.
    """
    if decimal == "point":
        plain = f"try_cast({column} AS {MONEY})"
    else:
        plain = f"try_cast(CASE WHEN NOT contains({column}, '.') THEN replace({column}, ',', '.') END AS {MONEY})"
    return f"coalesce({plain}, {_close_look(column, decimal)})"


def _close_look(column: str, decimal: str) -> str:
    mark = _MARKS[decimal]
    digits = f"replace(regexp_replace({column}, '[^0-9{mark}]', '', 'g'), '{mark}', '.')"
    minus = f"CASE WHEN regexp_matches({column}, '[-(]') THEN '-' ELSE '' END"
    return f"CASE WHEN {_is_number(column, decimal)} THEN try_cast(concat({minus}, {digits}) AS {MONEY}) END"


def _is_number(column: str, decimal: str) -> str:
    pattern = rf"{_SIGN}(?:\d{{1,3}}(?:{_GROUPS[decimal]}\d{{3}})+|\d+)?(?:[{_MARKS[decimal]}]\d*)?{_END}"
    return f"regexp_full_match({column}, {literal(pattern)})"


def number_too_long(column: str, decimal: str) -> str:
    """Whether a text that `number` could not read is a number all the same: one that DECIMAL(18,4) cannot hold."""
    return f"({_is_number(column, decimal)} AND regexp_matches({column}, '[0-9]'))"


def moment(column: str, formats: Sequence[str], *, iso: bool, zoned: bool) -> str:
    """A timestamp in the shop's own local time: a time zone is dropped, not converted.

    With `iso`, what DuckDB reads itself (2026-10-31, 2026-10-31 12:00:00); then `formats`, first that fits.
    """
    own = f"try_cast({column} AS TIMESTAMP)"
    if not formats:
        return own
    cleaned = f"regexp_replace(trim({column}), {literal(_ZONE)}, '')" if zoned else f"trim({column})"
    listed = ", ".join(literal(each) for each in formats)
    given = f"try_strptime({cleaned}, [{listed}])"
    return f"coalesce({own}, {given})" if iso else f"coalesce({given}, {own})"


def flag(column: str) -> str:
    """TRUE or FALSE where the word is known in one of our languages, else NULL."""
    word = f"lower(trim({column}))"
    return (
        f"CASE WHEN {word} IN ({', '.join(map(literal, TRUE_WORDS))}) THEN true "
        f"WHEN {word} IN ({', '.join(map(literal, FALSE_WORDS))}) THEN false END"
    )


def says(column: str, words: Sequence[str], *, but_not: Sequence[str] = ()) -> str:
    """Whether the text contains one of the words (regular expressions of ours) and none of `but_not`; never NULL."""
    word = f"lower({column})"
    found = f"coalesce(regexp_matches({word}, {literal('|'.join(words))}), false)"
    if not but_not:
        return found
    return f"({found} AND NOT regexp_matches({word}, {literal('|'.join(but_not))}))"
