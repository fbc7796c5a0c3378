"""Which encoding a text has: told by its marks and zeros, else by which reading gives the likeliest words.

A sales export is mostly ASCII; a few hundred accented letters have to decide between alphabets that give every byte a
meaning. So each reading is scored by how common its letters are in one language, by capitals inside words, and by
signs that nobody types.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

CANDIDATES = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257",
    "iso8859-15", "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9",
    "mac_roman", "mac_latin2", "mac_cyrillic", "koi8-r", "cp850", "cp852", "cp866",
)  # fmt: skip
"""The eight-bit encodings that are told apart, likeliest first: a tie goes to the first. cp1252 includes Latin-1."""

_LETTERS = {
    "German": "üäößÜÖÄé",
    "French": "éèàêçôîûâùëïœÉÀÈÇÊÔ",
    "Spanish": "óíáéñúüÁÓÉÍÑÚ",
    "Italian": "àèùòéìÈÀ",
    "Portuguese": "ãçáéóíêõâúàôÃÇÁÉÓ",
    "Dutch": "éëïèöüêçó",
    "Polish": "łóążęśćńźŁŚŻĆÓŹ",
    "Czech": "íáéěřčžýšůúňťďóŘČŽŠÚ",
    "Slovak": "áíéčšžýúľťôňäďĺŕČŠŽ",
    "Hungarian": "áéóöőíüúűÁÉÖŐÜ",
    "Romanian": "ăîâșțşţÎŞȘ",
    "Turkish": "ıüşğöçİÜÖÇŞ",
    "Swedish": "äåöÅÖÄé",
    "Danish": "øåæØÅÆé",
    "Croatian": "šžčćđŠČŽĆĐ",
    "Baltic": "ėšžąūįųčęāīļņģķŠŽĖ",
    "Russian": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёОЕАИНТСРВЛКМДПУЯГЗБЧЙХЖШЮЭФ",
    "Ukrainian": "оаинівтерслкдмупязьбгчйхцїжєщфґОАИНІВТЕРСЛКДМУПЯ",
    "Greek": "αοιετσνρπκηυλμςάίόγέήδωύθχφβώξψζΑΟΙΕΤΣΝΡΠΚΗΥΛΜΓΔΩΘΧΦΒ",
}
"""The letters beyond ASCII of each language, commonest first."""
_SIGNS = "€£’‘“”„–—…°§®©™½¼¾²³·•«»¿¡º ªµ×±ßŒœ\u00a0"
_UNLIKELY, _UNTYPED, _MISPLACED = math.log(1e-4), math.log(1e-7), math.log(1e-3)
_SIGN = math.log(0.02)
_FOREIGN_LETTER = math.log(2e-3)
_WORD = re.compile(rb"[A-Za-z0-9\x80-\xff&.,'-]*[\x80-\xff][A-Za-z0-9\x80-\xff&.,'-]*")
_MOST_WORDS = 3_000


def _costs(letters: str) -> dict[str, float]:
    """Log-probabilities falling with the rank, as letters' do."""
    total = sum(1 / (rank + 1) for rank in range(len(letters)))
    return {letter: math.log(1 / (rank + 1) / total) for rank, letter in enumerate(letters)}


_LANGUAGES = tuple(_costs(letters) for letters in _LETTERS.values())
_ANY_LETTER = frozenset("".join(_LETTERS.values()))


def encoding_of(data: bytes) -> str:
    """The encoding of this text or of these pieces of it, as Python calls it. A cut character at the end is allowed."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if wide := wide_encoding(data):
        return wide
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return eight_bit_encoding(data)
    return "utf-8"


def wide_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32 by its mark, UTF-16 also by where its zeros are."""
    for mark, name in (
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return name
    half = max(1, len(data) // 2)
    even, odd = data[::2].count(0), data[1::2].count(0)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def eight_bit_encoding(data: bytes) -> str:
    """The likeliest of the eight-bit encodings; Latin-1, which reads anything, where none gives a meaning to all."""
    words = Counter(_WORD.findall(data)).most_common(_MOST_WORDS)
    present = frozenset(data)
    scores = {name: _score(words, name) for name in CANDIDATES if _has_all(name, present)}
    return max(scores, key=lambda name: scores[name]) if scores else "latin-1"


def _has_all(name: str, present: Iterable[int]) -> bool:
    table = codecs.decode(bytes(range(256)), name, "replace")
    return not any(table[byte] == "\ufffd" or "\x80" <= table[byte] <= "\x9f" for byte in present)


def _score(words: list[tuple[bytes, int]], name: str) -> float:
    """The log-probability of these words in the likeliest language, repeated words counting little more than once."""
    fixed = 0.0
    letters: dict[str, float] = defaultdict(float)
    for word, times in words:
        text = word.decode(name)
        weight = 1 + math.log(times)
        for index, char in enumerate(text):
            if char < "\x80":
                continue
            if char in _ANY_LETTER:
                letters[char] += weight
                fixed += weight * _misplaced(text, index)
            else:
                fixed += weight * _sign(text, index)
    return fixed + max(
        sum(times * costs.get(letter, _FOREIGN_LETTER + _UNLIKELY / 4) for letter, times in letters.items())
        for costs in _LANGUAGES
    )


def _misplaced(text: str, index: int) -> float:
    """A penalty for a capital after a small letter, a letter among digits, or two alphabets in one word."""
    char, before, after = text[index], text[index - 1 : index], text[index + 1 : index + 2]
    cost = 0.0
    if char.isupper() and before.islower():
        cost += _MISPLACED
    if char.isupper() and after.islower() and before.isalpha():
        cost += _MISPLACED
    if char.islower() and before.isupper() and text[:index].isupper() and index > 1:
        cost += _MISPLACED
    if (before + after).isdigit():
        cost += _MISPLACED
    if _other_alphabet(char) and any(neighbour.isascii() and neighbour.isalpha() for neighbour in (before, after)):
        cost += _MISPLACED
    return cost


def _other_alphabet(char: str) -> bool:
    return "\u0370" <= char <= "\u04ff"


def _sign(text: str, index: int) -> float:
    char, around = text[index], text[max(0, index - 1) : index] + text[index + 1 : index + 2]
    if char.isalpha() and char not in "ªºµ":
        return _UNLIKELY
    if char not in _SIGNS:
        return _UNTYPED
    if char in "€£" and any(neighbour.isalpha() for neighbour in around):
        return _UNLIKELY
    if char in "’‘" and around.isalpha():
        return _SIGN
    if around.isalpha() and len(around) == 2 and char not in "\u00a0–·":
        return _UNLIKELY
    return _SIGN
