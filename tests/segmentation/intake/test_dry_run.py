"""`tessera import`: what it tells of its evidence, a dry run that stores nothing, and rejected rows as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from segmentation import cli

ORDERS = """order_id,date,customer,amount,Land,Status,Created
1,2026-01-05,ann,10.10,DE,paid,2026-01-05
2,2026-01-06,bob,20.20,AT,paid,2026-01-05
2,2026-01-06,bob,0.05,DE,paid,2026-01-05
3,2026-01-19,ann,nonsense,DE,paid,2026-01-05
4,someday,bob,5.00,DE,cancelled,2026-01-05
5,2026-01-20,,7.00,DE,paid,2026-01-05
6,2026-01-25,cy,9.99,DE,paid,2026-01-05
"""
AMBIGUOUS = "order,date,customer,amount\n" + "".join(
    f"{i},0{1 + i % 9}/0{1 + i % 7}/2025,c{i % 5},{i}.25\n" for i in range(40)
)
Call = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def tessera(capsys: pytest.CaptureFixture[str]) -> Call:
    """Run a command: its exit code, what it printed (as JSON where asked), and its messages."""

    def call(*words: object) -> tuple[int, Any, str]:
        code = cli.main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, json.loads(out) if "--json" in words else out, err

    return call


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, encoding="utf-8")
    return file


def test_an_import_tells_its_mapping_with_its_evidence(tessera: Call, orders: Path) -> None:
    code, text, _ = tessera("import", orders, "--dataset", "Shop")
    assert code == 0
    for line in (
        "  date: date (sure: its name and its values say so)",
        "  currency: not named in the file",
        "  Status: “paid” taken for sale (6 rows)",
        "  Status: “cancelled” taken for cancelled (1 row)",
        "  not used: Land, Created",
    ):
        assert line in text.splitlines()


def test_a_dry_run_says_what_the_import_then_does_and_stores_nothing(tessera: Call, orders: Path) -> None:
    code, would, _ = tessera("import", orders, "--dataset", "Shop", "--dry-run", "--json")
    assert code == 0
    assert tessera("versions", "Shop")[0] == 2
    assert would.pop("dry_run") is True
    _, done, _ = tessera("import", orders, "--dataset", "Shop", "--json")
    assert would == done
    revenue = would["revenue"]
    assert revenue["file"] == pytest.approx(revenue["kept"] + sum(revenue["excluded"].values()))


def test_a_dry_run_into_a_shop_leaves_it_as_it_was(tessera: Call, orders: Path, tmp_path: Path) -> None:
    tessera("import", orders, "--dataset", "Shop")
    more = tmp_path / "more.csv"
    more.write_text("order_id,date,customer,amount\n7,2026-02-01,dee,100.00\n", encoding="utf-8")
    code, would, _ = tessera("import", more, "--dataset", "Shop", "--dry-run", "--column", "amount=amount", "--json")
    assert (code, would["version"], would["rows"]["loaded"], would["orders"]) == (0, 2, 1, 5)
    assert len(tessera("versions", "Shop", "--json")[1]["versions"]) == 1
    _, done, _ = tessera("import", more, "--dataset", "Shop", "--json")
    assert done["files"][0]["evidence"]["amount"]["mark"] == "sure"  # the correction of a dry run is not remembered


def test_a_dry_run_asks_what_the_import_asks(tessera: Call, tmp_path: Path) -> None:
    file = tmp_path / "open.csv"
    file.write_text(AMBIGUOUS, encoding="utf-8")
    code, body, _ = tessera("import", file, "--dry-run", "--json")
    assert code == 1
    assert body["error"]["answers"] == ["--date-order dmy", "--date-order mdy"]
    assert tessera("import", file, "--dry-run", "--date-order", "mdy")[0] == 0
    assert tessera("import", file, "--dry-run", "--date-order", "first", "--json")[0] == 2


def test_a_chosen_column_that_its_values_contradict_is_pointed_out(tessera: Call, orders: Path) -> None:
    code, body, err = tessera("import", orders, "--dry-run", "--column", "quantity=Land", "--json")
    assert code == 0
    assert "“Land” holds no numbers, for example “DE”. It was chosen as quantity." in err
    told = body["files"][0]["evidence"]["quantity"]
    assert (told["mark"], told["why"]) == ("known", "you said so")
    assert told["against"] == "“Land” holds no numbers, for example “DE”."


@pytest.mark.parametrize(
    ("words", "meaning", "column", "evidence"),
    [
        (["--column", "date="], "date", "date", "dates on 86 % of its rows"),
        (["--column", "date=Land"], "date", "Created", "dates, for example “2026-01-05”"),
        (["--column", "amount=Land"], "amount", "amount", "numbers, for example “10.10”"),
        (["--column", "amount="], "amount", "amount", "numbers, for example “10.10”"),
        (["--column", "customer="], "customer", "customer", "3 different values"),
    ],
)
def test_where_a_column_fails_the_ones_that_could_serve_are_named(
    tessera: Call, orders: Path, words: list[str], meaning: str, column: str, evidence: str
) -> None:
    code, body, err = tessera("import", orders, "--dry-run", *words, "--json")
    assert code == 1
    told = {one["column"]: one for one in body["error"]["candidates"]}
    assert told[column]["meaning"] == meaning
    assert evidence in told[column]["evidence"]
    assert f"--column {meaning}={column}" in body["error"]["answers"]
    assert f"--column {meaning}={column}: “{column}” holds " in err


def test_where_days_are_only_counted_the_columns_with_dates_are_named(tessera: Call, tmp_path: Path) -> None:
    file = tmp_path / "days.csv"
    rows = "".join(f"c{i % 7},{i % 50},{1 + i % 9}.25,2026-01-{1 + i % 28:02d}\n" for i in range(60))
    file.write_text(f"customer,DAY,amount,Sold at\n{rows}", encoding="utf-8")
    code, body, _ = tessera("import", file, "--dry-run", "--column", "date=DAY", "--json")
    assert (code, body["error"]["code"]) == (1, "no_calendar")
    assert body["error"]["answers"] == ["--column 'date=Sold at'"]


def test_rejected_rows_are_written_mended_and_imported(tessera: Call, orders: Path, tmp_path: Path) -> None:
    tessera("import", orders, "--dataset", "Shop")
    out = tmp_path / "rejected.csv"
    code, body, _ = tessera("rejected", "Shop", "--out", out, "--json")
    assert (code, body["rows"], body["reasons"]) == (0, 2, {"unreadable_amount": 1, "unreadable_date": 1})
    header, *rows = csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig")))
    assert header[:7] == ORDERS.splitlines()[0].split(",")
    assert [row[7:10] for row in rows] == [
        ["orders.csv", "5", "unreadable_amount"],
        ["orders.csv", "6", "unreadable_date"],
    ]
    out.write_text(out.read_text(encoding="utf-8-sig").replace("nonsense", "3.50"), encoding="utf-8")
    code, body, _ = tessera("import", out, "--dataset", "Shop", "--json")
    assert (code, body["rows"]["loaded"], body["rows"]["set_aside"]) == (0, 1, {"unreadable_date": 1})
    assert tessera("rejected", "Shop", "--json")[1]["reasons"] == {"unreadable_date": 1}


def test_rejected_rows_of_different_files_go_into_a_file_each(tessera: Call, orders: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("Order;Date;Client;Total\n9;2026-02-01;dee;1.00\n10;2026-02-02;ann;free\n", encoding="utf-8")
    tessera("import", orders, other, "--dataset", "Shop")
    _, body, _ = tessera("rejected", "Shop", "--out", tmp_path / "r.csv", "--json")
    assert [Path(one["written"]).name for one in body["files"]] == ["r.csv", "r-2.csv"]
    assert {one["columns"][0] for one in body["files"]} == {"order_id", "Order"}
    assert tessera("rejected", "Shop", "--reason", "nothing")[0] == 2
    assert "No row was rejected" in tessera("rejected", "Shop", "--reason", "future_date")[1]
