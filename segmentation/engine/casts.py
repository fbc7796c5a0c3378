"""Text to typed values in DuckDB's SQL: every cast gives NULL where it cannot read, never an error.

The arguments are column references (c0, c1, …) or SQL of ours, never text from a file. What can be read is what
`notation` recognises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from segmentation.columns import MONEY
from segmentation.engine.duckdb import literal
from segmentation.notation.clocks import RULES
from segmentation.notation.currencies import CODE_AND_SIGN, ISO_CODES, NAMES, SHARED, SYMBOLS, either
from segmentation.notation.dates import Count, DateStyle
from segmentation.notation.missing import MISSING, MISSING_SHAPE, NO_DATES, NO_WORDS
from segmentation.notation.months import MONTHS
from segmentation.notation.numbers import BEFORE_DIGITS, BEHIND_DIGITS, DOTTED, MARKS, NEGATIVE, NO_SIGN, number_pattern
from segmentation.notation.zones import ABBREVIATIONS, NO_ZONE, OFFSET, ZONE, fixed_offset, own_abbreviations

_HALF = r"(?:\s?[AaPp]\.?\s?[Mm]\.?)?"
_CLOCK = rf"(?::\d{{2}}(?:[.,]\d+)?|\d{{8}}[ T]?\d{{4}}(?:\d{{2}}(?:[.,]\d+)?)?){_HALF}"  # its end: no day has a zone
_CLOCK_ZONE = rf"({_CLOCK})\s*(?:{ZONE})?\s*(?:\([^)]*\))?$"
_ZONE_OF = rf"{_CLOCK}\s*({ZONE})?\s*(?:\(([^)]*)\))?$"
_GAP = r"(\d)(?:T|, | at | um | à |\s+)(\d{1,2}:\d{2})"
_HALF_DAY = r"\s?([AaPp])\.?\s?[Mm]\.?\s*$"
_WEEKDAY = r"^\s*[\p{L}]{2,10}\.?,?\s+(\d|[\p{L}])"
_OF = "(?:del? )?"
_END = r"\b\s*(.*)$"
_TO_YEAR_NAME_DAY = (
    (
        rf"^(\d{{1,2}})(?:st|nd|rd|th|er|º)?\.?[ .\-/]*{_OF}(\p{{L}}{{3,12}})\.?[ .,\-/]*{_OF}(\d{{4}}|\d{{2}}){_END}",
        r"@\3 \2 \1 \4",
    ),
    (r"^(\p{L}{3,12})\.?[ .\-/](\d{1,2})(?:st|nd|rd|th)?,?[ \-/]*(\d{4})\b\s*(.*)$", r"@\3 \1 \2 \4"),
    (r"^(\d{4})[ .\-/](\p{L}{3,12})\.?[ .\-/](\d{1,2})\b\s*(.*)$", r"@\1 \2 \3 \4"),
)
_TO_WHOLE_DATE = (
    (r"^@([0-6]\d) ", r"@20\1 "),
    (r"^@([7-9]\d) ", r"@19\1 "),
    (r"^@(\d{4} \d\d) (\d) ", r"@\1 0\2 "),
    (r"^@(\d{4} \d\d \d\d )", r"\1"),
)
_TIMES = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S.%f", "%H%M%S")

_BLANKS = r"[\s\x{00a0}\x{202f}\x{2009}\x{200e}\x{200f}]"

_NEVER_YEARS = r"(?:000[01]|1[0-8]\d\d|19[0-6]\d|1970|2[1-9]\d\d|9999)"
_NEVER = rf"^\s*{_NEVER_YEARS}[-/.]\d|^\s*\d{{1,2}}[-/.]\d{{1,2}}[-/.]{_NEVER_YEARS}\b"
"""Days that stand for never: before there were shops, and far ahead."""

TRUE_WORDS = ("yes", "y", "true", "t", "1", "ja", "j", "wahr", "oui", "o", "vrai", "si", "sí", "s", "sim", "vero",
              "waar", "subscribed", "opted in", "opt-in", "accepted", "x")  # fmt: skip
FALSE_WORDS = ("no", "n", "false", "f", "0", "nein", "falsch", "non", "faux", "falso", "nee", "não", "nao", "onwaar",
               "unsubscribed", "opted out", "opt-out", "declined", "never subscribed", "never_subscribed",
               "not subscribed", "pending", "cleaned")  # fmt: skip


def text(column: str) -> str:
    """Trimmed text; NULL where nothing is left. Only a text that begins or ends with a blank is worth trimming."""
    return f"CASE WHEN {column} < '!' OR ends_with({column}, ' ') THEN nullif(trim({column}), '') ELSE {column} END"


def missing(column: str, *, in_dates: bool = False) -> str:
    """Whether the text is no value, as `is_missing` says it; true for NULL too."""
    word = f"lower(trim({column}))"
    words = (*MISSING, *NO_DATES, *(NO_WORDS if in_dates else ()))
    listed = f"{word} IN ({', '.join(map(literal, dict.fromkeys(words)))})"
    return f"coalesce(regexp_full_match({column}, {literal(MISSING_SHAPE)}) OR {listed}, true)"


def on_a_day(text: str) -> str:
    """Whether a text, NULL for none, says when something happened, or that it did: no day that stands for never."""
    return f"coalesce(NOT regexp_matches({text}, {literal(_NEVER)}), false)"


def identifier(column: str) -> str:
    """An id as text, without the apostrophe that keeps spreadsheets from taking it for a number."""
    trimmed = text(column)
    return f"CASE WHEN starts_with({column}, '''') THEN nullif(ltrim(trim({column}), ''''), '') ELSE {trimmed} END"


def number(column: str, decimal: str, *, plain: bool = False) -> str:
    """A number as DECIMAL(18,4), whatever its currency, thousands marks or way of writing a minus.

    `decimal` is point or comma. The plain spelling is read by a bare cast; only what that cannot read is looked at
    closely. Where all texts of the column are known to be `plain`, nothing is: the engine takes longer to plan a close
    look than to read a small file.
    """
    if decimal == "point":
        bare = f"try_cast({column} AS {MONEY})"
    else:
        bare = f"try_cast(CASE WHEN NOT contains({column}, '.') THEN replace({column}, ',', '.') END AS {MONEY})"
    return bare if plain else f"coalesce({bare}, {_close_look(column, decimal)})"


def _close_look(column: str, decimal: str) -> str:
    mark = MARKS[decimal]
    bare = f"regexp_replace({column}, {literal(DOTTED)}, '', 'g')"
    digits = f"replace(regexp_replace({bare}, '[^0-9{mark}]', '', 'g'), '{mark}', '.')"
    minus = f"CASE WHEN regexp_matches({column}, {literal(NEGATIVE)}) THEN '-' ELSE '' END"
    return f"CASE WHEN {_is_number(column, decimal)} THEN try_cast(concat({minus}, {digits}) AS {MONEY}) END"


def _is_number(column: str, decimal: str) -> str:
    return f"regexp_full_match({column}, {literal(number_pattern(decimal))})"


def currency(column: str, signs: Mapping[str, str] | None = None) -> str:
    """A currency by its ISO code, as `currency_code` says it; `signs` say what a sign stands for that several share."""
    bare = f"nullif(trim(regexp_replace({column}, {literal(_BLANKS)}, '', 'g'), '.'), '')"
    return _let(bare, lambda word: _meant(_code(word), signs))


def currency_beside(column: str, signs: Mapping[str, str] | None = None) -> str:
    """The currency beside an amount, as `currency_beside` of `notation` says it; NULL where there is none. The amount
    is one that `number` can read."""
    sides = (
        f"trim(regexp_replace(regexp_extract(trim({column}), {literal(side)}), {literal(NO_SIGN)}, '', 'g'), '.')"
        for side in (BEFORE_DIGITS, BEHIND_DIGITS)
    )
    codes = (_let(side, _code) for side in sides)

    def one(both: str) -> str:
        before, after = f"{both}[1]", f"{both}[2]"
        whens = [f"WHEN {before} = '' THEN nullif({after}, '')", f"WHEN {after} IN ('', {before}) THEN {before}"]
        for sign, several in SHARED.items():
            listed = ", ".join(map(literal, several))
            whens.append(f"WHEN {before} = {literal(sign)} AND {after} IN ({listed}) THEN {after}")
            whens.append(f"WHEN {after} = {literal(sign)} AND {before} IN ({listed}) THEN {before}")
        return f"CASE {' '.join(whens)} ELSE concat({before}, '/', {after}) END"

    found = _let(f"[{', '.join(codes)}]", lambda both: _meant(one(both), signs))
    return f"CASE WHEN NOT regexp_full_match({column}, '[0-9.,-]*') THEN {found} END"  # most rows have none


def _code(word: str) -> str:
    known = f"{_map(SYMBOLS)}[{word}]"
    named = f"{_map(NAMES)}[lower({word})]"
    plain = f"upper(regexp_replace({word}, {literal(CODE_AND_SIGN)}, '\\1\\2'))"
    is_code = f"{word} = '' OR regexp_full_match({word}, {literal(either(ISO_CODES))})"
    return f"CASE WHEN {is_code} THEN {word} ELSE coalesce({known}, {named}, {plain}) END"


def _map(said: Mapping[str, str]) -> str:
    return f"MAP {{{', '.join(f'{literal(key)}: {literal(value)}' for key, value in said.items())}}}"


def _meant(code: str, signs: Mapping[str, str] | None) -> str:
    if not signs:
        return code
    whens = " ".join(f"WHEN {literal(sign)} THEN {literal(meant)}" for sign, meant in signs.items())
    return _let(code, lambda found: f"CASE {found} {whens} ELSE {found} END")


def _let(value: str, said: Callable[[str], str], name: str = "bound") -> str:
    """An expression that names `value` several times and has it worked out once."""
    return f"list_transform([{value}], lambda {name}: {said(name)})[1]"


def number_too_long(column: str, decimal: str, *, plain: bool = False) -> str:
    """Whether a text that `number` could not read is a number all the same: one that DECIMAL(18,4) cannot hold."""
    digits = f"regexp_matches({column}, '[0-9]')"
    return digits if plain else f"({_is_number(column, decimal)} AND {digits})"


def moment(column: str, style: DateStyle) -> str:
    """A timestamp in the shop's own local time.

    Where `style.zone` was chosen, a text with a zone beside its clock is put into that zone's time, one without has it
    already, and one whose zone nobody knows is NULL. Else a zone is dropped, not converted. Numbers that count seconds
    are UTC, which is all they say.

    With `style.iso`, what DuckDB reads itself (2026-10-31, 2026-10-31 12:00:00); then the formats, first that fits.
    """
    if style.count is not None:
        counted = _counted(column, style.count)
        return counted if style.zone is None or style.count is Count.DAYS else _shifted(counted, "0", style.zone)
    own = f"try_cast({column} AS TIMESTAMP)"
    if not style.formats:
        written = own
    else:
        given = f"try_strptime({_cleaned(column, style)}, [{', '.join(map(literal, style.formats))}])"
        zoned = given if style.zoned else f"coalesce({given}, {own})"
        written = f"coalesce({own}, {given})" if style.iso else zoned
    return written if style.zone is None else _in_zone(written, _usual(column, style), style.zone)


def _in_zone(written: str, text: str, zone: str) -> str:
    """The moment `written` as the `zone` has it, by the zone that stands in its `text`."""
    beside = f"regexp_extract({text}, {literal(_ZONE_OF)}, [{literal('zone')}, {literal('name')}])"
    names = {**ABBREVIATIONS, **own_abbreviations(zone)}
    offsets = f"MAP {{{', '.join(f'{literal(name)}: {offset}' for name, offset in names.items())}}}"

    def shown(at: str, said: str) -> str:
        sign, hours, minutes = (f"regexp_extract({said}, {literal(OFFSET)}, {group})" for group in (1, 2, 3))
        hours, minutes = (f"coalesce(try_cast({part} AS INTEGER), 0)" for part in (hours, minutes))
        numeric = f"({sign} || '1')::INTEGER * ({hours} * 60 + {minutes})"
        fits = f"{hours} <= 14 AND {minutes} < 60"
        known = f"regexp_matches({said}, {literal(OFFSET)}) AND {fits}"
        offset = f"CASE WHEN {known} THEN {numeric} ELSE {offsets}[{said}] END"
        local = ", ".join(map(literal, (*NO_ZONE, zone)))
        return f"CASE WHEN {said} IN ({local}) THEN {at} ELSE {_shifted(at, offset, zone)} END"

    def told(at: str, zone: str) -> str:
        said = f"coalesce(nullif(trim({zone}.zone), ''), nullif(trim({zone}.name), ''), '')"
        return _let(said, lambda said: shown(at, said), "said")

    return _let(written, lambda at: _let(beside, lambda zone: told(at, zone), "found"), "shown_at")


def _shifted(at: str, offset: str, zone: str) -> str:
    """The local time in `zone` of a clock that stands `offset` minutes before UTC."""
    chosen = fixed_offset(zone)
    if chosen is not None:
        return f"({at} + to_minutes({chosen} - ({offset})))"
    return f"timezone({literal(zone)}, timezone('UTC', {at} - to_minutes({offset})))"


def time_of_day(column: str) -> str:
    """Microseconds since midnight of a clock time in a column of its own; 0 where there is none."""
    halved = f"regexp_replace(trim({column}), {literal(_HALF_DAY)}, ' \\1M')"
    parsed = f"try_strptime({halved}, [{', '.join(map(literal, _TIMES))}])"
    return f"coalesce(epoch_us({parsed} - date_trunc('day', {parsed})), 0)"


def _counted(column: str, count: Count) -> str:
    number_ = f"try_cast(replace(trim({column}), ',', '.') AS DOUBLE)"
    if count is Count.DAYS:
        micros = f"CAST(round({number_} * 86400) * 1000000 AS BIGINT)"
        return f"TIMESTAMP '1899-12-30' + to_microseconds({micros})"
    scale = {Count.SECONDS: 1_000_000, Count.MILLISECONDS: 1_000, Count.MICROSECONDS: 1}[count]
    return f"make_timestamp(CAST({number_} * {scale} AS BIGINT))"


def _cleaned(column: str, style: DateStyle) -> str:
    """The date as its formats expect it: no weekday, no zone, one blank before the clock, months as numbers."""
    cleaned = _usual(column, style)
    if style.weekday:
        cleaned = f"regexp_replace({cleaned}, {literal(_WEEKDAY)}, '\\1')"
    if style.zoned:
        cleaned = f"regexp_replace({cleaned}, {literal(_CLOCK_ZONE)}, '\\1')"
    if any("%H" in each or "%I" in each for each in style.formats):
        cleaned = f"regexp_replace({cleaned}, {literal(_GAP)}, '\\1 \\2')"
    if any("%p" in each for each in style.formats):
        cleaned = f"regexp_replace({cleaned}, {literal(_HALF_DAY)}, ' \\1M')"
    return _numbered_months(cleaned) if style.named else cleaned


def _usual(column: str, style: DateStyle) -> str:
    """The date with what is peculiar to a country put as all others write it."""
    text = f"trim({column})"
    for number_ in style.rules:
        pattern, put = RULES[number_]
        text = f"trim(regexp_replace({text}, {literal(pattern)}, {literal(put)}, 'g'))"
    return text


def _numbered_months(cleaned: str) -> str:
    """A date whose month has a name as “2026 10 31 12:00”; other dates as they are.

    Step by step, each on the text of the step before: an expression that named its input several times would grow with
    every step around it, and take the engine longer to plan than a small file takes to read. A date in the making
    starts with “@”, and one whose month nobody knows keeps it, which no format fits.
    """
    steps = list(_TO_YEAR_NAME_DAY)
    for number_ in sorted(set(MONTHS.values())):
        names = "|".join(name for name, its_number in MONTHS.items() if its_number == number_)
        steps.append((rf"(?i)^@(\d+) (?:{names}) ", rf"@\1 {number_} "))
    text = f"strip_accents({cleaned})"
    for pattern, put in (*steps, *_TO_WHOLE_DATE):
        text = f"regexp_replace({text}, {literal(pattern)}, {literal(put)})"
    return f"rtrim({text})"


def flag(column: str) -> str:
    """TRUE or FALSE where the word is known in one of our languages, else NULL."""
    word = f"lower(trim({column}))"
    return (
        f"CASE WHEN {word} IN ({', '.join(map(literal, TRUE_WORDS))}) THEN true "
        f"WHEN {word} IN ({', '.join(map(literal, FALSE_WORDS))}) THEN false END"
    )


def says(column: str, words: Sequence[str], *, but_not: Sequence[str] = ()) -> str:
    """Whether the text contains one of the words (regular expressions of ours; without any: anything) and none of
    `but_not`; never NULL."""
    word = f"lower({column})"
    pattern = "|".join(words) or r"\S"
    found = f"coalesce(regexp_matches({word}, {literal(pattern)}), false)"
    if not but_not:
        return found
    return f"({found} AND NOT regexp_matches({word}, {literal('|'.join(but_not))}))"
