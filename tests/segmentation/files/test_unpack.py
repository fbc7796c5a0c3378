"""Archives: what is unpacked, what is refused in a sentence, and that nothing is left behind."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from segmentation.errors import Cancelled, UnreadableFile
from segmentation.files.limits import MOST_MEMBERS
from segmentation.files.opened import detect
from segmentation.files.read import read_file
from segmentation.files.unpack import gunzip, unzip

TEXT = ("Customer,Order,Date,Amount\n" + "".join(f"C{n},{n},2026-01-05,{n}.50\n" for n in range(60))).encode()
MEGABYTE = 1024 * 1024


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def rows(folder: Path, data: bytes, name: str = "export.zip") -> dict[str, int]:
    """The tables of an archive with their rows; the folder for unpacking has to be empty again, whatever happens."""
    path = folder / name
    path.write_bytes(data)
    temp = folder / "temp"
    temp.mkdir(exist_ok=True)
    try:
        return {table.name: table.rows for table in read_file(path, folder / "read", temp, replace=True)}
    finally:
        assert list(temp.iterdir()) == []


def refusal(folder: Path, data: bytes, name: str = "export.zip") -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        rows(folder, data, name)
    error = caught.value
    assert error.fact.startswith(name)
    assert error.next_step.endswith(".")
    assert str(folder) not in str(error)
    return error


@pytest.mark.parametrize("name", ["orders.csv.gz", "orders.gz", "orders.csv", "orders"])
def test_a_gzip_file_is_known_by_its_bytes_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    assert rows(tmp_path, gzip.compress(TEXT), name) == {name: 60}


def test_a_gzip_file_of_several_parts_is_read_whole(tmp_path: Path) -> None:
    assert rows(tmp_path, gzip.compress(TEXT) + gzip.compress(TEXT.split(b"\n", 1)[1])) == {"export.zip": 120}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_every_file_of_a_zip_is_a_table_and_what_systems_add_is_none(tmp_path: Path, method: int) -> None:
    members = {
        "2026/": b"",
        "2026/jan.csv": TEXT,
        "2026/feb.csv": TEXT.replace(b",", b";"),
        "../../etc/mar.csv": TEXT,
        "C:\\out\\apr.csv": TEXT,
        "__MACOSX/2026/._jan.csv": b"\0\x05\x16\x07",
        "2026/.DS_Store": b"\0\0\0\1Bud1",
        "Thumbs.db": b"\xd0\xcf\x11\xe0",
        ".hidden": b"x",
    }
    found = rows(tmp_path, zipped(members, method))
    assert found == {f"export.zip › {month}.csv": 60 for month in ("jan", "feb", "mar", "apr")}


def test_a_zip_unpacks_only_into_its_folder_under_names_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "evil.zip"
    path.write_bytes(zipped({"../out.csv": TEXT, "/abs.csv": TEXT, "a\nb\tc.csv": TEXT}))
    inside = tmp_path / "inside"
    inside.mkdir()
    members = unzip(path, "evil.zip", inside, lambda: False)
    assert [member.name for member in members] == [f"evil.zip › {name}" for name in ("out.csv", "abs.csv", "a b c.csv")]
    assert {member.path.parent for member in members} == {inside}
    assert all(member.path.name.startswith("member-") for member in members)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["evil.zip", "inside"]


def test_a_zip_of_many_files_is_read_and_of_too_many_refused(tmp_path: Path) -> None:
    small = b"Customer,Amount\nC1,1.50\n"
    assert len(rows(tmp_path, zipped({f"{n}.csv": small for n in range(40)}))) == 40
    error = refusal(tmp_path, zipped({f"{n}.csv": b"" for n in range(MOST_MEMBERS + 1)}))
    assert "1,001 files" in error.fact


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (zipped({}), "The archive holds no files."),
        (zipped({"folder/": b"", "__MACOSX/._a": b"x"}), "The archive holds no files."),
        (zipped({"in.zip": zipped({"a.csv": TEXT})}), "This is an archive inside an archive."),
        (zipped({"in.csv.gz": gzip.compress(TEXT)}), "This is an archive inside an archive."),
        (gzip.compress(gzip.compress(TEXT)), "This is an archive inside an archive."),
        (gzip.compress(zipped({"a.csv": TEXT})), "This is an archive inside an archive."),
        (zipped({"a.csv": TEXT, "b.csv": b""}), "b.csv: The file is empty."),
        (zipped({"a.csv": TEXT, "b.csv": b"\n\r\n \t"}), "b.csv: The file holds nothing but blanks."),
        (zipped({"a.csv": TEXT, "b.pdf": b"%PDF-1.7 " + TEXT}), "b.pdf: This is a PDF, not delimited text."),
        (gzip.compress(b"", mtime=0), "The file is empty."),
        (zipped({"a.csv": TEXT}, zipfile.ZIP_BZIP2), "The archive is packed in a way that cannot be unpacked safely."),
        (zipped({"a.csv": TEXT}, zipfile.ZIP_LZMA), "The archive is packed in a way that cannot be unpacked safely."),
        (b"7z\xbc\xaf\x27\x1c" + TEXT, "This is a 7z archive, not delimited text."),
        (b"Rar!\x1a\x07" + TEXT, "This is a RAR archive, not delimited text."),
    ],
)
def test_an_archive_without_a_table_is_refused_by_what_it_is(tmp_path: Path, data: bytes, fact: str) -> None:
    assert refusal(tmp_path, data).fact.endswith(fact)


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.csv": TEXT}))
    at = data.index(b"PK\x01\x02") + 8
    data[at] |= 1
    data[6] |= 1
    assert "protected by a password" in refusal(tmp_path, bytes(data)).fact


@pytest.mark.parametrize("keep", [4, 10, 18, 60, -1, -8])
@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped({"a.csv": data})], ids=["gz", "zip"])
def test_an_archive_that_was_cut_off_is_refused(tmp_path: Path, pack: Callable[[bytes], bytes], keep: int) -> None:
    data = pack(random.Random(1).randbytes(3_000).hex().encode() + b"\n" + TEXT)
    assert refusal(tmp_path, data[:keep])


def test_rubbish_behind_a_gzip_file_and_a_wrong_checksum_are_refused(tmp_path: Path) -> None:
    data = gzip.compress(TEXT)
    assert "damaged" in refusal(tmp_path, data + b"rubbish").fact
    assert "damaged" in refusal(tmp_path, data[:-8] + b"\0" * 4 + data[-4:]).fact


def test_a_bomb_is_stopped_before_it_fills_the_disk(tmp_path: Path) -> None:
    bomb = b"a,b\n" * (18 * MEGABYTE)
    for data in (gzip.compress(bomb, 1), zipped({"a.csv": bomb})):
        error = refusal(tmp_path, data)
        assert "unpacks to far more" in error.fact
        assert "67 MB" in error.evidence


def test_a_stopped_bomb_leaves_at_most_what_was_allowed(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b"\0" * (80 * MEGABYTE), 1))
    with pytest.raises(UnreadableFile):
        gunzip(path, "bomb.gz", tmp_path, lambda: False)
    assert sum(one.stat().st_size for one in tmp_path.glob("member-*")) <= 64 * MEGABYTE


@pytest.mark.parametrize("stated", [0, 10, 2**31, 2**32 - 2])
def test_a_zip_that_states_a_false_size_is_refused(tmp_path: Path, stated: int) -> None:
    data = bytearray(zipped({"a.csv": TEXT}))
    at = data.index(b"PK\x01\x02")
    data[22:26] = data[at + 24 : at + 28] = struct.pack("<I", stated)
    assert refusal(tmp_path, bytes(data))


def test_many_members_share_one_allowance(tmp_path: Path) -> None:
    block = b"a,b\n" * (5 * MEGABYTE)
    assert "unpacks to far more" in refusal(tmp_path, zipped({f"{n}.csv": block for n in range(4)})).fact


def test_unpacking_can_be_stopped(tmp_path: Path) -> None:
    for name, data in (("a.gz", gzip.compress(TEXT)), ("a.zip", zipped({"a.csv": TEXT}))):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(Cancelled):
            detect(path, None, tmp_path, lambda: True)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (",".join(f"c{n}" for n in range(1_000_000)).encode() + b"\n1\n", "A line is longer than 1,000,000 bytes."),
        (b"c," * 30_000 + b"\n" + b"1," * 30_000 + b"\n", "at most 2,000 can be read."),
        (b"Customer,Amount\n" + b"c" * 1_300_000, "A line is longer than 1,000,000 bytes."),
        (b"x" * 1_300_000, "A line is longer than 1,000,000 bytes."),
        (TEXT + b'"' + b"x" * 2_100_000 + b"\n" + TEXT, "A line is longer than 1,000,000 bytes."),
        ("Kunde;Käse\n".encode("cp1252") + b"x" * 1_100_000 + b"\n", "A line is longer than 1,000,000 bytes."),
    ],
    ids=["names", "columns", "row", "only", "quoted", "windows"],
)
@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
def test_endless_lines_and_columns_are_refused(tmp_path: Path, text: bytes, fact: str, packed: bool) -> None:
    assert refusal(tmp_path, gzip.compress(text, 1) if packed else text).fact.endswith(fact)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with some of them changed, cut off or missing."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        at, how = chance.randrange(len(found)), chance.random()
        if how < 0.6:
            found[at] = chance.randrange(256)
        elif how < 0.8:
            del found[at + 1 :]
        else:
            del found[at + 1 : at + chance.randrange(2, 20)]
    return bytes(found)


@pytest.mark.parametrize("kind", ["gz", "stored", "deflated", "bzip2", "lzma"])
def test_a_damaged_archive_is_read_or_refused_and_nothing_else(tmp_path: Path, kind: str) -> None:
    methods = {"stored": 0, "deflated": 8, "bzip2": 12, "lzma": 14}
    members = {"a.csv": TEXT, "b/c.csv": TEXT[:500], "__MACOSX/._a.csv": b"x"}
    data = gzip.compress(TEXT, mtime=0) if kind == "gz" else zipped(members, methods[kind])
    chance, outcomes = random.Random(kind), set[str]()
    for _ in range(150):
        try:
            rows(tmp_path, mutated(data, chance))
            outcomes.add("read")
        except UnreadableFile:
            outcomes.add("refused")
    assert "refused" in outcomes


def test_a_bomb_is_stopped_by_what_it_has_unpacked_to_so_far_not_by_its_size(tmp_path: Path) -> None:
    data = gzip.compress(b"a,b,c\n" * 12_000_000) + random.Random(1).randbytes(2_000_000)
    assert "67 MB" in str(refusal(tmp_path, data, "export.csv.gz"))
