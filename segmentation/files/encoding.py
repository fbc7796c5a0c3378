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

from segmentation.files.asian import two_byte_encoding

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
_SIGNS = "€£¥’‘“”„–—…°§®©™½¼¾²³·•«»¿¡º ªµ×±ßŒœ\u00a0"
_UNLIKELY, _UNTYPED, _MISPLACED = math.log(1e-4), math.log(1e-7), math.log(1e-3)
_SIGN = math.log(0.02)
_FOREIGN_LETTER = math.log(2e-4)
_WORDS_OF_ONE_LETTER = "àèéåöæøíóúÀÈÉÅÖÆØ" + "".join(map(chr, range(0x0370, 0x0500)))
_WORD = re.compile(rb"[A-Za-z0-9\x80-\xff&.,'-]{1,100}")  # bounded: a hostile file is one word
_UTF8_LETTERS = re.compile(rb"((?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+)")
_MOST_WORDS = 3_000
_BAD_LINES = 2_000
_MIXED = 0.1  # a text with this share of lines in UTF-8 is read line by line


def _costs(letters: str) -> dict[str, float]:
    """Log-probabilities falling with the rank, as letters' do."""
    total = sum(1 / (rank + 1) for rank in range(len(letters)))
    return {letter: math.log(1 / (rank + 1) / total) for rank, letter in enumerate(letters)}


_LANGUAGES = (*(_costs(letters) for letters in _LETTERS.values()), _costs("’“”–€£é®™°"))
"""The last is English, where signs are commoner than letters."""
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
        return "utf-8" if _has_utf8_lines(data) else two_byte_encoding(data) or eight_bit_encoding(data)
    return "utf-8"


def _has_utf8_lines(data: bytes) -> bool:
    """Whether lines of another encoding only stand among lines of UTF-8: hardly any other text passes for that."""
    lines = [line for line in data.splitlines() if not line.isascii()]
    valid = sum(decoded_line(line, "") is not None for line in lines)
    return valid > 0 and valid >= _MIXED * len(lines)


def decoded_line(data: bytes, fallback: str) -> str | None:
    """A line of UTF-8, else of the other encoding, or None where there is no other.

    Odd bytes among more letters of UTF-8 are the only ones read in the other encoding.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if not fallback:
            return None
    if _is_other(data):
        return data.decode(fallback, errors="replace")
    pieces = enumerate(_UTF8_LETTERS.split(data))
    return "".join(piece.decode("utf-8" if at % 2 else fallback, errors="replace") for at, piece in pieces)


def _is_other(data: bytes) -> bool:
    """Whether a line has fewer letters of UTF-8 than bytes that are none."""
    text = data.decode("utf-8", errors="replace")
    return sum(char > "\x7f" for char in text) < 2 * text.count("\ufffd")


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
    """The likeliest of the eight-bit encodings. A byte that has no meaning in one speaks against it, once."""
    words = Counter(word for word in _WORD.findall(data) if not word.isascii()).most_common(_MOST_WORDS)
    scores = {name: _score(words, name) for name in CANDIDATES}
    return max(scores, key=lambda name: scores[name])


def encoding_of_odd_lines(lines: Iterable[bytes]) -> str | None:
    """The likeliest encoding of those lines of a text that are not UTF-8. None where the last one alone is not, because
    it ends inside a character, and other lines do have letters of UTF-8."""
    odd: list[bytes] = []
    letters = False
    for line in lines:
        if decoded_line(line, "") is not None:
            letters = letters or not line.isascii()
        elif len(odd) < _BAD_LINES:
            odd.append(line)
        else:
            break
    if letters and len(odd) == 1 and ends_inside_a_character(odd[0]):
        return None
    return eight_bit_encoding(b"".join(map(odd_bytes, odd)))


def ends_inside_a_character(data: bytes) -> bool:
    """Whether these bytes are UTF-8 up to a last character, of which bytes are missing."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return False


def odd_bytes(data: bytes) -> bytes:
    """What of a line that is not UTF-8 was not read as such."""
    return data if _is_other(data) else _UTF8_LETTERS.sub(b" ", data)


def _score(words: list[tuple[bytes, int]], name: str) -> float:
    """The log-probability of these words in the likeliest language, repeated words counting little more than once."""
    penalties = 0.0
    found: dict[str, float] = defaultdict(float)
    for word, times in words:
        text = word.decode(name, "replace")
        weight = 1 + math.log(times)
        for index, char in enumerate(text):
            if char < "\x80":
                continue
            if char in _ANY_LETTER:
                found[char] += weight
                penalties += weight * _misplaced(text, index)
            elif penalty := _odd_sign(text, index):
                penalties += weight * penalty
            else:
                found[char] += weight
    return penalties + max(
        sum(times * costs.get(char, _FOREIGN_LETTER if char in _ANY_LETTER else _SIGN) for char, times in found.items())
        for costs in _LANGUAGES
    )


def _misplaced(text: str, index: int) -> float:
    """A penalty for a capital beside a small letter, a letter among digits or alone, or two alphabets in one word."""
    char, before, after = text[index], text[index - 1 : index], text[index + 1 : index + 2]
    cost = 0.0
    if char.isupper() and before.islower():
        cost += _MISPLACED
    if char.isupper() and after.islower() and before.isalpha():
        cost += _MISPLACED
    if char.islower() and before.isupper() and index > 1 and text[index - 2].isupper():
        cost += _MISPLACED
    if char.islower() and after.isupper():
        cost += _MISPLACED
    if (before + after).isdigit() or (len(text) == 1 and char not in _WORDS_OF_ONE_LETTER):
        cost += _MISPLACED
    if _other_alphabet(char) and any(neighbour.isascii() and neighbour.isalpha() for neighbour in (before, after)):
        cost += _MISPLACED
    return cost


def _other_alphabet(char: str) -> bool:
    return "\u0370" <= char <= "\u04ff"


def _odd_sign(text: str, index: int) -> float:
    """A penalty for a sign that nobody types, or not beside these letters; 0 for others."""
    char, around = text[index], text[max(0, index - 1) : index] + text[index + 1 : index + 2]
    if char.isalpha() and char not in "ªºµ":
        return _UNLIKELY
    if char not in _SIGNS:
        return _UNTYPED
    if char in "€£¥" and any(neighbour.isdigit() for neighbour in around):
        return 0.0
    if char in "€£¥" and any(neighbour.isalpha() for neighbour in around):
        return _UNLIKELY
    if index == 0 and around.islower() and (char in "—–®©™°…•”»" or (char in "’“„‘«" and _stands_open(text))):
        return _UNLIKELY
    if char in "’‘" and around.isalpha():
        return 0.0
    return _UNLIKELY if around.isalpha() and len(around) == 2 and char not in "\u00a0–·" else 0.0


def _stands_open(text: str) -> bool:
    """Whether a word of another alphabet begins with a quotation mark that it does not close."""
    return _other_alphabet(text[1]) and text[-1].isalpha()
