"""Bad files through the command line: a sentence with a next step, an honest exit code, and nothing lost."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from segmentation import cli
from segmentation.workspace import Workspace
from tests import bad_files
from tests.bad_files import BadFile

SHOP = "Shop"
TRACES = re.compile(r"Traceback|File \"|\bNone\b|\bnan\b|Exception|<class|duckdb|/tmp/|/dev/shm/|/home/", re.IGNORECASE)


class Tessera:
    """The command line over one workspace."""

    def __init__(self, workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.workspace = workspace
        self._capsys = capsys

    def __call__(self, *words: object) -> tuple[int, dict[str, Any], str]:
        """Run one command with --json: exit code, the one object, and what was said on stderr."""
        code = cli.main([*map(str, words), "--json", "--workspace", str(self.workspace)])
        out, err = self._capsys.readouterr()
        found = json.loads(out)
        assert isinstance(found, dict)
        assert not TRACES.search(err), err
        return code, found, err

    def state(self) -> list[tuple[str, int, str, int]]:
        """Every dataset with its version, content and rows."""
        found = Workspace.open(self.workspace).datasets()
        return [(one.name, one.number, one.fingerprint, one.manifest.lines) for one in found]

    def column(self, name: str) -> list[Any]:
        """One stored column of the shop's lines."""
        version = Workspace.open(self.workspace).latest(SHOP)
        return [cell for path in version.lines for cell in pq.ParquetFile(path).read([name])[name].to_pylist()]


@pytest.fixture
def tessera(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Tessera:
    return Tessera(tmp_path / "shops", capsys)


def ids(files: tuple[BadFile, ...]) -> list[str]:
    return [one.name.removesuffix(".csv") for one in files]


def saved(folder: Path, bad: BadFile) -> Path:
    path = folder / bad.name
    path.write_bytes(bad.content)
    return path


def money_in(bad: BadFile) -> Decimal:
    """The readable amounts of a file, as exactly as it writes them."""
    rows = list(csv.reader(io.StringIO(bad.content.decode(), newline="")))[1:]
    return sum((Decimal(row[-1]) for row in rows if re.fullmatch(r"[0-9.]+", row[-1])), Decimal(0))


@pytest.mark.parametrize("bad", bad_files.REFUSED, ids=ids(bad_files.REFUSED))
def test_what_cannot_be_imported_is_refused_in_a_sentence_and_leaves_the_shop_as_it_was(
    tessera: Tessera, tmp_path: Path, bad: BadFile
) -> None:
    good = tmp_path / "good.csv"
    good.write_bytes(bad_files.text(bad_files.ordinary()))
    assert tessera("import", good, "--dataset", SHOP)[0] == 0
    before = tessera.state()
    code, said, err = tessera("import", saved(tmp_path, bad), "--dataset", SHOP)
    assert code == 1
    assert set(said) == {"error"}
    problem = said["error"]
    whole = " ".join((problem["fact"], problem["evidence"], problem["next_step"]))
    assert problem["fact"].startswith(bad.name)
    assert problem["next_step"].endswith(".")
    assert all(word in whole for word in bad.refused), whole
    assert err.strip() == " ".join(whole.split())
    assert tessera.state() == before


@pytest.mark.parametrize("bad", bad_files.REFUSED, ids=ids(bad_files.REFUSED))
def test_a_refused_file_makes_no_shop_and_leaves_nothing_behind(tessera: Tessera, tmp_path: Path, bad: BadFile) -> None:
    assert tessera("import", saved(tmp_path, bad), "--dataset", SHOP)[0] == 1
    assert tessera.state() == []
    workspace = Workspace.open(tessera.workspace)
    assert [path for path in workspace.tmp.rglob("*") if path.is_file()] == []
    assert list((workspace.root / "datasets").rglob("*.parquet")) == []


@pytest.mark.parametrize("bad", bad_files.IMPORTED, ids=ids(bad_files.IMPORTED))
def test_every_row_and_cent_of_an_odd_file_is_loaded_or_set_aside(
    tessera: Tessera, tmp_path: Path, bad: BadFile
) -> None:
    code, said, err = tessera("import", saved(tmp_path, bad), "--dataset", SHOP)
    assert code == 0
    rows, revenue = said["rows"], said["revenue"]
    assert (rows["read"], rows["loaded"], rows["set_aside"]) == (bad.rows, bad.loaded, bad.set_aside)
    kept, excluded = Decimal(str(revenue["kept"])), [Decimal(str(one)) for one in revenue["excluded"].values()]
    assert Decimal(str(revenue["file"])) == money_in(bad) == kept + sum(excluded)
    assert sum(tessera.column("amount")) == kept
    assert all(word in err for word in bad.warned), err
    assert bool(bad.warned) == bool(err.strip())


@pytest.mark.parametrize("bad", bad_files.IMPORTED, ids=ids(bad_files.IMPORTED))
def test_a_study_of_an_odd_file_counts_everyone_or_says_why_it_cannot(
    tessera: Tessera, tmp_path: Path, bad: BadFile
) -> None:
    customers = tessera("import", saved(tmp_path, bad), "--dataset", SHOP)[1]["customers"]
    for method in (("--method", "kmeans"), ("--method", "rfm")):
        code, said, _ = tessera("study", SHOP, *method)
        if "error" in said:
            problem = said["error"]
            assert code == 1
            assert bad.unstudied, said
            assert all(word in f"{problem['fact']} {problem['evidence']}" for word in bad.unstudied)
            assert problem["next_step"]
            continue
        assert code == 0
        assert sum(segment["customers"] for segment in said["segments"]) == customers
        assert sum(segment["share_of_customers"] for segment in said["segments"]) == pytest.approx(1, abs=1e-12)
        assert sum(segment["share_of_revenue"] for segment in said["segments"]) == pytest.approx(1, abs=1e-9)


def test_product_names_are_kept_letter_by_letter(tessera: Tessera, tmp_path: Path) -> None:
    (bad,) = (one for one in bad_files.IMPORTED if one.name == "names.csv")
    tessera("import", saved(tmp_path, bad), "--dataset", SHOP)
    stored = set(tessera.column("product"))
    unbroken = {one.strip().replace("\r\n", "\n") for one in stored}
    assert unbroken == {name.strip().replace("\r\n", "\n") for name in bad_files.NASTY_NAMES}


def test_a_bad_file_among_good_ones_is_named_and_nothing_is_imported_by_halves(
    tessera: Tessera, tmp_path: Path
) -> None:
    good = tmp_path / "good.csv"
    good.write_bytes(bad_files.text(bad_files.ordinary()))
    code, said, _ = tessera("import", good, saved(tmp_path, bad_files.REFUSED[0]), "--dataset", SHOP)
    assert code == 1
    assert said["error"]["fact"].startswith("empty.csv")
    assert tessera.state() == []
