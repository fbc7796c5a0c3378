from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from segmentation.cli import main
from segmentation.errors import NotLogged
from segmentation.workspace import Workspace
from segmentation.workspace.audit import LOG, PENDING, START, Event, digest_of, record, system_user, visitor
from segmentation.workspace.audit_check import check
from segmentation.workspace.rebuild import rebuild

DATASET = "0123456789abcdef" * 2
ENTRIES = 40


def event(at: int, *, rows: int | None = None) -> Event:
    what = ("import", "export", "use", "backup")[at % 4]
    return Event(
        by=visitor(f"token {at % 3}"),
        what=what,
        content="customers" if what == "export" else "orders",
        dataset=DATASET,
        version=at % 5,
        rows=at if rows is None else rows,
        sha256=(digest_of(str(at).encode()),),
        at=datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=at),
    )


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, list[bytes]]:
    """A workspace with entries, and the log as it stood after each of them."""
    workspace, states = Workspace.open(tmp_path_factory.mktemp("logged")), []
    for at in range(ENTRIES):
        record(workspace, event(at))
        states.append((workspace.root / LOG).read_bytes())
    return workspace, states


def forged(line: bytes, number: int, before: str, rows: int) -> bytes:
    entry = json.loads(line) | {"n": number, "before": before, "rows": rows}
    return json.dumps(entry).encode()


def chained(lines: list[bytes]) -> bytes:
    """The lines as one who knows the format would write them anew: every number and every hash fits."""
    before, out = START, []
    for number, line in enumerate(lines, start=1):
        out.append(forged(line, number, before, json.loads(line)["rows"]))
        before = digest_of(out[-1])
    return b"".join(line + b"\n" for line in out)


def flipped(states: list[bytes], chance: random.Random) -> bytes:
    text = bytearray(states[-1])
    text[chance.randrange(len(text))] ^= 1 << chance.randrange(8)
    return bytes(text)


def removed(states: list[bytes], chance: random.Random) -> bytes:
    lines = states[-1].splitlines(keepends=True)
    first = chance.randrange(ENTRIES)
    return b"".join(lines[:first] + lines[first + chance.randint(1, 3) :])


def inserted(states: list[bytes], chance: random.Random) -> bytes:
    """An entry that fits the one before it, at any place and at the end too."""
    lines = states[-1].splitlines()
    place = chance.randint(1, ENTRIES)
    extra = forged(lines[place - 1], place + 1, digest_of(lines[place - 1]), rows=7)
    return b"".join(line + b"\n" for line in [*lines[:place], extra, *lines[place:]])


def reordered(states: list[bytes], chance: random.Random) -> bytes:
    lines = states[-1].splitlines(keepends=True)
    one, other = chance.sample(range(ENTRIES), 2)
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def cut(states: list[bytes], chance: random.Random) -> bytes:
    return states[-1][: chance.randrange(len(states[-1]))]


def cut_at_an_entry(states: list[bytes], chance: random.Random) -> bytes:
    lines = states[-1].splitlines(keepends=True)
    return b"".join(lines[: chance.randrange(ENTRIES)])


def older(states: list[bytes], chance: random.Random) -> bytes:
    return states[chance.randrange(ENTRIES - 1)]


def rewritten(states: list[bytes], chance: random.Random) -> bytes:
    """Another number of rows in one entry, and the whole chain after it made to fit."""
    lines = states[-1].splitlines()
    place = chance.randrange(ENTRIES)
    lines[place] = forged(lines[place], place + 1, START, rows=9_999)
    return chained(lines)


def rewritten_without(states: list[bytes], chance: random.Random) -> bytes:
    """One entry left out, another put at the end, and the whole chain made to fit: as many entries as before."""
    lines = states[-1].splitlines()
    del lines[chance.randrange(ENTRIES)]
    return chained([*lines, lines[0]])


Tampering = Callable[[list[bytes], random.Random], bytes]
TAMPERINGS: list[tuple[Tampering, int]] = [
    (flipped, 30),
    (removed, 15),
    (inserted, 15),
    (reordered, 10),
    (cut, 5),
    (cut_at_an_entry, 5),
    (older, 8),
    (rewritten, 7),
    (rewritten_without, 5),
]


def test_100_of_100_tamperings_are_found_and_none_where_there_is_none(logged):
    workspace, states = logged
    path, chance = workspace.root / LOG, random.Random(13)
    tried, missed, false = 0, [], 0
    for tamper, times in TAMPERINGS:
        for _ in range(times):
            changed = tamper(states, chance)
            assert changed != states[-1]
            path.write_bytes(changed)
            tried += 1
            if check(workspace).sound:
                missed.append(tamper.__name__)
            path.write_bytes(states[-1])
            false += not check(workspace).sound
    assert (tried, missed, false) == (100, [], 0)


@pytest.mark.parametrize("number", [1, 2, 20, ENTRIES])
def test_an_entry_that_is_missing_is_named(logged, number):
    workspace, states = logged
    lines = states[-1].splitlines(keepends=True)
    (workspace.root / LOG).write_bytes(b"".join(lines[: number - 1] + lines[number:]))
    found = check(workspace)
    (workspace.root / LOG).write_bytes(states[-1])
    assert found.wrong[0].entry == number
    assert "missing" in found.wrong[0].why or "removed" in found.wrong[0].why


def test_a_log_that_is_gone_is_found(logged):
    workspace, states = logged
    (workspace.root / LOG).unlink()
    found = check(workspace)
    (workspace.root / LOG).write_bytes(states[-1])
    assert [one.entry for one in found.wrong] == [1]
    assert f"{ENTRIES} entries" in found.wrong[0].why


def test_a_log_whose_end_the_registry_forgot_is_found(tmp_path):
    workspace = Workspace.open(tmp_path)
    record(workspace, event(0))
    record(workspace, event(1))
    with workspace.registry() as registry:
        registry.execute("DELETE FROM audit")
    assert not check(workspace).sound
    record(workspace, event(2))
    assert not check(workspace).sound


def test_an_empty_log_is_sound(tmp_path):
    assert check(Workspace.open(tmp_path)).sound
    assert not (tmp_path / LOG).exists()


def test_an_entry_after_a_tampering_hides_nothing(tmp_path):
    for tampered in (b"", b'{"n": 1, "at"'):
        workspace = Workspace.open(tmp_path / str(len(tampered)))
        for at in range(3):
            record(workspace, event(at))
        (workspace.root / LOG).write_bytes(tampered)
        record(workspace, event(3))
        found = check(workspace)
        assert not found.sound
        assert found.entries[-1]["rows"] == 3


def test_only_its_owner_can_read_the_log(tmp_path):
    workspace = Workspace.open(tmp_path / "workspace")
    record(workspace, event(0))
    assert [(workspace.root / name).stat().st_mode & 0o777 for name in (LOG, PENDING)] == [0o600, 0o600]


def test_entries_of_many_at_once_stand_in_one_chain(tmp_path):
    Workspace.open(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda at: record(Workspace(tmp_path), event(at)), range(60)))
    found = check(Workspace(tmp_path))
    assert found.sound
    assert sorted(entry["rows"] for entry in found.entries) == list(range(60))


KILLED = """
    import os
    from pathlib import Path
    from segmentation.workspace import Workspace, audit
    from segmentation.workspace.audit import Event, record, system_user

    def die(*_):
        os._exit(9)

    {where}
    workspace = Workspace(Path({root!r}))
    record(workspace, Event(by=system_user(), what="import", content="orders", rows=77))
"""


@pytest.mark.parametrize(
    ("where", "entries"),
    [
        ("audit.write = die", 1),
        ("audit._last_byte = die", 1),
        ("audit.os.fsync = die", 1),
        ("audit.set_head = die", 2),
        ("written = audit.write; audit.write = lambda *a: (written(*a), die())", 2),
    ],
)
def test_a_kill_leaves_an_entry_whole_or_not_there(tmp_path, where, entries):
    workspace = Workspace.open(tmp_path)
    record(workspace, event(0))
    code = textwrap.dedent(KILLED).format(where=where, root=str(tmp_path))
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    assert subprocess.run([sys.executable, "-c", code], env=environment).returncode == 9
    found = check(workspace)
    assert found.sound
    assert len(found.entries) == entries
    record(workspace, event(1))
    assert check(workspace).sound
    assert len(check(workspace).entries) == entries + 1


def test_what_cannot_be_entered_is_said_and_leaves_the_log_as_it_was(tmp_path):
    workspace = Workspace.open(tmp_path)
    (tmp_path / LOG).mkdir()
    with pytest.raises(NotLogged, match=r"audit log could not be written \(export\)"):
        record(workspace, event(1))
    (tmp_path / LOG).rmdir()
    assert check(workspace).sound
    assert check(workspace).entries == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"by": "ann@shop.example"},
        {"by": "Ann Smith"},
        {"by": "user:ann"},
        {"dataset": "Ann's shop"},
        {"content": "ann@shop.example"},
        {"what": "looked"},
        {"sha256": ("+49 30 123456",)},
    ],
)
def test_no_text_of_a_person_can_be_entered(wrong):
    with pytest.raises(ValueError, match=r"audit log|only"):
        Event(**({"by": "user:1", "what": "export", "content": "scores"} | wrong))


def test_who_did_it_is_a_number_or_a_pseudonym():
    assert system_user() == f"user:{os.getuid()}"
    assert visitor("a") != visitor("b")
    assert visitor(None) == "visitor:unknown"


CANARIES = ("canary@person.example", "Canaria Personsson", "+46 70 555 01 99", "canary-77")
ORDERS = "Order,Date,Customer,Email,Name,Phone,Amount\n" + "".join(
    f"{at},2026-0{1 + at % 9}-1{at % 9},{CANARIES[3]}{at % 40},{at % 40}{CANARIES[0]},{CANARIES[1]} {at % 40},"
    f"{CANARIES[2]}{at % 40},{10 + at % 7}.50\n"
    for at in range(400)
)


def tessera(root: Path, *words: object) -> int:
    return main([str(word) for word in words] + ["--workspace", str(root), "--json"])


def test_no_personal_data_is_in_the_log_and_all_that_was_done_is(tmp_path, capsys):
    root, file = tmp_path / "w", tmp_path / "canary@person.example.csv"
    file.write_text(ORDERS, encoding="utf-8")
    assert tessera(root, "import", file, "--dataset", "Canaria Personsson", "--date-order", "ymd") == 0
    assert tessera(root, "report", "Canaria Personsson", "--segments", "2", "--out", tmp_path / "r.html") == 0
    assert tessera(root, "versions", "Canaria Personsson", "--use", "1") == 0
    assert tessera(root, "backup", tmp_path / "b.tar") == 0
    assert tessera(root, "restore", tmp_path / "b.tar", "--replace") == 0
    capsys.readouterr()
    assert tessera(root, "audit", "verify") == 0
    assert tessera(root, "audit") == 0
    entries = json.loads(capsys.readouterr().out.splitlines()[-1])["log"]
    assert [one["what"] for one in entries] == ["import", "export", "use", "backup", "restore"]
    assert entries[0]["rows"] == 400
    for entry, path in ((0, file), (1, tmp_path / "r.html"), (3, tmp_path / "b.tar"), (4, tmp_path / "b.tar")):
        assert entries[entry]["sha256"] == [digest_of(path.read_bytes())]
    assert {one["by"] for one in entries} == {f"user:{os.getuid()}"}
    log = (root / LOG).read_text() + (root / PENDING).read_text()
    assert [canary for canary in (*CANARIES, "person", "555 01", "4670555") if canary.lower() in log.lower()] == []


def test_a_backup_brings_its_log_to_an_empty_workspace(tmp_path, capsys):
    workspace = Workspace.open(tmp_path / "w")
    record(workspace, event(0))
    assert tessera(workspace.root, "backup", tmp_path / "b.tar") == 0
    record(workspace, event(1))
    assert tessera(tmp_path / "new", "restore", tmp_path / "b.tar") == 0
    brought, own = check(Workspace(tmp_path / "new")), check(workspace)
    assert brought.sound
    assert [one["what"] for one in brought.entries] == ["import", "restore"]
    assert [one["what"] for one in own.entries] == ["import", "backup", "export"]


def test_without_an_entry_nothing_is_handed_out_and_nothing_is_imported(tmp_path, capsys):
    root, file = tmp_path / "w", tmp_path / "orders.csv"
    file.write_text(ORDERS, encoding="utf-8")
    Workspace.open(root)
    (root / LOG).mkdir()
    assert tessera(root, "import", file, "--dataset", "Shop", "--date-order", "ymd") == 1
    assert "The audit log could not be written (import)" in capsys.readouterr().err
    assert Workspace.open(root).datasets() == ()
    assert list((root / "datasets").iterdir()) == []
    (root / LOG).rmdir()
    assert tessera(root, "import", file, "--dataset", "Shop", "--date-order", "ymd") == 0
    (root / LOG).rename(root / "elsewhere")
    (root / LOG).mkdir()
    assert tessera(root, "report", "Shop", "--segments", "2", "--out", tmp_path / "r.html") == 1
    assert "The audit log could not be written (export)" in capsys.readouterr().err
    assert not (tmp_path / "r.html").exists()
    assert tessera(root, "backup", tmp_path / "b.tar") == 1
    assert not (tmp_path / "b.tar").exists()


def test_audit_verify_says_which_entry_is_wrong_and_why(tmp_path, capsys):
    workspace = Workspace.open(tmp_path)
    for at in range(3):
        record(workspace, event(at))
    path = workspace.root / LOG
    path.write_bytes(path.read_bytes().replace(b'"rows": 2', b'"rows": 3'))
    assert main(["audit", "verify", "--workspace", str(tmp_path)]) == 1
    assert "Entry 3: the registry has another hash of it" in capsys.readouterr().out


def test_a_list_of_shops_made_anew_begins_a_new_log_and_keeps_the_old_one(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    record(workspace, event(0))
    told = (workspace.root / LOG).read_bytes()
    for file in workspace.root.glob("registry.sqlite*"):
        file.unlink()
    rebuild(workspace.root)
    assert (workspace.root / "audit-replaced-1.log").read_bytes() == told
    workspace = Workspace.open(workspace.root)
    record(workspace, event(1))
    assert check(workspace).sound
    assert len(check(workspace).entries) == 1


@pytest.mark.parametrize("how", ["gone", "emptied"])
def test_a_lost_log_is_never_taken_for_an_empty_one(tmp_path, capsys, how):
    workspace = Workspace.open(tmp_path)
    for at in range(3):
        record(workspace, event(at))
    log = workspace.root / LOG
    log.write_bytes(b"")
    if how == "gone":
        log.unlink()
    for words in (["audit"], ["audit", "verify"]):
        assert main([*words, "--workspace", str(tmp_path)]) == 1
        said = capsys.readouterr().out
        assert "The audit log is missing; 3 entries had been entered." in said
        assert "Nothing is entered" not in said
        assert tessera(tmp_path, *words) == 1
        body = json.loads(capsys.readouterr().out)
        assert (body["log"], body["entries"], body["known"], body["sound"]) == ([], 0, 3, False)


def test_what_audit_prints_as_json_is_a_list_of_objects_also_where_a_line_is_none(tmp_path, capsys):
    workspace = Workspace.open(tmp_path)
    for words in ("audit",), ("audit", "verify"):
        assert tessera(tmp_path, *words) == 0
        assert json.loads(capsys.readouterr().out)["log"] == []
    for at in range(2):
        record(workspace, event(at))
    log = workspace.root / LOG
    log.write_bytes(b"no entry\n" + log.read_bytes().partition(b"\n")[2])
    assert tessera(tmp_path, "audit") == 0
    first, second = json.loads(capsys.readouterr().out)["log"]
    assert first == {"n": 1, "unreadable": True}
    assert second["n"] == 2
