"""The measure of how well files are read: right where it can be worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.pollock import measures, score, weighted

CLEAN = [["a", "b"], ["1", "2"], ["3", "4"]]


def test_a_file_read_as_it_is_gets_everything() -> None:
    assert measures(CLEAN, CLEAN) == 9


def test_a_lost_record_costs_recall_of_records_and_cells() -> None:
    record = 1 + 1 / 2 + 2 / 3
    cells = 1 + 4 / 6 + 2 * (4 / 6) / (1 + 4 / 6)
    assert measures(CLEAN, CLEAN[:2]) == pytest.approx(3 + record + cells)


def test_cells_in_other_columns_make_other_records() -> None:
    assert measures(CLEAN, [["a", "b"], ["2", "1"], ["4", "3"]]) == 3 + 0 + 3


def test_a_folder_is_scored_file_by_file_and_a_refused_file_gets_nothing(tmp_path: Path) -> None:
    for name in ("csv", "clean", "out"):
        (tmp_path / name).mkdir()
    (tmp_path / "csv/good.csv").write_text("a;b\n1;2\n3;4\n")
    (tmp_path / "csv/bad.csv").write_bytes(b"%PDF-1.7\n")
    for name in ("good.csv", "bad.csv"):
        (tmp_path / "clean" / name).write_text("a,b\n1,2\n3,4\n")
    found = score(tmp_path, tmp_path / "out")
    assert found == {"bad.csv": 0, "good.csv": 10}
    assert weighted(found, {"good.csv": 3, "bad.csv": 1}) == 7.5
