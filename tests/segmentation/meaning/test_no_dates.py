"""A file without any column of dates is not told to choose one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from segmentation.errors import MeaningMissing
from segmentation.intake import import_file
from segmentation.workspace import Workspace

TODAY = date(2026, 11, 28)


def refused(tmp_path: Path, header: str, row: Callable[[int], str]) -> MeaningMissing:
    file = tmp_path / "orders.csv"
    file.write_text(header + "\n" + "".join(f"{row(i)}\n" for i in range(60)), encoding="utf-8")
    with pytest.raises(MeaningMissing) as problem:
        import_file(Workspace.open(tmp_path / "workspace"), file, dataset="Shop", today=TODAY)
    return problem.value


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("customer,amount", lambda i: f"c{i % 17},{i}.25"),
        ("customer,email,amount", lambda i: f"c{i % 17},c{i % 17}@shop.example,{i}.25"),
        ("customer,amount,country", lambda i: f"c{i % 17},{i}.25,{'DE' if i % 2 else 'FR'}"),
    ],
)
def test_without_any_dates_the_next_step_is_another_export(tmp_path: Path, header: str, row) -> None:
    problem = refused(tmp_path, header, row)
    assert "export the orders again with the day" in problem.next_step
    assert "Choose" not in problem.next_step
    assert problem.candidates == ()
