"""Month names in the languages of shops, and what number each has."""

from __future__ import annotations

import unicodedata

_MONTHS = """
01 jan january januar januari jänner janvier janv enero ene gennaio gen janeiro styczeń stycznia sty leden ledna led
01 január ocak oca ianuarie ian январь января янв tammikuu tammikuuta tammikuun tammik
02 feb february februar februari feber février févr fév febrero febbraio fevereiro fev luty lutego lut únor února úno
02 február febr şubat şub februarie февраль февраля фев февр helmikuu helmikuuta helmikuun helmik
03 mar march marz märz maerz mrz mars marzo març março maart mrt marzec marca březen března bře marts március márc mart
03 martie март марта мар maaliskuu maaliskuuta maaliskuun maalisk
04 apr april avril avr abril abr aprile kwiecień kwietnia kwi duben dubna dub április ápr nisan nis aprilie апрель
04 апреля апр huhtikuu huhtikuuta huhtikuun huhtik
05 may mai mayo maggio mag maio mei maj maja květen května kvě május máj mayıs mayis май мая toukokuu toukokuuta
05 toukokuun toukok
06 jun june juni juin junio giugno giu junho czerwiec czerwca cze červen června čvn június jún haziran haz iunie iun
06 июнь июня июн kesäkuu kesäkuuta kesäkuun kesäk
07 jul july juli juillet juil julio luglio lug julho lipiec lipca červenec července čvc július júl temmuz tem iulie iul
07 июль июля июл heinäkuu heinäkuuta heinäkuun heinäk
08 aug august août aout agosto ago augustus augusti sierpień sierpnia sie srpen srpna augusztus ağustos ağu август
08 августа авг elokuu elokuuta elokuun elok
09 sep sept september septembre septiembre setiembre settembre set setembro wrzesień września wrz září zář szeptember
09 szept eylül eyl septembrie сентябрь сентября сен сент syyskuu syyskuuta syyskuun syysk
10 oct october oktober okt octobre octubre ottobre ott outubro out październik października paź říjen října říj október
10 ekim eki octombrie октябрь октября окт lokakuu lokakuuta lokakuun lokak
11 nov november novembre noviembre novembro listopadu listopad listopada kasım kasim kas
11 noiembrie noi ноябрь ноября ноя нояб marraskuu
11 marraskuuta marraskuun marrask
12 dec december dezember dez decembre décembre déc diciembre dic dicembre dezembro grudzień grudnia gru
12 prosinec prosince desember des aralık aralik ara decembrie декабрь декабря дек joulukuu joulukuuta joulukuun jouluk
"""


def bare(word: str) -> str:
    """A word as months are compared: lower case and without accents, as the engine takes them off."""
    split = unicodedata.normalize("NFKD", word.lower())
    return "".join(char for char in split if not unicodedata.combining(char))


MONTHS: dict[str, str] = {bare(word): line[:2] for line in _MONTHS.strip().splitlines() for word in line.split()[1:]}
"""Month names of sixteen languages, full (also in the case that a day asks for) and short, as `bare` puts them; each
with its number.

Listopad is November, as in Polish and Czech: in Croatian, whose other months nobody reads here, it is October. Left out
is what means another month elsewhere: lis and lip (in Polish, and a month earlier in Croatian), srp (Czech August,
Croatian July), čer.
"""


def month_number(name: str) -> str | None:
    """“Februar”, “févr.” → “02”; None where the word is no month."""
    return MONTHS.get(bare(name))
