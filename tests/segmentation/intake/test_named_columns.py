"""A column that somebody names is one that a file has; else nothing is imported, and the columns there are named."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.cli import main
from segmentation.errors import WrongCall
from segmentation.intake import import_files
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import TODAY, csv, load, write

SHOP = csv(
    *(f"{1000 + n},C{n % 7},2026-01-{n + 1:02d},Tea,2,1{n}.50" for n in range(20)),
    header="Order,Customer,Date,Product,Qty,Paid",
)


@pytest.mark.parametrize("meaning", ["amount", "quantity", "customer", "date", "status"])
def test_a_column_that_is_not_there_is_refused(tmp_path: Path, meaning: str) -> None:
    with pytest.raises(WrongCall) as refused:
        load(tmp_path, SHOP, columns={meaning: "Nope"})
    problem = refused.value
    assert problem.fact == "The file has no column “Nope”."
    assert problem.evidence == "The columns are “Order”, “Customer”, “Date”, “Product”, “Qty”, “Paid”."
    assert f"--column {meaning}=HEADER" in problem.next_step
    assert not Workspace.open(tmp_path / "workspace").names()


def test_one_of_other_capitals_is_offered(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="Did you mean “Paid”"):
        load(tmp_path, SHOP, columns={"amount": "paid"})


def test_it_is_a_wrong_call_for_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, SHOP)
    call = ["import", str(file), "--dataset", "S", "--workspace", str(tmp_path / "w"), "--json"]
    assert main([*call, "--column", "amount=Nope"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["fact"] == "The file has no column “Nope”."
    assert main([*call, "--column", "amount=Paid", "--column", "quantity="]) == 0


def test_of_several_files_one_has_to_have_it(tmp_path: Path) -> None:
    files = [
        write(tmp_path, SHOP, "a.csv"),
        write(tmp_path, SHOP.replace("Paid", "Sum").replace("2026-01", "2026-02").replace("\n10", "\n20"), "b.csv"),
    ]
    workspace = Workspace.open(tmp_path / "workspace")
    done = import_files(workspace, files, dataset="Shop", today=TODAY, columns={"amount": "Sum"})
    assert done.version.manifest.revenue == 2 * sum(Decimal(f"1{n}.50") for n in range(20))
    with pytest.raises(WrongCall, match="None of the files has a column “Total”"):
        import_files(workspace, files, dataset="Other", today=TODAY, columns={"amount": "Total"})
