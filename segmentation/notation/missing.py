"""What programs and people write where there is no value, in the languages of shops."""

from __future__ import annotations

import re

_WORDS = """
null nul nil none nan nat na n/a #n/a #na n.a n.a. n/d n.d n.d. n/v #null! #n/v <na> <null> <none> missing unknown
undefined undef unset unspecified unassigned not_set not_available not_applicable not_provided not_specified no_value
no_data (null) (none) (nan) (blank) (blanks) (empty) (not_set) (unknown) (n/a) (undefined) (missing) (leer) (vide)
(vacío) (vuoto) (vazio) [null] [empty] [blank] {null} blank empty \\n
k.a k.a. k._a. k.a.n. keine_angabe k.w. unbekannt leer nicht_verfügbar nicht_angegeben
s/d s.d s.d. s/o s.o s.o. s/n sin_datos sin_dato no_disponible sans_objet non_renseigné non_défini n.c n.c. nd nc
nvt n.v.t n.v.t. n.b. onbekend geen bd b.d b.d. brak brak_danych nieznany n.n. n.n non_disponibile sconosciuto
não_informado não_disponível sem_dados ei_tietoa ej_angivet saknas okänd ikke_angivet ukjent ukendt
yok belirtilmemiş bilinmiyor neuvedeno není nincs nincs_adat ismeretlen нет_данных нет неизвестно н/д なし 無 无 없음
"""
_DASHES = r"[\x{2010}-\x{2015}\x{2212}_.?/#*~-]"
MISSING = tuple(word.replace("_", " ") if len(word) > 1 else word for word in _WORDS.split())
"""Words for no value, in lower case."""
NO_DATES = ("0000-00-00", "0000-00-00 00:00:00", "0000-00-00t00:00:00", "0000-00-00t00:00:00z", "00/00/0000",
            "00.00.0000", "00-00-0000", "0000/00/00", "00/00/00", "00000000", "1900-01-00", "1900-01-00 00:00:00",
            "1/0/1900", "0/1/1900", "00.01.1900", "0001-01-01", "0001-01-01 00:00:00",
            "0001-01-01t00:00:00", "0001-01-01t00:00:00z")  # fmt: skip
"""The days that databases and spreadsheets put where there is none, in lower case."""
NO_WORDS = ("no", "nein", "non", "nee", "não", "nao", "nej", "nei", "ei", "nie", "ne", "nem", "hayır", "hayir", "nu",
            "never", "jamais", "nunca", "mai", "noch nicht", "not yet", "open", "pending")  # fmt: skip
"""What is an answer in a column of words, and no date in a column of dates, in lower case."""

MISSING_SHAPE = rf"\s*{_DASHES}{{0,5}}\s*"
"""Text of nothing but a few dashes, dots or question marks, in the spelling of RE2."""
_SHAPE = re.compile(re.sub(r"\\x\{([0-9a-f]{4})\}", r"\\u\1", MISSING_SHAPE))
_MISSING, _ALL_DATES = frozenset((*MISSING, *NO_DATES)), frozenset(NO_WORDS)


def is_missing(text: str, *, in_dates: bool = False) -> bool:
    """Whether the text says that there is no value, whatever its case. `in_dates`: in a column of dates, where “No” is
    such a word too."""
    word = text.strip().lower()
    return word in _MISSING or _SHAPE.fullmatch(word) is not None or (in_dates and word in _ALL_DATES)
