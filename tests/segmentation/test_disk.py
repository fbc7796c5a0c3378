"""A full disk: recognised whoever says it, said in one way, and in nobody's way who only reads.

The disks are real and small. Where none can be mounted, the tests that need one are skipped and say so.
"""

from __future__ import annotations

import errno
import gzip
import json
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentation import cli, disk, erasure
from segmentation.analysis import MEMORY, Analysis
from segmentation.analysis.work import must_be_kept
from segmentation.customers import prepare
from segmentation.engine import DuckEngine
from segmentation.engine.reading import open_import_connection
from segmentation.errors import DiskFull, UnreadableFile, WorkspaceBroken
from segmentation.exports import write_whole
from segmentation.files.unpack import gunzip
from segmentation.workspace import Workspace
from segmentation.workspace.audit import Event, record, system_user
from segmentation.workspace.audit_check import check
from segmentation.workspace.backup import backup
from segmentation.workspace.checked import keep_sealed, read_sealed
from tests.dashboard.shops import write_shop
from tests.full_disk import Disk, small_disk

EVENT = Event(by="user:0", what="export", content="orders")


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path / "disk") as found:
        yield found


@pytest.fixture
def held(full: Disk) -> Workspace:
    """A workspace with a shop, on the small disk."""
    workspace = Workspace.open(full.root / "workspace")
    write_shop(workspace, customers=60)
    return workspace


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# Recognised -----------------------------------------------------------------------------------------------------


def test_python_arrow_sqlite_and_duckdb_say_it_each_in_its_own_way(full, tmp_path):
    table = pa.table({"a": [str(number) * 9 for number in range(50_000)]})
    base = sqlite3.connect(full.root / "list.sqlite")
    base.execute("CREATE TABLE t (x)")
    base.commit()
    engine = duckdb.connect(":memory:")
    full.fill(0)
    with pytest.raises(OSError, match="No space left") as python:
        (full.root / "a").write_bytes(b"0" * 99_999)
    with pytest.raises(OSError, match="No space left") as arrow:
        pq.write_table(table, full.root / "a.parquet")
    with pytest.raises(sqlite3.OperationalError) as sqlite:
        base.execute("INSERT INTO t VALUES (?)", ("x" * 99_999,))
    with pytest.raises(duckdb.IOException) as duck:
        engine.execute(f"COPY (FROM range(999999)) TO '{full.root}/b.parquet'")
    for one in (python, arrow, sqlite, duck):
        assert disk.is_full(one.value, full.root), one.value
        assert isinstance(disk.told(one.value, "It was not kept.", full.root), DiskFull)


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.ENOENT, errno.EROFS, errno.EMFILE])
def test_other_troubles_of_a_disk_are_not_a_full_one(number, tmp_path):
    error = OSError(number, os.strerror(number))
    assert not disk.is_full(error)
    assert disk.told(error, "It was not kept.", tmp_path) is None
    with pytest.raises(OSError, match=os.strerror(number)), disk.writing("It was not kept.", tmp_path):
        raise error


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "The disk is full."), (errno.EDQUOT, "quota"), (errno.EFBIG, "of that size")]
)
def test_a_quota_and_a_largest_file_are_told_apart(number, said, tmp_path):
    with pytest.raises(DiskFull) as found, disk.writing("It was not kept.", tmp_path):
        raise OSError(number, os.strerror(number))
    assert found.value.code == "disk_full"
    assert said in found.value.fact
    assert found.value.fact.endswith("It was not kept.")


def test_an_error_of_ours_that_comes_of_a_full_disk_is_one(tmp_path):
    with pytest.raises(DiskFull, match=r"The disk is full\. Nothing came of it\."), disk.writing("Else.", tmp_path):
        raise WorkspaceBroken("Nothing came of it.") from OSError(errno.ENOSPC, "No space left on device")


def test_what_sqlite_says_of_a_lost_disk_is_not_taken_for_a_full_one(tmp_path):
    with pytest.raises(sqlite3.OperationalError) as found:
        sqlite3.connect(tmp_path / "nowhere" / "list.sqlite").execute("SELECT 1 FROM sqlite_master")
    assert disk.told(found.value, "It was not kept.", tmp_path) is None
    assert files(tmp_path) == []


def test_a_disk_without_a_place_for_another_file_says_that(tmp_path):
    with small_disk(tmp_path / "disk", files=40) as found:
        for number in range(40):
            try:
                (found.root / f"{number}").touch()
            except OSError:
                break
        with pytest.raises(DiskFull, match="can hold no further file") as refused:
            write_whole(found.root / "report.html", b"<html>")
        assert refused.value.free
        assert refused.value.free > 1_000_000


def test_a_largest_file_that_the_system_sets_is_said_and_leaves_nothing(tmp_path):
    code = (
        "import resource, sys; from pathlib import Path; from segmentation.exports import write_whole\n"
        "from segmentation.errors import DiskFull\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try: write_whole(Path(sys.argv[1]), b'0' * 9999)\n"
        "except DiskFull as error: sys.exit(error.fact)"
    )
    assert hasattr(resource, "RLIMIT_FSIZE")
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "r.html")], capture_output=True, text=True, check=False
    )
    assert done.stderr.startswith("The disk takes no file of that size from this account"), done.stderr
    assert files(tmp_path) == []


# Said -----------------------------------------------------------------------------------------------------------


def test_what_is_free_what_it_takes_and_what_can_go_is_said(full, held):
    (held.cache_folder / "made").mkdir()
    (held.cache_folder / "made" / "map.npy").write_bytes(b"0" * 2_000_000)
    full.fill(8192)
    with pytest.raises(DiskFull) as found:
        write_whole(full.root / "report.html", b"0" * 50_000)
    assert found.value.free == 8192
    assert found.value.need == 50_000
    assert found.value.evidence == f"On the disk of {full.root} 8.2 kB are free. This takes 50.0 kB."
    assert "choose another place" in found.value.next_step
    with pytest.raises(DiskFull) as inside:
        write_whole(held.exports / "report.html", b"0" * 50_000)
    assert f"{held.cache_folder} (2.0 MB) may be deleted at any time" in inside.value.next_step
    assert "tessera delete NAME" in inside.value.next_step
    assert not [name for name in files(full.root) if "report" in name]


def test_a_command_says_it_in_text_and_for_a_program(full, held, capsys):
    full.fill(0)
    words = ["basis", "Shop", "--state", "existing_customers", "--workspace", str(held.root)]
    assert cli.main(words) == 1
    assert capsys.readouterr().err.startswith("The disk is full. The list of shops could not be written.")
    assert cli.main([*words, "--json"]) == 1
    said = json.loads(capsys.readouterr().out)["error"]
    assert said["code"] == "disk_full"
    assert (said["free_bytes"], said["needed_bytes"], said["place"]) == (0, 200_000, str(held.root))


def test_an_archive_that_finds_no_room_is_not_called_damaged(full, tmp_path):
    packed = tmp_path / "orders.csv.gz"
    packed.write_bytes(gzip.compress(b"id,day,amount\n" * 9_999))
    full.fill(4096)
    with pytest.raises(OSError, match="No space left"):
        gunzip(packed, "orders.csv.gz", full.root, lambda: False)
    packed.write_bytes(packed.read_bytes()[:-20])
    full.empty()
    with pytest.raises(UnreadableFile, match="damaged"):
        gunzip(packed, "orders.csv.gz", full.root, lambda: False)


# Reading goes on ------------------------------------------------------------------------------------------------


def test_a_full_workspace_is_read_and_not_written(full, held):
    full.fill(0)
    here = Workspace.open(held.root)
    assert [one.name for one in here.datasets()] == ["Shop"]
    with pytest.raises(DiskFull, match="The list of shops could not be written"):
        here.remember_mapping("a", "b")
    with pytest.raises(DiskFull, match=r"The audit log could not be written \(export\)"):
        record(here, EVENT)
    assert check(here).sound
    full.empty()
    here.remember_mapping("a", "b")
    assert here.recall_mapping("a") == "b"
    record(here, EVENT)
    assert len(check(here).entries) == 1


def test_what_stands_in_the_log_of_the_list_only_is_read_on_a_full_disk(full, held):
    leave = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA journal_mode=WAL')\n"
        "c.execute(\"INSERT INTO mappings VALUES ('a', 'b')\"); c.commit(); os._exit(0)"
    )
    file = held.root / "registry.sqlite"
    subprocess.run([sys.executable, "-c", leave, str(file)], check=True)
    file.with_name("registry.sqlite-shm").unlink()
    assert file.with_name("registry.sqlite-wal").stat().st_size > 0
    full.fill(0)
    assert Workspace.open(held.root).recall_mapping("a") == "b"
    full.empty()
    assert Workspace.open(held.root).recall_mapping("a") == "b"


def test_a_read_only_workspace_is_read(full, held, capsys):
    subprocess.run(["mount", "-o", "remount,ro", str(full.root)], check=True)
    assert cli.main(["study", "Shop", "--segments", "2", "--workspace", str(held.root)]) == 0
    assert cli.main(["audit", "verify", "--workspace", str(held.root)]) in {0, 1}
    capsys.readouterr()
    assert cli.main(["basis", "Shop", "--state", "existing_customers", "--workspace", str(held.root)]) == 1
    assert "cannot be used" in capsys.readouterr().err
    subprocess.run(["mount", "-o", "remount,rw", str(full.root)], check=True)


def test_a_result_that_cannot_be_kept_is_given_and_not_kept(full, held):
    version, engine = held.latest("Shop"), DuckEngine.open(held.root)
    full.fill(0)
    table = prepare(held, engine, version)
    assert table.n == 58
    assert not keep_sealed(held.cache_folder / "a.json", b"0" * 99_999, "It could not be kept.")
    before = files(held.root)
    full.empty()
    assert (prepare(held, engine, version).raw("orders") == table.raw("orders")).all()
    assert [name for name in before if "customers-" in name] == []
    assert keep_sealed(held.cache_folder / "a.json", b"{}", "It could not be kept.")
    assert read_sealed(held.cache_folder / "a.json") == b"{}"


def test_a_worker_says_that_what_it_found_could_not_be_kept(full, held):
    wanted = Analysis.of(held, held.latest("Shop"), engine=DuckEngine.open(held.root)).clv()
    full.fill(0)
    made = wanted.get()
    with pytest.raises(DiskFull, match="could not be kept"):
        must_be_kept(wanted)
    assert wanted.get() is made  # held in memory meanwhile
    full.empty()
    must_be_kept(wanted)
    MEMORY.forget()
    kept = wanted.peek()
    assert kept is not None
    assert kept.buying == made.buying


# The engine -----------------------------------------------------------------------------------------------------

BIG = "SELECT count(*) AS n FROM (SELECT md5(i::VARCHAR) AS a FROM range(6000000) r(i) ORDER BY a OFFSET 1)"


def test_a_query_that_finds_no_room_says_so_and_the_engine_answers_on(full, held):
    engine = DuckEngine.open(held.root, memory="80MB")
    full.fill(0)
    with engine.reading(held.latest("Shop")) as run:
        with pytest.raises(DiskFull, match="could not be put aside"):
            run.select(BIG)
        assert run.select("SELECT count(*) AS n FROM lines").column("n")[0].as_py() > 0


def test_a_full_disk_that_ends_a_database_file_ends_nothing_else(full, held):
    """What DuckDB 2.0.0 does: a file that it cannot write is lost to it. Nothing of ours is such a file."""
    engine, version = DuckEngine.open(held.root), held.latest("Shop")
    with engine.reading(version) as run:
        run._cursor.execute(f"ATTACH '{held.cache_folder}/x.duckdb' AS x")
        run._cursor.execute("CREATE TABLE x.t AS SELECT md5(i::VARCHAR) AS a FROM range(100000) r(i)")
        full.fill(0)
        with pytest.raises(DiskFull):
            run.select("INSERT INTO x.t SELECT md5(i::VARCHAR) FROM range(900000) r(i)")
        with pytest.raises(DiskFull):
            run.select("CHECKPOINT x")
        with pytest.raises(DiskFull, match="could not be put aside"):
            run.select("SELECT count(*) AS n FROM x.t")
        assert run.select("SELECT count(*) AS n FROM lines").column("n")[0].as_py() > 0
    with engine.reading(version) as run:
        assert run.select("SELECT count(*) AS n FROM lines").column("n")[0].as_py() > 0


def test_an_engine_that_lost_its_connection_opens_another_once(held):
    engine, version = DuckEngine.open(held.root), held.latest("Shop")
    with engine.reading(version) as run:
        lost, (before,) = engine._root, list(held.tmp.iterdir())
        lost.close()
        for _ in range(3):
            run._lost()
        assert engine._root is not lost
        (after,) = held.tmp.iterdir()
        assert after != before
    with engine.reading(version) as run:
        assert run.select("SELECT count(*) AS n FROM lines").column("n")[0].as_py() > 0
    engine.close()
    assert list(held.tmp.iterdir()) == []


def test_an_import_that_finds_no_room_says_so(full, tmp_path):
    with open_import_connection(files=(), folders=(full.root,), temp=full.root, memory="80MB") as connection:
        full.fill(4096)
        with pytest.raises(DiskFull, match="The import could not be written"):
            connection.store("SELECT md5(i::VARCHAR) AS a FROM range(999999) r(i)", full.root / "a.parquet")


# Acts -----------------------------------------------------------------------------------------------------------


def test_a_shop_is_deleted_from_a_full_disk_by_letting_its_results_go_first(full, held):
    prepare(held, DuckEngine.open(held.root), held.latest("Shop"))
    with (held.cache(held.latest("Shop").fingerprint) / "more.npy").open("wb") as more:
        more.write(b"0" * 400_000)
    full.fill(0)
    erasure.delete(held, "Shop", by=system_user())
    assert held.datasets() == ()
    assert [one["what"] for one in check(held).entries if one] == ["delete"]


def test_a_backup_of_a_full_workspace_is_refused_at_once_and_leaves_nothing(full, held, tmp_path):
    full.fill(0)
    with pytest.raises(DiskFull):
        backup(held, tmp_path / "b.tar", created="2026-11-22", by=system_user())
    assert not list(tmp_path.glob("*b.tar*"))
    assert files(held.tmp) == []
