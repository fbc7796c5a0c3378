"""Telling encodings apart by the words of shops' lines, from a few accented letters or from many."""

from __future__ import annotations

import codecs
import random
from pathlib import Path

import pytest

from segmentation.files.encoding import encoding_of
from segmentation.files.opened import checked, detect
from segmentation.files.sample import take

PLAIN = ("Widget", "T-Shirt Basic", "Gift card 25", "Smith", "Berlin", "Tea (100 g)", "Socks 3-pack", "O'Brien", "A&B")

WORDS = {
    "German": (
        "Jürgen Höfer", "Käthe Schäfer", "Günther Weiß", "Würzburg", "Nürnberg", "Lübeck", "Fußmatte", "Kühlschrank",
        "Brötchenkorb", "Trinkgläser", "Dübel 6er", "Wäscheständer", "Öllampe", "Überwurf", "Bügelbrett", "Fön",
        "Kräutertöpfchen", "Spülbürste", "Süßstoff", "Äpfel",
    ),
    "French": (
        "Gérard Lefèvre", "Cécile Bérenger", "Saint-Étienne", "Nîmes", "Théière", "Bougie parfumée", "Crêpière",
        "Tablier à rayures", "Cœur décoré", "Cafetière à piston", "Gâteau de fête", "Noël", "Châle", "Bûche glacée",
        "Maïs grillé", "Coffret découverte", "Bâtonnets", "Pèlerine", "Sécateur",
    ),
    "Spanish": (
        "Jesús Muñoz", "María Ibáñez", "Málaga", "A Coruña", "Sartén de acero", "Cojín bordado", "Lámpara de techo",
        "Sillón", "Jabón líquido", "Paño de cocina", "Cinturón", "Cerámica", "Tazón", "Colchón", "Piñata", "Azúcar",
        "Mantel pequeño", "Árbol",
    ),
    "Italian": (
        "Nicolò Cantù", "Forlì", "Cantù", "Caffè macinato", "Tè verde", "Bontà", "Novità", "Menù", "Sofà", "Già pronto",
        "Città di Castello", "Papà", "Lunedì", "Più morbido", "Qualità extra",
    ),
    "Portuguese": (
        "João Simões", "Inês Araújo", "Guimarães", "São Paulo", "Maçã", "Pão de mel", "Sabão", "Café torrado", "Avó",
        "Almofada de algodão", "Colchão", "Coração", "Limão", "Pêssego", "Óleo", "Calção",
    ),
    "Dutch": (
        "Daniël Smit", "Zoë Koëlman", "Financiën", "Crème fraîche", "Reünie", "Patiënt", "Één paar", "Knieën", "Cliënt",
        "Ideeën", "Coöperatie", "België",
    ),
    "Polish": (
        "Grażyna Wójcik", "Łukasz Dąbrowski", "Poznań", "Częstochowa", "Ręcznik kąpielowy", "Kołdra", "Świeca",
        "Filiżanka", "Talerz głęboki", "Łyżka", "Nóż", "Pościel", "Kubek żółty", "Źródło", "Książka",
    ),
    "Czech": (
        "Jiří Dvořák", "Zdeněk Růžička", "Plzeň", "Ústí nad Labem", "Hrníček", "Lžíce", "Nůž", "Deštník", "Ručník",
        "Polštář", "Šálek", "Žárovka", "Dětská židle", "Květináč", "Čaj zelený", "Mýdlo",
    ),
    "Hungarian": (
        "Győző Szűcs", "Kőszeg", "Székesfehérvár", "Törölköző", "Gyertyatartó", "Bögre", "Kávéfőző", "Ágynemű", "Tükör",
        "Őszibarack", "Fűszer", "Szőnyeg", "Ülőpárna", "Óra",
    ),
    "Swedish": (
        "Åke Sjöström", "Gävle", "Jönköping", "Mössa", "Handduk grå", "Kökssax", "Mässing", "Täcke", "Stövlar",
        "Tvål", "Äggkopp", "Örngott", "Nålar", "Påslakan",
    ),
    "Danish": (
        "Søren Kjær", "Århus", "Ærø", "Køkkenrulle", "Tørklæde", "Håndklæde", "Smørkniv", "Øreringe", "Sæbe", "Æbler",
        "Blå kop", "Gløgg",
    ),
    "Turkish": (
        "Ayşe Yıldız", "İzmir", "Çanakkale", "Diş fırçası", "Gümüş yüzük", "Çay bardağı", "Yağ şişesi", "Kırmızı örtü",
        "Şal", "Ütü", "Öğütücü", "Bıçak", "Kaşık",
    ),
    "Russian": (
        "Сергей Петров", "Казань", "Чашка", "Полотенце банное", "Ложка", "Подушка", "Свеча", "Мыло", "Ёлочный шар",
        "Скатерть", "Часы настенные", "Фонарь",
    ),
    "Greek": (
        "Νίκος Παππάς", "Θεσσαλονίκη", "Κούπα καφέ", "Πετσέτα μπάνιου", "Σαπούνι", "Κερί", "Μαξιλάρι", "Ρολόι τοίχου",
        "Φλιτζάνι", "Ελιές",
    ),
}  # fmt: skip
"""Names of people, towns and products, each with a letter beyond ASCII."""

WESTERN = ("cp1252", "latin-1", "iso8859-15", "mac-roman", "cp850")
CENTRAL = ("cp1250", "iso8859-2", "mac_latin2", "cp852")
ENCODINGS = {
    **dict.fromkeys(("German", "French", "Spanish", "Portuguese", "Danish", "Swedish", "Italian", "Dutch"), WESTERN),
    **dict.fromkeys(("Polish", "Czech", "Hungarian"), CENTRAL),
    "Turkish": ("cp1254", "iso8859-9"),
    "Russian": ("cp1251", "koi8-r", "iso8859-5", "mac-cyrillic", "cp866"),
    "Greek": ("cp1253", "iso8859-7"),
}
LACKS = {"cp1252": b"\x81", "cp1250": b"\x81", "cp1253": b"\xff"}
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
CASES = [(language, encoding) for language, some in ENCODINGS.items() for encoding in (*some, *UNICODE)]
SIZES = [(20, 0.5), (300, 0.1), (1_500, 0.03)]
"""Lines, and the share of their cells that have a letter beyond ASCII."""


def export(language: str, lines: int, share: float, euro: str = "") -> str:
    """An export with names in this language."""
    chance = random.Random(f"{language} {lines} {share}")

    def name() -> str:
        return chance.choice(WORDS[language] if chance.random() < share else PLAIN)

    rows = ["Order;Date;Customer;City;Product;Price"]
    for number in range(lines):
        when = f"{chance.randint(1, 28):02}.{chance.randint(1, 12):02}.2026"
        price = f"{chance.randint(1, 99)},{chance.randint(0, 99):02}{euro}"
        rows.append(f"{1000 + number};{when};{name()};{name()};{name()};{price}")
    return "\r\n".join(rows) + "\r\n"


def written(text: str, encoding: str) -> bytes:
    """The text in an encoding; letters it does not have are left out, as old programs did."""
    return text.encode(encoding, "ignore")


def read(data: bytes) -> str:
    """The bytes as the found encoding reads them."""
    return data.decode(encoding_of(data)).removeprefix("\ufeff")


def found(folder: Path, data: bytes) -> str:
    """The text of a file as it comes out of a careful copy, its separator and line ends aside."""
    path = folder / "orders.csv"
    path.write_bytes(data)
    (table,) = detect(path, None, folder)
    copy = checked(table, folder)
    lines = copy.path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line.split(";", 1)[1] if copy.numbered else line for line in lines)


@pytest.mark.parametrize(("lines", "share"), SIZES)
@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_a_text_reads_as_it_was_written_in_its_language(language: str, encoding: str, lines: int, share: float) -> None:
    data = written(export(language, lines, share), encoding)
    assert read(data) == data.decode(encoding).removeprefix("\ufeff")


@pytest.mark.parametrize(("lines", "share"), SIZES)
@pytest.mark.parametrize("encoding", ["cp1252", "iso8859-15", "mac-roman", "utf-8", "utf-16"])
@pytest.mark.parametrize("language", ["German", "French", "Spanish", "Italian", "Portuguese", "Dutch"])
def test_a_euro_sign_at_every_price_does_not_drown_the_letters(
    language: str, encoding: str, lines: int, share: float
) -> None:
    data = written(export(language, lines, share, " €"), encoding)
    assert read(data) == data.decode(encoding).removeprefix("\ufeff")


@pytest.mark.parametrize("language", ["German", "Polish", "Russian", "Greek"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_unicode_file_comes_out_letter_by_letter(tmp_path: Path, language: str, encoding: str) -> None:
    text = export(language, 40, 0.5)
    out = found(tmp_path, text.encode(encoding))
    wanted = text.splitlines()
    assert out.splitlines()[-40:] == wanted[1:]


@pytest.mark.parametrize(("encoding", "language"), [("cp1252", "German"), ("cp1250", "Czech"), ("mac-roman", "French")])
def test_an_eight_bit_file_comes_out_letter_by_letter(tmp_path: Path, encoding: str, language: str) -> None:
    data = written(export(language, 40, 0.5), encoding)
    assert found(tmp_path, data).splitlines() == data.decode(encoding).splitlines()[1:]


@pytest.mark.parametrize("place", [0, 150_000, 700_000, 1_400_000])
def test_letters_that_occur_only_here_or_there_in_a_large_file_are_seen(tmp_path: Path, place: int) -> None:
    plain = export("German", 1, 0.0).splitlines()[1] + "\r\n"
    lines = [plain] * (1_500_000 // len(plain))
    for at in range(60):
        lines[place // len(plain) + at] = f"{at};01.02.2026;Jürgen Höfer;Würzburg;Fußmatte;1,50\r\n"
    data = ("Order;Date;Customer;City;Product;Price\r\n" + "".join(lines)).encode("cp1252")
    assert found(tmp_path, data).count("Jürgen Höfer;Würzburg;Fußmatte") == 60


@pytest.mark.parametrize("lines", [60, 6_000, 30_000])
@pytest.mark.parametrize(("late", "language"), [("cp1252", "German"), ("cp1250", "Polish"), ("cp1251", "Russian")])
def test_lines_appended_in_another_encoding_are_read_in_it_and_the_others_stay(
    tmp_path: Path, late: str, language: str, lines: int
) -> None:
    early, more = export(language, lines, 0.3), export(language, 60, 0.5).split("\r\n", 1)[1]
    out = found(tmp_path, early.encode("utf-8") + more.encode(late)).splitlines()
    assert out == [*early.splitlines()[1:], *more.splitlines()]


@pytest.mark.parametrize(("byte", "reads"), [(b"\x81", "\ufffd"), ("ß".encode("cp1252"), "ß")])
@pytest.mark.parametrize("line", [2, 4_000, 9_000])
def test_a_single_odd_byte_costs_one_character_at_most(tmp_path: Path, byte: bytes, reads: str, line: int) -> None:
    wanted = export("German", 10_000, 0.3).splitlines()
    wanted[line] = f"1;01.02.2026;Stra{reads}e;Würzburg;Öllampe;1,50"
    data = "\r\n".join(wanted).encode("utf-8").replace(f"Stra{reads}e".encode(), b"Stra" + byte + b"e")
    others = "".join(f"2;01.02.2026;Jürgen;Würzburg {n};Fußmatte;1,50\r\n" for n in range(20)).encode("cp1252")
    out = found(tmp_path, data + b"\r\n" + others).splitlines()
    assert out[: len(wanted) - 1] == wanted[1:]
    assert out[-1] == "2;01.02.2026;Jürgen;Würzburg 19;Fußmatte;1,50"


def test_a_character_cut_between_two_looks_is_no_other_encoding(tmp_path: Path) -> None:
    for shift in range(4):
        path = tmp_path / f"{shift}.csv"
        path.write_bytes(b"a" * shift + ("Käse;😀;Ölkännchen\n" * 40_000).encode())
        assert take(path, path.name).encoding == "utf-8"


def test_windows_characters_that_became_control_codes_are_put_right(tmp_path: Path) -> None:
    text = export("German", 40, 0.5).replace("Tea", "Tea \x96 \x84best\x93 for 2 \x80")
    out = found(tmp_path, text.encode("utf-8"))
    assert "Tea – „best“ for 2 €" in out
    assert "Würzburg" in out


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_zero_bytes_are_left_out_wherever_they_stand(tmp_path: Path, encoding: str) -> None:
    text = export("German", 400, 0.5)
    dirty = text.replace("Widget", "Wid\0get").replace("T-Shirt", "\0T-Shirt\0", 3)
    assert "\0" in dirty
    assert found(tmp_path, dirty.encode(encoding)).splitlines()[-400:] == text.splitlines()[1:]


def test_a_mark_of_byte_order_alone_decides() -> None:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        assert encoding_of(mark + "Käse".encode(encoding)) == encoding
    assert encoding_of(codecs.BOM_UTF8 + "Käse;\xff".encode("latin-1")) == "utf-8"


@pytest.mark.parametrize("piece", [b"x", b"xY", b"x\xe4", b"A\xe9", b"\xe9", b"\xff", b"\x81"])
def test_one_endless_word_is_looked_at_in_a_bounded_time(piece: bytes) -> None:
    data = b"K\xe4se;" + piece * (300_000 // len(piece))
    assert data.decode(encoding_of(data), "replace").startswith("K")


@pytest.mark.parametrize("odd", ['"Tee, \\"stark\\""', "Tee"], ids=["escaped", "plain"])
def test_lines_of_two_encodings_are_told_apart_in_any_dialect(tmp_path: Path, odd: str) -> None:
    early = "Kunde;Artikel;Preis\n" + "".join(f"Jürgen {n};{odd};1,50\n" for n in range(300))
    late = "".join(f"Käthe {n};{odd};2,50\n" for n in range(300))
    out = found(tmp_path, early.encode("utf-8") + late.encode("cp1252"))
    assert [line.split(";")[0] for line in out.splitlines()[-600:]] == [
        *(f"Jürgen {n}" for n in range(300)),
        *(f"Käthe {n}" for n in range(300)),
    ]


@pytest.mark.parametrize("words", ["„Tasse“ „Kanne“ „Teller“", "“cup” “pot”", "Tea – black", "it’s Bob’s", "25 € £"])
def test_signs_of_windows_alone_are_read_as_signs(words: str) -> None:
    text = "".join(f"{n};{word};1.50\n" for n in range(30) for word in words.split(" "))
    assert read(text.encode("cp1252")) == text


@pytest.mark.parametrize("word", ["Сумка", "Ручка", "Тарелка", "Халат", "Чёрный", "Сергей Юдин", "Ёлка Объём"])
def test_a_capital_at_the_start_of_every_word_is_no_sign(word: str) -> None:
    text = "".join(f"{n};{word};1,50\n" for n in range(30))
    assert read(text.encode("cp1251")) == text


@pytest.mark.parametrize(("language", "encoding"), [("German", "cp1252"), ("Polish", "cp1250"), ("Greek", "cp1253")])
def test_a_stray_byte_that_an_encoding_lacks_costs_itself_only(tmp_path: Path, language: str, encoding: str) -> None:
    data = written(export(language, 200, 0.3), encoding).replace(b"Widget", b"Wid" + LACKS[encoding] + b"get", 1)
    out = found(tmp_path, data)
    assert out.count("\ufffd") == 1
    assert out.replace("\ufffd", "").splitlines() == export(language, 200, 0.3).splitlines()[1:]


@pytest.mark.parametrize("size", [1, 7, 300, 5_000])
def test_bytes_without_a_meaning_are_read_as_something(size: int) -> None:
    chance = random.Random(size)
    data = bytes(chance.randrange(0x80, 0x100) for _ in range(size))
    assert data.decode(encoding_of(data), "replace")
