"""Dates and clocks as whole countries write them, each put into the usual writing by one rule.

The rules are shared with the engine's casts, so that what is recognised here is what is read there: they keep to what
both RE2 and Python understand, and one leaves alone what it is not about.
"""

from __future__ import annotations

import re
from functools import cache

_DATE = r"\d{4}|[./-]\d{1,2}[./-]\d{1,2}|\p{L}\.?[./ -]\d{2}"  # the end of a date
_AT = r"kl\.?|klo\.?|um|à|às|a las|at|alle|alle ore|ore|ora|om|ob|o|в|saat|g\.|godz\.?|du"
_BLANKS = r"[\x{00a0}\x{202f}\x{2009}\t]"
RULES: tuple[tuple[str, str], ...] = (
    (_BLANKS, " "),
    # 2026年10月26日(月) 14時30分15秒; 2026년 10월 26일 오후 2:30
    (r"^(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일](?: ?[(（]\p{L}[)）])?,? ?(.*)$", r"\1-\2-\3 \4"),
    (r"^(.*\d) (\d{1,2}) ?[時时시点] ?(\d{1,2}) ?[分분] ?(\d{1,2}) ?[秒초]$", r"\1 \2:\3:\4"),
    (r"^(.*\d) (\d{1,2}) ?[時时시点] ?(\d{1,2}) ?[分분]$", r"\1 \2:\3"),
    (r"^(.*\d\.?) (?:오후|午後|下午) ?(\d{1,2}:\d{2}(?::\d{2})?)$", r"\1 \2 PM"),
    (r"^(.*\d\.?) (?:오전|午前|上午) ?(\d{1,2}:\d{2}(?::\d{2})?)$", r"\1 \2 AM"),
    # måndag den 13 maj 2026; 13 maja 2026 r.; 13 мая 2026 г., 14:30
    (r"^(?:(\p{L}{2,12}\.?,?) )?(?:den|le|el|am) (\d.*)$", r"\1 \2"),
    (r"^(.*\p{L}\.? \d{4}) ?[rгр]\.?(,? \d.*)?$", r"\1\2"),
    # 2026. 10. 26. 14:30; 13. 5. 2026; 2026. október 26.; 2026.10.26.
    (r"^(\d{4})\. ?(\d{1,2})\. ?(\d{1,2})\.?((?:,? .*)?)$", r"\1.\2.\3\4"),
    (r"^(\d{1,2})\. (\d{1,2})\. (\d{4}|\d{2})((?:\D.*)?)$", r"\1.\2.\3\4"),
    (r"^(\d{4})\. (\p{L}{3,12})\.? (\d{1,2})\.?((?:,? .*)?)$", r"\1 \2 \3\4"),
    (r"^(\d{1,2}\.\d{1,2}\.\d{2,4})\.((?:,? .*)?)$", r"\1\2"),
    # 14/Feb/2026:14:01:00 +0100
    (r"^(\d{1,2}[/-]\p{L}{3,12}[/-]\d{4}):(\d{1,2}:\d{2}.*)$", r"\1 \2"),
    # Jul-21-26
    (r"^(\p{L}{3,12})\.?([-/])(\d{1,2})[-/]([0-6]\d)((?:,? .*)?)$", r"\1\2\3\220\4\5"),
    (r"^(\p{L}{3,12})\.?([-/])(\d{1,2})[-/]([7-9]\d)((?:,? .*)?)$", r"\1\2\3\219\4\5"),
    # 26.10.2026 kl. 14.30; 14h30; 14 Uhr; 14.30.15
    (rf"^(.*(?:{_DATE})),? (?:{_AT}) (\d{{1,2}}(?:[:.h]| h| ?Uhr).*)$", r"\1 \2"),
    (rf"^(.*(?:{_DATE})),?[ T](\d{{1,2}}) ?[hH] ?(\d{{2}})(?: ?(?:m|min))?$", r"\1 \2:\3"),
    (rf"^(.*(?:{_DATE})),?[ T](\d{{1,2}}) ?(?:h|H|Uhr)$", r"\1 \2:00"),
    (rf"^(.*(?:{_DATE})),?[ T](\d{{1,2}})\.(\d{{2}})\.(\d{{2}})((?:\.\d+)?(?:[ +-]?[^\d.:].*)?)$", r"\1 \2:\3:\4\5"),
    (rf"^(.*(?:{_DATE})),?[ T](\d{{1,2}})\.(\d{{2}})((?:[ +-]?[^\d.:].*)?)$", r"\1 \2:\3\4"),
    # billionths of a second
    (r"^(.*:\d{2}[.,]\d{6})\d{1,3}(\D.*)?$", r"\1\2"),
)  # fmt: skip
"""Patterns in RE2's spelling and what they put instead, in this order, each on what the rule before left."""


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(_python(pattern)), re.sub(r"\\(\d)", r"\\g<\1>", put)) for pattern, put in RULES)


def _python(pattern: str) -> str:
    """The pattern in Python's spelling, with digits that are digits to the engine too."""
    spelled = re.sub(r"\\x\{([0-9a-f]{4})\}", r"\\u\1", pattern).replace(r"[^\d", "[^0-9")
    return spelled.replace(r"\d", "[0-9]").replace(r"\D", "[^0-9]").replace(r"\p{L}", r"[^\W\d_]")


_BLANK = r"[ \t\u00a0\u202f\u2009]"
_MAY_BE_ONE = re.compile(
    rf"(?=.*(?:[^0-9.,'+-]|\.\d+\.))(?:[^\W\d_]{{2,12}}[.,]{{0,2}}(?:{_BLANK}|[/-])){{0,2}}"
    rf"\d{{1,4}}(?:st|nd|rd|th|er|º)?(?:[./年년-]|{_BLANK}){{1,2}}[^\W_]"
)
"""How dates start; what does not is not looked at rule by rule, which takes long."""


def usual(text: str) -> tuple[str, tuple[int, ...]]:
    """The date in its usual writing, and which rules put it there."""
    used: list[int] = []
    if _MAY_BE_ONE.match(text) is None:
        return text, ()
    for number, (pattern, put) in enumerate(_compiled()):
        changed = pattern.sub(put, text)
        if changed != text:
            used.append(number)
            text = changed.strip()
    return text, tuple(used)


SPACES = re.compile(_python(_BLANKS))
"""Blanks that are none to the engine."""
